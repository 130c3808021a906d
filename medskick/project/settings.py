"""Settings: everything that differs between machines comes from the environment; nothing insecure is on by default."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("MEDSKICK_VAR", BASE_DIR.parent / "var"))

# Demonstration mode shows the test eID page and the mark "Påhittade uppgifter". It is set by `medskick run` for the
# example region only, and by the tests; a production server that lacks the variables below does not start.
DEMONSTRATION = os.environ.get("MEDSKICK_DEMONSTRATION") == "1"


def _secret(name: str) -> str:
    value = os.environ.get(name, "")
    if value:
        return value
    if DEMONSTRATION:
        return _kept_secret(name)
    raise ImproperlyConfigured(f"{name} is not set. docs/drift.md says which variables a server needs.")


def _kept_secret(name: str) -> str:
    """A secret made at first use and kept beside the example region's database, readable by the owner alone."""
    path = VAR_DIR / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        # Atomic: of two processes starting at once, one wins and both read the same secret.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = _secret("MEDSKICK_SECRET_KEY")
PERSONAL_DATA_KEY = _secret("MEDSKICK_PERSONAL_DATA_KEY")  # encrypts names and personal numbers, keys the blind index
# Keys that only read, while `medskick keys rotate` writes everything anew with the one above. Taken away afterwards.
PERSONAL_DATA_OLD_KEYS = tuple(filter(None, os.environ.get("MEDSKICK_PERSONAL_DATA_OLD_KEYS", "").split(",")))

DEBUG = False
ALLOWED_HOSTS = os.environ.get("MEDSKICK_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SECURE_TRANSPORT = not DEMONSTRATION
if os.environ.get("MEDSKICK_BEHIND_TLS_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Two roles: the app role works under row-level security, the owner role only migrates.
DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL", "postgresql://medskick_app@/medskick")),
    "owner": _database(os.environ.get("DATABASE_OWNER_URL", "postgresql://medskick_owner@/medskick")),
}
DATABASES["owner"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "medskick.design",
    "medskick.kernel",
    "medskick.dialog",
    "medskick.plan",
    "medskick.services",
    "medskick.measure",
    "medskick.flows",
    "medskick.demo",
    "medskick.project",
]

MIDDLEWARE = [
    "medskick.project.logs.RequestLogMiddleware",
    "medskick.project.middleware.DatabaseDownMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "medskick.project.maintenance.MaintenanceMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "medskick.kernel.organisations.middleware.PlaceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "medskick.project.middleware.TooManyTriesMiddleware",
    "medskick.kernel.people.middleware.ScopeMiddleware",
    "medskick.project.middleware.LeftMiddleware",
]

ROOT_URLCONF = "medskick.project.urls"
WSGI_APPLICATION = "medskick.project.wsgi.application"
APPEND_SLASH = False
FORM_RENDERER = "medskick.design.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "medskick.kernel.context.place_and_viewer",
            ],
            "builtins": [
                "medskick.design.templatetags.medskick",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# Where a link in a mail leads: the region's own address. Mail goes out by the operator's server; without one it waits.
PUBLIC_URL = os.environ.get("MEDSKICK_PUBLIC_URL", "").rstrip("/") or (
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}" if DEMONSTRATION else f"https://{ALLOWED_HOSTS[0]}"
)
SMTP_URL = os.environ.get("MEDSKICK_SMTP_URL", "")
MAIL_FROM = os.environ.get("MEDSKICK_MAIL_FROM", "") or f"svara-inte@{urlsplit(PUBLIC_URL).hostname}"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_DIR = VAR_DIR / "files"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "medskick"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE_TRANSPORT
CSRF_COOKIE_SECURE = SECURE_TRANSPORT
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "medskick.project.errors.stale_page"
SECURE_SSL_REDIRECT = SECURE_TRANSPORT
SECURE_HSTS_SECONDS = 31536000 if SECURE_TRANSPORT else 0
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Working days within which a request to read a record is to be answered; the law says promptly and names no number.
DISCLOSURE_DAYS = int(os.environ.get("MEDSKICK_DISCLOSURE_DAYS", "3"))
# The authority's own decision on its retention schedule, offered where records are disposed of.
RETENTION_DECISION = os.environ.get("MEDSKICK_RETENTION_DECISION", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "medskick.kernel.jobs.app.on_app_ready"

# Seconds between questions to the database whether the site rests: said on another machine. The example runs on one.
MAINTENANCE_ASKS_DATABASE = 0 if DEMONSTRATION else 5
# Which authority watches over accessibility is a fact that changes: it is named where the operator names it.
ACCESSIBILITY_AUTHORITY = os.environ.get("MEDSKICK_ACCESSIBILITY_AUTHORITY", "")
EXPORTS_DIR = VAR_DIR / "exports"
HEALTH_TOKEN = os.environ.get("MEDSKICK_HEALTH_TOKEN", "")

LOG_FORMAT = "json" if os.environ.get("MEDSKICK_LOG_FORMAT") == "json" else "plain"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "medskick.project.logs.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "medskick.project.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("MEDSKICK_LOG_LEVEL", "WARNING")},
    # One line a request, without addresses; only where the log is read by a program.
    "loggers": {"medskick.request": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"}},
}
