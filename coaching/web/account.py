"""Saving one's own settings. A new time zone moves dates and messages, so what it does is shown before it is saved."""

from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients import choosing
from clients.models import User
from clients.web.account import account_form, page
from clients.web.forms import AccountForm
from coaching import foreseeing
from coaching.web.seeing import Change, as_sent, made, seen
from curriculum import clock


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own settings."""
    assert isinstance(request.user, User)
    if request.method != "POST":
        return page(request, account_form(request.user))
    form = AccountForm(request.POST)
    try:
        if form.is_valid():
            return _seen_or_saved(request, request.user, form, clock.now())
    except ValidationError as refusal:
        form.add_error(None, refusal)
    return page(request, form, status=422)


def _seen_or_saved(request: HttpRequest, person: User, form: AccountForm, at: datetime) -> HttpResponse:
    """Saved, unless the zone is another one and what that does was not looked at yet."""
    zone = form.cleaned_data["zone"]
    change = Change(
        url=reverse("account"),
        back=reverse("account"),
        home=_("Account"),
        title=_("You live by another clock: %(zone)s") % {"zone": zone.replace("_", " ")},
        button=_("Save"),
        done=_("Saved."),
        make=partial(choosing.choose, person, at=at, **form.cleaned_data),
        sent=as_sent(request.POST, *form.fields) | {"seen": zone},
    )
    if zone != person.zone and request.POST.get("seen") != zone:
        effect = foreseeing.another_zone(person, zone=zone, at=at)
        if effect.is_touched:
            return seen(request, change, effect)
    return made(request, change)
