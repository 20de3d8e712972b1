"""Social profiles as people type them: one a line, an address alone or a name before it."""

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

NETWORKS: Final = {
    "bsky.app": "Bluesky",
    "facebook.com": "Facebook",
    "github.com": "GitHub",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "mastodon.social": "Mastodon",
    "threads.net": "Threads",
    "tiktok.com": "TikTok",
    "x.com": "X",
    "twitter.com": "X",
    "youtube.com": "YouTube",
}
web_address = URLValidator(schemes=["http", "https"])


class Profile(NamedTuple):
    label: str
    url: str


def parse(text: str) -> list[Profile]:
    """The profiles of a text such as "Mastodon https://social.example/@us"; a line that is no address is left out."""
    profiles = []
    for line in text.splitlines():
        label, _space, url = line.strip().rpartition(" ")
        host = urlsplit(url).netloc.removeprefix("www.")
        if host and urlsplit(url).scheme in {"http", "https"}:
            profiles.append(Profile(label.strip(" :") or NETWORKS.get(host, host), url))
    return profiles


def validate(text: str) -> None:
    """Refuse, with a ValidationError that quotes the line, what is not a name and a web address."""
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            web_address(line.rpartition(" ")[2])
        except ValidationError as error:
            raise ValidationError(
                _("“%(line)s” has no web address; write for example: Mastodon https://social.example/@us"),
                params={"line": line},
            ) from error
