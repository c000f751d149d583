"""What came of it: one report of every cohort or of a part of them, as an admin may read it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from coaching import plots as drawing
from coaching.outcomes import admins
from coaching.outcomes.choice import Ground, Wanted

from .desk import OfficeRequest, office


@office
def report(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The finding, six figures, the rest in tables; until somebody has finished, what will be here and when."""
    sent = {name: request.GET.get(name, "").replace("\x00", "")[:120] for name in ("edition", "cohort", "coach")}
    ground, wanted = Ground(request.user), Wanted(**sent)
    found = admins.report(request.user, at=at, ground=ground, wanted=wanted)
    if wanted.is_everybody and admins.is_empty(found):
        return render(
            request, "coaching/office/outcomes/none.html", {"awaited": admins.awaited(request.user, at=at)[:1]}
        )
    context = {"drawn": drawing.of(found), "at": at, "ground": ground, "wanted": wanted}
    return render(request, "coaching/office/outcomes/page.html", context)
