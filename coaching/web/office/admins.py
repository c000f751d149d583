"""Who is an admin, who is proposed as one, and confirming that: two admins for each new one."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import entrusting, proposals
from clients.models import AdminProposal, User
from coaching import caseload

from .desk import OfficeRequest, office, posted


class ProposalForm(forms.Form):
    """Who, and why."""

    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("For somebody who has an account."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The other admins read it."),
    )

    def clean_email(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            words = _("Nobody here has the address %(email)s.")
            raise ValidationError(words % {"email": self.cleaned_data["email"]})
        return person


@office
def admins(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The page, and proposing somebody."""
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person, reason = form.cleaned_data["email"], form.cleaned_data["reason"]
        try:
            entrusting.propose(person, reason=reason, by=request.user, at=at)
        except (entrusting.NotThem, entrusting.NoReason) as refusal:
            form.add_error(refusal.field, refusal)
        else:
            messages.success(request, _("%(name)s is proposed. Another admin confirms it.") % {"name": person})
            return redirect("admins")
    return render(request, "coaching/office/admins.html", _shown(request, form, at), status=422 if form.errors else 200)


def _shown(request: OfficeRequest, form: ProposalForm, at: datetime) -> dict[str, Any]:
    waiting = list(proposals.open_to(request.user, at=at))
    return {
        "form": form,
        "at": at,
        "people": list(caseload.admins().order_by("name", "pk")),
        "waiting": [(one, one.proposed_by_id == request.user.pk) for one in waiting],
    }


@office
@posted("admins")
def confirm(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The second admin says yes."""
    done = entrusting.confirm(_found(request, pk), by=request.user, at=at)
    messages.success(request, _("%(name)s is an admin from now on.") % {"name": done.person})
    return redirect("admins")


@office
@posted("admins")
def withdraw(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """It comes to nothing."""
    done = entrusting.withdraw(_found(request, pk), by=request.user, at=at)
    messages.success(request, _("%(name)s does not become an admin.") % {"name": done.person})
    return redirect("admins")


def _found(request: OfficeRequest, pk: int) -> AdminProposal:
    return get_object_or_404(proposals.visible_to(request.user), pk=pk)
