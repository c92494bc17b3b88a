"""One file of settings; only what machines differ in is read from the environment."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.env import Environment, EnvironmentProblem, database

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(Environment(BASE_DIR).text("PORTAL_DATA", str(BASE_DIR / "data")))
env = Environment(DATA_DIR / "secrets.env")

# Readings of whole phrases would cost every process 45 MB; a name is read sign by sign.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

# What kind of installation this is -----------------------------------------------------------

PRODUCTION = env.yes_no("PORTAL_PRODUCTION")
DEMONSTRATION = env.yes_no("PORTAL_DEMONSTRATION")
DEBUG = env.yes_no("PORTAL_DEBUG")
SECRET_KEY = env.secret("PORTAL_SECRET_KEY")
ALLOWED_HOSTS = env.words("PORTAL_HOSTS", None if PRODUCTION else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("PORTAL_ORIGINS", "")

# Sealed numbers: the current key seals, every key still opens (governance/privacy.py).
SEAL_KEYS = env.keys("PORTAL_SEAL_KEYS")
SEAL_CURRENT_KEY = env.text("PORTAL_SEAL_CURRENT_KEY", list(SEAL_KEYS)[-1])
DIGEST_KEY = bytes.fromhex(env.secret("PORTAL_DIGEST_KEY"))

# The house ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "governance",
    "grids",
    "residents",
    "complaints",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.sessions.SessionLimits",
    "portal.language.AccountLanguage",
    "portal.sessions.PasswordDuty",
    "portal.refusals.PageForWrongMethods",
    "governance.middleware.ReachMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "portal.templating.HouseTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database -----------------------------------------------------------------------------------


def database_settings(address: str) -> dict[str, Any]:
    """Connections that stay open, wait briefly for locks and never run for ever."""
    settings = database(address) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if settings["ENGINE"].endswith("sqlite3"):
        # Without IMMEDIATE two writers that both read first fail at once, however long they wait.
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        settings["OPTIONS"] = {
            "connect_timeout": 5,
            # Compiling a figure's statement takes longer than running it.
            "options": "-c jit=off -c statement_timeout={} -c lock_timeout={}".format(
                env.text("PORTAL_STATEMENT_TIMEOUT", "30s"),
                env.text("PORTAL_LOCK_TIMEOUT", "5s"),
            ),
        }
    return settings


DATABASES = {
    "default": database_settings(
        env.text("PORTAL_DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
    )
}

# Who signs in, and for how long (domain.md 4.2) ------------------------------------------------

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.signed_in.Accounts",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian would otherwise create a phantom user at migrate
VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": VALIDATION + "CommonPasswordValidator"},
    {"NAME": VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.CharacterClasses"},
]
PASSWORD_LIFETIME = timedelta(days=90)
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Wrong passwords are counted by axes, in the database; an office shares one address. What is
# left of "login_failed" counts the wrong codes of a second factor (portal/accounts.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "login": "300/m/ip"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "portal.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "街道网格治理"

# AXES_USERNAME_FORM_FIELD keeps its default: set to allauth's "login", the lock never closes.
AXES_USERNAME_CALLABLE = "portal.accounts.counted_name"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "portal.signed_in"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_LIMIT = timedelta(minutes=env.number("PORTAL_IDLE_MINUTES", 15))
SESSION_IDLE_LIMIT_PHONE = timedelta(minutes=env.number("PORTAL_IDLE_MINUTES_PHONE", 30))
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())

# What a browser may do ------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.yes_no("PORTAL_BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        MIDDLEWARE.insert(0, "portal.proxy.ClientAddress")

# Language, time, files ---------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英语"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
# Without a folder of collected files the server finds them where they lie.
STATIC_ROOT = env.text("PORTAL_STATIC_ROOT", "") or None
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "vendor")]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
STATIC_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if STATIC_ROOT
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
# No MEDIA_URL: a stored file leaves the house only through a view that asks reach.
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if cache_address := env.text("PORTAL_CACHE_URL", ""):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": cache_address,
    }

# The interface for programs: tokens only, read only (docs/api.md).
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["governance.api.access.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["governance.api.access.MayRead"],
    "DEFAULT_THROTTLE_CLASSES": ["governance.api.access.TokenBudget"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "governance.api.errors.problem",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "街道网格治理 · 只读接口 Read API",
    "DESCRIPTION": "凭令牌只读。时刻为 ISO 8601，带时区。 Read only, with a token; moments are ISO 8601"
    " with an offset.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Level": "governance.choices.Level",
        "OrganisationKind": "governance.choices.OrganisationKind",
        "GridKind": "grids.choices.GridKind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_secrets": {"()": "portal.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_secrets"],
        },
    },
    "root": {"handlers": ["console"], "level": env.text("PORTAL_LOG_LEVEL", "WARNING")},
    # It would write addresses and keys into the log.
    "loggers": {"apprise": {"level": "CRITICAL", "handlers": [], "propagate": False}},
}

# Hosts of the own network that a channel may call (an SMS gateway inside); all others must be public.
LOCAL_HOOKS = [host.lower() for host in env.words("PORTAL_ALLOW_LOCAL_HOOKS", "")]

# The queue: portal/celery.py holds everything else about it.
BROKER_URL = env.text("PORTAL_BROKER_URL", "filesystem://localhost")

if PRODUCTION:
    faults = {
        "PORTAL_DEMONSTRATION": DEMONSTRATION,
        "PORTAL_DEBUG": DEBUG,
        "PORTAL_DATABASE_URL": not DATABASES["default"]["ENGINE"].endswith("postgresql"),
        "PORTAL_BROKER_URL": not BROKER_URL.startswith("redis"),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise EnvironmentProblem(
            f"正式环境不能这样启动，请检查 {'、'.join(wrong)}。"
            f" Production refuses to start with these settings: {', '.join(wrong)}."
        )
