"""Whether somebody has done what finishing asks for, by the rule of their edition: what is done, what is missing.

Live sessions are encouraged and not asked for. Nothing here decides anything; it only counts. What an admin has
waived is not asked of that client.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

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
    return of_all([enrolment], at=at)[enrolment.pk]


def of_all(enrolments: Collection[Enrolment], *, at: datetime) -> dict[int, Standing]:
    """Enrolment → where its client stands. Four queries, however many."""
    rated, waivers = _rated(enrolments), _waivers(enrolments)
    reviewed, translations = _reviewed(enrolments, at), _translated(enrolments)
    return {
        one.pk: _standing(
            one.cohort.edition.graduation,
            reviewed.get(one.pk, ()),
            translations.get(one.pk, ()),
            rated.get(one.pk, ()),
            waivers.get(one.pk, {}),
        )
        for one in enrolments
    }


def _standing(
    rule: dict[str, Any], reviewed: Iterable[int], translations: Iterable[int], rated: Collection[str],
    waivers: dict[str, Waiver],
) -> Standing:  # fmt: skip
    mains, spoken = rule.get("main_reviewed", {}), rule.get("translations", {})
    weeks = tuple(sorted(set(reviewed) & set(mains.get("weeks", []))))
    told = tuple(sorted(set(translations) & set(spoken.get("weeks", []))))
    found = (*_assessments(rated, rule), *_reviews(weeks, mains), *_enough_translations(told, spoken))
    return Standing(weeks, told, tuple(replace(one, waiver=waivers.get(one.key)) for one in found))


def _rated(enrolments: Collection[Enrolment]) -> dict[int, list[str]]:
    """Enrolment → the moments whose assessment is finished."""
    return _gathered(assessments.finished(enrolments))


def _waivers(enrolments: Collection[Enrolment]) -> dict[int, dict[str, Waiver]]:
    found: dict[int, dict[str, Waiver]] = {}
    for one in Waiver.objects.filter(enrolment__in=enrolments, ended_at=None).select_related("waived_by"):
        found.setdefault(one.enrolment_id, {})[one.condition] = one
    return found


def _reviewed(enrolments: Collection[Enrolment], at: datetime) -> dict[int, list[int]]:
    """Enrolment → the weeks whose main exercise has an answer that shows."""
    piece = "attempt__submission"
    about = Feedback.objects.filter(
        **{"shown_from__lte": at, f"{piece}__enrolment__in": enrolments, f"{piece}__exercise__role": "main"}
    )
    return _gathered(about.order_by().values_list(f"{piece}__enrolment", f"{piece}__exercise__week__number"))


def _translated(enrolments: Collection[Enrolment]) -> dict[int, list[int]]:
    """Enrolment → the weeks whose translation was handed in."""
    handed_in = Submission.objects.filter(enrolment__in=enrolments, exercise__role="translation", attempts_made__gte=1)
    return _gathered(handed_in.order_by().values_list("enrolment", "exercise__week__number"))


def _gathered(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for whose, what in rows:
        found.setdefault(whose, []).append(what)
    return found


NAMES = {
    "a0": gettext_lazy("the baseline assessment"),
    "a4": gettext_lazy("the midpoint review"),
    "a8": gettext_lazy("the final assessment"),
}


def _assessments(done: Collection[str], rule: dict) -> Iterator[Condition]:
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
