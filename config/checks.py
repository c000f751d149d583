"""Configuration mistakes, each with its remedy."""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.db import connections


@checks.register(checks.Tags.security, deploy=True)
def where_mail_goes(app_configs, **kwargs):
    """In production somebody has to get the mail."""
    if settings.EMAIL_URL or settings.EMAIL_PROVIDER or settings.LOCAL or settings.DEBUG or settings.DEMO:
        return []
    return [
        checks.Warning(
            "Mail is written to files and reaches nobody.",
            hint="Set EMAIL_URL, for instance smtps://user:password@mail.example.org:465, or EMAIL_PROVIDER.",
            id="across.W001",
        )
    ]


@checks.register(checks.Tags.compatibility)
def the_providers_keys_are_there(app_configs, **kwargs):
    """Mail that leaves by a provider's API needs its keys from the first mail on."""
    try:
        if settings.EMAIL_PROVIDER:
            get_connection()
    except ImproperlyConfigured as missing:
        said = " ".join(str(missing).split())
        return [
            checks.Error(
                f"EMAIL_PROVIDER is {settings.EMAIL_PROVIDER}, and a key to its API is missing: {said}",
                hint="Set it as ANYMAIL_<name>, or put it into a file that ANYMAIL_<name>_FILE names.",
                id="across.E002",
            )
        ]
    return []


@checks.register(checks.Tags.database, deploy=True)
def what_is_acknowledged_is_on_disk(app_configs, databases=None, **kwargs):
    """With synchronous_commit off a crash of the server takes back what people were told is kept."""
    found = []
    for name in databases or []:
        with connections[name].cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            found += [name] if cursor.fetchone()[0] == "off" else []
    return [
        checks.Error(
            f"The database {name} acknowledges what is not on its disk yet.",
            hint="Set synchronous_commit = on in postgresql.conf, or for the role by ALTER ROLE … SET.",
            id="across.E001",
        )
        for name in found
    ]
