"""How Django is set up: one configuration for run, test and production, differing only by `config`."""

from pathlib import Path

from orchard import config
from orchard.kit import languages, logs

CONFIG = config.current()
PACKAGE = Path(__file__).parent

ORCHARD_HOME = CONFIG.home
ORCHARD_ENGINE = CONFIG.engine
ORCHARD_ERASURES = CONFIG.erasures
SECRET_KEY = CONFIG.secret()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [*CONFIG.hosts, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in CONFIG.hosts]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "orchard.apps.Orchard",
    "orchard.engine",
    "orchard.watch",
    "orchard.journal",
    "orchard.outbox",
    "orchard.interactions",
    "orchard.team",
    "orchard.tasks",
    "orchard.contacts",
    "orchard.campaigns",
    "orchard.content",
    "orchard.search",
    "orchard.agreement",
    "orchard.leads",
    "orchard.nurture",
    "orchard.segments",
    "orchard.opportunities",
    "orchard.weekly",
    "orchard.connect",
    "orchard.backup",
    "orchard.demo",
    "orchard.api",
    "orchard.web.ui",
    "orchard.web.lists",
    "orchard.web.manage",
    "orchard.web.marketing",
    "orchard.web.sales",
    "orchard.web.together",
]

MIDDLEWARE = [
    "orchard.web.watching.Watch",
    "orchard.web.ui.csp.SecurityHeaders",
    "orchard.api.middleware.Problems",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "orchard.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orchard.web.middleware.MemberTime",
    "orchard.web.middleware.Sight",
    "orchard.web.middleware.Permissions",
    "orchard.web.twice.Twice",
    "orchard.web.middleware.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps' own, so that allauth's pages wear our face.
        "DIRS": [PACKAGE / "web" / "account" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orchard.web.ui.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "orchard.web.ui.forms.Renderer"

ROOT_URLCONF = "orchard.urls"
WSGI_APPLICATION = "orchard.wsgi.application"

DATABASES = {
    "default": {
        **CONFIG.database(),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"TEMPLATE": "template0"},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "team.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

# Login by e-mail and password alone; members come by invitation.
ACCOUNT_ADAPTER = "orchard.web.account.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "orchard.web.account.forms.Login",
    "reset_password": "orchard.web.account.forms.Reset",
    "reset_password_from_key": "orchard.web.account.forms.NewPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# allauth's own generator writes a row of addresses, even on GET; Django's holds the e-mail address as well.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# Only a proxy in front of us may name the address that attempts are counted by.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if CONFIG.hosts else 0
ALLAUTH_DEFAULT_AUTO_FIELD = DEFAULT_AUTO_FIELD

# Attempts are counted in the database, since every process must see them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "login_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

MAIL = CONFIG.mail()
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.start_tls, MAIL.ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL.sender

LANGUAGE_CODE = "en"
LANGUAGES = list(languages.LANGUAGES.items())
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the packages: nothing is copied, nothing can be stale
WHITENOISE_IMMUTABLE_FILE_TEST = r"/built/.+-[\w-]{8}\.\w+$"  # the build puts a digest into these names

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(CONFIG.hosts)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.hosts else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = None
# More than a record holds, so that whoever chooses too many is told so in a sentence.
DATA_UPLOAD_MAX_NUMBER_FILES = 250

# How the house is watched.
ORCHARD_HOSTS = CONFIG.hosts
ORCHARD_EMBEDDED = CONFIG.embedded
ORCHARD_SLOW_MS = CONFIG.slow_ms
ORCHARD_METRICS_TOKEN = CONFIG.metrics_token

LOGGING = logs.configuration(form=CONFIG.log, level=CONFIG.log_level)
