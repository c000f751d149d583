"""What an admin types, shaped and checked for being there. Whether it may be so is decided by the operation."""

import re
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clients import joining
from clients.models import Cohort, Invitation, User
from clients.web.forms import zone_choices
from coaching import assigning, roster
from coaching.models import Assignment, SessionRule
from coaching.roster import FirstWeek
from curriculum import editions
from curriculum.models import Edition

PERSON = re.compile(r"(?P<name>[^<>]*)<(?P<inside>[^<>\s]+)>|(?P<alone>[^<>\s]+)")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # whatever follows from it stays a date
LINES_AT_MOST = 50
ADDRESSES_OF_OUR_OWN = {"new"}  # a cohort of this name would have the address of the page that opens one


class CohortForm(forms.Form):
    """A new cohort: its name, what it walks, from when, by whose clock."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("People see it in their mails and on every page.")
    )
    edition = forms.ModelChoiceField(
        label=_("Edition"),
        queryset=Edition.objects.none(),
        empty_label=None,
        help_text=_("The cohort keeps this edition to its end, whatever is published later."),
    )
    starts_on = forms.DateField(
        label=_("First Monday"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(EARLIEST, _("Choose a day between 2000 and 2100.")),
            MaxValueValidator(LATEST, _("Choose a day between 2000 and 2100.")),
        ],
        help_text=_("The day week 1 opens. Week 0, the preparation, opens a week earlier."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Weeks open at 08:00 here. What is due is due by each person's own clock.")
    )
    session_day = forms.TypedChoiceField(
        label=_("Day of the live sessions"),
        choices=[("", _("not decided yet")), *WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    session_time = forms.TimeField(
        label=_("Time of the live sessions"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By the cohort's clock, an hour each. You can set or change this later."),
    )

    def __init__(self, data: QueryDict | None = None, *, own_zone: str, typed: dict[str, Any] | None = None):
        """`typed` is shown as it stands, without complaints about what is still missing."""
        super().__init__(data, initial={"zone": own_zone, "edition": editions.newest()} | (typed or {}))
        published = Edition.objects.published().order_by("-published_at", "-pk")
        cast(forms.ModelChoiceField, self.fields["edition"]).queryset = published
        cast(forms.ChoiceField, self.fields["zone"]).choices = zone_choices(own_zone)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if slugify(name) in ADDRESSES_OF_OUR_OWN:
            raise ValidationError(_("Choose another name: this one would be the address of this page."), code="name")
        return name

    @property
    def is_wrong_day(self) -> bool:
        """A day was chosen and it is no Monday."""
        starts_on = self._typed("starts_on")
        return starts_on is not None and starts_on.weekday() != 0

    def first_weeks(self, *, at: datetime) -> list[FirstWeek]:
        """Week 1 on three clocks, as soon as the Monday and the zone are known; empty until then."""
        starts_on, zone = self._typed("starts_on"), self._typed("zone")
        if not starts_on or not zone or self.is_wrong_day:
            return []
        return roster.first_weeks(starts_on, zone, at=at)

    def _typed(self, name: str) -> Any:
        """One field by itself, None where it cannot be read; what the others hold does not matter."""
        field = self.fields[name]
        try:
            return field.clean(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        except ValidationError:
            return None


class Verdict(NamedTuple):
    """What became of one line."""

    line: str
    done: bool
    sentence: str


class InviteForm(forms.Form):
    """One or several people, a line each: “Ada Lovelace <ada@example.org>”, or the address alone."""

    role = forms.ChoiceField(
        label=_("As"),
        choices=[(Invitation.Role.CLIENT, _("Client")), (Invitation.Role.COACH, _("Coach"))],
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
