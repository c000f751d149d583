"""What people tell about themselves, shaped and checked for being there. Whether it may be so is decided by the
operation that is called with it."""

from itertools import groupby

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from clients import receipts
from clients.models import Channel, User
from clients.models.user import MOST_A_WEEK
from curriculum import moments

AREAS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip
TIME = {"type": "time"}


def zone_choices(current: str = "") -> list:
    """Time zones by area, as people say them. The current one is always among them."""
    named = {name for name in moments.zone_names() if name.split("/")[0] in AREAS and "/" in name}
    rest = sorted({"UTC", current} - named - {""})
    areas = groupby(sorted(named), key=lambda name: name.split("/")[0])
    groups = [(area, [(name, _said(name)) for name in names]) for area, names in areas]
    return [*((name, name.replace("_", " ")) for name in rest), *groups]


def _said(name: str) -> str:
    return name.split("/", 1)[1].replace("_", " ").replace("/", ", ")


class ZoneField(forms.CharField):
    """A time zone out of the list."""

    def __init__(self, **options):
        super().__init__(widget=forms.Select, **options)

    def offer(self, current: str) -> None:
        """Show the list with the zone that stands now among it."""
        self.widget.choices = zone_choices(current)


def _offer(form: forms.Form, current: str) -> None:
    field = form.fields["zone"]
    assert isinstance(field, ZoneField)
    field.offer(form.data.get("zone") or current)


class JoinForm(forms.Form):
    """What an account needs. The address is asked for only where the invitation does not say it."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "email"}), required=False
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("As the others will see it."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least eight characters. A few words in a row are easy to keep in mind."),
    )
    zone = ZoneField(label=_("Your time zone"))

    def __init__(self, *args, email: str = "", zone: str = "UTC", **kwargs):
        super().__init__(*args, **kwargs)
        self.address = email
        if email:
            del self.fields["email"]
        else:
            self.fields["email"].required = True
        _offer(self, zone)
        if not self.is_bound:
            self.initial.setdefault("zone", zone)
            self.fields["zone"].widget.attrs["data-guess"] = ""

    def clean_zone(self) -> str:
        if not moments.zone_exists(self.cleaned_data["zone"]):
            raise forms.ValidationError(_("Choose a time zone from the list."))
        return self.cleaned_data["zone"]

    def clean(self) -> dict:
        """The password is checked against the person it is for."""
        cleaned = super().clean()
        person = User(email=self.address or cleaned.get("email", ""), name=cleaned.get("name", ""))
        if "password" in cleaned:
            try:
                password_validation.validate_password(cleaned["password"], person)
            except forms.ValidationError as complaint:
                self.add_error("password", complaint)
        return cleaned


class AccountForm(forms.Form):
    """One's own settings."""

    name = forms.CharField(label=_("Name to show"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    zone = ZoneField(label=_("Time zone"), help_text=_("Due times still to come move with it; past ones stay."))
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, widget=forms.RadioSelect)
    letter_keys = forms.BooleanField(
        label=_("Single-letter keys"),
        required=False,
        help_text=_("Keys such as C for continue. Keys with Ctrl work either way."),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(TIME, format="%H:%M"))
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        widget=forms.TimeInput(TIME, format="%H:%M"),
        help_text=_("In your own time. Reminders wait until these hours are over."),
    )
    texts_in_mail = forms.BooleanField(
        label=_("Put feedback into the mail"),
        required=False,
        help_text=_("Off, mails say who wrote and link here. Leave it off where somebody else can read your mailbox."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, self.initial.get("zone", ""))


class ReachForm(forms.Form):
    """What reaches a person: a box for every kind and channel, how many reminders a week, how much a mail says."""

    weekly_budget = forms.IntegerField(
        label=_("Reminders a week, at most"),
        widget=forms.NumberInput({"inputmode": "numeric", "min": 0, "max": MOST_A_WEEK}),
        help_text=_("Mails that nudge, remind or say that something is missing. What opens and feedback come besides."),
        error_messages={"invalid": _("Choose a number of reminders from 0 to 20.")},
    )
    subject_only = forms.BooleanField(
        label=_("Only the subject"),
        required=False,
        help_text=_("A mail then says nothing but that something is waiting, with the link."),
    )

    def __init__(self, data=None, *, wishes, **kwargs):
        super().__init__(data, **kwargs)
        self.wishes = wishes
        for wish in wishes:
            for channel in Channel:
                label = f"{wish.group.label}, {channel.label}"
                box = forms.BooleanField(required=False, initial=getattr(wish, channel), label=label)
                box.widget.attrs["aria-label"] = label
                self.fields[f"{wish.group.name}-{channel}"] = box

    def rows(self) -> list[tuple]:
        """A group and its boxes, as the table shows them."""
        return [(wish.group, *(self[f"{wish.group.name}-{channel}"] for channel in Channel)) for wish in self.wishes]

    def chosen(self) -> dict:
        """What was sent, as `choosing.choose` takes it."""
        sent = self.cleaned_data
        wishes = {(wish.group.name, str(c)): sent[f"{wish.group.name}-{c}"] for wish in self.wishes for c in Channel}
        return {"wishes": wishes, "weekly_budget": sent["weekly_budget"], "subject_only": sent["subject_only"]}


class ListenForm(forms.Form):
    """What a listener remembers. Whether that is enough is the operation's to say."""

    what = forms.CharField(label=receipts.QUESTIONS["what"], required=False)
    why = forms.CharField(label=receipts.QUESTIONS["why"], required=False)
    wrong = forms.CharField(label=receipts.QUESTIONS["wrong"], required=False)
    when = forms.CharField(label=receipts.QUESTIONS["when"], required=False)
    listener = forms.CharField(
        label=_("Your first name, if you like"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )

    def __init__(self, data=None):
        super().__init__(data)
        for key in receipts.QUESTIONS:
            self.fields[key].widget = forms.Textarea({"rows": 2, "maxlength": 600, "class": "input prose"})

    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
