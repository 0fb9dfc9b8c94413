"""Settings: safe by default and chosen by environment variables (README.md lists them)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from grants.identity.providers import BadSettings, providers_from

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("TILSKUDD_VAR", BASE_DIR / "var"))


def switched_on(name: str) -> bool:
    """Is an on/off setting of the environment on?"""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


# --- Where it runs ---------------------------------------------------------------------------------------------------
# The demo runs with DEBUG-free pages and throw-away keys; anything else must bring its own keys.
DEMO = switched_on("TILSKUDD_DEMO")
DEBUG = switched_on("TILSKUDD_DEBUG")
PRODUCTION = switched_on("TILSKUDD_PRODUCTION")
SECRET_KEY = os.environ.get(
    "TILSKUDD_SECRET_KEY", "" if PRODUCTION else "only-for-development-and-the-demo-0123456789abcdef"
)
if not SECRET_KEY:
    raise ImproperlyConfigured("TILSKUDD_SECRET_KEY is missing: set it to a long random text before starting.")
# 32 bytes in hexadecimal; encrypts account numbers (grants/shared/secrets.py).
FIELD_KEY = os.environ.get("TILSKUDD_FIELD_KEY", "" if PRODUCTION else "00112233445566778899aabbccddeeff" * 2)
if not FIELD_KEY:
    raise ImproperlyConfigured("TILSKUDD_FIELD_KEY is missing: set it to 64 hexadecimal digits before starting.")
ALLOWED_HOSTS = os.environ.get("TILSKUDD_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

# Approving by command puts two people on one command line: only the demo, tests and an operator who says so may.
OPERATOR_APPROVAL = switched_on("TILSKUDD_OPERATOR_APPROVAL")

# Who vouches for people: ID-porten, Ansattporten and the directorate's own, where the environment names them.
try:
    IDENTITY_PROVIDERS = providers_from(os.environ, https_only=PRODUCTION)
except BadSettings as error:
    raise ImproperlyConfigured(str(error)) from error

# --- Apps ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "grants",
    "applications",
    "reporting",
    "config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
]
AUTH_USER_MODEL = "grants.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.session_age.SessionAgeMiddleware",
    "config.tokens.TokenMiddleware",
    "config.language.LanguageMiddleware",
    "config.kept.KeepWhatWasWritten",
    "config.access.AccessMiddleware",
    "config.plain_text.PlainTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.shell.shell",
            ],
            "builtins": [
                "grants.templatetags.ui",
                "applications.templatetags.cases",
                "applications.templatetags.attachments",
                "django.templatetags.static",
                "django.templatetags.i18n",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database --------------------------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'tilskudd.sqlite3'}"
SQLITE_OPTIONS: dict[str, Any] = {
    # A transaction that reads and then writes takes the write lock at once: without it, two of them deadlock.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # recursive_triggers: without it INSERT OR REPLACE walks past the append-only guards.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
    ),
}
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    VAR_DIR.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Jobs: the table is the queue of record; Redis, where there is one, only rings the bell -----------------------------
REDIS_URL = os.environ.get("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1200, "socket_timeout": 2, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Oslo"

# --- Language, time and money -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
# WhiteNoise serves static/ as it stands: there is no folder to collect into, so none can be out of date.
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
LETTER_ARCHIVE = VAR_DIR / "letters"
# How letters leave: the name of a channel in grants/documents/delivery.py. The outbox is a folder that others empty.
DELIVERY_CHANNEL = os.environ.get("TILSKUDD_DELIVERY", "outbox")
OUTBOX = VAR_DIR / "outbox"
# Attachments lie in a folder of their own, which no web server serves (grants/documents/quarantine.py).
ATTACHMENT_FOLDER = VAR_DIR / "attachments"
ATTACHMENT_MOST_BYTES = 20 * 1024 * 1024
# What one application may have attached in all.
ATTACHMENTS_MOST = 30
ATTACHMENTS_MOST_BYTES = 100 * 1024 * 1024
# The virus scanner, «host:port» or the path of a socket. Empty: files are marked as not scanned.
CLAMD = os.environ.get("TILSKUDD_CLAMD", "")
FILE_UPLOAD_HANDLERS = ["grants.documents.uploads.LimitedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# An import file above this size is refused before it is read.
IMPORT_MAX_BYTES = 100 * 1024 * 1024

# --- The bank ---------------------------------------------------------------------------------------------------------
# Who pays, as the bank knows us. The demo, and an operator who tries things out, pay from an account that no bank has.
_TRYING = DEMO or OPERATOR_APPROVAL
PAYER_NAME = os.environ.get("TILSKUDD_PAYER_NAME", "Integrerings- og mangfoldsdirektoratet")
PAYER_ORGNR = os.environ.get("TILSKUDD_PAYER_ORGNR", "987879696")
PAYER_ACCOUNT = os.environ.get("TILSKUDD_PAYER_ACCOUNT", "99990000006" if _TRYING else "")
PAYER_BIC = os.environ.get("TILSKUDD_PAYER_BIC", "TESTNOKK" if _TRYING else "")
PAYER_DIVISION = os.environ.get("TILSKUDD_PAYER_DIVISION", "")
PAYMENT_FILE_VERSION = os.environ.get("TILSKUDD_PAYMENT_FILE_VERSION", "03")
# The way to the bank, in grants/bank/port.py: a folder with out, in and sent, or an address that takes files.
BANK = os.environ.get("TILSKUDD_BANK", "folder")
BANK_FOLDER = Path(os.environ.get("TILSKUDD_BANK_FOLDER") or VAR_DIR / "bank")
BANK_ADDRESS = os.environ.get("TILSKUDD_BANK_ADDRESS", "")
BANK_TOKEN = os.environ.get("TILSKUDD_BANK_TOKEN", "")

# --- API -------------------------------------------------------------------------------------------------------------
# How much one caller may ask, «number/second, minute, hour or day»; empty is no limit. Each server process counts alone.
API_LIMITS = {
    "anonymous": os.environ.get("TILSKUDD_LIMIT_ANONYMOUS", "120/minute"),
    "read": os.environ.get("TILSKUDD_LIMIT_READ", "1200/minute"),
    "change": os.environ.get("TILSKUDD_LIMIT_CHANGE", "300/minute"),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["grants.api.signed_in.SignedIn"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "grants.api.negotiation.AlwaysJson",
    "DEFAULT_THROTTLE_CLASSES": ["grants.api.limits.Limited"],
    "DEFAULT_SCHEMA_CLASS": "grants.api.describing.Described",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "grants.api.refusals.answer_refusal",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # Who is unknown is counted by address: of how many proxies before us the headers are believed.
    "NUM_PROXIES": int(os.environ.get("TILSKUDD_PROXIES", "1" if PRODUCTION else "0")),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tilskudd",
    "VERSION": "1",
    "DESCRIPTION": (
        "Calls, applications, casework and what follows a decision; payments and the ledger, for a token with that scope. "
        "Amounts are whole øre; moments are ISO 8601 with a time zone. Every act takes an Idempotency-Key. What has a version "
        "carries it in `version` and in ETag. Lists are read by cursor: follow `next`. A refusal always looks alike: `error`, "
        "`message`, and `fields` where it is about fields."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CaseState": "applications.models.application.State",
        "ReportState": "applications.models.report.Report.State",
        "AppealState": "applications.models.appeal.Appeal.State",
        "AppealKind": "applications.models.appeal.Appeal.Kind",
        "ChangeState": "applications.models.change_request.ChangeRequest.State",
        "ReversalState": "applications.models.reversal.Reversal.State",
        "AttachmentState": "applications.models.attachment.AttachmentState",
        "AppealOutcomeEnum": "applications.models.appeal.AppealOutcome.Outcome",
        "DecisionOutcome": "applications.models.decision.Decision.Outcome",
        "BatchState": "grants.models.payment_batch.PaymentBatch.State",
        "PaymentState": "grants.models.payment_batch.Payment.State",
        "LedgerAccount": "grants.models.ledger_entry.Account",
        "MinistryOutcome": "applications.models.appeal.MinistryAnswer.Outcome",
    },
}

# --- Browser and session hardening ----------------------------------------------------------------------------------
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "front_page"
SESSION_COOKIE_HTTPONLY = True
# Held on the server (config/session_age.py): a day's work at the most, and no more than this without a sign of life.
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 3600
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "tilskudd": {"level": "INFO"},
        "weasyprint": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
    },
}
