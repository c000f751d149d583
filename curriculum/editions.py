"""Reading editions: the newest one, its weeks, what to show beside an exercise, what two of them differ in."""

from functools import lru_cache

from . import changes, contents
from .changes import Change
from .models import Criterion, Edition, Exercise, MessageText, MilestonePlan, Programme, Week


def newest(programme: Programme | None = None) -> Edition | None:
    """The last published edition, of one programme or of all."""
    editions = Edition.objects.published()
    if programme is not None:
        editions = editions.filter(programme=programme)
    return editions.order_by("-published_at", "-pk").first()


def published() -> list[Edition]:
    """Every edition a cohort may be opened on, newest first."""
    return list(Edition.objects.published().select_related("programme").order_by("-published_at", "-pk"))


def plans_of(edition: Edition) -> dict[tuple[str, int], MilestonePlan]:
    """(kind, rung) → the rule for that moment of the kind. Of a published edition, which is frozen, read once a row."""
    known: dict[tuple[str, int], MilestonePlan] | None = vars(edition).get("plans_read")
    if known is None:
        known = {(plan.kind, plan.rung): plan for plan in edition.milestone_plans.all()}
    if edition.is_published:
        vars(edition)["plans_read"] = known
    return known


@lru_cache(maxsize=512)
def text_of(edition_id: int, key: str) -> MessageText:
    """The words of a message of a published edition; frozen, so read once a process."""
    return MessageText.objects.get(edition=edition_id, key=key)


@lru_cache(maxsize=128)
def criteria_of(rubric_id: int) -> tuple[Criterion, ...]:
    """The criteria of a rubric of a published edition, with anchors; frozen, so read once a process."""
    return tuple(Criterion.objects.filter(rubric=rubric_id).prefetch_related("levels").order_by("position"))


@lru_cache(maxsize=64)
def week_of(edition_id: int, number: int) -> Week:
    """A week of a published edition; frozen, so read once a process."""
    return Week.objects.get(edition=edition_id, number=number)


def exercises_of(edition: Edition) -> list[Exercise]:
    """What can be handed in, in the order of the programme."""
    return list(
        Exercise.objects.offered().filter(edition=edition).select_related("week").order_by("week__number", "position")
    )


def last_numbered(edition: Edition) -> Edition | None:
    """The newest published edition of the same programme, other than this one."""
    others = Edition.objects.published().filter(programme=edition.programme_id).exclude(pk=edition.pk)
    return others.select_related("programme").order_by("-number").first()


def numbered(number: int, programme: str = "") -> list[Edition]:
    """The published editions of this number; several where several programmes have one."""
    found = Edition.objects.published().filter(number=number).select_related("programme")
    return list(found.filter(programme__key=programme) if programme else found)


def compare(old: Edition, new: Edition) -> tuple[Change, ...]:
    """What changed from one edition to another, in words, each with its place and its class."""
    return changes.between(contents.flat(contents.of(old)), contents.flat(contents.of(new)))


def class_between(old: Edition, new: Edition) -> str:
    """The class of a published edition against another; written down where it followed that one."""
    return new.change if new.follows_id == old.pk else _class_between(old.pk, new.pk)


@lru_cache(maxsize=256)
def _class_between(old: int, new: int) -> str:
    """Both are frozen, so it is found once a process."""
    both = Edition.objects.select_related("programme").in_bulk([old, new])
    return changes.class_of(compare(both[old], both[new]))
