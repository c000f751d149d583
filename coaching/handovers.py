"""The handover of a window: client by client what is open, agreed and to be known. Made anew whenever it is read.

It holds what the coaches of the cohort share. Private notes stay with whoever wrote them, and so do drafts.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery

from clients.models import Enrolment, Extension, Hold, Submission, Visibility

from . import caseload, conversations, notes, promises, risks
from .models import Ask, Claim, Feedback, Note, Substitution
from .promises import Promise
from .worries import Risk


@dataclass(frozen=True)
class OpenPiece:
    """Something that waits for an answer."""

    submission: int
    title: str
    week: int
    attempt: int
    promise: Promise
    with_whom: str


@dataclass(frozen=True)
class Asked:
    """What was asked of a client and is not in yet: another attempt, what to try in it, and its asks by number."""

    title: str
    week: int
    try_next: str
    asks: list[str]


@dataclass
class Client:
    """One client, as whoever stands in meets them."""

    enrolment: int
    name: str
    zone: str
    focus: str
    held_since: datetime | None = None
    held_because: str = ""
    pieces: list[OpenPiece] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    waits_since: datetime | None = None  # since when they wait for an answer to what they wrote
    more_time: list[Extension] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to know besides the name."""
        told = (self.focus, self.held_since, self.pieces, self.asked, self.more_time, self.risks, self.notes)
        return not any(told) and self.waits_since is None


@dataclass(frozen=True)
class Handover:
    """A window, and everybody in its cohort: first those with something open."""

    window: Substitution
    clients: tuple[Client, ...]


def of(window: Substitution, *, at: datetime) -> Handover:
    """A fixed number of queries, whoever is in the cohort."""
    walking = Enrolment.objects.active().filter(cohort=window.cohort_id).exclude(client=window.substitute_id)
    rows = walking.order_by("client__name", "pk").values_list("pk", "client__name", "client__zone", "focus")
    clients = {row[0]: Client(*row) for row in rows}
    _holds(clients)
    _pieces(clients, at)
    _asks(clients, at)
    _more_time(clients)
    _questions(clients, window)
    _risks(clients, window, at)
    _notes(clients, window, at)
    return Handover(
        window, tuple(sorted(clients.values(), key=lambda one: (not (one.pieces or one.waits_since), one.is_quiet)))
    )


def _holds(clients: dict[int, Client]) -> None:
    rows = Hold.objects.filter(enrolment__in=clients, ended_at=None)
    for enrolment, began_at, reason in rows.values_list("enrolment_id", "began_at", "reason"):
        clients[enrolment].held_since, clients[enrolment].held_because = began_at, reason


def _pieces(clients: dict[int, Client], at: datetime) -> None:
    rows = Submission.objects.filter(enrolment__in=clients, state__in=caseload.WAITS).order_by("handed_in_at", "pk")
    rows = rows.annotate(with_whom=Subquery(_readers()))
    stops = promises.stops_by_enrolment(clients.keys())
    names = ("pk", "exercise__title", "exercise__week__number", "attempts_made", "with_whom")
    for enrolment, since, *piece in rows.values_list("enrolment_id", "handed_in_at", *names):
        promise = promises.of(since, stops.get(enrolment, ()), at=at)
        number, title, week, attempt, with_whom = piece
        clients[enrolment].pieces.append(OpenPiece(number, title, week, attempt, promise, with_whom or ""))


def _readers() -> QuerySet:
    """Who has a piece in hand."""
    claims = Claim.objects.filter(
        attempt__submission=OuterRef("pk"),
        attempt__submission__state=Submission.State.IN_REVIEW,
        attempt__number=OuterRef("attempts_made"),
        attempt__taken_back=None,
    )
    return claims.values("coach__name")[:1]


def _asks(clients: dict[int, Client], at: datetime) -> None:
    """Another attempt that is not in: what the last feedback asked to try, and its asks."""
    piece = "attempt__submission"
    rows = Feedback.objects.filter(
        verdict=Feedback.Verdict.ANOTHER,
        shown_from__lte=at,
        attempt__submission__enrolment__in=clients,
        attempt__submission__state__in=[Submission.State.RETURNED, Submission.State.DRAFT],
        attempt__number=F(f"{piece}__attempts_made"),
    ).order_by("shown_from", "pk")
    texts = Ask.objects.filter(feedback=OuterRef("pk")).order_by("number").values("text")
    names = (
        f"{piece}__enrolment_id",
        f"{piece}__exercise__title",
        f"{piece}__exercise__week__number",
        "try_next",
        "put",
    )
    for enrolment, *asked in rows.annotate(put=ArraySubquery(texts)).values_list(*names):
        clients[enrolment].asked.append(Asked(*asked))


def _more_time(clients: dict[int, Client]) -> None:
    rows = Extension.objects.filter(enrolment__in=clients, state=Extension.State.ASKED)
    for row in rows.select_related("exercise__week").order_by("asked_at", "pk"):
        clients[row.enrolment_id].more_time.append(row)


def _questions(clients: dict[int, Client], window: Substitution) -> None:
    """Whoever wrote to the coach who is away and has no answer: that they wait, and no word of it."""
    for enrolment, since in conversations.unanswered(window.away, clients.keys()).items():
        clients[enrolment].waits_since = since


def _risks(clients: dict[int, Client], window: Substitution, at: datetime) -> None:
    for one in risks.of_cohort(window.cohort, at=at):
        if one.enrolment in clients:
            clients[one.enrolment].risks = [*one.risks, *one.resting]


def _notes(clients: dict[int, Client], window: Substitution, at: datetime) -> None:
    """What whoever stands in is a reader of whether or not something waits: the coaches' and the programme's notes."""
    shared = [Visibility.TEAM, Visibility.PROGRAMME]
    for note in notes.visible_to(window.away, at=at).filter(enrolment__in=clients, visibility__in=shared):
        clients[note.enrolment_id].notes.append(note)
