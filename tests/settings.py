"""The product's settings for a test process, on a throwaway PostgreSQL where no DATABASE_URL names one."""

import atexit
import os
import shutil
import tempfile

from tests.conftest_pg import is_worker, start_test_cluster

os.environ["ACROSS_DATA"] = tempfile.mkdtemp(prefix="across-test-data-")
atexit.register(shutil.rmtree, os.environ["ACROSS_DATA"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "a key for tests, long enough for everything that asks for one")
os.environ["ACROSS_LOCAL"] = "1"
for name in ("EMAIL_URL", "REDIS_URL", "BASE_URL", "ACROSS_DEMO_PASSWORD"):
    os.environ.pop(name, None)
if not os.environ.get("DATABASE_URL") and not is_worker():
    os.environ["DATABASE_URL"], _stop = start_test_cluster()
    atexit.register(_stop)

from config.settings import *  # noqa: E402, F403

# Thirty-two who want one row at once, on a machine that does other things as well, take longer than two seconds; and a
# test that waits for another program within its transaction takes longer than ten.
_session = DATABASES["default"]["OPTIONS"]  # noqa: F405
for _told, _here in (
    ("lock_timeout=2s", "lock_timeout=10s"),
    ("transaction_session_timeout=10s", "transaction_session_timeout=1min"),
):
    _session["options"] = _session["options"].replace(_told, _here)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
BASE_URL = "http://across.test"
CELERY_BROKER_URL = "memory://"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
