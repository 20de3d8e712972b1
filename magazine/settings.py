"""The one settings file: everything that differs between a laptop and a large magazine comes from the environment.

docs/operators.md has the table of variables.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from articles import embeds
from magazine import environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Environment(os.environ)

# What the site writes on a laptop lives below one folder: database, pictures, mail, collected static files.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG")
SECRET_KEY = environment.secret_key(env, DEBUG, VAR_DIR / "secret_key")

# The public address, for canonical links, feeds and mail. Its scheme says whether the site is served over TLS.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise ImproperlyConfigured("SITE_URL is the public address of the site, such as https://magazine.example.")
OVER_TLS = SITE_URL.startswith("https://")

ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [urlsplit(SITE_URL).hostname]
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# How many proxies of ours stand before the site; only their entries in X-Forwarded-For are believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "taggit",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "articles",
    "newsletter",
]

MIDDLEWARE = [
    "magazine.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "magazine.middleware.Headers",
    "magazine.middleware.Instant",
    "magazine.pagecache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "magazine.middleware.LookAhead",
    "magazine.middleware.Moved",
]

ROOT_URLCONF = "magazine.urls"
WSGI_APPLICATION = "magazine.wsgi.application"

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
                "magazine.context_processors.masthead",
            ],
        },
    },
]
# So that the templates of django.forms can be ours, and widgets find theirs under templates/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'magazine.sqlite3'}"),
        conn_max_age=env.number("CONN_MAX_AGE", 600),
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers beside one writer, and writers who wait their turn instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif env.flag("PREPARED_STATEMENTS", True):
    # PostgreSQL keeps the plans of the queries that pages ask again and again (articles.prepared).
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sites that share a cache do not share what they keep in it.
CACHES = {"default": {**environment.cache(env.text("CACHE_URL", "locmem://")), "KEY_PREFIX": urlsplit(SITE_URL).netloc}}
# 0 turns the cache of whole pages off, as a measurement of the pages themselves wants it.
PAGE_CACHE_SECONDS = env.number("PAGE_CACHE_SECONDS", 600)

vars().update(environment.email(env.text("EMAIL_URL", f"file://{VAR_DIR / 'mail'}")))
# A mail service with an API of its own, by django-anymail; it tells of bounces at /newsletter/relay/NAME/tracking/.
ANYMAIL = environment.anymail(env)
ANYMAIL_RELAY = EMAIL_BACKEND.split(".")[2] if EMAIL_BACKEND.startswith("anymail.") else ""  # noqa: F821
if ANYMAIL_RELAY:
    INSTALLED_APPS.append("anymail")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"magazine@{urlsplit(SITE_URL).hostname}")

# What has to hold for years is made with it: links to leave the newsletter in old mails, and the keys by which
# addresses that get no mail are known after their readers were erased. Whoever changes SECRET_KEY sets it to the old
# one first.
NEWSLETTER_KEY = env.text("NEWSLETTER_KEY", SECRET_KEY)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Whither mail that cannot be delivered comes back (its MX is a mailbox of ours), and the list's name (RFC 2919).
BOUNCE_DOMAIN = environment.bounce_domain(env.text("BOUNCE_DOMAIN"))
# That mailbox, for the worker to read.
BOUNCE_INBOX = environment.inbox(env.text("BOUNCE_INBOX"))
LIST_ID = env.text("LIST_ID", f"round-up.{urlsplit(SITE_URL).hostname}")
# As many sign-ups an hour the magazine expects; with more, staff are told, and their mails go out at that rate.
SIGN_UPS_AN_HOUR = env.number("SIGN_UPS_AN_HOUR", 500)

# Work that nobody waits for is done by `manage.py worker`; the rows it works on hold the truth,
# so that losing the whole queue loses nothing.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Whether the list before publishing asks the links of a text over the internet if they still answer.
CHECK_LINKS = env.flag("CHECK_LINKS", True)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# The language and the zone of the pages are the magazine's own data; these stand before they are known.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "magazine" / "static"]
MEDIA_URL = env.text("MEDIA_URL", "/media/")
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if env.text("S3_BUCKET"):
    if not urlsplit(MEDIA_URL).netloc:
        raise ImproperlyConfigured(
            "With S3_BUCKET, MEDIA_URL is the public address of the bucket or of the CDN before it."
        )
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("S3_BUCKET"),
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.text("S3_ACCESS_KEY") or None,
            "secret_key": env.text("S3_SECRET_KEY") or None,
            "custom_domain": urlsplit(MEDIA_URL).netloc or None,
            "querystring_auth": False,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }
# A picture of 25 MB passes; a form of a 10,000-word piece with all its fields does too.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TAGGIT_CASE_INSENSITIVE = True

# Mastodon has many instances; of these a text may show posts, once a reader asks for them.
MASTODON_HOSTS = env.words("MASTODON_HOSTS", ["mastodon.social"])

# Whence pages may load. Nothing inline, nothing from elsewhere; pictures also from the media's own host.
MEDIA_ORIGIN = [f"{urlsplit(MEDIA_URL).scheme}://{urlsplit(MEDIA_URL).netloc}"] if urlsplit(MEDIA_URL).netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, *MEDIA_ORIGIN],
        "connect-src": [SELF],
        "frame-src": embeds.frame_sources(MASTODON_HOSTS),
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The admin needs a little more: a nonce for the editor's import map (a browser takes one only inline), and
# `blob:` to show a picture before it is sent.
ADMIN_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "script-src": [SELF, NONCE],
        "img-src": [SELF, "blob:", *MEDIA_ORIGIN],
        "frame-src": [NONE],
    }
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = OVER_TLS
if OVER_TLS:
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", True)
    # Probes of a load balancer come without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "magazine.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Every scanner of the internet asks for hosts that are not ours; each would be a traceback.
    # Django's own loggers write the addresses they are asked for, by handlers that know no tokens: they get ours.
    "loggers": {
        "django": {"level": "INFO"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # These say of each message and each task which steps they take.
        "flufl.bounce": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
