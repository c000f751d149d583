"""Whether somebody has done what finishing asks for, by the rule of their edition: what is done, what is missing.

Live sessions are encouraged and not asked for. Nothing here decides anything; it only counts. What an admin has
waived is not asked of that client.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients import assessments
from clients.models import Enrolment, Submission

from .models import Feedback, Waiver

MAINS, TRANSLATIONS = "mains", "translations"


@dataclass(frozen=True)
class Condition:
    """One thing finishing asks for, by its key, in words. `waiver` where it is not asked of this client."""

    key: str
    words: str
    is_done: bool
    waiver: Waiver | None = None

    @property
    def is_missing(self) -> bool:
        return not self.is_done and self.waiver is None


@dataclass(frozen=True)
class Standing:
    """What is done of what the rule asks for; `missing` says what is not, each in words."""

    reviewed: tuple[int, ...]  # the weeks whose main exercise was answered
    translations: tuple[int, ...]  # the weeks whose translation is in
    conditions: tuple[Condition, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.conditions if one.is_missing)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def of(enrolment: Enrolment, *, at: datetime) -> Standing:
    """Where a client stands at an instant. Four queries."""
    rule = enrolment.cohort.edition.graduation
    waivers = {one.condition: one for one in _waivers(enrolment)}
    reviewed, translations = _reviewed(enrolment, rule, at), _translations(enrolment, rule)
    found = (
        *_assessments(enrolment, rule),
        *_reviews(reviewed, rule.get("main_reviewed", {})),
        *_enough_translations(translations, rule.get("translations", {})),
    )
    return Standing(reviewed, translations, tuple(replace(one, waiver=waivers.get(one.key)) for one in found))


def _waivers(enrolment: Enrolment) -> QuerySet[Waiver]:
    return Waiver.objects.filter(enrolment=enrolment, ended_at=None).select_related("waived_by")


def _reviewed(enrolment: Enrolment, rule: dict, at: datetime) -> tuple[int, ...]:
    """Weeks whose main exercise has an answer that shows."""
    weeks = rule.get("main_reviewed", {}).get("weeks", [])
    about = Feedback.objects.filter(
        shown_from__lte=at,
        attempt__submission__enrolment=enrolment,
        attempt__submission__exercise__role="main",
        attempt__submission__exercise__week__number__in=weeks,
    )
    return tuple(sorted(set(about.values_list("attempt__submission__exercise__week__number", flat=True))))


def _translations(enrolment: Enrolment, rule: dict) -> tuple[int, ...]:
    """Weeks whose translation was handed in."""
    weeks = rule.get("translations", {}).get("weeks", [])
    handed_in = Submission.objects.filter(
        enrolment=enrolment, exercise__role="translation", exercise__week__number__in=weeks, attempts_made__gte=1
    )
    return tuple(sorted(handed_in.values_list("exercise__week__number", flat=True)))


NAMES = {
    "a0": gettext_lazy("the baseline assessment"),
    "a4": gettext_lazy("the midpoint review"),
    "a8": gettext_lazy("the final assessment"),
}


def _assessments(enrolment: Enrolment, rule: dict) -> Iterator[Condition]:
    done = {moment for moment, row in assessments.all_of(enrolment).items() if row.finished_at}
    for moment in rule.get("assessments", []):
        yield Condition(moment, str(NAMES[moment]), moment in done)


def _reviews(reviewed: tuple[int, ...], rule: dict) -> Iterator[Condition]:
    """The weeks that have to be among them first; then how many more, whichever they are.

    A week that is waived counts as one of them: nobody is asked for another in its place.
    """
    musts = [week for week in rule.get("among", []) if week not in reviewed]
    for week in rule.get("among", []):
        words = _("feedback on the main exercise of week %(n)s") % {"n": week}
        yield Condition(f"main-{week}", words, week not in musts)
    more = rule.get("at_least", 0) - len(reviewed) - len(musts)
    if not rule.get("at_least"):
        return
    if more <= 0:
        yield Condition(MAINS, _("feedback on enough main exercises"), is_done=True)
        return
    words = ngettext(
        "feedback on the main exercise of one more week",
        "feedback on the main exercises of %(count)s more weeks",
        more,
    )
    yield Condition(MAINS, words % {"count": more}, is_done=False)


def _enough_translations(handed_in: tuple[int, ...], rule: dict) -> Iterator[Condition]:
    more = rule.get("at_least", 0) - len(handed_in)
    if rule.get("at_least") and more <= 0:
        yield Condition(TRANSLATIONS, _("enough translations"), is_done=True)
    elif more > 0:
        words = ngettext("one more translation", "%(count)s more translations", more) % {"count": more}
        yield Condition(TRANSLATIONS, words, is_done=False)
