"""Every setting of the house, read from the environment in one place.

docs/operations.md lists each variable with its meaning and default.
"""

from __future__ import annotations

import logging
from pathlib import Path

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from crm import database_url
from crm.broker import PGMQ_TRANSPORT, PGMQ_URL
from crm.embedded.layout import layout_for
from crm.secret_key import kept_secret

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# Not eager: `env.seal()` at the end reports everything that is wrong at once.
env = Env(eager=False)

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


# Outside production a key is made once and kept; in production crm/checks.py asks for one.
SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else kept_secret(VAR_DIR / "secret-key"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies stand in front and append to X-Forwarded-For; with 0 the header is not believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "csp",
    "crm",
    "staff",
    "customers",
    "interactions",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "staff.middleware.CurrentVenueMiddleware",
    "staff.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.context.shell",
                "interactions.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "crm.forms.Renderer"

# The database: the one DATABASE_URL names, or the embedded server in the state folder (crm/embedded)
DATABASE_URL = env.str("DATABASE_URL", default="", validate=database_url.check)
EMBEDDED_DATABASE = not DATABASE_URL
_database = database_url.parse(DATABASE_URL or layout_for(VAR_DIR).dsn())
# Web threads share a few lasting connections; crm/wsgi.py asks for that. A pool survives no fork.
DATABASES = {
    "default": database_url.django_settings(_database, pooled=env.bool("DATABASE_POOL", default=False))
}

# Work in the background. What is to be done stands in rows; a message only says that there is something,
# so one that is lost or doubled changes nothing.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or PGMQ_URL
EMBEDDED_BROKER = CELERY_BROKER_URL == PGMQ_URL
CELERY_BROKER_TRANSPORT = PGMQ_TRANSPORT if EMBEDDED_BROKER else None
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    # Longer than any task may take, else a message would be handed out again while its task still runs.
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 300,
}
if EMBEDDED_BROKER:
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "conn_string": database_url.connection_string(DATABASES["default"]),
        "polling_interval": 0.2,
        "wait_time_seconds": 0,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Remote control and events need a broadcast queue for each worker, which no one here listens to.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# What is due is looked for every so many seconds. Whoever sends holds an e-mail for so many seconds at
# most, and waits so many before the second attempt.
DISPATCH_EVERY = env.float("DISPATCH_EVERY", default=30.0)
DELIVERY_LEASE = env.int("DELIVERY_LEASE", default=300)
DELIVERY_FIRST_RETRY = env.int("DELIVERY_FIRST_RETRY", default=30)
CELERY_BEAT_SCHEDULER = "crm.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    # A beat that nobody could send while the worker was down is worth nothing later.
    "heartbeat": {"task": "crm.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "dispatch": {
        "task": "interactions.tasks.dispatch_due",
        "schedule": DISPATCH_EVERY,
        "options": {"expires": 30},
    },
    "escalate": {"task": "interactions.tasks.escalate", "schedule": 60.0, "options": {"expires": 60}},
    "brief": {"task": "interactions.tasks.brief_shifts", "schedule": 60.0, "options": {"expires": 60}},
    "webhooks": {"task": "interactions.tasks.send_webhooks", "schedule": 30.0, "options": {"expires": 30}},
    "sort-into-tiers": {"task": "customers.tasks.sort_into_tiers", "schedule": crontab(minute=40, hour=2)},
    "prove-search-keys": {
        "task": "customers.tasks.prove_search_keys",
        "schedule": crontab(minute=50, hour=2),
    },
    "watch-the-clock": {
        "task": "interactions.tasks.watch_the_clock",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "run-playbooks": {
        "task": "interactions.tasks.run_playbooks",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "ask-how-it-was": {
        "task": "interactions.tasks.ask_how_it_was",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "write-to-customers": {
        "task": "interactions.tasks.write_to_customers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "text-customers": {
        "task": "interactions.tasks.text_customers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "recount-items": {"task": "interactions.tasks.recount_items", "schedule": crontab(minute=5, hour=3)},
    "reconcile": {"task": "interactions.tasks.reconcile", "schedule": crontab(hour="3", minute="20")},
}

# Who works here
AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "staff.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "staff.login_form.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Regulars"

# E-mail addresses are unique by an index on their lower case, which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# Counts of failed logins, which every web process has to see; losing them costs nothing else.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    }
}

# Words
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm.formats"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# Mail: files in the state folder until a server is named
MAIL_DIR = VAR_DIR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = MAIL_DIR
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=EMAIL_PORT == 587)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=EMAIL_PORT == 465)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="" if PRODUCTION else "Regulars <regulars@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Hosts of the own network that a venue's webhook may post to, also without https.
WEBHOOK_TRUSTED_HOSTS: list[str] = env.list("WEBHOOK_TRUSTED_HOSTS", default=[])

# What a browser may do with a page
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 14
CSRF_FAILURE_VIEW = "crm.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the house says: one line each on standard error, where `make run` and a service manager both look
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", default=logging.WARNING)},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}

env.seal()
