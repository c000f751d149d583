"""Whether somebody has done what finishing asks for, by the rule of their edition: what is done, what is missing.

Live sessions are encouraged and not asked for. Nothing here decides anything; it only counts.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients import assessments
from clients.models import Enrolment, Submission

from .models import Feedback


@dataclass(frozen=True)
class Standing:
    """What is done of what the rule asks for; `missing` says what is not, each in words."""

    reviewed: tuple[int, ...]  # the weeks whose main exercise was answered
    translations: tuple[int, ...]  # the weeks whose translation is in
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def of(enrolment: Enrolment, *, at: datetime) -> Standing:
    """Where a client stands at an instant. Three queries."""
    rule = enrolment.cohort.edition.graduation
    reviewed, translations = _reviewed(enrolment, rule, at), _translations(enrolment, rule)
    missing = (
        *_assessments_missing(enrolment, rule),
        *_reviews_missing(reviewed, rule.get("main_reviewed", {})),
        *_translations_missing(translations, rule.get("translations", {})),
    )
    return Standing(reviewed, translations, missing)


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


def _assessments_missing(enrolment: Enrolment, rule: dict) -> list[str]:
    done = {moment for moment, row in assessments.all_of(enrolment).items() if row.finished_at}
    return [str(NAMES[moment]) for moment in rule.get("assessments", []) if moment not in done]


def _reviews_missing(reviewed: tuple[int, ...], rule: dict) -> list[str]:
    """The weeks that have to be among them first; then how many more, whichever they are."""
    musts = [week for week in rule.get("among", []) if week not in reviewed]
    said = [_("feedback on the main exercise of week %(n)s") % {"n": week} for week in musts]
    more = rule.get("at_least", 0) - len(reviewed) - len(musts)
    if more > 0:
        said.append(
            ngettext(
                "feedback on the main exercise of one more week",
                "feedback on the main exercises of %(count)s more weeks",
                more,
            )
            % {"count": more}
        )
    return said


def _translations_missing(handed_in: tuple[int, ...], rule: dict) -> list[str]:
    more = rule.get("at_least", 0) - len(handed_in)
    if more <= 0:
        return []
    return [ngettext("one more translation", "%(count)s more translations", more) % {"count": more}]
