"""The demo: a made-up past, lived through by the real operations and the real engine.

Nothing here writes a row that an operation would write. What happened is told by `story` and played by `playing`.
All of it is one transaction, so a half-made demo never shows and no worker sees the past as something to be late for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients import joining, messaging, noticing, recording
from clients.invitations import token_of
from clients.models import Cohort, Invitation, JournalEntry, Notice, User
from clients.models.user import ADMINS, LEAD_COACHES
from curriculum import editions
from curriculum.models import Edition, Programme

from . import caseload, playing, story

PROGRAMME = "across-8"
KNOWN_PASSWORD = "across-demo"  # noqa: S105  known to everybody, so nothing but this machine may reach it
SIGN_INS = {
    "client@example.org": _("client"),
    "finished@example.org": _("client whose weeks are over"),
    "coach@example.org": _("coach"),
    "admin@example.org": _("programme admin"),
    "sponsor@example.org": _("sponsor"),
}
SEEDED = "seeded the demo"
HALF_A_DAY = timedelta(hours=11)  # after what they had not seen yet, the diligent look at their bell
LEFT_UNREAD = 3  # of everybody's bell; the rest was looked at


class CannotSeed(ValidationError):
    """The demo cannot be put into this database now."""


class SignIn(NamedTuple):
    """Somebody of the demo whom one may sign in as."""

    email: str
    name: str
    role: str


# --- Readings -------------------------------------------------------------------------------------


def was_seeded() -> bool:
    """Whether this database has ever held the demo; removing it leaves this line in the journal."""
    return JournalEntry.objects.filter(action=SEEDED).exists()


def seed_refusal() -> CannotSeed | None:
    if Cohort.objects.filter(demo=True).exists():
        return CannotSeed(_("The demo is here already."), code="demo.there")
    if Cohort.objects.exists():
        return CannotSeed(
            _("There are cohorts here already, and the demo belongs into an empty install."), code="demo.not_empty"
        )
    if taken := User.objects.filter(email__in=story.addresses()).first():
        return CannotSeed(
            _("%(email)s has an account here already, and the demo needs that address.") % {"email": taken.email},
            code="demo.address_taken",
        )
    if _edition() is None:
        return CannotSeed(
            _("Import and publish the programme %(key)s first.") % {"key": PROGRAMME}, code="demo.no_edition"
        )
    return None


def belongs_here() -> bool:
    """Whether a start of its own accord may seed: never twice, and never beside real cohorts."""
    return seed_refusal() is None and not was_seeded()


def sign_ins() -> list[SignIn]:
    """Whom of the demo one may sign in as: two clients, coach, admin, sponsor, in that order, while they are here."""
    found = {user.email: user for user in User.objects.filter(demo=True, email__in=SIGN_INS)}
    return [SignIn(email, str(found[email]), str(role)) for email, role in SIGN_INS.items() if email in found]


def opens_with(password: str) -> bool:
    """Whether this password opens any account of the demo. Slow on purpose where it does not: hashing is."""
    return any(person.check_password(password) for person in User.objects.filter(demo=True).order_by("pk"))


def link_of(invitation: Invitation) -> str:
    """The whole address of an invitation. Only whoever runs this install can make it."""
    return settings.BASE_URL + reverse("join", args=[token_of(invitation)])


def _edition() -> Edition | None:
    programme = Programme.objects.filter(key=PROGRAMME).first()
    return editions.newest(programme) if programme else None


# --- Operations -----------------------------------------------------------------------------------


@transaction.atomic
def seed(*, at: datetime, password: str) -> Cohort:
    """Nine people in week 5, whose cohort is returned, a cohort that is through, and one that starts next month.

    Everybody signs in with `password`. Raises CannotSeed. Two at once: the second waits for the programme's row and
    is refused.
    """
    Programme.objects.select_for_update().filter(key=PROGRAMME).first()
    if refusal := seed_refusal():
        raise refusal
    _take_its_time()
    stage = playing.Stage(told := story.tell(at), _edition(), password=password, welcome=mark_demo)
    with messaging.seeding(), _in_one_piece():
        stage.play(until=at)
        for person in stage.everybody():
            _look_at_the_bell(person, at=at)
    cohort = stage.cohorts[told.walking.name]
    recording.record(SEEDED, cohort, by=None, at=at)
    return cohort


def _take_its_time() -> None:
    """On a slow machine seconds pass between two statements of this; nobody else waits for them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def _in_one_piece() -> Iterator[None]:
    """All of it or nothing: nobody goes back to a savepoint in here, so none of a quarter of all statements is made."""
    features = connection.features
    usual, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = usual


def _look_at_the_bell(person: User, *, at: datetime) -> None:
    """Everybody has read all but the newest; whom one may sign in as looked every day, while a reminder still stood."""
    mine = Notice.objects.filter(person=person, at__lte=at, withdrawn="").order_by("-at", "-pk")
    newest = list(mine.values_list("at", flat=True)[: LEFT_UNREAD + 1])
    if len(newest) <= LEFT_UNREAD:
        return
    until, looked_at = newest[-1], datetime.min.replace(tzinfo=UTC)
    for came_at in list(mine.values_list("at", flat=True))[::-1] if person.email in SIGN_INS else ():
        if looked_at < came_at < until - HALF_A_DAY:
            noticing.read_all(person, at=(looked_at := came_at + HALF_A_DAY))
    noticing.read_all(person, at=at, until=until)


@transaction.atomic
def mark_demo(person: User) -> User:
    """This account belongs to the demo and goes with it."""
    person.demo = True
    person.save(update_fields=["demo"])
    return person


@transaction.atomic
def ensure_groups() -> None:
    """The groups by which somebody is an admin or a lead coach."""
    for name in (ADMINS, LEAD_COACHES):
        Group.objects.get_or_create(name=name)


def first_invitation(*, at: datetime) -> Invitation | None:
    """The open invitation by which the first admin comes in; None where nobody needs one."""
    if caseload.admins().exists():
        return None
    unused = Invitation.objects.filter(email="", role=Invitation.Role.ADMIN, accepted_at=None, revoked_at=None)
    return unused.filter(expires_at__gt=at).first()


@transaction.atomic
def ensure_way_in(*, at: datetime) -> Invitation | None:
    """An install without an admin has an open invitation for the first one; an expired one gives way."""
    ensure_groups()
    Group.objects.select_for_update().get(name=ADMINS)
    if caseload.admins().exists():
        return None
    return first_invitation(at=at) or joining.invite(None, email="", role=Invitation.Role.ADMIN, by=None, at=at)
