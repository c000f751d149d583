"""Drafts and next editions of a programme, made without going through files."""

from collections.abc import Callable

from curriculum import publishing
from curriculum.models import (
    Comment,
    Competency,
    Criterion,
    Edition,
    Example,
    Exemplar,
    Exercise,
    Instrument,
    Lesson,
    Level,
    MessageText,
    MilestonePlan,
    Module,
    Programme,
    Rubric,
    Week,
)
from tests.roads import BEFORE


def draft(programme: Programme, *, weeks: int = 1) -> Edition:
    """A draft with no more than a week, or nothing at all."""
    made = Edition.objects.create(programme=programme, version="next", title="Next", digest="next")
    module = Module.objects.create(edition=made, key="one", title="One", position=0)
    for number in range(weeks):
        told = {"number": number, "title": "One", "short": "One", "minutes": 1}
        Week.objects.create(edition=made, module=module, key=f"w{number}", **told)
    return made


PARTS = (
    Competency, Module, Rubric, Criterion, Level, Week, Lesson, Exercise, Example, Exemplar, Comment, Instrument,
    MessageText, MilestonePlan,
)  # fmt: skip


def copied(edition: Edition) -> Edition:
    """The same as a draft, without going through its files."""
    told = {name: getattr(edition, name) for name in ("title", "summary", "language", "goals", "graduation", "lexicon")}
    programme = edition.programme
    count = programme.editions.count()
    made = Edition.objects.create(programme=programme, version=f"{count}", digest=f"copy {count}", **told)
    known: dict[tuple[type, int | None], int] = {(Edition, edition.pk): made.pk, (Edition, None): made.pk}
    for model in PARTS:
        rows = list(model.objects.filter(edition=edition).order_by("pk"))
        before = [row.pk for row in rows]
        for row in rows:
            row.pk = None
            for field in (one for one in model._meta.fields if one.is_relation):
                here = getattr(row, field.attname)
                setattr(row, field.attname, known[field.related_model, here] if here else None)
        made_rows = model.objects.bulk_create(rows)
        known |= {(model, old): new.pk for old, new in zip(before, made_rows, strict=True)}
    return made


def next_edition(edition: Edition, change: Callable[[Edition], object] = lambda draft: None) -> Edition:
    """The next published edition: the same, but for what `change` does to the draft."""
    made = copied(edition)
    change(made)
    return publishing.publish(Edition.objects.get(pk=made.pk), signed_by="Ruth", at=BEFORE)
