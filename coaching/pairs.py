"""Blind pairs: whose early and late text can be read, by whom, and what a reader is shown of them.

What a reader gets says nothing of whose the texts are or which is the later one: no number, no name, no day, no
recording, and an order that was drawn for this reader. `strangers` is the one place that says who may read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from clients.models import Attempt, Enrolment, Invitation, User
from curriculum import successors
from curriculum.models import Criterion, Exercise

from . import agreement, blinds, caseload
from .agreement import Agreement
from .models import Assignment, Feedback, PairConsent, PairMark, PairRating, Substitution
from .models.pair import RATERS

PLACES = (1, 2)


@dataclass(frozen=True)
class Samples:
    """The two attempts of one client, with words in both."""

    early: Attempt
    late: Attempt


@dataclass(frozen=True)
class Blind:
    """A pair as its reader sees it."""

    token: str
    title: str
    texts: tuple[str, ...]
    is_rated: bool


@dataclass(frozen=True)
class Reader:
    """Who was asked to read a pair, and whether they have."""

    name: str
    is_done: bool


@dataclass(frozen=True)
class Row:
    """A client whose texts can be read blind, for admins: who was asked, and who could be."""

    enrolment: Enrolment
    title: str
    readers: tuple[Reader, ...]
    offered: tuple[User, ...]


# --- Whose texts ------------------------------------------------------------------------------------


def consents(enrolment: Enrolment) -> PairConsent | None:
    """The client's leave, as long as it stands."""
    return PairConsent.objects.filter(enrolment=enrolment, withdrawn_at=None).first()


def open_to_consent(client: User) -> QuerySet[Enrolment]:
    """The enrolments of somebody that lead to a pair at their end."""
    twice = Exercise.objects.filter(settings__has_key="again").values("edition")
    return Enrolment.objects.filter(client=client, cohort__edition__in=twice).select_related("cohort", "client")


def samples(enrolments: Iterable[Enrolment]) -> dict[int, Samples]:
    """Enrolment → its pair, where both texts were handed in and have words. An exercise says of which it is `again`."""
    found = list(enrolments)
    again = {late.edition_id: late for late in Exercise.objects.filter(settings__has_key="again").order_by("pk")}
    keys = {key for late in again.values() for key in (late.key, late.settings["again"])}
    first = {(one.submission.enrolment_id, one.submission.exercise.key): one for one in _firsts(found, keys)}
    pairs = {}
    for enrolment in found:
        if late := again.get(enrolment.cohort.edition_id):
            both = [first.get((enrolment.pk, key)) for key in (late.settings["again"], late.key)]
            if all(one and words(one) for one in both) and successors.measure_alike(*(one.rubric_id for one in both)):
                pairs[enrolment.pk] = Samples(*both)
    return pairs


def _firsts(enrolments: list[Enrolment], keys: set[str]) -> QuerySet[Attempt]:
    """The first attempts that stand: those nobody had answered yet."""
    rows = Attempt.objects.filter(submission__enrolment__in=enrolments, submission__exercise__key__in=keys, number=1)
    return rows.filter(taken_back=None, rubric__isnull=False).select_related("submission__exercise", "rubric")


def words(attempt: Attempt) -> str:
    """What was written, or said and put right by its client. A voice is a name, so a recording is not played."""
    keys = attempt.submission.exercise.first_read.get("fields", [])
    written = "\n\n".join(str(attempt.answer.get(key) or "").strip() for key in keys).strip()
    said = attempt.answer.get("audio") or {}
    return written or str(said.get("transcript") or "").strip()


# --- By whom ----------------------------------------------------------------------------------------


def strangers(clients: Iterable[int]) -> dict[int, list[User]]:
    """Client → the coaches who never taught them, stood in for their coach, answered them or walked beside them."""
    here = Assignment.objects.filter(ended_at=None, cohort__closed_at=None).values("coach")
    coaches = list(User.objects.filter(pk__in=here, is_active=True).order_by("name", "pk"))
    wanted = list(clients)
    walked: dict[int, set[int]] = {}
    for client, cohort in Enrolment.objects.filter(client__in=wanted).values_list("client", "cohort"):
        walked.setdefault(client, set()).add(cohort)
    known, answered = _known(coaches), _answered(coaches, wanted)
    return {
        client: [
            coach
            for coach in coaches
            if coach.pk != client
            and not known.get(coach.pk, set()) & walked.get(client, set())
            and (coach.pk, client) not in answered
        ]
        for client in wanted
    }


def _known(coaches: list[User]) -> dict[int, set[int]]:
    """Coach → every cohort they ever coached, stood in for or walked in."""
    found: dict[int, set[int]] = {}
    for rows in (
        Assignment.objects.filter(coach__in=coaches).values_list("coach", "cohort"),
        Substitution.objects.filter(substitute__in=coaches).values_list("substitute", "cohort"),
        Enrolment.objects.filter(client__in=coaches).values_list("client", "cohort"),
    ):
        for coach, cohort in rows:
            found.setdefault(coach, set()).add(cohort)
    return found


def _answered(coaches: list[User], clients: list[int]) -> set[tuple[int, int]]:
    client = "attempt__submission__enrolment__client"
    rows = Feedback.objects.filter(coach__in=coaches, **{f"{client}__in": clients}).order_by()
    return set(rows.values_list("coach", client).distinct())


# --- What a reader sees -----------------------------------------------------------------------------


def open_to(rater: User) -> list[PairRating]:
    """What this coach was asked to read and still may: its client consents, and is still a stranger to them."""
    live = Q(pair__enrolment__pair_consents__withdrawn_at=None, pair__enrolment__pair_consents__isnull=False)
    rows = PairRating.objects.filter(live, rater=rater)
    found = list(rows.select_related(*OF_A_RATING).order_by("token"))
    may = strangers({one.pair.enrolment.client_id for one in found}) if found else {}
    return [one for one in found if rater in may[one.pair.enrolment.client_id]]


OF_A_RATING = ("pair__enrolment__cohort", "pair__early__submission__exercise", "pair__late__submission__exercise",
               "pair__early__rubric")  # fmt: skip


def waiting(rater: User) -> list[Blind]:
    """What is still to be read, without its texts."""
    return [Blind(one.token, one.pair.early.rubric.title, (), False) for one in open_to(rater) if not one.rated_at]


def find(rater: User, token: str) -> PairRating | None:
    """The one with this address, while it is open to them."""
    return next((one for one in open_to(rater) if one.token == token), None)


def blind(rating: PairRating) -> Blind:
    """What its reader is shown; once it is rated, no text any more."""
    texts = () if rating.rated_at else tuple(_hidden(rating))
    return Blind(rating.token, rating.pair.early.rubric.title, texts, bool(rating.rated_at))


def _hidden(rating: PairRating) -> list[str]:
    pair = rating.pair
    names = names_around(pair.enrolment)
    shown = (pair.late, pair.early) if rating.late_first else (pair.early, pair.late)
    return [blinds.hidden(words(one), names) for one in shown]


def names_around(enrolment: Enrolment) -> set[str]:
    """Everybody this client's cohort knows by name."""
    cohort = enrolment.cohort_id
    here = Q(enrolments__cohort=cohort) | Q(assignments__cohort=cohort) | Q(substitutions__cohort=cohort)
    people = set(User.objects.filter(here).order_by().values_list("name", flat=True))
    return people | set(Invitation.objects.filter(cohort=cohort).exclude(name="").values_list("name", flat=True))


def criteria(rating: PairRating) -> list[Criterion]:
    """What both texts are given a level for: nothing that is its client's own or depends on the kind of document."""
    rows = Criterion.objects.filter(rubric=rating.pair.early.rubric_id).prefetch_related("levels")
    return [one for one in rows.order_by("position") if not one.settings]


# --- What admins see --------------------------------------------------------------------------------


def rows(admin: User) -> list[Row]:
    """Every client who consents and has both texts. No text and no level."""
    if not caseload.is_admin(admin):
        return []
    consenting = Enrolment.objects.filter(pair_consents__isnull=False, pair_consents__withdrawn_at=None)
    found = list(consenting.select_related("client", "cohort").order_by("cohort__name", "client__name", "pk"))
    pairs, may = samples(found), strangers({one.client_id for one in found})
    asked: dict[int, list[PairRating]] = {}
    for one in PairRating.objects.filter(pair__enrolment__in=found).select_related("pair", "rater").order_by("seat"):
        asked.setdefault(one.pair.enrolment_id, []).append(one)
    return [_row(one, pairs[one.pk], asked.get(one.pk, []), may[one.client_id]) for one in found if one.pk in pairs]


def _row(enrolment: Enrolment, pair: Samples, asked: list[PairRating], may: list[User]) -> Row:
    readers = tuple(Reader(one.rater.name, bool(one.rated_at)) for one in asked)
    busy = {one.rater_id for one in asked}
    offered = tuple(coach for coach in may if coach.pk not in busy) if len(asked) < RATERS else ()
    return Row(enrolment, pair.early.rubric.title, readers, offered)


class Level(NamedTuple):
    """One level a reader gave, in the order of `LEVEL`."""

    pair: int
    seat: int
    late_first: bool
    place: int
    criterion: int
    level: int

    @property
    def is_late(self) -> bool:
        """Whether it is of the later text."""
        return (self.place == 1) == self.late_first


LEVEL = ("rating__pair", "rating__seat", "rating__late_first", "place", "criterion", "level")


def agreed() -> Agreement:
    """How far two readers of the same pair agree, over every level both gave."""
    marks = PairMark.objects.filter(rating__rated_at__isnull=False).order_by("pk")
    return agreement_of([Level(*one) for one in marks.values_list(*LEVEL)])


def agreement_of(levels: Iterable[Level]) -> Agreement:
    """The same, of some."""
    given: dict[tuple[int, bool, int], dict[int, int]] = {}
    for one in levels:
        given.setdefault((one.pair, one.is_late, one.criterion), {})[one.seat] = one.level
    both = {key: (those[1], those[2]) for key, those in given.items() if len(those) == RATERS}
    return agreement.of(list(both.values()), pairs=len({pair for pair, _late, _criterion in both}))
