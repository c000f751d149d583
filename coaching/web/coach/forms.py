"""What a coach sends: levels, one thing to keep, one to try; another time for a live session, or why there is none."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coaching.models import FeedbackDraft, LiveSession
from curriculum.models import Criterion

RANKS = ("1", "2", "3", "4")
LONGEST = 5000  # characters; as much as is kept


class FeedbackForm(forms.Form):
    """Shapes a post into feedback. What is missing is asked for when it is sent, not here.

    Only what the post is about is required: a save that does not say where it started would overwrite blindly.
    """

    attempt = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    another = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, criteria: list[Criterion], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
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

    def content(self) -> dict[str, Any]:
        """What `reviewing` takes. Call it on a form that was found valid."""
        return {
            "keep": self.cleaned_data["keep"].replace("\r\n", "\n"),
            "try_next": self.cleaned_data["try_next"].replace("\r\n", "\n"),
            "levels": self.levels(),
            "another": self.cleaned_data["another"],
        }


def initial_of(draft: FeedbackDraft | None, attempt: int) -> dict[str, Any]:
    """How the form starts from what was saved."""
    if draft is None:
        return {"attempt": attempt, "revision": 0}
    levels = {f"level-{key}": level for key, level in draft.levels.items()}
    return {
        "attempt": attempt,
        "revision": draft.revision,
        "keep": draft.keep,
        "try_next": draft.try_next,
        "another": draft.another,
    } | levels


def _words(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "input", "rows": 3})
    return forms.CharField(label=label, required=False, max_length=LONGEST, strip=False, widget=widget)


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
