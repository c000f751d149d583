"""What changed from one edition to another. For admins."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, documented
from coaching import taught

from .serializers import editions as shapes


class Changes(View):
    """Everything that changed, in words, by its class."""

    @documented("edition_changes", "What changed between two editions", returns=shapes.EditionChanges)
    def get(self, request, old, new):
        mine = taught.visible_to(request.user)
        found = taught.difference(get_object_or_404(mine, pk=old), get_object_or_404(mine, pk=new))
        return Response(shapes.EditionChanges(found).data)
