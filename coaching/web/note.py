"""Taking a note away, whoever wrote it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.models import Enrolment, User
from coaching import notes, noting
from coaching.models import Note
from curriculum import clock


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author takes it away; whoever comes back to the address from the sign-in page finds the notes."""
    assert isinstance(request.user, User)
    at = clock.now()
    note = get_object_or_404(notes.visible_to(request.user, at=at), pk=pk)
    if request.method == "POST":
        noting.remove(note, by=request.user, at=at)
        messages.success(request, _("The note is gone."))
    return redirect(_place(note, request.user))


def _place(note: Note, reader: User) -> str:
    """The page this reader finds the note on."""
    if Enrolment.objects.filter(client=reader, cohort=note.cohort_id).exists():
        return f"{reverse('my-notes')}?cohort={note.cohort.slug}"
    if note.enrolment_id is None:
        return reverse("cohort-notes", args=[note.cohort.slug])
    return reverse("client-notes", args=[note.enrolment_id])
