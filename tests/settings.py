"""The settings the tests run under: magazine.settings, in an environment made here whatever the shell holds.

TEST_DATABASE chooses the database: sqlite (the default) or postgresql.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from tests import postgres

TEST_DATABASE = os.environ.setdefault("TEST_DATABASE", "sqlite")
if TEST_DATABASE not in {"sqlite", "postgresql"}:
    raise SystemExit(f"TEST_DATABASE is sqlite or postgresql, not {TEST_DATABASE!r}.")

# The first process of a run makes the folder of everything the tests write; xdist's workers find its name in their
# environment and keep theirs below it.
if "TEST_FOLDER" not in os.environ:
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="magazine-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
    # Below /tmp, since a socket's path may have about 100 characters and another user has to reach it.
    os.environ["TEST_POSTGRESQL_FOLDER"] = f"/tmp/magazine-postgresql-{secrets.token_hex(8)}"

FOLDER = Path(os.environ["TEST_FOLDER"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
(FOLDER / "static").mkdir(parents=True, exist_ok=True)
POSTGRESQL_FOLDER = Path(os.environ["TEST_POSTGRESQL_FOLDER"])

for variable in os.environ.keys() & {
    *("ALLOWED_HOSTS", "CACHE_URL", "CSRF_TRUSTED_ORIGINS", "DEFAULT_FROM_EMAIL", "EMAIL_URL", "HSTS_SECONDS"),
    *("HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD", "LOG_LEVEL", "MEDIA_ROOT", "MEDIA_URL", "PAGE_CACHE_SECONDS"),
    *("PREPARED_STATEMENTS", "S3_BUCKET", "SITE_URL", "TRUSTED_PROXIES"),
    *("BOUNCE_DOMAIN", "BOUNCE_INBOX", "LIST_ID", "NEWSLETTER_KEY", "SECRET_KEY_FALLBACKS", "SIGN_UPS_AN_HOUR"),
    *(name for name in os.environ if name.startswith("ANYMAIL_")),
}:
    del os.environ[variable]
os.environ.update(
    # As on a laptop; the test runner itself then turns DEBUG off, as Django's does.
    DEBUG="1",
    SECRET_KEY="only-for-the-tests-" + "0123456789" * 4,
    VAR_DIR=str(FOLDER),
    CONN_MAX_AGE="0",
    # No test asks the internet; those of the links turn it on and answer themselves.
    CHECK_LINKS="0",
    DATABASE_URL=(
        postgres.url(POSTGRESQL_FOLDER) if TEST_DATABASE == "postgresql" else f"sqlite:///{FOLDER / 'unused.sqlite3'}"
    ),
    # Playwright keeps an event loop running in the thread of the tests, which Django takes for asynchronous code.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)

from magazine.settings import *  # noqa: E402, F403
from magazine.settings import DATABASES  # noqa: E402

if TEST_DATABASE == "sqlite":
    # A file, as in production: the threads of the live server each have their own connection to it.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
