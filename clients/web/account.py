"""One's own settings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import choices, choosing
from curriculum import clock

from .forms import AccountForm, ReachForm


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    if request.method == "POST":
        return _save(request)
    return _page(request, _account_form(request.user))


@require_POST
def reach(request):
    """What reaches the person: kinds by channel, how many reminders, how much a mail says."""
    form = ReachForm(request.POST, wishes=choices.wishes_of(request.user))
    if form.is_valid():
        try:
            choosing.choose(request.user, at=clock.now(), **form.chosen())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved. It counts from the next message on."))
            return redirect("account")
    return _page(request, _account_form(request.user), reach=form, status=422)


@require_POST
def forget_word(request):
    """The first read speaks about a word again."""
    choosing.forget(request.user, word=request.POST.get("word", ""), at=clock.now())
    return redirect("account")


def _save(request):
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            choosing.choose(request.user, at=clock.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("account")
    return _page(request, form, status=422)


def _account_form(person):
    return AccountForm(initial={name: getattr(person, name) for name in AccountForm.base_fields})


def _page(request, form, reach=None, status=200):
    person = request.user
    if reach is None:
        kept = {name: getattr(person, name) for name in ReachForm.base_fields}
        reach = ReachForm(wishes=choices.wishes_of(person), initial=kept)
    return render(request, "clients/account.html", {"form": form, "reach": reach}, status=status)
