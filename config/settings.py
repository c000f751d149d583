"""One settings file for every environment. Every variable goes through `config.env`; the table of them
is in docs/operating.md."""

import re
import secrets
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config import embedded, env

# --- Where we are -------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = re.search(r"^## \[?(\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text("utf-8"), re.M)[1]
BRAND_NAME = env.text("BRAND_NAME", "Across")
DEBUG = env.flag("DEBUG", default=False)
# On a person's own machine: plain HTTP on the loopback address, as `make run` sets it.
LOCAL = env.flag("ACROSS_LOCAL", default=False)
DEMO = env.flag("ACROSS_DEMO", default=True)
DATABASE_URL = env.secret("DATABASE_URL")
DATA_DIR = embedded.data_folder(BASE_DIR)

# --- Secrets ------------------------------------------------------------------------------------

# Beside the embedded database the key is generated; before that there is nothing it could protect.
SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY and not DATABASE_URL:
    SECRET_KEY = embedded.secret_key(DATA_DIR) or secrets.token_urlsafe(50)
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put 50 or more random characters into it, for instance from "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`, or name a file in SECRET_KEY_FILE."
    )
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# --- The house ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ShellConfig",
    "coaching",
    "clients",
    "curriculum",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "csp",
]
AUTH_USER_MODEL = "clients.User"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.private_pages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.readers_zone",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.second_step.required",
    "config.errors.refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "config.controls.Controls"

# --- Database, cache, queue ---------------------------------------------------------------------

IS_WEB = env.flag("ACROSS_WEB", default=False)  # set by config.wsgi: whoever serves pages is less patient
NOT_MADE_YET = "postgres://across@/across?host=/not-made-yet"
DATABASES = {"default": env.database(DATABASE_URL or embedded.connection_url(DATA_DIR) or NOT_MADE_YET)}
DATABASES["default"] |= {
    "ENGINE": "config.database",
    "CONN_MAX_AGE": 300,
    "CONN_HEALTH_CHECKS": True,
    "PATIENCE": 3.5 if IS_WEB else 35,  # seconds without an answer; a little more than a statement may take
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {
        "connect_timeout": 2 if IS_WEB else 5,
        "options": " ".join(f"-c {name}={value}" for name, value in env.session(web=IS_WEB).items()),
    },
}

# Rate limits live in the cache, so every worker has to see the same one.
REDIS_URL = env.secret("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
}

BROKER_FOLDER = DATA_DIR / "broker"
CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL") or "filesystem://"

# --- People -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL  # browsers allow it on this machine alone
MFA_ADAPTER = "config.accounts.SecondStep"
MFA_TOTP_ISSUER = BRAND_NAME
REQUIRE_SECOND_STEP = env.flag("REQUIRE_SECOND_STEP", default=False)  # of coaches and admins: see config/second_step.py
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
INVITATION_LIFETIME = timedelta(days=14)
REVIEW_MINUTES = env.number("REVIEW_MINUTES", default=15)  # that reading and answering one piece is counted on for
CLIENTS_A_COACH = env.number("CLIENTS_A_COACH", default=20)  # more than that is warned of, never refused

# --- What leaves the house ----------------------------------------------------------------------

BASE_URL = env.text("BASE_URL", "http://127.0.0.1:" + env.text("PORT", "8000")).rstrip("/")
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_URL = env.secret("EMAIL_URL")
EMAIL_PROVIDER = env.text("EMAIL_PROVIDER").lower()
if EMAIL_PROVIDER:
    EMAIL_BACKEND = env.mail_provider(EMAIL_PROVIDER, beside=EMAIL_URL)
elif EMAIL_URL:
    globals().update(env.env.email_url_config(EMAIL_URL))
    EMAIL_TIMEOUT = 8
else:
    EMAIL_BACKEND = "config.mail.FileBackend"
# Whether a message that is handed over twice under one key arrives once. Plain SMTP promises no such thing.
_takes_keys = EMAIL_PROVIDER in env.TAKE_KEYS if EMAIL_PROVIDER else not EMAIL_URL
EMAIL_HONOURS_KEYS = env.flag("EMAIL_HONOURS_KEYS", default=_takes_keys)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{BRAND_NAME} <across@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Further domains mail may come from beside that of BASE_URL, and the address undeliverable mail comes back to.
MAIL_FROM_DOMAINS = [name.lower() for name in env.words("MAIL_FROM_DOMAINS")]
MAIL_RETURN_ADDRESS = env.text("MAIL_RETURN_ADDRESS").lower()
# The keys to a provider's API, and what providers sign their reports of returned mail with; without any, none is heard.
ANYMAIL: dict[str, str | list[str] | float] = {"REQUESTS_TIMEOUT": 8.0, **env.prefixed("ANYMAIL_")}
ANYMAIL["REQUESTS_TIMEOUT"] = float(str(ANYMAIL["REQUESTS_TIMEOUT"]))
if "WEBHOOK_SECRET" in ANYMAIL:
    ANYMAIL["WEBHOOK_SECRET"] = [pair.strip() for pair in str(ANYMAIL["WEBHOOK_SECRET"]).split(",")]

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = len(LANGUAGES) > 1  # with one language there is nothing to look up, in no sentence of any page
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files -------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "config.storage.StaticFiles"
    },
}
# Private files, named by their digest; no web server may serve this folder.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or DATA_DIR / "media")
# The folder of a faster-whisper model. Without it, or without the extra [speech], transcripts are off.
SPEECH_MODEL = env.text("ACROSS_SPEECH_MODEL")

# --- Security -----------------------------------------------------------------------------------

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]") if LOCAL or DEBUG else ())
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
if env.flag("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
OVER_HTTPS = not (LOCAL or DEBUG)
SECURE_SSL_REDIRECT = OVER_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_HTTPS
SECURE_HSTS_PRELOAD = OVER_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if OVER_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if OVER_HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],  # a recording is listened to before it is uploaded
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "payment", "usb")
} | {"microphone": ["self"]}  # the translation studio records
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Bounded",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "config.second_step.HasSecondStep",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_PREFIX": "across_",
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_LIMIT_PER_USER": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{BRAND_NAME} API",
    "DESCRIPTION": "Everything the pages do, by the same operations and with the same refusals.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {
        "BankLineKindEnum": ["keep", "try"],
        "SnapshotStateEnum": "coaching.models.Snapshot.State",
    },
}

# --- Logs ---------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_tokens": {"()": "config.logs.NoTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
}
