"""Read the environment: typed, and with a message an operator understands.

Every function takes the variable's name and gives the value; a value that cannot be read raises
`ImproperlyConfigured` and names the variable. An empty value counts as unset.
"""

import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}

SMTP_PORTS = {"smtp": 587, "smtps": 465}
RELAY = "anymail+"
HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]")
LONGEST_BOUNCE_DOMAIN = 35


class Environment:
    """A mapping of variables (as `os.environ`) read by type."""

    def __init__(self, variables: Any) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")
        return value in TRUE

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name} is {value!r}; it takes a whole number.")
        return int(value)

    def words(self, name: str, default: list[str] | None = None) -> list[str]:
        """Values separated by commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or list(default or [])


def secret_key(environment: Environment, debug: bool, keep_in: Path) -> str:
    """The SECRET_KEY: given in production; on a laptop made once and kept in a file only its owner reads."""
    key = environment.text("SECRET_KEY")
    if key or not debug:
        if not key:
            raise ImproperlyConfigured("SECRET_KEY is not set. Production has no default: give 50 random characters.")
        return key
    if not keep_in.exists():
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        keep_in.touch(mode=0o600)
        keep_in.write_text(secrets.token_urlsafe(50))
    return keep_in.read_text().strip()


def cache(url: str) -> dict[str, Any]:
    """CACHES["default"] for `locmem://`, `db://TABLE`, `redis://…`, `rediss://…` or `dummy://`."""
    parts = urlsplit(url)
    if parts.scheme == "locmem":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": parts.netloc or "magazine",
            "OPTIONS": {"MAX_ENTRIES": 2_000},
        }
    if parts.scheme == "db":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": parts.netloc or "magazine_cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    if parts.scheme in {"redis", "rediss"}:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if parts.scheme == "dummy":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    raise ImproperlyConfigured(
        f"CACHE_URL is {url!r}; it begins with locmem://, db://, redis://, rediss:// or dummy://."
    )


def email(url: str) -> dict[str, Any]:
    """Django's EMAIL_ settings for `console:`, `file:///FOLDER`, `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`.

    `smtp` uses STARTTLS unless `?tls=0`; `smtps` speaks TLS from the first byte.
    """
    parts = urlsplit(url)
    if parts.scheme.startswith(RELAY):
        return {"EMAIL_BACKEND": relay(parts.scheme.removeprefix(RELAY))}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            f"EMAIL_URL is {url!r}; it begins with console:, file:///, smtp://, smtps:// or anymail+NAME:."
        )
    starttls = parts.scheme == "smtp" and parse_qs(parts.query).get("tls", ["1"])[0] not in FALSE
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or SMTP_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": starttls,
        "EMAIL_TIMEOUT": 30,
    }


def relay(name: str) -> str:
    """The backend of a mail service that django-anymail knows by this name, as for `anymail+postmark:`."""
    if not find_spec("anymail"):
        raise ImproperlyConfigured(
            f"EMAIL_URL asks for {RELAY}{name}, and django-anymail is not installed: production.lock has it."
        )
    # A scheme has no underscores, their names do: anymail+amazon-ses: is amazon_ses.
    module = f"anymail.backends.{name.replace('-', '_')}"
    if not re.fullmatch("[a-z-]+", name) or not find_spec(module):
        raise ImproperlyConfigured(f"EMAIL_URL asks for {RELAY}{name}, which django-anymail does not know.")
    return f"{module}.EmailBackend"


def anymail(environment: Environment) -> dict[str, str]:
    """The settings of django-anymail: each variable that begins with ANYMAIL_, without that."""
    given = {name for name in environment.variables if name.startswith("ANYMAIL_")}
    found = {name.removeprefix("ANYMAIL_"): environment.text(name) for name in sorted(given) if environment.text(name)}
    user, _colon, password = found.get("WEBHOOK_SECRET", "x:x").partition(":")
    if not user or not password:
        raise ImproperlyConfigured("ANYMAIL_WEBHOOK_SECRET is a name and a password: NAME:50-RANDOM-CHARACTERS.")
    return found


def bounce_domain(name: str) -> str:
    """The domain of envelope addresses, in small letters. Before it stand 29 octets, and all of it has to fit into 64:
    there are servers that cut longer ones off."""
    found = name.lower().removesuffix(".")
    if found and not (HOST.fullmatch(found) and len(found) <= LONGEST_BOUNCE_DOMAIN):
        raise ImproperlyConfigured(
            f"BOUNCE_DOMAIN is {name!r}; it takes a domain of at most {LONGEST_BOUNCE_DOMAIN} characters."
        )
    return found


def inbox(url: str) -> dict[str, Any]:
    """The mailbox of bounces for `maildir:///FOLDER` or `imaps://USER:PASSWORD@HOST:PORT/FOLDER`; empty for none.

    In parts, so that Django's error pages can leave the password out.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme == "maildir" and parts.path.strip("/"):
        return {"PATH": unquote(parts.path)}
    host, _colon, port = parts.netloc.rpartition("@")[2].partition(":")
    if parts.scheme == "imaps" and host and parts.username and (port.isdecimal() or not port):
        return {
            "HOST": host,
            "PORT": int(port or 993),
            "USER": unquote(parts.username),
            "PASSWORD": unquote(parts.password or ""),
            "FOLDER": unquote(parts.path.strip("/")) or "INBOX",
        }
    raise ImproperlyConfigured("BOUNCE_INBOX begins with maildir:///FOLDER or imaps://USER:PASSWORD@HOST/FOLDER.")
