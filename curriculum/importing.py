"""Files become a draft edition: all of it or nothing, and the same files only once."""

from datetime import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from . import hazards, models, unpacking
from .blueprint import COUNTED_FROM, DAYS, Blueprint, draw
from .firstread.lexicon import Lexicon, builtin_lists
from .sources import Problem


class ContentRefused(ValidationError):
    """The files cannot become an edition. `problems` lists every reason with its file and line."""

    code = "content.refused"

    def __init__(self, problems: list[Problem]):
        super().__init__([str(problem) for problem in problems])
        self.problems = problems

    @property
    def by_field(self) -> dict[str, list[str]]:
        """In sentences, for whoever sent an archive."""
        return {"archive": [problem.sentence for problem in self.problems]}


def import_edition(path: Path) -> models.Edition:
    """The edition these files describe: found if they were imported before, else a new draft.

    Raises ContentRefused with every problem at once; nothing is written then. Older drafts of the
    same programme give way; published editions stay.
    """
    plan, problems = draw(path)
    problems += _lexicon_problems(plan)
    if problems:
        raise ContentRefused(problems)
    with transaction.atomic():
        programme = _programme(plan)
        known = models.Edition.objects.filter(programme=programme, digest=plan.digest).first()
        return known or _Writer(plan, programme).write()


def import_archive(archive: bytes) -> models.Edition:
    """The same for a folder that comes as a zip archive, which is not trusted. Raises CannotUnpack as well."""
    with unpacking.unpacked(archive) as folder:
        if problems := hazards.of(folder):
            raise ContentRefused(problems)
        return import_edition(folder)


def _lexicon_problems(plan: Blueprint) -> list[Problem]:
    try:
        Lexicon.from_mapping(plan.lexicon or builtin_lists())
    except ValueError as error:
        return [Problem("first_read/lexicon.yaml", 1, str(error))]
    return []


def _programme(plan: Blueprint) -> models.Programme:
    key = plan.programme["key"]
    models.Programme.objects.get_or_create(key=key, defaults={"title": plan.programme["title"]})
    return models.Programme.objects.select_for_update().get(key=key)


class _Writer:
    """Writes one checked blueprint, inside the caller's transaction."""

    def __init__(self, plan: Blueprint, programme: models.Programme):
        self.plan = plan
        self.programme = programme

    def write(self) -> models.Edition:
        models.Edition.objects.filter(programme=self.programme).drafts().delete()
        self.edition = self._edition()
        self.competencies = {row.key: row for row in self._competencies()}
        self.modules = {row.key: row for row in self._modules()}
        self.rubrics = {data["key"]: self._rubric(data) for data in self.plan.rubrics}
        for data in self.plan.weeks:
            self._week(data)
        self._exemplars()
        self._texts()
        self._milestones()
        return self.edition

    def _edition(self) -> models.Edition:
        data = self.plan.programme
        return models.Edition.objects.create(
            programme=self.programme,
            version=data["version"],
            title=data["title"],
            summary=data.get("summary", ""),
            language=data.get("language", "en"),
            goals=data["goals"],
            graduation=data.get("graduation", {}),
            lexicon=self.plan.lexicon or builtin_lists(),
            digest=self.plan.digest,
        )

    def _competencies(self):
        return models.Competency.objects.bulk_create(
            models.Competency(
                edition=self.edition,
                key=data["key"],
                name=data["name"],
                rank=data["rank"],
                definition=data.get("definition", ""),
                scored=data.get("scored", True),
            )
            for data in self.plan.programme["competencies"]
        )

    def _modules(self):
        return models.Module.objects.bulk_create(
            models.Module(edition=self.edition, key=data["key"], title=data["title"], position=position)
            for position, data in enumerate(self.plan.programme["modules"])
        )

    def _rubric(self, data: dict) -> models.Rubric:
        rubric = models.Rubric.objects.create(edition=self.edition, key=data["key"], title=data["title"])
        for position, part in enumerate(data["criteria"]):
            criterion = models.Criterion.objects.create(
                edition=self.edition,
                rubric=rubric,
                key=part["key"],
                title=part["title"],
                essential=part.get("essential", False),
                competency=self.competencies.get(part["competency"]),
                settings={key: part[key] for key in ("only_for", "source") if key in part},
                position=position,
            )
            models.Level.objects.bulk_create(
                models.Level(edition=self.edition, criterion=criterion, rank=rank, anchor=anchor)
                for rank, anchor in enumerate(part["levels"], start=1)
            )
        return rubric

    def _week(self, data: dict) -> None:
        week = models.Week.objects.create(
            edition=self.edition,
            module=self.modules[data["module"]],
            session=data.get("session") or {},
            objectives=data.get("objectives") or [],
            lede=data.get("lede", ""),
            **{key: data[key] for key in ("key", "number", "title", "short", "minutes")},
        )
        models.Lesson.objects.bulk_create(
            models.Lesson(
                edition=self.edition,
                week=week,
                position=position,
                **{key: lesson[key] for key in ("key", "slug", "title", "minutes", "body")},
            )
            for position, lesson in enumerate(data["lessons"])
        )
        for position, exercise in enumerate(data["exercises"]):
            self._exercise(week, position, exercise)

    def _exercise(self, week: models.Week, position: int, data: dict) -> None:
        plain = ("key", "title", "kind", "role", "minutes", "brief")
        worded = ("begin", "first_step", "listener", "twist")
        known = {*plain, *worded, "required", "rubric", "competency", "fields", "first_read", "examples", "unscored"}
        exercise = models.Exercise.objects.create(
            edition=self.edition,
            week=week,
            position=position,
            required=data.get("required", True),
            rubric=self.rubrics.get(data.get("rubric")),
            competency=self.competencies.get(data.get("competency")),
            fields=data.get("fields") or [],
            first_read=data.get("first_read") or {},
            settings={key: data[key] for key in data if key not in known},
            counted="counts" in data,
            **{key: data[key] for key in plain},
            **{key: data.get(key) or "" for key in worded},
        )
        models.Example.objects.bulk_create(
            models.Example(
                edition=self.edition,
                exercise=exercise,
                key=part["key"],
                label=part["label"],
                about=part.get("about", ""),
                note=part.get("note", ""),
                answer=part["answer"],
            )
            for part in data["examples"]
        )

    def _exemplars(self) -> None:
        exercises = {row.key: row for row in models.Exercise.objects.filter(edition=self.edition)}
        plain = ("key", "about", "answer", "reference", "why")
        models.Exemplar.objects.bulk_create(
            models.Exemplar(
                edition=self.edition,
                rubric=self.rubrics[data["rubric"]],
                exercise=exercises[data["exercise"]],
                position=position,
                **{name: data[name] for name in plain},
            )
            for position, data in enumerate(self.plan.exemplars)
        )

    def _texts(self) -> None:
        models.Comment.objects.bulk_create(
            models.Comment(
                edition=self.edition,
                key=c["key"],
                kind=c["kind"],
                text=c["text"],
                about=c.get("about", ""),
                level=c.get("level"),
                position=position,
            )
            for position, c in enumerate(self.plan.comments)
        )
        models.Instrument.objects.bulk_create(
            models.Instrument(edition=self.edition, key=data["key"], title=data["title"], content=data)
            for data in self.plan.instruments
        )
        models.MessageText.objects.bulk_create(
            models.MessageText(edition=self.edition, key=m["key"], subject=m["subject"], body=m["body"])
            for m in self.plan.messages
        )

    def _milestones(self) -> None:
        models.MilestonePlan.objects.bulk_create(
            models.MilestonePlan(
                edition=self.edition,
                kind=data["kind"],
                rung=data.get("rung", 1),
                event=next((data[name] for name in COUNTED_FROM if name in data), ""),
                before="hours_before" in data,
                weeks=data.get("weeks", []),
                weeks_later=data.get("weeks_later", 0),
                day=DAYS.index(data["day"]) if "day" in data else None,
                time=time.fromisoformat(data["time"]) if "time" in data else None,
                zone=data.get("zone", ""),
                hours=data.get("hours"),
                months=data.get("months"),
                repeat_hours=data.get("repeat_hours"),
            )
            for data in self.plan.milestones
        )
