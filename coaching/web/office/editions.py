"""The editions there are, bringing and publishing one, and what changed between two. Content is files."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import issuing
from coaching import taught
from curriculum import unpacking
from curriculum.importing import ContentRefused
from curriculum.models import Edition
from curriculum.publishing import Unsigned
from curriculum.unpacking import CannotUnpack

from .desk import OfficeRequest, office


class ArchiveForm(forms.Form):
    """The folder of an edition, packed."""

    archive = forms.FileField(
        label=gettext_lazy("The folder of the edition, as a zip archive"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=gettext_lazy("At most 5 MB. The same files are the same edition, however often they come."),
    )


class SignatureForm(forms.Form):
    """Who answers for it."""

    signed_by = forms.CharField(
        label=gettext_lazy("Signed by"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Stands in the imprint of the edition for ever."),
    )


@office
def editions(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every edition, drafts as well."""
    return render(request, "coaching/office/editions.html", {"rows": taught.rows(request.user), "at": at})


@office
def bring(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """An archive becomes a draft, or all that is to be mended in it, each with its file and line."""
    if request.method != "POST":
        return _asked(request, ArchiveForm())
    try:
        made = issuing.bring(_archive(request), by=request.user, at=at)
    except ContentRefused as refused:
        return _asked(request, ArchiveForm(), problems=refused.problems)
    except CannotUnpack as refused:
        form = ArchiveForm(request.POST)
        form.add_error("archive", ValidationError(refused.messages))
        return _asked(request, form)
    messages.success(request, _("%(edition)s is here. Look at it before you publish it.") % {"edition": made})
    return redirect("edition", pk=made.pk)


def _archive(request: OfficeRequest) -> bytes:
    file = request.FILES.get("archive")  # only now is it read, or cut off
    if getattr(request, "is_file_too_big", False):
        raise unpacking.too_big()
    return file.read(unpacking.LARGEST + 1) if file else b""


def _asked(request: OfficeRequest, form: ArchiveForm, problems: Any = ()) -> HttpResponse:
    status = 422 if problems or form.is_bound else 200
    return render(request, "coaching/office/edition_import.html", {"form": form, "problems": problems}, status=status)


@office
def edition(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What is in one, what it changes, and publishing it."""
    found = get_object_or_404(taught.visible_to(request.user), pk=pk)
    return _shown(request, found, SignatureForm(initial={"signed_by": str(request.user)}), at)


@office
def publish(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """For ever."""
    found = get_object_or_404(taught.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("edition", pk=pk)
    form = SignatureForm(request.POST)
    try:
        if not form.is_valid():
            return _shown(request, found, form, at, status=422)
        made = issuing.publish(found, signed_by=form.cleaned_data["signed_by"], by=request.user, at=at)
    except Unsigned as refusal:
        form.add_error("signed_by", refusal)
        return _shown(request, found, form, at, status=422)
    messages.success(request, _("%(edition)s is published. Cohorts can walk it.") % {"edition": made})
    return redirect("edition", pk=pk)


def _shown(request: OfficeRequest, found: Edition, form: SignatureForm, at: datetime, status: int = 200):
    shown = {"opened": taught.opened(found), "cohorts": taught.walking(found), "form": form, "at": at}
    return render(request, "coaching/office/edition.html", shown, status=status)


@office
def compared(request: OfficeRequest, old: int, new: int, *, at: datetime) -> HttpResponse:
    """What changed, in words, the weightiest first."""
    mine = taught.visible_to(request.user)
    found = taught.difference(get_object_or_404(mine, pk=old), get_object_or_404(mine, pk=new))
    return render(
        request, "coaching/office/editions_compared.html", {"found": found, "walking": taught.walking(found.old)}
    )
