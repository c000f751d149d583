"""Configuration mistakes, each with its remedy."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def where_mail_goes(app_configs, **kwargs):
    """In production somebody has to get the mail."""
    if settings.EMAIL_URL or settings.LOCAL or settings.DEBUG or settings.DEMO:
        return []
    return [
        checks.Warning(
            "Mail is written to files and reaches nobody.",
            hint="Set EMAIL_URL, for instance smtps://user:password@mail.example.org:465",
            id="across.W001",
        )
    ]
