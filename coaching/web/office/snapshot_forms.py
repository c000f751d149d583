"""What an admin types about a snapshot. Whether it may be so is decided by the operation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Cohort, User
from coaching import handouts, roster
from coaching.models import Snapshot


class TitleForm(forms.Form):
    """A title, or none: then it is the finding."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Leave it empty, and the finding is its title: by rule, what moved most and what least. A title of your "
            "own stands above that sentence and never instead of it."
        ),
    )


class SnapshotForm(TitleForm):
    """Of which cohorts, for whom."""

    cohorts = forms.MultipleChoiceField(label=_("Of"), widget=forms.CheckboxSelectMultiple, required=False)
    audience = forms.ChoiceField(
        label=_("For"),
        choices=[
            (Snapshot.Audience.ADMIN, _("Admins: nothing of fewer than 5 people")),
            (Snapshot.Audience.SPONSOR, _("A sponsor: nothing of fewer than 10 people")),
        ],
        widget=forms.RadioSelect,
        initial=Snapshot.Audience.ADMIN,
    )
    field_order = ("cohorts", "audience", "title")

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = roster.cohorts_set_up_by(user).select_related(None).prefetch_related(None).order_by("name")
        self.known: dict[str, Cohort] = {str(one.pk): one for one in rows}
        self.fields["cohorts"].choices = [(pk, one.name) for pk, one in self.known.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Cohort]:
        return [self.known[pk] for pk in self.cleaned_data["cohorts"]]


class HandOverForm(forms.Form):
    """To whom: a sponsor of every cohort in it who does not have it."""

    sponsor = forms.ModelChoiceField(User.objects.none(), label=_("Sponsor"), empty_label=_("Choose one"))

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any):
        super().__init__(*args, **kwargs)
        waiting = handouts.waiting(snapshot)
        self.fields["sponsor"].queryset = handouts.sponsors() if self.is_bound else waiting  # type: ignore[attr-defined]
        self.is_empty = not self.is_bound and not waiting.exists()
