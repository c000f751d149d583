"""Reading editions: the newest one, its weeks, what to show beside an exercise."""

from .models import Edition, Exercise, MilestonePlan, Programme


def newest(programme: Programme | None = None) -> Edition | None:
    """The last published edition, of one programme or of all."""
    editions = Edition.objects.published()
    if programme is not None:
        editions = editions.filter(programme=programme)
    return editions.order_by("-published_at", "-pk").first()


def published() -> list[Edition]:
    """Every edition a cohort may be opened on, newest first."""
    return list(Edition.objects.published().select_related("programme").order_by("-published_at", "-pk"))


def plans_of(edition: Edition) -> dict[str, MilestonePlan]:
    return {plan.kind: plan for plan in edition.milestone_plans.all()}


def exercises_of(edition: Edition) -> list[Exercise]:
    """What can be handed in, in the order of the programme."""
    return list(
        Exercise.objects.offered().filter(edition=edition).select_related("week").order_by("week__number", "position")
    )
