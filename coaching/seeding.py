"""The demo: a made-up past, lived through by the real operations and the real engine.

Nothing here writes a row that an operation would write. What happened is told by `story`; it is played in
order, and whenever a milestone came due in between, the engine looks first. All of it is one transaction,
so a half-made demo never shows and no worker sees the past as something to be late for.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients import joining, messaging, opening, practising, recording, submitting
from clients.invitations import token_of
from clients.models import Cohort, Enrolment, Invitation, JournalEntry, Submission, User
from clients.models.user import ADMINS, LEAD_COACHES
from curriculum import editions
from curriculum.models import Criterion, Edition, Lesson, Programme

from . import assigning, caseload, reviewing, scheduling, story
from .models import Feedback, Milestone

PROGRAMME = "across-8"
KNOWN_PASSWORD = "across-demo"  # noqa: S105  known to everybody, so nothing but this machine may reach it
SIGN_INS = {
    "client@example.org": _("client"),
    "coach@example.org": _("coach"),
    "admin@example.org": _("programme admin"),
}
SEEDED = "seeded the demo"
ROLES = {"client": Invitation.Role.CLIENT, "coach": Invitation.Role.COACH}


class CannotSeed(ValidationError):
    """The demo cannot be put into this database now."""


class SignIn(NamedTuple):
    """Somebody of the demo whom one may sign in as."""

    email: str
    name: str
    role: str


class Step(NamedTuple):
    """One thing somebody did."""

    at: datetime
    act: Callable[..., object]


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
    """The demo's client, coach and admin, in that order, while they are here."""
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
    """Nine people in week 2, and a cohort that starts next month; everybody signs in with `password`.

    Raises CannotSeed. Two at once: the second waits for the programme's row and is refused.
    """
    Programme.objects.select_for_update().filter(key=PROGRAMME).first()
    if refusal := seed_refusal():
        raise refusal
    with messaging.seeding():
        cohort = _Company(story.tell(at), at, password).play()
    recording.record(SEEDED, cohort, by=None, at=at)
    return cohort


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


# --- Playing the story ----------------------------------------------------------------------------


class _Company:
    """Plays one story from its first invitation to now."""

    def __init__(self, told: story.Story, at: datetime, password: str):
        self.story, self.at, self.password = told, at, password
        self.people: dict[str, User] = {}
        self.pieces: dict[tuple[str, str], Submission] = {}
        self.sent: dict[tuple[str, str, datetime], Feedback] = {}

    def play(self) -> Cohort:
        """Everything in its order; the engine looks wherever a milestone came due."""
        self._office()
        steps = [step for person in self.story.clients for step in self._life(person)]
        for step in sorted([*steps, *self._next_month()], key=lambda step: step.at):
            _let_the_engine_look(until=step.at)
            step.act(at=step.at)
        _let_the_engine_look(until=self.at)
        return self.cohort

    def _office(self) -> None:
        """The admin comes in by a one-time link, opens the cohort and invites its coach."""
        told = self.story
        self._join(None, told.admin, by=None, role=Invitation.Role.ADMIN)
        self.admin = self.people[told.admin.email]
        self.cohort = self._open(told.name, told.calendar, told.opened_at)
        self._join(self.cohort, told.coach, by=self.admin, role=Invitation.Role.COACH)
        self.coach = self.people[told.coach.email]

    def _open(self, name: str, calendar: story.Calendar, at: datetime) -> Cohort:
        return opening.open_cohort(
            name=name,
            edition=_edition(),
            starts_on=calendar.starts_on,
            zone=calendar.zone,
            by=self.admin,
            at=at,
            demo=True,
        )

    def _join(self, cohort: Cohort | None, person: story.Person, *, by: User | None, role: str) -> None:
        """Invited and accepted at once; the invitation's own instant is where the story has one."""
        invitation = self._invite(cohort, person, by=by, role=role, at=person.invited_at or person.joined_at)
        self._accept(invitation, person, at=person.joined_at)

    def _invite(self, cohort: Cohort | None, person: story.Person, *, by: User | None, role: str, at: datetime):
        return joining.invite(cohort, email=person.email, name=person.name, role=role, by=by, at=at)

    def _accept(self, invitation: Invitation, person: story.Person, *, at: datetime) -> None:
        self.people[person.email] = mark_demo(
            joining.accept_as_newcomer(
                invitation, email=person.email, name=person.name, zone=person.zone, password=self.password, at=at
            )
        )

    # --- The cohort that walks now ---

    def _life(self, person: story.Person) -> list[Step]:
        """One client's steps, and the coach's answers to them."""
        steps = [
            Step(person.invited_at, partial(self._client_invited, person)),
            Step(person.joined_at, partial(self._client_joins, person)),
        ]
        steps += [Step(at, partial(self._reads, person, key)) for key, at in person.lessons.items()]
        for turn in person.turns:
            steps += self._attempt(person, turn)
        return steps

    def _attempt(self, person: story.Person, turn: story.Turn) -> list[Step]:
        steps = [Step(turn.saved_at, partial(self._writes, person, turn))]
        if turn.handed_in_at:
            steps.append(Step(turn.handed_in_at, partial(self._hands_in, person, turn)))
        if turn.reply:
            steps.append(Step(turn.reply.sent_at, partial(self._answers, person, turn, turn.reply)))
            if turn.reply.read_at:
                steps.append(Step(turn.reply.read_at, partial(self._opens_answer, person, turn, turn.reply)))
        return steps

    def _client_invited(self, person: story.Person, *, at: datetime) -> None:
        self._invite(self.cohort, person, by=self.admin, role=Invitation.Role.CLIENT, at=at)

    def _client_joins(self, person: story.Person, *, at: datetime) -> None:
        invitation = Invitation.objects.select_related("cohort__edition").get(
            cohort=self.cohort, email=person.email, revoked_at=None
        )
        self._accept(invitation, person, at=at)
        theirs = Submission.objects.filter(enrolment__client=self.people[person.email])
        for piece in theirs.select_related("enrolment__cohort", "exercise"):
            self.pieces[person.email, piece.exercise.key] = piece

    def _reads(self, person: story.Person, key: str, *, at: datetime) -> None:
        lesson = Lesson.objects.select_related("week").get(edition=self.cohort.edition_id, key=key)
        enrolment = Enrolment.objects.select_related("cohort").get(client=self.people[person.email])
        practising.mark_read(enrolment, lesson, read=True, by=self.people[person.email], at=at)

    def _writes(self, person: story.Person, turn: story.Turn, *, at: datetime) -> None:
        """The first save of a text; a later attempt starts from the last one."""
        piece, client = self.pieces[person.email, turn.key], self.people[person.email]
        if turn.number > 1:
            submitting.try_again(piece, by=client, at=at)
        submitting.save_draft(piece, answer=turn.answer, revision=None, by=client, at=at)
        practising.seen(piece.enrolment, at=at)

    def _hands_in(self, person: story.Person, turn: story.Turn, *, at: datetime) -> None:
        piece = self.pieces[person.email, turn.key]
        submitting.hand_in(piece, by=self.people[person.email], at=at)
        practising.seen(piece.enrolment, at=at)

    def _answers(self, person: story.Person, turn: story.Turn, reply: story.Reply, *, at: datetime) -> None:
        piece = self.pieces[person.email, turn.key]
        criteria = dict(Criterion.objects.filter(rubric=piece.exercise.rubric_id).values_list("key", "pk"))
        content = {
            "keep": reply.keep,
            "try_next": reply.try_next,
            "levels": {str(criteria[key]): level for key, level in reply.levels.items()},
            "another": reply.another,
        }
        sent = reviewing.send_feedback(piece, content=content, by=self.coach, at=at)
        self.sent[person.email, turn.key, reply.sent_at] = sent

    def _opens_answer(self, person: story.Person, turn: story.Turn, reply: story.Reply, *, at: datetime) -> None:
        feedback = self.sent[person.email, turn.key, reply.sent_at]
        reviewing.mark_read(feedback, by=self.people[person.email], at=at)
        practising.seen(self.pieces[person.email, turn.key].enrolment, at=at)

    # --- The cohort that starts next month ---

    def _next_month(self) -> list[Step]:
        steps = [Step(self.story.next_opened_at, self._open_next)]
        for person in self.story.next_people:
            steps.append(Step(person.invited_at, partial(self._next_invited, person)))
            if person.joined_at:
                steps.append(Step(person.joined_at, partial(self._next_joins, person)))
        return steps

    def _open_next(self, *, at: datetime) -> None:
        self.next = self._open(self.story.next_name, self.story.next_calendar, at)
        assigning.assign(self.next, coach=self.coach, by=self.admin, at=at)

    def _next_invited(self, person: story.Person, *, at: datetime) -> None:
        self._invite(self.next, person, by=self.admin, role=ROLES[person.role], at=at)

    def _next_joins(self, person: story.Person, *, at: datetime) -> None:
        self._accept(Invitation.objects.select_related("cohort__edition").get(email=person.email), person, at=at)


def _let_the_engine_look(*, until: datetime) -> None:
    """The engine's looks that would have found something, each at its own instant."""
    while (due := _next_due(until)) is not None:
        scheduling.tick(at=due, driver="seeding")


def _next_due(until: datetime) -> datetime | None:
    pending = Milestone.objects.filter(state=Milestone.State.PENDING, due_at__lte=until)
    return pending.order_by("due_at").values_list("due_at", flat=True).first()
