"""Environment variables, typed. A missing or bad one says how to mend it.

A secret may also come from a file named by `<NAME>_FILE`, as container platforms hand them over.
"""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
TRUE_WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}


# Mail providers that are handed mail by their API; those of whom a mail under a known key is taken once.
MAIL_PROVIDERS = {
    **{name: f"anymail.backends.{name}.EmailBackend" for name in ("brevo", "mailgun", "postmark", "sparkpost")},
    "resend": "config.resending.EmailBackend",
}
TAKE_KEYS = {"resend"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def number(name: str, *, default: int) -> int:
    """A whole number from 1 on; anything else is refused by name."""
    raw = text(name) or str(default)
    if not (raw.isascii() and raw.isdecimal() and int(raw)):
        raise ImproperlyConfigured(f"{name} is {raw!r}. Set it to a whole number from 1 on.")
    return int(raw)


def flag(name: str, *, default: bool) -> bool:
    """1/0, true/false, yes/no or on/off; anything else is refused by name."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return TRUE_WORDS[raw.strip().lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Set it to 1 or 0.") from None


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list."""
    raw = text(name)
    return [part.strip() for part in raw.split(",") if part.strip()] if raw else list(default)


def secret(name: str) -> str:
    """The secret, or an empty string where neither it nor its file is given."""
    if value := text(name):
        return value
    if path := text(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from None
    return ""


def mail_provider(name: str, *, beside: str) -> str:
    """The backend that hands mail to a provider's API. `beside` is the mail server that is named as well."""
    if beside:
        raise ImproperlyConfigured(
            "EMAIL_URL and EMAIL_PROVIDER are both set. Mail leaves by one way: keep one of them."
        )
    if name not in MAIL_PROVIDERS:
        known = ", ".join(sorted(MAIL_PROVIDERS))
        raise ImproperlyConfigured(f"EMAIL_PROVIDER is {name!r}. Set it to one of these: {known}.")
    return MAIL_PROVIDERS[name]


def prefixed(prefix: str) -> dict[str, str]:
    """Every secret whose name begins like this, without its beginning."""
    names = {name.removesuffix("_FILE") for name in os.environ if name.startswith(prefix)}
    return {name.removeprefix(prefix): found for name in sorted(names) if (found := secret(name))}


def session(*, web: bool) -> dict[str, str]:
    """What every connection is told: nobody waits for a lock for long, and a page less long than a job.

    A transaction that nobody goes on with is ended, so that a worker which hangs holds no row. Statements are not
    compiled first: all of ours are short, and compiling one takes longer than answering it.
    """
    return {
        "jit": "off",
        "lock_timeout": "2s",
        "statement_timeout": "3s" if web else "30s",
        "idle_in_transaction_session_timeout": "10s",
    }


def database(url: str) -> dict:
    """Django's DATABASES entry for a PostgreSQL address."""
    parsed = environ.Env.db_url_config(url)
    if "postgresql" not in parsed["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_URL is not a PostgreSQL address. It starts with postgres://")
    return parsed
