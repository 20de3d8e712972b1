"""What of other sites a text may show: one table of whose frames may be loaded, and how a pasted link is recognised.

Nothing is fetched here and nothing asked of anybody: an address says by itself what it shows. A frame is loaded only
when a reader asks for it, sandboxed, and the Content Security Policy names these hosts and no others.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from django.utils.translation import gettext_lazy as _

CARD: Final = "card"
"""A plain link to anything else, shown as a card; it has no id and no frame."""

SANDBOX: Final = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation"
"""No forms, no downloads, no way to lead the page around the frame elsewhere."""
ALLOW: Final = "fullscreen; encrypted-media; picture-in-picture"


@dataclass(frozen=True)
class Provider:
    """`links` match an address without its scheme and `www.`; their group `id` (or two: `id` and `more`) is the id.

    `host` is whence the frame comes; "" where each instance has its own. `shape` names the frame's measures in
    magazine.css: video (16:9), post, chart or player.
    """

    name: str
    links: tuple[str, ...]
    id: str
    host: str
    frame: Callable[[str], str]
    shape: str


@dataclass(frozen=True)
class Embed:
    provider: str
    id: str = ""


_HOST: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"


def _vimeo(number: str) -> str:
    """Unlisted videos have a second part, which the player wants as `h`."""
    video, _slash, key = number.partition("/")
    return f"https://player.vimeo.com/video/{video}?dnt=1" + (f"&h={key}" if key else "")


def _bluesky(number: str) -> str:
    who, _slash, post = number.partition("/")
    return f"https://embed.bsky.app/embed/{who}/app.bsky.feed.post/{post}"


PROVIDERS: Final[dict[str, Provider]] = {
    "youtube": Provider(
        name="YouTube",
        links=(
            r"(?:m\.|music\.)?youtube\.com/watch/?\?(?:[^#]*&)?v=(?P<id>[\w-]{11})(?:[&#].*)?",
            r"(?:m\.)?youtube(?:-nocookie)?\.com/(?:embed|live|shorts|v)/(?P<id>[\w-]{11})(?:[/?#].*)?",
            r"youtu\.be/(?P<id>[\w-]{11})(?:[/?#].*)?",
        ),
        id=r"[\w-]{11}",
        host="www.youtube-nocookie.com",
        frame=lambda number: f"https://www.youtube-nocookie.com/embed/{number}",
        shape="video",
    ),
    "vimeo": Provider(
        name="Vimeo",
        links=(
            r"vimeo\.com/(?:channels/[\w-]+/|groups/[\w-]+/videos/)?(?P<id>\d{4,12})(?:/(?P<more>[0-9a-f]{6,16}))?(?:[/?#].*)?",
            r"player\.vimeo\.com/video/(?P<id>\d{4,12})(?:\?(?:[^#]*&)?h=(?P<more>[0-9a-f]{6,16}))?(?:[/?&#].*)?",
        ),
        id=r"\d{4,12}(?:/[0-9a-f]{6,16})?",
        host="player.vimeo.com",
        frame=_vimeo,
        shape="video",
    ),
    "x": Provider(
        name="X",
        links=(r"(?:mobile\.)?(?:x|twitter)\.com/(?:i/web|\w{1,20})/status(?:es)?/(?P<id>\d{1,20})(?:[/?#].*)?",),
        id=r"\d{1,20}",
        host="platform.twitter.com",
        frame=lambda number: f"https://platform.twitter.com/embed/Tweet.html?id={number}&dnt=true",
        shape="post",
    ),
    "bluesky": Provider(
        name="Bluesky",
        links=(
            rf"bsky\.app/profile/(?P<id>did:plc:[a-z2-7]{{24}}|{_HOST})/post/(?P<more>[a-z0-9]{{8,16}})(?:[/?#].*)?",
        ),
        id=rf"(?:did:plc:[a-z2-7]{{24}}|{_HOST})/[a-z0-9]{{8,16}}",
        host="embed.bsky.app",
        frame=_bluesky,
        shape="post",
    ),
    "datawrapper": Provider(
        name="Datawrapper",
        links=(
            r"datawrapper\.dwcdn\.net/(?P<id>[A-Za-z0-9]{5})(?:[/?#].*)?",
            r"datawrapper\.de/_/(?P<id>[A-Za-z0-9]{5})(?:[/?#].*)?",
        ),
        id=r"[A-Za-z0-9]{5}",
        host="datawrapper.dwcdn.net",
        frame=lambda number: f"https://datawrapper.dwcdn.net/{number}/",
        shape="chart",
    ),
    "soundcloud": Provider(
        name="SoundCloud",
        links=(r"(?:m\.)?soundcloud\.com/(?P<id>[\w-]{1,60}/(?:sets/)?[\w-]{1,200})(?:[/?#].*)?",),
        id=r"[\w-]{1,60}/(?:sets/)?[\w-]{1,200}",
        host="w.soundcloud.com",
        frame=lambda number: (
            f"https://w.soundcloud.com/player/?visual=false&url={quote(f'https://soundcloud.com/{number}', safe='')}"
        ),
        shape="player",
    ),
    # The last: any host may be an instance.
    "mastodon": Provider(
        name="Mastodon",
        links=(rf"(?P<id>{_HOST}/@\w{{1,60}}(?:@{_HOST})?/\d{{6,20}})(?:[/?#].*)?",),
        id=rf"{_HOST}/@\w{{1,60}}(?:@{_HOST})?/\d{{6,20}}",
        host="",
        frame=lambda number: f"https://{number}/embed",
        shape="post",
    ),
}
NAMES: Final = (*PROVIDERS, CARD)


def recognise(url: str) -> Embed | None:
    """What a pasted link shows: an embed of a provider, a card for any other page; None for what is no web address."""
    parts = _split(url)
    if parts is None:
        return None
    address = _bare(parts)
    for provider, known in PROVIDERS.items():
        for pattern in known.links:
            if match := re.fullmatch(pattern, address, re.ASCII):
                return Embed(provider, "/".join(filter(None, match.groupdict().values())))
    return Embed(CARD)


def frame_address(embed: Embed, mastodon_hosts: Collection[str] = ()) -> str | None:
    """The address of the frame, or None where there is none: a card, or an instance that the operator has not named."""
    provider = PROVIDERS.get(embed.provider)
    if provider is None or not re.fullmatch(provider.id, embed.id, re.ASCII):
        return None
    if not provider.host and embed.id.partition("/")[0] not in mastodon_hosts:
        return None
    return provider.frame(embed.id)


def frame_sources(mastodon_hosts: Collection[str] = ()) -> list[str]:
    """Whence frames may come, for the policy's frame-src."""
    hosts = [provider.host for provider in PROVIDERS.values() if provider.host]
    return [f"https://{host}" for host in [*hosts, *mastodon_hosts]]


def name_of(embed: Embed, link: str) -> str:
    """What people call the place: the provider, or the host of the link."""
    if known := PROVIDERS.get(embed.provider):
        return known.name
    parts = _split(link)
    return parts.netloc.lower().removeprefix("www.") if parts else str(_("another site"))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
        named = parts.hostname and "." in parts.hostname and "@" not in parts.netloc
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return None
    return parts if named and parts.scheme in {"http", "https"} else None


def _bare(parts: SplitResult) -> str:
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443")
    return host + parts.path + (f"?{parts.query}" if parts.query else "")
