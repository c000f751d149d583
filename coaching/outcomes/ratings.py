"""What clients say of themselves and their coaches of them, competency by competency.

Three lines, because each leaves out other people: those who rated themselves both times; everybody who began, where
whoever has no end counts as unchanged (which makes a change smaller, not larger); and those who completed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from clients import assessments
from clients.models import Assessment, Enrolment
from curriculum import growth, questionnaires
from curriculum.figures import Figure
from curriculum.growth import Pair, Spread
from curriculum.models import Instrument
from curriculum.questionnaires import Questionnaire

from ..models import RatedPoint, Rating
from . import change
from .at_once import Question, Rows
from .change import Change, Line
from .crowds import Crowds, Here, counted, within

Moment = Assessment.Moment
LOOKING_BACK = "then"


@dataclass(frozen=True)
class Rated:
    """One competency. `everybody` is all who began, `carried` of them without an end; `completers` who completed."""

    own: Change
    midpoint: Spread
    seen_from_now: Spread
    everybody: Figure
    carried: int
    completers: Figure
    coach: Change


@dataclass
class _Person:
    """One client's numbers of one competency, by moment."""

    cohort: int = 0
    completed: bool = False
    own: dict[str, float | None] = field(default_factory=dict)
    coach: dict[str, float | None] = field(default_factory=dict)

    @property
    def pair(self) -> Pair:
        return self.own.get(Moment.BASELINE), self.own.get(Moment.FINAL)


@dataclass(frozen=True)
class Read:
    """The names of competencies, in the order of the programme, and by key and enrolment what was rated."""

    names: dict[str, str]
    people: dict[str, dict[int, _Person]]


def questions(some: QuerySet[Enrolment]) -> list[Question]:
    """Of what `read` needs, the points of coaches."""
    return [(RatedPoint.objects.filter(rating__enrolment__in=some), COLUMNS)]


def read(some: QuerySet[Enrolment], answers: Sequence[Rows]) -> Read:
    """One query, and one an edition the first time a process reads it."""
    found = Read({}, defaultdict(lambda: defaultdict(_Person)))
    for cohort, enrolment, state, moment, key, value in _own(some, found.names):
        person = found.people[key][enrolment]
        person.own[moment], person.completed = value, state == Enrolment.State.COMPLETED
        person.cohort = cohort
    for cohort, enrolment, moment, key, point in answers[0]:
        person = found.people[key][enrolment]
        person.cohort, person.coach[moment] = cohort, point
    return found


COLUMNS = ("rating__enrolment__cohort", "rating__enrolment", "rating__moment", "competency", "point")


def of(found: Read, here: Here) -> tuple[Rated, ...]:
    """Of some cohorts."""
    return tuple(_rated(key, name, _within(found, key, here)) for key, name in found.names.items())


def _within(found: Read, key: str, here: Here) -> list[_Person]:
    return [one for one in found.people[key].values() if within(one.cohort, here)]


def crowds(found: Read) -> Crowds:
    """Who has both ratings, by themselves and by their coach; who has one halfway, and who has looked back."""
    return counted(
        (f"{kind}:{key}", person.cohort)
        for key in found.names
        for person in found.people[key].values()
        for kind, is_there in _kinds(person)
        if is_there
    )


def _kinds(person: _Person) -> Iterable[tuple[str, bool]]:
    yield "own", None not in person.pair
    yield "mid", person.own.get(Moment.MIDPOINT) is not None
    yield "then", person.own.get(LOOKING_BACK) is not None
    yield "coach", None not in (person.coach.get(Rating.Moment.BASELINE), person.coach.get(Rating.Moment.FINAL))


def lines(found: Read, key: str, here: Here) -> tuple[Line, ...]:
    """Everybody’s own line in one competency."""
    return tuple(Line(*pair) for pair in growth.complete([one.pair for one in _within(found, key, here)]))


def _own(some: QuerySet[Enrolment], names: dict[str, str]) -> Iterable[tuple[int, int, str, str, str, float | None]]:
    """(cohort, enrolment, state, moment, competency, its mean), and the names of the competencies as they are met."""
    finished = Assessment.objects.filter(enrolment__in=some, finished_at__isnull=False).order_by()
    columns = ("enrolment__cohort", "enrolment", "enrolment__state", "moment", "answers", "looking_back")
    for edition, *whose, moment, answers, back in finished.values_list("enrolment__cohort__edition", *columns):
        if asked := _asked(edition):
            names.update((section.key, section.name) for section in asked.sections if section.key not in names)
            for key, mean in assessments.means_of(answers, asked).items():
                yield (*whose, moment, key, mean)
            for item in asked.looking_back:
                if back.get(item.key):
                    yield (*whose, LOOKING_BACK, item.competency, back[item.key])


def _asked(edition: int) -> Questionnaire | None:
    try:
        return questionnaires.self_assessment(edition)
    except Instrument.DoesNotExist:
        return None


def _rated(key: str, name: str, people: list[_Person]) -> Rated:
    began = [(before, after) for before, after in (one.pair for one in people) if before is not None]
    coach = [(one.coach.get(Rating.Moment.BASELINE), one.coach.get(Rating.Moment.FINAL)) for one in people]
    return Rated(
        own=change.of(key, name, [one.pair for one in people]),
        midpoint=growth.spread([one.own.get(Moment.MIDPOINT) for one in people]),
        seen_from_now=growth.spread([one.own.get(LOOKING_BACK) for one in people]),
        everybody=growth.mean_change([(before, before if after is None else after) for before, after in began]),
        carried=sum(after is None for _before, after in began),
        completers=growth.mean_change([one.pair for one in people if one.completed]),
        coach=change.of(key, name, coach),
    )
