"""What people choose about what reaches them, and what follows for one message at one instant.

Kinds of message come in groups, and each group can be switched off by mail and in the app. What is in no group always
comes: invitations, what concerns an account or its data, and what a coach writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import moments

from . import letters
from .models import Channel, Cohort, Enrolment, Message, Preference, Suppression, User
from .models.cohort import CAN_BE_LEFT_OUT
from .models.user import ADMINS, LEAD_COACHES

State = Message.State
SIGNATURE = signing.Signer(salt="clients.choices.stop", sep=".")
TURN = 4_170  # of the lock under which one person's reminders are counted one after the other


@dataclass(frozen=True)
class Group:
    """Kinds that are switched together. `kinds` are names, or beginnings of names up to a dot; the longest decides.

    Of an `opt_in` group nothing comes before somebody asks for it. What is said in a group that `lapses` can lose its
    reason before it is read; the others say what is so.
    """

    name: str
    label: Any
    meaning: Any
    kinds: tuple[str, ...]
    clients: bool = True
    staff: bool = False
    opt_in: bool = False
    lapses: bool = True


GROUPS: tuple[Group, ...] = (
    Group(
        "weeks",
        gettext_lazy("A week or a questionnaire opens"),
        gettext_lazy("The welcome, each week, the midpoint, the final questions and the end."),
        ("welcome", "week", "baseline.open", "midpoint.open", "final.open", "graduation"),
        lapses=False,
    ),
    Group(
        "nudges",
        gettext_lazy("Nudges"),
        gettext_lazy("On Thursdays where nothing is started, before a next attempt closes, and later check-ins."),
        ("nudge", "revise", "midpoint.remind", "final.remind", "alumni"),
    ),
    Group(
        "due",
        gettext_lazy("Due and overdue"),
        gettext_lazy("The day before something is due, and twice while it is missing."),
        ("baseline.due", "due", "overdue"),
    ),
    Group(
        "last-call",
        gettext_lazy("Last call"),
        gettext_lazy("Sundays at 17:00, where a draft is saved and not handed in. Off until you want it."),
        ("due.last",),
        opt_in=True,
    ),
    Group(
        "feedback",
        gettext_lazy("Feedback"),
        gettext_lazy("Your coach has read something, replied to you, or is late."),
        ("feedback", "review.breach.client"),
        lapses=False,
    ),
    Group(
        "sessions",
        gettext_lazy("Sessions"),
        gettext_lazy("The kick-off, live sessions and calls: the day before, and an hour before."),
        ("kickoff", "session", "midpoint.call"),
        staff=True,
    ),
    Group(
        "record",
        gettext_lazy("Your record"),
        gettext_lazy("Fridays, where the ledger has no line of the week."),
        ("ledger",),
    ),
    Group(
        "reviews",
        gettext_lazy("Reviews and requests"),
        gettext_lazy(
            "A promise runs out, somebody replies or asks, a week stays open, more time is asked for, ratings are due."
        ),
        ("review", "written.coach", "overdue.1.coach", "overdue.2.coach", "extension", "midpoint.rate", "final.rate"),
        clients=False,
        staff=True,
    ),
    Group(
        "digests",
        gettext_lazy("Digests"),
        gettext_lazy("The coach’s morning list and the admin’s week."),
        ("coach", "admin", "graduation.note"),
        clients=False,
        staff=True,
    ),
)
BY_NAME: Mapping[str, Group] = {group.name: group for group in GROUPS}
LAPSING = tuple(group.name for group in GROUPS if group.lapses)
OPT_IN = tuple(group.name for group in GROUPS if group.opt_in)


REMINDERS = tuple(BY_NAME[name] for name in CAN_BE_LEFT_OUT)  # what a cohort can do without


class Kind(Protocol):
    """What is asked of a kind of message here; see `messaging.Kind`."""

    @property
    def quiet(self) -> bool: ...

    @property
    def is_budgeted(self) -> bool: ...

    @property
    def gives_way(self) -> bool: ...


# --- Groups and wishes ------------------------------------------------------------------------------


@cache
def group_of(kind: str) -> Group | None:
    """The group a kind of message is switched by; None where it always comes."""
    known = [(len(name), group) for group in GROUPS for name in group.kinds if f"{kind}.".startswith(f"{name}.")]
    return max(known, key=lambda found: found[0])[1] if known else None


def is_left_out(cohort: Cohort | None, kind: str) -> bool:
    """Whether a cohort does without reminders of this kind."""
    group = group_of(kind) if cohort and cohort.left_out else None
    return group is not None and group.name in cohort.left_out


@dataclass(frozen=True)
class Wish:
    """One line of the table: a group and whether it comes by mail and in the app."""

    group: Group
    mail: bool
    app: bool


def wishes_of(person: User) -> list[Wish]:
    """What the person wants, for every group that can ever reach them."""
    rows = Preference.objects.filter(person=person).values_list("group", "channel", "wanted")
    said = {(group, channel): wanted for group, channel, wanted in rows}
    return [
        Wish(
            group,
            mail=said.get((group.name, Channel.MAIL), not group.opt_in),
            app=said.get((group.name, Channel.APP), not group.opt_in),
        )
        for group in groups_for(person)
    ]


def groups_for(person: User) -> list[Group]:
    """Groups for clients, for staff, or both: what the person does, and what was ever addressed to them."""
    invited = person.invitations_accepted.filter(role__in=("coach", "admin"))
    office = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=(ADMINS, LEAD_COACHES))
    as_client, as_staff, in_office = (
        User.objects.filter(pk=person.pk)
        .annotate(
            as_client=Exists(Enrolment.objects.filter(client=OuterRef("pk"))),
            as_staff=Exists(invited) | Exists(Message.objects.filter(_staff_kinds(), person=OuterRef("pk"))),
            in_office=Exists(office),
        )
        .values_list("as_client", "as_staff", "in_office")
        .get()
    )
    staff = as_staff or in_office or not as_client
    return [group for group in GROUPS if (group.staff and staff) or (group.clients and as_client)]


def _staff_kinds() -> Q:
    """Kinds that only staff get, by the groups they are in; what a longer name leaves to clients is left out."""
    staff = [name for group in GROUPS if not group.clients for name in group.kinds]
    clients = [name for group in GROUPS if group.clients for name in group.kinds if name.startswith(tuple(staff))]
    return _named(staff) & ~_named(clients)


def _named(names: list[str]) -> Q:
    found = Q(pk__in=[])
    for name in names:
        found |= Q(kind=name) | Q(kind__startswith=f"{name}.")
    return found


def unwanted(channel: Channel, group: str = "group", person: str = "person") -> Q:
    """Rows about a group that their person does not want by this channel; names of the two columns."""
    said = Preference.objects.filter(person=OuterRef(person), group=OuterRef(group), channel=channel)
    return Exists(said.filter(wanted=False)) | Q(**{f"{group}__in": OPT_IN}) & ~Exists(said.filter(wanted=True))


# --- One message at one instant -----------------------------------------------------------------------


def outcome(message: Message, kinds: Mapping[str, Kind], at: datetime) -> dict[str, Any] | None:
    """What becomes of a message that people's choices keep from leaving now; None when nothing does.

    In the order in which it matters: no address, no wish, not at this hour, not so many.
    """
    if reason := _nowhere_or_unwanted(message):
        return {"state": State.CANCELLED, "reason": reason}
    kind = kinds[message.kind]
    loud = loud_from(message, kind, at)
    if loud > at:
        return {"state": State.QUEUED, "available_at": loud, "reason": "quiet hours", "attempts": 0}
    if message.person and kind.is_budgeted and _used_up(message, message.person, kinds, at):
        return {"state": State.CANCELLED, "reason": "the person’s reminders for this week are used up"}
    return None


def loud_from(message: Message, kind: Kind, at: datetime) -> datetime:
    """The instant itself, or the end of the person's quiet hours."""
    person = message.person
    if person is None or not kind.quiet:
        return at
    return moments.loud_from(at, person.zone, person.quiet_from, person.quiet_until)


def _nowhere_or_unwanted(message: Message) -> str | None:
    group = group_of(message.kind)
    cause, wanted = vars(message).get("standing_wish") or _standing_wish(message)
    if cause:
        return f"the address takes no mail: {Suppression.Cause(cause).label}"
    if wanted is False or (wanted is None and group and group.opt_in):
        return "the person does not want mail of this kind"
    return None


def read_ahead(messages: Sequence[Message]) -> None:
    """Which addresses take no mail, and who wants what, for many messages together; known as long as they are held."""
    addresses = {_address(message).lower() for message in messages}
    returned = Suppression.objects.annotate(lower=Lower("address")).filter(lower__in=addresses, lifted_at=None)
    causes = dict(returned.values_list("lower", "cause"))
    said = Preference.objects.filter(person__in={message.person_id for message in messages}, channel=Channel.MAIL)
    wishes = {(person, group): wanted for person, group, wanted in said.values_list("person", "group", "wanted")}
    for message in messages:
        group = group_of(message.kind)
        wish = wishes.get((message.person_id, group.name)) if group and message.person_id else True
        vars(message)["standing_wish"] = causes.get(_address(message).lower()), wish


def _address(message: Message) -> str:
    return message.person.email if message.person else message.address


def _standing_wish(message: Message) -> tuple[str | None, bool | None]:
    """Why the address takes no mail, and whether the person wants such a one. One query, whoever it is for."""
    person, group = message.person, group_of(message.kind)
    found = Suppression.objects.filter(address__iexact=_address(message), lifted_at=None)
    causes = found.values_list("cause", flat=True)
    if not person or not group:
        return causes.first(), True
    said = Preference.objects.filter(person=person, group=group.name, channel=Channel.MAIL)
    rows = User.objects.filter(pk=person.pk).annotate(
        cause=Subquery(causes[:1], output_field=TextField()), wanted=Subquery(said.values("wanted")[:1])
    )
    return rows.values_list("cause", "wanted").first() or (None, None)


def _used_up(message: Message, person: User, kinds: Mapping[str, Kind], at: datetime) -> bool:
    """Whether as many reminders as the person allows left since Monday, by their own clock; what gives way stops
    one earlier.

    Two workers with two reminders for one person count one after the other, until each has sent its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, person.pk])
    budgeted = [name for name, kind in kinds.items() if kind.is_budgeted]
    sent = Message.objects.filter(person=person, kind__in=budgeted, state=State.SENT, sent_at__gte=week_of(person, at))
    return sent.exclude(pk=message.pk).count() >= person.weekly_budget - kinds[message.kind].gives_way


def week_of(person: User, at: datetime) -> datetime:
    """When the person's present week began: Monday, 00:00 on their own clock."""
    today = moments.to_wall(at, person.zone).date()
    return moments.to_utc(datetime.combine(today - timedelta(days=today.weekday()), time.min), person.zone)


# --- A mail as its reader wants it ----------------------------------------------------------------------


def dressed(letter: letters.Letter, message: Message) -> letters.Letter:
    """The letter with no more in it than its reader wants there, and with the way to stop its kind."""
    person, group = message.person, group_of(message.kind)
    if person and person.subject_only:
        letter = letters.only_waiting(letter)
    if person and group:
        words = _("Stop mails of this kind: %(kind)s") % {"kind": group.label}
        letter = letters.with_way_out(letter, stop_address(person, group), words)
    return letter


def stop_address(person: User, group: Group) -> str:
    """Where this person, or their mail program, stops mails of a group. Whoever holds it can do nothing else."""
    return settings.BASE_URL + reverse("stop", args=[stop_token(person, group)])


def stop_token(person: User, group: Group) -> str:
    """Signed, so that nobody can make one for somebody else."""
    return SIGNATURE.sign(f"{person.pk}-{group.name}")


def find_stop(token: str) -> tuple[User, Group] | None:
    """Whose mails of which group a link stops; None where nobody signed it or nobody is there any more."""
    try:
        number, _dash, name = SIGNATURE.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=int(number), is_active=True).first()
    return (person, BY_NAME[name]) if person and name in BY_NAME else None
