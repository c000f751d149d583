"""Whether mail from here is likely to arrive: what can be told from the settings, and what cannot be, in words."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from . import letters, providers
from .models import Message

RESERVED = ("example.org", "example.com", "example.net", "example", "invalid", "test", "localhost", "local")


@dataclass(frozen=True)
class Check:
    """One thing about the sender: `state` is done, wait (to be mended) or note (not looked at)."""

    name: str
    state: str
    words: str


def checks() -> list[Check]:
    """In the order in which to mend them."""
    return [_address(), _domain(), _way(), _returns(), _records()]


def domain() -> str:
    """The domain mails come from; empty where no address is set."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def letter(message: Message, at: datetime) -> letters.Letter:
    """The test mail."""
    return letters.from_template("test", {"person": message.person, "domain": domain()}, link="/", button=_("Open it"))


def _address() -> Check:
    here = domain()
    if not here:
        return Check("address", "wait", _("No sender is set. Put an address of yours into DEFAULT_FROM_EMAIL."))
    if any(here == name or here.endswith(f".{name}") for name in RESERVED):
        words = _(
            "Mails come from %(domain)s, which belongs to nobody. Put an address of yours into DEFAULT_FROM_EMAIL."
        )
        return Check("address", "wait", words % {"domain": here})
    return Check("address", "done", _("Mails come from %(sender)s.") % {"sender": settings.DEFAULT_FROM_EMAIL})


def _domain() -> Check:
    here, host = domain(), (urlsplit(settings.BASE_URL).hostname or "").lower()
    same = here and (here == host or host.endswith(f".{here}") or here.endswith(f".{host}"))
    if same or here in settings.MAIL_FROM_DOMAINS:
        return Check("domain", "done", _("The sender’s domain belongs to this address, or is listed as yours."))
    words = _(
        "Mails come from %(domain)s and their links lead to %(host)s. Where both are yours, list the domain in "
        "MAIL_FROM_DOMAINS; otherwise mail programs may take it for a forgery."
    )
    return Check("domain", "wait", words % {"domain": here or "?", "host": host})


def _way() -> Check:
    if settings.EMAIL_PROVIDER:
        words = _("Mail leaves by the API of a provider: %(provider)s.") % {"provider": settings.EMAIL_PROVIDER}
        return Check("way", "done", words)
    if settings.EMAIL_URL:
        return Check("way", "done", _("A mail server is set."))
    return Check(
        "way",
        "wait",
        _("No mail server is set (EMAIL_URL or EMAIL_PROVIDER): mails are written to files and reach nobody."),
    )


def _returns() -> Check:
    if heard := providers.switched_on():
        words = _("Returned mail is reported by the provider, signed: %(providers)s.")
        return Check("returns", "done", words % {"providers": ", ".join(heard)})
    if settings.MAIL_RETURN_ADDRESS:
        words = _("Returned mail comes to %(address)s, where manage.py take_returned_mail reads it.")
        return Check("returns", "done", words % {"address": settings.MAIL_RETURN_ADDRESS})
    return Check(
        "returns",
        "wait",
        _("Returned mail goes to the sender and is not read here. Set MAIL_RETURN_ADDRESS or a provider’s webhook."),
    )


def _records() -> Check:
    words = _(
        "Not checked: SPF, DKIM and DMARC. They are records in the DNS of %(domain)s, and this server asks no DNS. "
        "Look at the headers of the test mail for spf=pass, dkim=pass and dmarc=pass."
    )
    return Check("records", "note", words % {"domain": domain() or "?"})
