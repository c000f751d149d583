"""The frame of every page: who is here, what they do, where they can go."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from clients import notices
from coaching import caseload, conversations, feedbacks
from config.templatetags.ui import initials
from curriculum import clock, moments
from curriculum.prepared import Question


def shell(request) -> dict:
    """The template variable `shell`. A part of a page that does not show the frame does not ask for it either."""
    return {"shell": SimpleLazyObject(lambda: _frame(request))}


def _frame(request) -> dict:
    """Signed-out pages get the brand only."""
    user = getattr(request, "user", None)
    base = {"brand": settings.BRAND_NAME, "version": settings.VERSION, "home": "/"}
    if user is None or not user.is_authenticated:
        return base
    at = getattr(request, "at", None) or clock.now()
    roles, bell = _roles_and_bell(request, at)
    request._new_words = bell
    role = role_of(request, roles)
    nav = NAVIGATION[role](request, at)
    return base | {
        "role": role,
        "nav": nav,
        "tabs": [place for place in nav if not place["on_desk"]],
        "slim": request.path.startswith(("/coach/review/", "/work/")),
        "roles": _switch(roles, role),
        "theme": user.theme,
        "bell": _bell(request, bell["unread"]),
        "returned": user.email if bell["is_returned"] else "",
        "person": {
            "name": str(user),
            "initials": initials(str(user)),
            "line": _line(user, role, at),
            "account_url": reverse("account"),
            "sign_out_url": reverse("account_logout"),
        },
    }


def roles_of(request) -> caseload.Roles:
    """Asked once a request, from the rows as they are now."""
    if not hasattr(request, "_roles"):
        request._roles = caseload.roles_of(request.user, at=clock.now())
    return request._roles


def _roles_and_bell(request, at) -> tuple[caseload.Roles, dict]:
    """One query for both, so that the bell costs no page anything."""
    found = _who.first(user=request.user.pk, at=at)
    request._roles = caseload.roles_in(found)
    return request._roles, found or dict.fromkeys(_BELL)


_BELL = ("unread", "is_returned", *conversations.new_columns())


@Question
def _who(*, user, at):
    return caseload.doing(user, at=at, **notices.bell_columns(at=at), **conversations.new_columns())


def _bell(request, unread: int) -> dict:
    url = reverse("notices")
    return {
        "url": url,
        "current": request.path.startswith(url),
        "count": unread,
        "label": _("%(n)s new") % {"n": unread} if unread else "",
    }


def role_of(request, roles: caseload.Roles) -> str:
    """The address decides the role; elsewhere the first thing the person does."""
    for prefix, role, holds in (
        ("/coach/", "coach", roles.coach),
        ("/manage/", "admin", roles.admin),
        ("/sponsor/", "sponsor", roles.sponsor),
    ):
        if request.path.startswith(prefix) and holds:
            return role
    if roles.client:
        return "client"
    held = (("coach", roles.coach), ("admin", roles.admin), ("sponsor", roles.sponsor))
    return next((role for role, holds in held if holds), "nobody")


def _line(user, role: str, at) -> str:
    return {"coach": _("Coach"), "admin": _("Programme admin"), "sponsor": _("Sponsor")}.get(
        role
    ) or moments.zone_label(at, user.zone)


def _switch(roles: caseload.Roles, current: str) -> list[dict]:
    doing = [
        ("client", _("As a client"), reverse("this-week"), roles.client),
        ("coach", _("As a coach"), reverse("queue"), roles.coach),
        ("admin", _("As an admin"), reverse("cohorts"), roles.admin),
        ("sponsor", _("As a sponsor"), reverse("sponsor"), roles.sponsor),
    ]
    return [{"label": label, "url": url, "current": name == current} for name, label, url, holds in doing if holds]


def _item(request, label, name, icon, count=0, count_label="", *, args=(), short="", on_desk=False, also=(), keys=""):
    """One place. `short` is what the phone's bar calls it; `on_desk` leaves it to the rail; `also` are more addresses
    that are it; `keys` open it where a page listens to keys."""
    url = reverse(name, args=args)
    return {
        "label": label,
        "short": short or label,
        "on_desk": on_desk,
        "keys": keys,
        "url": url,
        "icon": icon,
        "current": request.path.startswith((url, *also)),
        "count": count,
        "count_label": count_label,
    }


def _talk(request, name: str, column: str) -> dict:
    """Conversations, with how many of them hold something new."""
    new = request._new_words[column]
    return _item(
        request, _("Conversations"), name, "mail", new, _("%(n)s new") % {"n": new}, short=_("Talk"), on_desk=True
    )


def _client(request, at) -> list[dict]:
    new = feedbacks.unread_count(request.user, at=at)
    return [
        _item(request, _("This week"), "this-week", "week", short=_("Week"), also=("/work/", "/practice/")),
        _item(
            request,
            _("My feedback"),
            "feedback",
            "feedback",
            new,
            _("%(n)s new") % {"n": new},
            short=_("Feedback"),
            keys="g f",
        ),
        _item(request, _("Meeting log"), "log", "log", short=_("Log")),
        _item(request, _("My progress"), "progress", "progress", short=_("Progress"), keys="g p"),
        _item(request, _("1:1s and ledger"), "ledger", "ledger", short=_("1:1"), also=("/one-on-ones/",), keys="g 1"),
        _talk(request, "conversations", "new_to_client"),
        _item(request, _("Notes"), "my-notes", "pen", on_desk=True),
        _item(request, _("Calendar"), "calendar", "calendar", on_desk=True),
        _item(request, _("Account"), "account", "people", on_desk=True),
    ]


def _coach(request, at) -> list[dict]:
    """Whoever only stands in for somebody has no cohort of their own to look at."""
    known = getattr(request, "waiting", None)
    waiting = caseload.waiting_count(request.user, at=at) if known is None else known
    told = waiting if waiting < caseload.COUNTED else f"{caseload.COUNTED - 1}+"
    queue = _item(
        request, _("Review queue"), "queue", "queue", told, _("%(n)s waiting") % {"n": told}, short=_("Queue")
    )
    clients = _item(request, _("Clients"), "clients", "people")
    rest = [
        _talk(request, "coach-conversations", "new_to_coach"),
        _item(request, _("Account"), "account", "person", on_desk=True),
    ]
    if not request._roles.has_cohort:
        return [queue, clients, *rest]
    return [
        queue,
        _item(request, _("Cohort board"), "boards", "board", short=_("Board")),
        clients,
        _item(request, _("Sessions"), "sessions-everywhere", "calendar"),
        _item(request, _("At risk"), "at-risk", "flag", short=_("Risk")),
        *rest,
    ]


def _admin(request, at) -> list[dict]:
    return [
        _item(request, _("Cohorts"), "cohorts", "layers"),
        _item(request, _("People"), "people", "people"),
        _item(request, _("Outcomes"), "outcomes", "report"),
        _item(request, _("Message health"), "delivery", "mail", short=_("Messages")),
        _item(request, _("Account"), "account", "person"),
    ]


def _sponsor(request, at) -> list[dict]:
    return [
        _item(request, _("Your cohorts"), "sponsor", "layers", short=_("Cohorts")),
        _item(request, _("Account"), "account", "person"),
    ]


def _nobody(request, at) -> list[dict]:
    return [_item(request, _("Account"), "account", "people")]


NAVIGATION = {"client": _client, "coach": _coach, "admin": _admin, "sponsor": _sponsor, "nobody": _nobody}
