"""One's own settings, but for the page that saves them: a new zone moves dates, which the floor above foresees."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients import agreements, choices, choosing
from curriculum import clock

from .forms import AccountForm, ReachForm


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
    return page(request, account_form(request.user), reach=form, status=422)


@require_POST
def forget_word(request):
    """The first read speaks about a word again."""
    choosing.forget(request.user, word=request.POST.get("word", ""), at=clock.now())
    return redirect("account")


def account_form(person):
    """With what stands now."""
    return AccountForm(initial={name: getattr(person, name) for name in AccountForm.base_fields})


def page(request, form, reach=None, status=200):
    """The page with these forms."""
    person = request.user
    if reach is None:
        kept = {name: getattr(person, name) for name in ReachForm.base_fields}
        reach = ReachForm(wishes=choices.wishes_of(person), initial=kept)
    context = {"form": form, "reach": reach, "agreed": agreements.accepted_by(person)}
    return render(request, "clients/account.html", context, status=status)
