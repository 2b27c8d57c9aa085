"""Settings of the whole installation: the environment in, nothing else; docs/operations.md lists every variable."""

import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config import databases, rest, schedule, sign_in

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

# Mode
DEBUG = env.bool("DEBUG", default=False)
DEVELOPMENT = env.bool("DEVELOPMENT", default=False)  # `make run` sets it: demo accounts, the mailbox at /dev/mail/
KNOWN_SECRET = "development-only-not-secret-development-only-not-secret-1"  # noqa: S105  refused in production
SECRET_KEY = env("SECRET_KEY", default=KNOWN_SECRET)
KNOWN_KEY = "development-only-not-secret-development-only-not-secret-2"  # refused in production
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[KNOWN_KEY])  # the first encrypts, all decrypt
BASE_URL = env("BASE_URL", default=f"http://localhost:{env('PORT', default='8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
WEB_PROCESSES = env.int("WEB_PROCESSES", default=min(os.cpu_count() or 1, 2))  # of `manage.py run`; each has one core
# where pages listen for what is new: behind a proxy at /live/ of the same host, in development on a port of its own
PORT = env("PORT", default="8000")
LIVE_PORT = env.int("LIVE_PORT", default=int(PORT) + 1000 if PORT.isascii() and PORT.isdigit() else 9000)
LIVE_URL = env("LIVE_URL", default=f"http://localhost:{LIVE_PORT}" if DEVELOPMENT else "").rstrip("/")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "partners",
    "interactions",
    "notifications",
    "reporting",
    "config.apps.WiringConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "lucide",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partners.middleware.FenceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partners.middleware.sessions.SessionLimitMiddleware",
    "partners.middleware.sessions.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "partners.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.StrangeInputMiddleware",
]

# Pages
LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", LOADERS)])],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "config.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.ui.shell",
            ],
        },
    },
]
COTTON_DIR = "components"
FORM_RENDERER = "config.ui.FormRenderer"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "config.styles.Finder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env("ATTACHMENT_DIR", default=str(VAR_DIR / "attachments")), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Database: the application's role neither owns a table nor is a superuser; migrations use the owner's
DATABASE_URL = env("DATABASE_URL", default="postgresql://bpim_app@localhost/bpim")
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")
DATABASE_ENTERPRISE_ROLE = env("DATABASE_ENTERPRISE_ROLE", default="bpim_enterprise")
# entry points say it; a process that says nothing sees no row of a partner until a request says whose it is
WORKS_FOR_ENTERPRISE = env("PROCESS_WORKS_FOR", default="nobody") == "enterprise"
DATABASES = {
    "default": databases.connected(
        DATABASE_URL, pooled=True, role=DATABASE_ENTERPRISE_ROLE if WORKS_FOR_ENTERPRISE else ""
    )
}
if DATABASE_OWNER_URL:
    DATABASES["owner"] = databases.connected(DATABASE_OWNER_URL, pooled=False) | {"TEST": {"MIRROR": "default"}}

# Broker and cache: an alarm clock and shared counters; nothing that must not be lost
BROKER_URL = env("BROKER_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.shared_cache.SharedCache",
        "LOCATION": BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        "KEY_PREFIX": "bpim",
    },
    "drawn": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}},
}
API_CALLS_PER_CLIENT = env.int("API_CALLS_PER_CLIENT", default=1200)  # in a minute; 0 for no limit
API_CALLS_PER_ADDRESS = env.int("API_CALLS_PER_ADDRESS", default=3000)
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = schedule.BEAT

# Sign-in
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["partners.adapter.recognising.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "partners.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # persons are invited; their address is verified by the invitation
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"single_sign_on": "60/m/ip"}  # beside those of allauth: each asks a server of others
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", default=15)  # so lately was proven who acts, where it must be strongly
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_MINUTES * 60
SECOND_FACTOR_NEEDED = env.bool("SECOND_FACTOR_NEEDED", default=not DEVELOPMENT)  # of ours and of administrators
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0  # else all share one sign-in limit
MFA_ADAPTER = "partners.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
ACCOUNT_FORMS = sign_in.FORMS
MFA_FORMS = {"add_webauthn": "partners.adapter.forms.AddPasskeyForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # safe, because nobody registers alone: an address is that of an invited person
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors in one only if it asks who holds it
MFA_TOTP_ISSUER = "Partner Interactions"
MFA_TOTP_TOLERANCE = 1  # of half a minute: clocks differ, and people type slowly
MFA_TOTP_INSECURE_BYPASS_CODE = (env("DEMO_CODE", default="") or None) if DEVELOPMENT and DEBUG else None  # no phone
USERSESSIONS_TRACK_ACTIVITY = False
WEBHOOKS_TO_LOOPBACK = env.bool("WEBHOOKS_TO_LOOPBACK", default=DEVELOPMENT and DEBUG)  # receivers beside us, HTTP too
# identity providers that may be asked on the own network, and without HTTPS
IDENTITY_HOSTS_INSIDE = env.list("IDENTITY_HOSTS_INSIDE", default=["localhost", "127.0.0.1"] if DEBUG else [])
USERSESSIONS_ADAPTER = "partners.adapter.UserSessionsAdapter"
IDP_OIDC_PRIVATE_KEY = env("IDENTITY_PRIVATE_KEY", default="")
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
SESSION_ENGINE = "partners.adapter.recognising"
SESSION_SERIALIZER = "partners.models.encryption.SessionSerializer"
# at level 1, 2, 3: minutes without a request, and hours altogether, after which somebody signs in again
SESSION_IDLE_MINUTES = env.list("SESSION_IDLE_MINUTES", cast=int, default=[120, 60, 30])
SESSION_HOURS = env.list("SESSION_HOURS", cast=int, default=[24, 24, 12])
SESSION_COOKIE_AGE = int(timedelta(hours=max(SESSION_HOURS)).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_NAME = "sessionid" if DEBUG else "__Host-session"
CSRF_COOKIE_NAME = "csrftoken" if DEBUG else "__Host-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Headers
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL else [])],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Mail
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="Partner Desk <partner-desk@mail.example.org>")
MAIL_DOMAIN = env("MAIL_DOMAIN", default="mail.example.org")  # the domain of reply addresses
MAIL_LISTEN_HOST = env("SMTP_HOST", default="127.0.0.1")
MAIL_LISTEN_PORT = env.int("SMTP_PORT", default=2525)
MAIL_MAX_BYTES = env.int("MAIL_MAX_BYTES", default=25_000_000)
EMAIL_BACKEND = (
    "notifications.transports.mailbox.EmailBackend" if DEVELOPMENT else "django.core.mail.backends.smtp.EmailBackend"
)
if "EMAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20

# REST
REST_FRAMEWORK, SPECTACULAR_SETTINGS = rest.FRAMEWORK, rest.DOCUMENT
CONFIGURATION_SECONDS = env.float("CONFIGURATION_SECONDS", default=5)  # a changed type or policy counts this much later
API_MAX_BODY_BYTES = env.int("API_MAX_BODY_BYTES", default=15_000_000)  # attachments travel inside, in base64
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# The product's own
ENTERPRISE_NAME = env("ENTERPRISE_NAME", default="Northwind Telecom")
REPLY_SECRET = env("REPLY_SECRET", default=SECRET_KEY)
TELEPHONY_SECRETS = env.list("TELEPHONY_SECRETS", default=["development-telephony-secret"] if DEBUG else [])
PHONE_REGION = env("PHONE_REGION", default="DE")
CHECKPOINT_DIR = Path(env("CHECKPOINT_DIR", default=str(VAR_DIR / "checkpoints")))
CHECKPOINT_KEY_FILE = Path(env("CHECKPOINT_KEY_FILE", default=str(VAR_DIR / "checkpoint.key")))
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)  # so long a reply that was sent can be taken back; 0: not at all
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=25_000_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "partners.domain.tracing.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"httpx": {"level": "WARNING"}},  # else it writes addresses of partners, which may hold their keys
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
