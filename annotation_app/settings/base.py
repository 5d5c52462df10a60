"""Settings shared by every environment; each setting is below its reason."""

from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from annotation_app.settings.accounts import *
from annotation_app.settings.env import (
    DATA_ROOT,
    ROOT,
    env,
    model_device,
    proxy_count,
    secret_key,
    trusted_proxies,
    whole_number,
)

# Generic classes of Django can be subscripted at run time as the type checker wants them.
django_stubs_ext.monkeypatch()

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Which proxies are trusted for a client's address, in which header, and how many there are.
TRUSTED_PROXIES = trusted_proxies()
CLIENT_ADDRESS_HEADER = env.str("CLIENT_ADDRESS_HEADER", default="X-Forwarded-For")
PROXY_COUNT = proxy_count()

INSTALLED_APPS = [
    "annotation_app",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "annotation_app.web.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # The body is read from here on, never before: these two decide whether.
    "annotation_app.web.middleware.LimitBodyMiddleware",
    "annotation_app.web.middleware.RefuseNulMiddleware",
    "annotation_app.web.middleware.StoredLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "annotation_app.web.jobs.health.watch.WatchUpkeepMiddleware",
]

ROOT_URLCONF = "annotation_app.urls"
WSGI_APPLICATION = "annotation_app.wsgi.application"
ASGI_APPLICATION = "annotation_app.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "annotation_app" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "annotation_app.web.context.shell",
            ],
        },
    },
]

# PostgreSQL everywhere. A connection lives as long as its thread and is checked before reuse.
# Values are bound by the server, which keeps the plans of statements that repeat: the workbench's
# few run hundreds of times a second, and planning them costs more than running them.
DATABASE = env.db("DATABASE_URL", default="postgresql://editjury@127.0.0.1/editjury")
KEPT_PLANS = {"server_side_binding": True, "prepare_threshold": 5}
DATABASES = {
    "default": {
        **DATABASE,
        "OPTIONS": {**DATABASE.get("OPTIONS", {}), **KEPT_PLANS},
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "annotation_app.caching.OutageCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "editjury",
    }
}
# In the database, so that an outage of Redis neither signs people out nor undoes a sign-out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # one indexed row per request

AUTH_USER_MODEL = "annotation_app.User"
AUTHENTICATION_BACKENDS = [
    "annotation_app.web.people.accounts.PasswordBackend",
    "annotation_app.web.people.accounts.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "annotation_app" / "locale"]
FORMAT_MODULE_PATH = "annotation_app.settings.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_ROOT / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "annotation_app.web.agreement.plotly_files.PlotlyFinder",
]
MEDIA_ROOT = DATA_ROOT / "media"
MEDIA_URL = "/unused-media/"  # images leave through their own authorised view only
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "annotation_app.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("IMAGE_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("IMAGE_BUCKET"),
            "endpoint_url": env.str("IMAGE_BUCKET_ENDPOINT", default="") or None,
            "default_acl": "private",
            "querystring_auth": True,
        },
    }

# No inline script or style anywhere, and no content from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotation_app.api.tokens.ResultsToken",  # the first one: its refusals answer 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotation_app.api.parsing.StorableJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "annotation_app.api.pagination.StablePagination",
    "EXCEPTION_HANDLER": "annotation_app.api.errors.answer_error",
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - a model's name, which our tables refer to
SPECTACULAR_SETTINGS = {
    "TITLE": "EditJury",
    "DESCRIPTION": "Trusted preference data and reward models for image edits.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",  # its shapes are JSON Schema: tests hold real answers against them
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "CampaignState": "annotation_app.enums.CampaignState",
        "BuildState": "annotation_app.enums.BuildState",
        "JobState": "annotation_app.enums.JobState",
        "JobKind": "annotation_app.enums.JobKind",
        "FlagKind": "annotation_app.enums.FlagKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds: an unresponsive mail server delays no one for long
# Where people reach the site: the beginning of links in mail. script/demo sets what it serves.
SITE_URL = (env.str("SITE_URL", default="") or "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="editjury@localhost")

# Celery: the broker redelivers messages only after a hard time limit, so no job runs twice.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_TASK_SOFT_TIME_LIMIT = 6 * 3600 - 60
# Who sends asks the broker once: what was not sent waits in its row until the next sweep. Workers
# and beat wait for the broker as long as it takes.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 7 * 3600,
    "socket_connect_timeout": 1.0,
    "max_retries": 1,
    "interval_start": 0.0,
    "interval_step": 0.0,
    "interval_max": 0.0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # half an answer of a broker that dies ends no worker
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE

# Where admins may import folders from.
IMPORT_ROOTS = [path for path in env.list("IMPORT_ROOTS", default=[]) if path]
# Words that flag an imported item as perhaps unsafe: the operator's own list.
SCREENED_WORDS = [word for word in env.list("SCREENED_WORDS", default=[]) if word]
# Dataset hubs that people may push to with their own tokens, and the hosts of those hubs' storage.
HUB_HOSTS = [name for name in env.list("HUB_HOSTS", default=[]) if name]
HUB_STORAGE_HOSTS = [name for name in env.list("HUB_STORAGE_HOSTS", default=[]) if name]
ALERT_WEBHOOK_HOSTS = [host for host in env.list("ALERT_WEBHOOK_HOSTS", default=[]) if host]
# A form's fields without its files; bodies as a whole are limited by `web.bodies`.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
IMAGE_MAX_PIXELS = whole_number("IMAGE_MAX_PIXELS", default=64_000_000)
UPLOAD_MAX_BYTES = whole_number("UPLOAD_MAX_BYTES", default=4 * 1024**3)
EXPORT_ROOT = DATA_ROOT / "exports"
RUN_ROOT = DATA_ROOT / "run"  # what script/demo says of its processes
MODEL_ROOT = DATA_ROOT / "models"
MODEL_DEVICE = model_device()  # of the model worker; torch itself is asked there
IMPORT_STAGING_ROOT = DATA_ROOT / "imports"

# How often each web process looks whether regular work has stopped; 0: never.
UPKEEP_WATCH_SECONDS = 60

# Rating: leases, the reopen window and the annotator's own history.
LEASE_SECONDS = 600
LEASES_PER_ANNOTATOR = 4
REOPEN_SECONDS = 600
HISTORY_DAYS = 7

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "filters": {"one_line": {"()": "annotation_app.web.logs.OneLine"}},
    "loggers": {
        "django.request": {"filters": ["one_line"]},
        "waitress.queue": {"level": "ERROR"},  # it warns of each request that waits for a thread
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
