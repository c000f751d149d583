"""How sign-in behaves here: invitations only, and its sentences in the product's voice."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from clients.models import User
from coaching.web.client import home
from config import shell


class ChangedMeanwhile(ValidationError):
    """Somebody else set this password since the account was read."""


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; accounts come from invitations."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "That address and password do not belong together. Try again, or set a new password."
        ),
        "incorrect_code": _("That code does not fit. Look again, or ask for a new one."),
        "enter_current_password": _("Type your current password."),
        "incorrect_password": _("That is not your current password."),
        "too_many_login_attempts": _("That was tried too often. Wait a few minutes, then try again."),
        "rate_limited": _("That was tried too often. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        return False

    @transaction.atomic
    def set_password(self, user, password):
        """Of several who use one link at once, one does: it goes by the password that stood when it was looked at."""
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if held.password != user.password:
            raise ChangedMeanwhile(
                say("This password was set a moment ago. Sign in with it, or ask for a new link."), code="password.set"
            )
        super().set_password(user, password)

    def get_login_redirect_url(self, request):
        return home.landing(shell.roles_of(request))


class SecondStep(DefaultMFAAdapter):
    """The second step of signing in."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code does not fit. It changes every 30 seconds; type the current one."),
    }
