"""What an admin types, shaped and checked for being there. Whether it may be so is decided by the operation."""

import re
from datetime import datetime
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from clients import choices, joining
from clients.models import Cohort, Invitation, User
from coaching import assigning
from coaching.models import Assignment, SessionRule

PERSON = re.compile(r"(?P<name>[^<>]*)<(?P<inside>[^<>\s]+)>|(?P<alone>[^<>\s]+)")
LINES_AT_MOST = 50


class Verdict(NamedTuple):
    """What became of one line."""

    line: str
    done: bool
    sentence: str


class InviteForm(forms.Form):
    """One or several people, a line each: “Ada Lovelace <ada@example.org>”, or the address alone."""

    role = forms.ChoiceField(
        label=_("As"),
        choices=[
            (Invitation.Role.CLIENT, _("Client")),
            (Invitation.Role.COACH, _("Coach")),
            (Invitation.Role.SPONSOR, _("Sponsor")),
        ],
        initial=Invitation.Role.CLIENT,
    )
    lines = forms.CharField(
        label=_("Who"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One line a person: a name with the address in angle brackets, or the address alone."),
    )

    def clean_lines(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > LINES_AT_MOST:
            raise ValidationError(
                _("At most %(limit)s people at once; this has %(count)s.")
                % {"limit": LINES_AT_MOST, "count": len(lines)},
                code="too_many",
            )
        return lines

    def invite(self, cohort: Cohort, *, by: User, at: datetime) -> list[Verdict]:
        """Invite each line by itself: what cannot be done says why and stops nobody else."""
        role = self.cleaned_data["role"]
        return [self._one(line, cohort, role, by=by, at=at) for line in self.cleaned_data["lines"]]

    def _one(self, line: str, cohort: Cohort, role: str, *, by: User, at: datetime) -> Verdict:
        read = PERSON.fullmatch(line)
        email = read["inside"] or read["alone"] if read else ""
        try:
            validate_email(email)
        except ValidationError:
            return Verdict(line, False, str(_("There is no address in this line that a mail could reach.")))
        try:
            name = (read["name"] or "").strip(' "')[:120]
            joining.invite(cohort, email=email, name=name, role=role, by=by, at=at)
        except joining.CannotJoin as refusal:
            return Verdict(line, False, " ".join(refusal.messages))
        return Verdict(line, True, _("Invited. The link is on its way to %(email)s.") % {"email": email.lower()})


class AssignForm(forms.Form):
    """Somebody with an account becomes a coach of the cohort."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("For somebody who has an account. Others are invited below."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            raise ValidationError(
                _("Nobody here has this address. Invite them as a coach instead."), code="assignment.nobody"
            )
        return person

    def assign(self, cohort: Cohort, *, by: User, at: datetime) -> Assignment | None:
        """The assignment, or None where the reason now stands under the field."""
        try:
            return assigning.assign(cohort, coach=self.cleaned_data["email"], by=by, at=at)
        except assigning.CannotAssign as refusal:
            self.add_error("email", refusal)
            return None


class RuleForm(forms.Form):
    """When the live sessions of a cohort are, by its clock. Length and link are judged by the operation."""

    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=list(WEEKDAYS.items()), coerce=int, initial=3)
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By the cohort's clock."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), initial=60)
    link = forms.CharField(
        label=_("Link to the room"),
        required=False,
        max_length=300,
        help_text=_("Stands on everybody's week, in reminders and in calendars."),
    )

    def __init__(self, data: QueryDict | None = None, *, rule: SessionRule | None = None):
        named = ("weekday", "time", "minutes", "link")
        super().__init__(
            data, initial={name: getattr(rule, name) for name in named} if rule else None, auto_id="rule-%s"
        )


class LeftOutForm(forms.Form):
    """Which reminders the cohort does without."""

    left_out = forms.MultipleChoiceField(
        label=_("Reminders to leave out"),
        required=False,
        choices=[(group.name, group.label) for group in choices.REMINDERS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, cohort: Cohort):
        super().__init__(data, initial={"left_out": cohort.left_out}, auto_id="messages-%s")


class ReasonForm(forms.Form):
    """Why, in a few words that stay with the cohort."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class BreakForm(forms.Form):
    """A week off."""

    first_day = forms.DateField(
        label=_("Its Monday"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data, auto_id="break_%s")


class ShiftForm(forms.Form):
    """By how many days everything still to come moves."""

    days = forms.IntegerField(
        label=_("Days"),
        min_value=-999,
        max_value=999,
        help_text=_("7 is a week later, −7 a week earlier."),
        widget=forms.NumberInput(attrs={"inputmode": "text"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data, auto_id="shift_%s")
