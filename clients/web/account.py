"""One's own settings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import choosing
from curriculum import clock

from .forms import AccountForm


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    if request.method == "POST":
        return _save(request)
    chosen = {name: getattr(request.user, name) for name in AccountForm.base_fields}
    return _page(request, AccountForm(initial=chosen))


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


def _page(request, form, status=200):
    return render(request, "clients/account.html", {"form": form}, status=status)
