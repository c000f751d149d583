"""The coaching agreement as admins keep it: its versions, how many have accepted the last, and the next one."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clients import agreeing, agreements
from curriculum import markdown
from curriculum.refusals import sentence_of

from .desk import OfficeRequest, office


@office
def agreement(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """What is asked now; a post publishes the next version, or shows what it would look like."""
    text, said, status = request.POST.get("text"), "", 200
    if request.method == "POST" and request.POST.get("show") != "preview":
        try:
            made = agreeing.publish(text or "", by=request.user, at=at)
        except agreeing.CannotPublish as refusal:
            said, status = sentence_of(refusal), 422
        else:
            messages.success(request, _("Version %(n)s is out. Everybody is asked to accept it.") % {"n": made.number})
            return redirect("office-agreement")
    versions = list(agreements.versions())
    context = {
        "versions": versions,
        "standing": agreements.standing(),
        "text": text if text is not None else versions[0].text if versions else "",
        "shown": markdown.render(text or "") if request.POST.get("show") == "preview" else "",
        "said": said,
        "at": at,
    }
    return render(request, "coaching/office/agreement.html", context, status=status)
