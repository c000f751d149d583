"""The front door: everybody to where their work is."""

from django.shortcuts import redirect
from django.urls import reverse

from coaching import caseload
from curriculum import clock


def landing(roles: caseload.Roles) -> str:
    """Clients to their week, coaches to the queue, admins and sponsors to their cohorts, others to their account."""
    if roles.client:
        return reverse("this-week")
    if roles.coach:
        return reverse("queue")
    if roles.admin:
        return reverse("cohorts")
    return reverse("sponsor") if roles.sponsor else reverse("account")


def home(request):
    return redirect(landing(caseload.roles_of(request.user, at=clock.now())))
