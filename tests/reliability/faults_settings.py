"""The product's settings as they are: mail leaves by SMTP, the queue and the cache are a Redis."""

from config.settings import *  # noqa: F403

# Nobody has collected the static files of this house, and nobody asks for one.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
