"""Every setting, from the environment; a missing one stops the start with one line that names it.

`make run` and `make test` set them all (sikkerby/embedded.py); README.md has the table for production.
"""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
from csp.constants import NONCE, NONE, SELF
from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

REQUIRED = (
    "DATABASE_URL",
    "MIGRATE_DATABASE_URL",
    "SECRET_KEY",
    "BASE_URL",
    "EMAIL_URL",
    "MAIL_FROM",
    "TRUSTED_PROXIES",
)
if missing := [name for name in REQUIRED if name not in env]:
    sys.exit(f"Sikker By cannot start: {', '.join(missing)} must be set in the environment (README.md, Production).")

# --- What the city says of itself -------------------------------------------------------------------------------
BASE_URL = env("BASE_URL").rstrip("/")  # links in mails and papers, allowed hosts and cookies follow from it
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname:
    sys.exit("Sikker By cannot start: BASE_URL must be an address such as https://sikkerby.example.dk.")
HTTPS = _base.scheme == "https"
ACCESSIBILITY_URL = env("ACCESSIBILITY_URL", default="")
PRIVACY_URL = env("PRIVACY_URL", default="")
# True only where embedded.py says so: invented figures and accounts with a known password.
DEMO = env.bool("DEMO", default=False)

# --- Django -------------------------------------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = [_base.hostname]
ROOT_URLCONF = "sikkerby.urls"
WSGI_APPLICATION = "sikkerby.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "sikkerby.User"
FORM_RENDERER = "sikkerby.forms.Renderer"

INSTALLED_APPS = [
    "sikkerby",
    "closures",
    "initiatives",
    "catalogue",
    "reports",
    "sikkerby.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "post_office",
    "django_htmx",
    "template_partials",
    "django_prose_editor",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sikkerby.middleware.gate",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sikkerby.middleware.ActingUser",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sikkerby.views.frame",
            ],
            "builtins": ["sikkerby.templatetags.danish"],
        },
    }
]

# --- The database -----------------------------------------------------------------------------------------------
# Served as sikkerby_app; `manage.py migrate` alone connects as the owner (management/commands/migrate.py).
_database = env.db("DATABASE_URL")
DATABASES = {
    "default": {
        **_database,
        "ATOMIC_REQUESTS": True,  # a request that fails has changed no row
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A Danish compound hits at 0.45 (sommerferielukning ~ lukning is 0.75); PostgreSQL's own default is 0.6.
        "OPTIONS": _database.get("OPTIONS", {}) | {"options": "-c pg_trgm.word_similarity_threshold=0.45"},
    }
}
OWNER_DATABASE = env.db("MIGRATE_DATABASE_URL")

PGHISTORY_LEVEL = pghistory.Statement  # at row level a bulk change is 20 to 50 times slower
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()  # with the event, so that history needs INSERT only
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events", related_query_name="events", db_index=True)

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk")]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # years and ids are numbers too; templatetags/danish.py formats figures

# --- Log-in and sessions ----------------------------------------------------------------------------------------
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sikkerby.login.csrf_failure"

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # each alone would let one person lock out a town hall
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # login.py counts in it: per address, and a growing delay per account
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["carried", "csrfmiddlewaretoken"]  # what someone had typed is not for a log
AXES_LOCKOUT_CALLABLE = "sikkerby.login.locked_out"
TRUSTED_PROXIES = [address.strip() for address in env("TRUSTED_PROXIES").split(",") if address.strip()]
AXES_IPWARE_PROXY_TRUSTED_IPS = TRUSTED_PROXIES
AXES_IPWARE_META_PRECEDENCE_ORDER = ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR") if TRUSTED_PROXIES else ("REMOTE_ADDR",)

# --- What a browser may do with our pages -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # The hash is the one <style> that the editor of notes (tiptap) injects; a browser test asserts it.
        "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^driftsstatus/$"]  # a load balancer asks on the inside, without TLS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: the domain is the municipality's, not ours to decide for
    "security.W021",  # HSTS preload: likewise
    "security.W019",  # X-Frame-Options DENY: our own pages frame a note's paper
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # a too long text gets its answer at the field, with all of it kept
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a contact answers for all the administration's units at once

# --- Mail, files, jobs, logs ------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL"))
POST_OFFICE = {"MAX_RETRIES": 20, "RETRY_INTERVAL": timedelta(minutes=15), "LOG_LEVEL": 1, "THREADS_PER_PROCESS": 1}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM")
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # uploads are rows (StoredFile)
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Both spare compressing what no page asks for: two thirds of the time of collectstatic.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Overrides Django's own handlers, one of which would mail what was typed.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},  # says at every start that it is there
        "pikepdf": {"level": "WARNING"},  # likewise
        "procrastinate": {"level": "WARNING"},
        "post_office": {"level": "WARNING", "handlers": ["console"], "propagate": False},  # else it adds its own
    },
}
