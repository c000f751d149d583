"""What is planned, and what is on its way, follows a cohort to another edition: its moments, its words."""

from datetime import datetime

from django.db.models import Q, QuerySet

from clients import messaging
from clients.models import Cohort, Crossing
from curriculum import editions
from curriculum.models import Edition, MessageText, MilestonePlan

from . import plans, reconciling
from .models import Milestone

State = Milestone.State
NOT_IN_IT = "the edition has no such moment"
NO_WORDS = "the edition has no words for it"


def follow(crossing: Crossing, *, at: datetime) -> None:
    """In the transaction of the step, there or back."""
    cohort = Cohort.objects.select_related("edition").get(pk=crossing.cohort_id)
    was = crossing.entered_id if crossing.undone_at else crossing.left_id
    _drop_what_has_no_rule(cohort, at)
    messaging.cancel(NO_WORDS, cohort=cohort, kind__in=_keys(was) - _keys(cohort.edition_id))
    reconciling.plan_anew(cohort, at=at)


def _drop_what_has_no_rule(cohort: Cohort, at: datetime) -> None:
    """And take up again what was dropped so before, where it lies ahead."""
    rules, weeks = editions.plans_of(cohort.edition), _weeks(cohort.edition)

    def is_known(kind: str, rung: int, week: int | None) -> bool:
        return (kind, rung) in rules and _holds(rules[kind, rung], week, weeks)

    columns = ("pk", "kind", "rung", "week")
    waiting = _planned(cohort).filter(state=State.PENDING).values_list(*columns)
    gone = [pk for pk, *moment in waiting if not is_known(*moment)]
    dropped = _planned(cohort).filter(state=State.CANCELLED, reason=NOT_IN_IT, due_at__gt=at).values_list(*columns)
    back = [pk for pk, *moment in dropped if is_known(*moment)]
    Milestone.objects.filter(pk__in=gone).update(state=State.CANCELLED, reason=NOT_IN_IT)
    Milestone.objects.filter(pk__in=back).update(state=State.PENDING, reason="")


def _holds(rule: MilestonePlan, week: int | None, weeks: set[int]) -> bool:
    return bool(rule.starts_from) or (week in rule.weeks and week in weeks)


def _weeks(edition: Edition) -> set[int]:
    return set(edition.weeks.values_list("number", flat=True))


def _planned(cohort: Cohort) -> QuerySet[Milestone]:
    """Of the cohort, its people, its coaches, and whoever has finished in it."""
    alumni = Q(cohort=None, enrolment=None, object_id__in=cohort.enrolments.values("pk"))
    return Milestone.objects.filter(Q(cohort=cohort) | Q(enrolment__cohort=cohort) | alumni).exclude(kind=plans.DIGEST)


def _keys(edition: int) -> set[str]:
    return set(MessageText.objects.filter(edition=edition).values_list("key", flat=True))
