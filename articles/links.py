"""Do the links of a piece answer? Asked from our server, which must not be led into its own network by them.

An address that an editor pastes, or that a stranger's site redirects to, can name the server's own machine, its
neighbours or its cloud's metadata service (server-side request forgery, CWE-918). So each name is looked up here, what
it stands for is judged by `is_public`, and the connection goes to exactly the address that was judged: a name that
changes its mind between (DNS rebinding) gains nothing. Each redirect is a new address and is judged anew.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from queue import Empty, SimpleQueue
from string import punctuation
from threading import Thread
from typing import Any, Final, Literal, cast
from urllib.parse import quote, urljoin, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.html import TOKEN

MOST = 200  # links asked in one go
MAX_REDIRECTS = 5
MAX_BYTES = 64 * 1024  # read of an answer, of which only the head is wanted
MAX_LENGTH = 4096  # characters of an address
PORTS: Final = frozenset({80, 443, 8080, 8443})
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
HEADERS: Final = {
    "User-Agent": "magazine-cms link check (asks whether a page we link to is still there)",
    "Accept": "*/*",
    "Connection": "close",
}

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ASK_AGAIN: Final = frozenset({400, 403, 404, 405, 500, 501, 503})
"""What servers say to HEAD when they know only GET."""
SHY: Final = frozenset({401, 403, 405, 429, 999})
"""The page is there, but not for programs (999 is LinkedIn's)."""

State = Literal["answers", "refuses", "fails", "unsure", "not asked"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GONE = _("there is no such page")
REFUSED = _("the server refuses to show it")
NOT_FOR_PROGRAMS = _("the server does not talk to programs; open it yourself")
TOO_MANY_REDIRECTS = _("it leads from one address to the next; open it yourself")
FAULT_OF_SERVER = _("the server has a fault")
NO_SUCH_NAME = _("there is no server of that name")
NO_ANSWER = _("the server did not answer in time")
BAD_CERTIFICATE = _("the server cannot prove that it is the one named (its certificate is not valid)")
OUT_OF_REACH = _("the server cannot be reached")
NONSENSE = _("the server answers something that is no web page")
NOT_AN_ADDRESS = _("this is not a web address")
ODD_PORT = _("the address names an unusual port")
NOT_PUBLIC = _("the address is not on the public internet")
OUT_OF_TIME = _("there was no time left to ask")
OVER_BUDGET = _("there are more links than are asked in one go")


@dataclass(frozen=True)
class Answer:
    """What became of one address; `status` is HTTP's where a server said one, `reason` half a sentence for people.

    "answers"; "refuses" (4xx); "fails" (no such server, no answer, 5xx); "unsure" (the page may be
    there, but not for programs); "not asked" (not a public web address, or no time for it).
    """

    address: str
    state: State
    status: int | None = None
    reason: str | Promise = ""

    @property
    def is_dead(self) -> bool:
        return self.state in {"refuses", "fails"}


# Which addresses are public. Written out, for Python's own `is_global` differs from version to version.

_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            # IANA's special-purpose registry for IPv4 (RFC 6890), multicast and reserved
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
            *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
            "168.63.129.16/32",  # Azure's way to its own machines, in the midst of public addresses
            # and for IPv6, inside global unicast: Teredo and its neighbours, documentation, 6to4
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet means the same machine by it. IPv4 written inside IPv6 never is (RFC 4291)."""
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _NOT_PUBLIC)


def look_up(host: str, port: int) -> list[str]:
    """The addresses a name stands for, as the system resolves it; OSError where it stands for none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Reach:
    """How far we reach. Tests reach a server of their own; the site has no other than the default."""

    resolve: Callable[[str, int], list[str]] = look_up
    allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] = PORTS
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


THE_INTERNET: Final = Reach()


# The links of a piece, and the answers to all of them

_HREF = re.compile(r' href="([^"]*)"')
_ELSEWHERE = re.compile(r"(https?:)?//", re.IGNORECASE)


def addresses_in(html: str) -> list[str]:
    """The http and https addresses that stored HTML links to, each once, in order.

    Mail, telephones and our own pages (relative links) are left out. `//host/…` is given as it is written.
    """
    starts = (token[0] for token in TOKEN.finditer(html) if token["tag"] == "a" and not token["end"])
    found = (unescape(href[1]) for start in starts if (href := _HREF.search(start)))
    return list(dict.fromkeys(address for address in found if _ELSEWHERE.match(address)))


def check(
    addresses: Iterable[str], *, timeout: float = 5, at_once: int = 8, in_all: float = 12, reach: Reach = THE_INTERNET
) -> dict[str, Answer]:
    """An answer to each address, in order; never raises for any string.

    `timeout` is the seconds for one question to one server, `in_all` those for everything: then it returns, whatever
    servers do. The threads are daemons and stop by themselves, so nothing has to be waited for at exit.
    """
    every = list(dict.fromkeys(addresses))
    asked, spared = every[:MOST], every[MOST:]
    answers = {address: Answer(address, "not asked", reason=OUT_OF_TIME) for address in asked}
    answers |= {address: Answer(address, "not asked", reason=OVER_BUDGET) for address in spared}
    caller = _Caller(reach, timeout, ends=time.monotonic() + in_all)
    waiting: SimpleQueue[str] = SimpleQueue()
    answered: SimpleQueue[Answer] = SimpleQueue()
    for address in asked:
        waiting.put(address)
    for _number in range(min(at_once, len(asked))):
        Thread(target=_work, args=(caller, waiting, answered), name="link check", daemon=True).start()
    for answer in _until(caller.ends, answered, len(asked)):
        answers[answer.address] = answer
    return answers


def _until(ends: float, answered: "SimpleQueue[Answer]", count: int) -> Iterable[Answer]:
    for _number in range(count):
        try:
            yield answered.get(timeout=max(0, ends - time.monotonic()))
        except Empty:
            return


def _work(caller: "_Caller", waiting: "SimpleQueue[str]", answered: "SimpleQueue[Answer]") -> None:
    while time.monotonic() < caller.ends:
        try:
            address = waiting.get_nowait()
        except Empty:
            return
        answered.put(caller.answer(address))


# One address


class _Unasked(Exception):
    """We do not ask this address; the argument says why."""


@dataclass(frozen=True)
class _Hop:
    """An address taken apart: the given one, or one that it redirects to."""

    url: str
    is_tls: bool
    host: str
    port: int
    target: str  # path and query, in ASCII

    @property
    def netloc(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS["https" if self.is_tls else "http"] else f"{host}:{self.port}"


_HOST = re.compile(r"[a-z0-9_.:-]+")


def _hop(url: str, ports: frozenset[int]) -> _Hop:
    """Strict: a host that browsers read in another way than urlsplit (a name before @, a backslash) is not asked."""
    url = f"https:{url}" if url.startswith("//") else url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode().lower()
        default = DEFAULT_PORTS.get(parts.scheme)
        port = parts.port if parts.port is not None else default
        target = _ascii(parts.path or "/") + (f"?{_ascii(parts.query)}" if parts.query else "")
    except ValueError:
        raise _Unasked(NOT_AN_ADDRESS)
    odd = len(url) > MAX_LENGTH or "@" in parts.netloc or not _HOST.fullmatch(host)
    if odd or port is None or default is None:
        raise _Unasked(NOT_AN_ADDRESS)
    if port not in ports:
        raise _Unasked(ODD_PORT)
    return _Hop(url, parts.scheme == "https", host, port, target)


def _ascii(text: str, encoding: str = "utf-8") -> str:
    """With spaces, controls and what is not ASCII percent-encoded; what is so already stays."""
    return quote(text, safe=punctuation, encoding=encoding)


FAULTS: Final[tuple[tuple[type[Exception], Any], ...]] = (
    (socket.gaierror, NO_SUCH_NAME),
    (TimeoutError, NO_ANSWER),
    (ssl.SSLCertVerificationError, BAD_CERTIFICATE),
    (OSError, OUT_OF_REACH),
    (http.client.HTTPException, NONSENSE),
    (ValueError, NONSENSE),
)
"""All that asking raises, the first that fits."""


@dataclass(frozen=True)
class _Caller:
    """Who asks: how far, how long for each question, and until when (on the monotonic clock)."""

    reach: Reach
    timeout: float
    ends: float

    @cached_property
    def tls(self) -> ssl.SSLContext:
        return self.reach.tls()

    def answer(self, address: str) -> Answer:
        try:
            return self._followed(address)
        except _Unasked as why:
            return Answer(address, "not asked", reason=why.args[0])
        except tuple(kind for kind, _reason in FAULTS) as fault:
            if isinstance(fault, TimeoutError) and time.monotonic() >= self.ends:
                return Answer(address, "not asked", reason=OUT_OF_TIME)
            return Answer(address, "fails", reason=next(why for kind, why in FAULTS if isinstance(fault, kind)))

    def _followed(self, address: str) -> Answer:
        url = address
        for _number in range(MAX_REDIRECTS + 1):
            hop = _hop(url, self.reach.ports)
            status, location = self._status(hop)
            if status not in REDIRECTS or not location:
                return _judged(address, status)
            url = urljoin(hop.url, location)
        return Answer(address, "unsure", status, TOO_MANY_REDIRECTS)  # a browser with cookies may come through

    def _status(self, hop: _Hop) -> tuple[int, str]:
        found = [ipaddress.ip_address(each) for each in self.reach.resolve(hop.host, hop.port)]
        public = [each for each in found if self.reach.allowed(each)]
        if not public:
            raise _Unasked(NOT_PUBLIC)
        status, location = self._asked("HEAD", hop, public)
        return self._asked("GET", hop, public) if status in ASK_AGAIN else (status, location)

    def _asked(self, method: str, hop: _Hop, public: list[Address]) -> tuple[int, str]:
        """The status and where it redirects to. Of a page itself nothing is read."""
        tls = self.tls if hop.is_tls else None
        with _Wire(public, hop, tls, deadline=min(time.monotonic() + self.timeout, self.ends)) as wire:
            connection = http.client.HTTPConnection(hop.host, hop.port)
            connection.sock = wire
            connection.request(method, hop.target, headers=HEADERS | {"Host": hop.netloc})
            # Not by connection.getresponse, which would close the wire under the response.
            with http.client.HTTPResponse(cast(Any, wire), method=method) as response:
                response.begin()
                # Servers send UTF-8 here and http.client reads Latin-1; the bytes are what counts.
                return response.status, _ascii(response.getheader("Location", ""), "latin-1")


def _judged(address: str, status: int) -> Answer:
    if status in SHY:
        return Answer(address, "unsure", status, NOT_FOR_PROGRAMS)
    if status >= 500:
        return Answer(address, "fails", status, FAULT_OF_SERVER)
    if status >= 400:
        return Answer(address, "refuses", status, GONE if status in {404, 410} else REFUSED)
    return Answer(address, "answers", status)


class _Wire(io.RawIOBase):
    """A connection to addresses already judged, with a deadline and a bound: who drips, or never ends, gains nothing.

    It has what http.client asks of a socket. The name of the host is used for TLS only, never to connect.
    """

    def __init__(self, addresses: list[Address], hop: _Hop, tls: ssl.SSLContext | None, deadline: float) -> None:
        super().__init__()
        self.deadline = deadline
        self.left = MAX_BYTES
        self.socket = self._connected(addresses, hop.port)
        if tls:
            self.socket.settimeout(self._seconds())
            self.socket = tls.wrap_socket(self.socket, server_hostname=hop.host)

    def _connected(self, addresses: list[Address], port: int) -> socket.socket:
        """To the first that takes the call; each has its share of the time."""
        fault: OSError | None = None
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            channel = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
            try:
                channel.settimeout(self._seconds() / left)
                channel.connect((str(address), port))
                return channel
            except OSError as error:
                channel.close()
                fault = error
        raise fault or OSError

    def _seconds(self) -> float:
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.socket.settimeout(self._seconds())
        count = self.socket.recv_into(memoryview(buffer)[: self.left]) if self.left else 0
        self.left -= count
        return count

    def sendall(self, data: bytes) -> None:
        self.socket.settimeout(self._seconds())
        self.socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        if "socket" in vars(self):  # not where connecting failed
            self.socket.close()
        super().close()
