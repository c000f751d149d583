"""A coach who is new to the exemplars, and scoring them."""

from clients.models import Cohort, User
from coaching import assigning, calibrating
from curriculum.models import Exemplar
from tests import roads
from tests.roads import BEFORE, WEEK_1


def newcomer(cohort: Cohort, name: str = "Vera") -> User:
    """Coaches the cohort and was let off nothing."""
    who = roads.person(name)
    assigning.assign(cohort, coach=who, by=None, at=BEFORE)
    return who


def exemplars(cohort: Cohort, rubric: str = "r-trans") -> list[Exemplar]:
    return list(Exemplar.objects.filter(edition=cohort.edition, rubric__key=rubric).select_related("edition"))


def scored(who: User, cohort: Cohort, rubric: str = "r-trans", *, by: int = 0, at=WEEK_1) -> None:
    """All five, each level so far from the reference as there is room."""
    for one in exemplars(cohort, rubric):
        levels = {key: min(4, max(1, level + by)) for key, level in one.reference.items()}
        calibrating.score(one, levels=levels, by=who, at=at)
