"""Set up Django for this node, from its home; import of this file touches no database.

The server process sees the login role of its own work only: AMPARO_DB_ROLE is app (pages of protection), migration
(pages of the migration authority), worker (background) or owner (schema changes, never at run time). The two servers
share no page of work, no cookie and no secret. Without a home nothing can be served; tools may still import this.
Decisions: 0001, 0002, 0003, 0017.
"""

import os
import secrets
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from amparo.node.database import database_settings
from amparo.node.home import Home, HomeMissing, second_factor_secret, session_secret, this_home


def _home_or_none() -> Home | None:
    try:
        return this_home()
    except HomeMissing:
        return None


_home = _home_or_none()
# What the rest of the house reads; without a home nothing that reads it is ever run.
HOME = cast("Home", _home)

_ROLE = os.environ.get("AMPARO_DB_ROLE", "app")
# Whose server this is: its pages, its secret, its cookies.
SECTOR = "migration" if _ROLE == "migration" else "protection"
_SIDE = "_migration" if SECTOR == "migration" else ""
_URL = (_home.profile.migration_url if _SIDE else _home.profile.url) if _home else ""
# Only invented people and children (see node/profile.py): no second factor and no second person is needed then.
DEMONSTRATION = _home is not None and _home.profile.demonstration
SECRET_KEY = session_secret(_home, SECTOR) if _home else secrets.token_urlsafe(48)
# Seals the secrets of authenticator apps (access/second_factor.py).
SECOND_FACTOR_SECRET = second_factor_secret(_home, SECTOR) if _home else secrets.token_urlsafe(48)
DEBUG = False
# The address a browser or peer uses; `amparo serve` adds the one it listens on.
_NODE_HOST = _URL.split("//")[-1].split(":")[0].split("/")[0] if _URL else "localhost"
ALLOWED_HOSTS = [_NODE_HOST, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [_URL] if _URL else []
_HTTPS = _URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "amparo.access",
    "amparo.forms",
    "amparo.cases",
    "amparo.exchange",
    "amparo.custody",
    "amparo.monitor",
    "amparo.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "amparo.desk.headers.SafeHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "amparo.access.signing_in.SessionEndMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "amparo.access.second_factor.SecondFactorFirst",
    # The last: from here inwards, one transaction with the actor set. STACK trap 2.
    "amparo.access.middleware.ActorMiddleware",
]

ROOT_URLCONF = "amparo.node.migration_urls" if _SIDE else "amparo.node.urls"
WSGI_APPLICATION = "amparo.node.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [Path(__file__).parent.parent / "desk" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "amparo.desk.context.page_frame",
            ],
        },
    }
]

DATABASES = database_settings(_home, _ROLE)
# Limits on guessing and codes already used hold for all server processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Person"
# An e-mail address is unique on each side of the node, by a constraint of two columns.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "amparo.access.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_ADAPTER = "amparo.access.second_factor.SealedSecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers count this machine's own address as safe without TLS; the library has to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# Idle 10 minutes (each page renews it); the 12-hour limit stands in access/signing_in.py. SECURITY-DESIGN section 5.
SESSION_COOKIE_AGE = 600
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
# Servers that share a host name (two sides of a node, a demonstration on one machine) must not share sign-ins.
_COOKIE = f"amparo_{_home.profile.id}{_SIDE}" if _home else "amparo"
SESSION_COOKIE_NAME = f"{_COOKIE}_session"
CSRF_COOKIE_NAME = f"{_COOKIE}_csrf"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}_language"
# The page that says a refusal in words (amparo.access.middleware).
REFUSAL_VIEW = "amparo.desk.refused.refused_page"
# The page that says that the keys, or what they open, cannot be used now.
TROUBLE_VIEW = "amparo.desk.errors.keys_trouble"
CSRF_FAILURE_VIEW = "amparo.desk.refused.expired_page"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0

LANGUAGE_CODE = "es"
LANGUAGES = [
    ("es", "Español"),
    ("en", "English"),
    ("fr", "Français"),
    ("pt", "Português"),
    ("ht", "Kreyòl ayisyen"),
]
LOCALE_PATHS = [Path(__file__).parent.parent / "desk" / "locale"]
# Days in Haitian Creole, which Django does not know.
FORMAT_MODULE_PATH = "amparo.desk.formats"
USE_TZ = True
TIME_ZONE = _home.profile.timezone if _home else "UTC"
ZONE = ZoneInfo(TIME_ZONE)

STATIC_URL = "static/"
# Files are served from the package itself (whitenoise with finders): nothing is collected at run time.
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# A submission with photos stays far below this; the gateway announces it to devices. FORMS section 1.b.
SUBMISSION_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = SUBMISSION_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 120
# No file lies in clear on the disk, not even while it comes in. Decision 0026.
FILE_UPLOAD_HANDLERS = ["amparo.node.uploads.SealedUploads"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
