"""What a coach sends: levels, one thing to keep, one to try; another time for a live session, or why there is none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coaching import asks, margin
from coaching.models import Ask, FeedbackDraft, LiveSession
from curriculum.models import Criterion

RANKS = ("1", "2", "3", "4")
LONGEST = 5000  # characters; as much as is kept


@dataclass(frozen=True)
class NoteRow:
    """One note in the margin as the form draws it."""

    name: str
    note: margin.Note
    errors: list[str]


class FeedbackForm(forms.Form):
    """Shapes a post into feedback. What is missing is asked for when it is sent, not here.

    Only what the post is about is required: a save that does not say where it started would overwrite blindly.
    """

    most_notes = margin.AT_MOST
    answers = (("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No")))

    attempt = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    another = forms.BooleanField(required=False, widget=forms.HiddenInput)
    live = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, criteria: list[Criterion], asked: list[Ask], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criteria, self.asked = criteria, asked
        for ask in asked:
            self.fields[f"addressed-{ask.pk}"] = forms.ChoiceField(
                label=_("Addressed?"), choices=self.answers, required=False, widget=forms.RadioSelect
            )
        for criterion in criteria:
            self.fields[self.name_of(criterion)] = forms.TypedChoiceField(
                label=criterion.title,
                choices=[(rank, rank) for rank in RANKS],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        self.fields["keep"] = _words(_("Keep"))
        self.fields["try_next"] = _words(_("Try next"))
        for number in range(1, asks.AT_MOST + 1):
            self.fields[f"ask-{number}"] = _ask(number)
        for number in range(margin.AT_MOST):  # where a note is complained about; what it holds is read in `notes`
            self.fields[f"note-{number}-text"] = forms.CharField(required=False, label=_("Note"))

    @staticmethod
    def name_of(criterion: Criterion) -> str:
        return f"level-{criterion.pk}"

    def move_to(self, *, attempt: int, revision: int) -> None:
        """Let the next post be about what stands now. Only for showing it again: nothing is checked anew."""
        self.data = {**dict(self.data.items()), "attempt": str(attempt), "revision": str(revision)}

    def levels(self) -> dict[int, int]:
        """Criterion id → level, of those that have one; also before the form was sent."""
        given = {criterion.pk: str(self[self.name_of(criterion)].value()) for criterion in self.criteria}
        return {key: int(level) for key, level in given.items() if level in RANKS}

    def addressed(self) -> list[tuple[Ask, str]]:
        """What was asked of this attempt, each with the answer given so far; also before the form was sent."""
        return [(ask, str(self[f"addressed-{ask.pk}"].value() or "")) for ask in self.asked]

    def asks(self) -> list[Any]:
        """The lines for what the next attempt is asked, to be drawn."""
        return [self[f"ask-{number}"] for number in range(1, asks.AT_MOST + 1)]

    def notes(self) -> list[margin.Note]:
        """The notes in the margin, without those that were left empty; also before the form was sent."""
        return margin.kept(self._posted_notes() if self.is_bound else self.initial.get("notes") or [])

    def _posted_notes(self) -> Iterator[dict[str, Any]]:
        for number in range(margin.AT_MOST):
            text = str(self.data.get(f"note-{number}-text") or "").replace("\r\n", "\n")
            yield {**_place(self.data.get(f"note-{number}-at")), "text": text}

    def note_rows(self) -> list[NoteRow]:
        """The notes to be drawn, each with what is wrong with it."""
        names = [f"note-{number}" for number in range(margin.AT_MOST)]
        rows = zip(names, self.notes(), strict=False)
        return [NoteRow(name, note, [str(error) for error in self[f"{name}-text"].errors]) for name, note in rows]

    def content(self) -> dict[str, Any]:
        """What `reviewing` takes. Call it on a form that was found valid."""
        return {
            "keep": self.cleaned_data["keep"].replace("\r\n", "\n"),
            "try_next": self.cleaned_data["try_next"].replace("\r\n", "\n"),
            "levels": self.levels(),
            "another": self.cleaned_data["another"],
            "live": self.cleaned_data["live"],
            "asks": [self.cleaned_data[f"ask-{number}"].strip() for number in range(1, asks.AT_MOST + 1)],
            "notes": [margin.plain(note) for note in self.notes()],
            "addressed": {str(ask.pk): answer for ask, answer in self.addressed() if answer},
        }


def initial_of(draft: FeedbackDraft | None, attempt: int) -> dict[str, Any]:
    """How the form starts from what was saved."""
    if draft is None:
        return {"attempt": attempt, "revision": 0}
    levels = {f"level-{key}": level for key, level in draft.levels.items()}
    levels |= {f"addressed-{key}": answer for key, answer in draft.addressed.items()}
    levels |= {f"ask-{number}": text for number, text in enumerate(draft.asks, start=1)}
    return {
        "attempt": attempt,
        "revision": draft.revision,
        "keep": draft.keep,
        "try_next": draft.try_next,
        "another": draft.another,
        "live": draft.live,
        "notes": draft.notes,
    } | levels


def _words(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "input", "rows": 3})
    return forms.CharField(label=label, required=False, max_length=LONGEST, strip=False, widget=widget)


def _place(posted: Any) -> dict[str, Any]:
    """Where a note was put, as the page wrote it; nothing where somebody else did."""
    try:
        found = json.loads(posted or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _ask(number: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "maxlength": asks.LONGEST, "autocomplete": "off"})
    label = _("Ask %(n)s of the next attempt") % {"n": number}
    return forms.CharField(label=label, required=False, max_length=asks.LONGEST, widget=widget)


class LevelsForm(forms.Form):
    """A level for each criterion, by its key; whether that is enough is decided by the operation."""

    def __init__(self, criteria: list[Criterion], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"level-{criterion.key}"] = forms.CharField(
                label=criterion.title, required=False, widget=forms.RadioSelect(choices=[(n, n) for n in RANKS])
            )

    def levels(self) -> dict[str, int]:
        """Criterion key → level, of those that have one."""
        given = {one.key: str(self[f"level-{one.key}"].value()) for one in self.criteria}
        return {key: int(level) for key, level in given.items() if level in RANKS}

    def rows(self) -> Iterator[tuple[Criterion, Any, int | None]]:
        """To be drawn: each criterion with its field and the level chosen so far."""
        chosen = self.levels()
        yield from ((one, self[f"level-{one.key}"], chosen.get(one.key)) for one in self.criteria)

    def complain(self, by_field: dict[str, list[str]]) -> None:
        """Put what an operation misses beside the fields."""
        self.full_clean()
        for name, sentences in by_field.items():
            if name in self.fields:
                self.add_error(name, sentences)


class LineForm(forms.Form):
    """A line for the comment bank: to keep or to try, about a criterion at a level or about everything."""

    kind = forms.ChoiceField(label=_("For"), choices=[("keep", _("Keep")), ("try", _("Try next"))])
    text = forms.CharField(
        label=_("The line"), required=False, max_length=500, widget=forms.Textarea(attrs={"class": "input", "rows": 2})
    )
    about = forms.ChoiceField(label=_("About"), required=False)
    level = forms.TypedChoiceField(
        label=_("At level"),
        choices=[("", _("any")), *((rank, rank) for rank in RANKS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    shared = forms.BooleanField(label=_("Share it with everybody who coaches"), required=False)

    def __init__(self, criteria: list[tuple[str, str]], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("", _("everything")), *criteria]


# --- A live session ---------------------------------------------------------------------------------


class WallField(forms.Field):
    """A day and a time as some clock shows them, without a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            wall = datetime.fromisoformat(value)
        except ValueError:
            wall = None
        if wall is None or wall.tzinfo is not None:
            raise ValidationError(_("Choose a day and a time."), code="invalid")
        return wall


class MoveForm(forms.Form):
    """The new time by the cohort's clock, the length, the link; `version` is the state that was looked at."""

    wall = WallField(label=_("New time"))
    minutes = forms.IntegerField(label=_("Minutes"), widget=forms.NumberInput(attrs={"class": "input"}))
    link = forms.CharField(
        label=_("Link to the room"), required=False, max_length=300, widget=forms.TextInput(attrs={"class": "input"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, session: LiveSession, *, wall: datetime | None = None, data: Any = None):
        initial = {"wall": wall, "minutes": session.minutes, "link": session.link, "version": session.version}
        super().__init__(data, initial=initial, auto_id=f"move-{session.pk}-%s")
        self.session = session


class CancelForm(forms.Form):
    """Why it does not take place. Whether that is enough is decided by the operation."""

    reason = forms.CharField(
        label=_("Why it is cancelled"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "maxlength": 200}),
        help_text=_("Everybody in the cohort reads it."),
    )

    def __init__(self, session: LiveSession, *, data: Any = None):
        super().__init__(data, auto_id=f"cancel-{session.pk}-%s")
        self.session = session
