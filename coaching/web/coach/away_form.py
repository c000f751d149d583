"""What is typed when a coach goes away."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clients.models import Cohort, User
from coaching import caseload, substitutions


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _people(form: forms.Form, name: str) -> forms.ModelChoiceField:
    return cast(forms.ModelChoiceField, form.fields[name])


class AwayForm(forms.Form):
    """Who is away, who reads meanwhile, over which days. Whether it may be so is decided by the operation."""

    away = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none(), empty_label=None)
    substitute = forms.ModelChoiceField(
        label=_("Who reads meanwhile"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    first_day = forms.DateField(label=_("First day away"), widget=_day())
    last_day = forms.DateField(
        label=_("Last day away"), widget=_day(), help_text=_("Whole days, by the clock of whoever is away.")
    )

    def __init__(self, data: QueryDict | None, *, cohort: Cohort, by: User):
        """Whoever coaches here is away themselves; an admin says which coach is."""
        super().__init__(data)
        here = caseload.coaches_of(cohort)
        _people(self, "away").queryset = here if caseload.is_admin(by) else here.filter(pk=by.pk)
        _people(self, "substitute").queryset = substitutions.offered(cohort)
