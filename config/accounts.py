"""How sign-in behaves here: invitations only, and a sign-in is noticed."""

from allauth.account.adapter import DefaultAccountAdapter

from config import shell


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; accounts come from invitations."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return shell.landing(shell.roles_of(request))
