"""A Django project as `startproject` makes it, on the benchmark's database."""

from pathlib import Path

from tests.bench.settings import AUTH_USER_MODEL, DATABASES, DEFAULT_AUTO_FIELD, SECRET_KEY, VERSION  # noqa: F401

ROOT_URLCONF = "tests.bench.floor"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "clients",
    "curriculum",
    "coaching",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
