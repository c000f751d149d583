"""Bringing and publishing an edition, and what changed from one to another. For admins."""

from base64 import b64decode
from binascii import Error

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import issuing
from clients.api.base import View, body, documented
from coaching import caseload, taught

from .serializers import editions as shapes


class Import(View):
    """The folder of an edition, as one zip archive in base64."""

    @documented(
        "edition_import",
        "Bring the files of an edition",
        takes=shapes.Archive,
        returns=shapes.EditionOpened,
        status=201,
        refuses=[422],
    )
    def post(self, request):
        if not caseload.is_admin(request.user):
            raise Http404
        made = issuing.bring(_bytes(body(shapes.Archive, request)["archive"]), by=request.user, at=self.at)
        return _shown(made, 201)


class OneEdition(View):
    """What is in one, and what it changes."""

    @documented("edition", "One edition, drafts as well", returns=shapes.EditionOpened)
    def get(self, request, pk):
        return _shown(get_object_or_404(taught.visible_to(request.user), pk=pk))


class Publish(View):
    """For ever."""

    @documented(
        "edition_publish",
        "Publish a draft",
        takes=shapes.Signature,
        returns=shapes.EditionOpened,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        found = get_object_or_404(taught.visible_to(request.user), pk=pk)
        return _shown(issuing.publish(found, by=request.user, at=self.at, **body(shapes.Signature, request)))


class Changes(View):
    """Everything that changed, in words, by its class."""

    @documented("edition_changes", "What changed between two editions", returns=shapes.EditionChanges)
    def get(self, request, old, new):
        mine = taught.visible_to(request.user)
        found = taught.difference(get_object_or_404(mine, pk=old), get_object_or_404(mine, pk=new))
        return Response(shapes.EditionChanges(found).data)


def _bytes(text: str) -> bytes:
    """What is not base64 is no archive either, and is refused as such."""
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""


def _shown(edition, status: int = 200) -> Response:
    return Response(shapes.EditionOpened(taught.opened(edition)).data, status=status)
