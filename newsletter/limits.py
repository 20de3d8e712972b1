"""How much one network, one address and everybody together may ask for, and what counts as one network.

What was asked for is counted in the rows of SignUp, in the database that all processes share: a cache may be each
process's own.
"""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

FROM_A_NETWORK: Final = 5
NETWORK_WINDOW: Final = timedelta(hours=1)

REST: Final = timedelta(minutes=10)
"""Between two mails to one address that somebody typed."""
A_DAY: Final = 3
DAY: Final = timedelta(hours=24)

WAVE_WINDOW: Final = timedelta(hours=1)
"""Within it, settings.SIGN_UPS_AN_HOUR for everybody together."""

NOT_ME_HOLDS: Final = timedelta(days=7)
"""Whoever says "this wasn't me" gets no such mail for so long."""

IPV6_BLOCK: Final = 64
"""What one line gets; within it a machine has as many addresses as it likes."""


def network_address(text: str) -> str:
    """The address of a peer as it is written in short; "" for what is none, as behind a socket of the machine's own."""
    found = _read(text)
    return "" if found is None else str(found)


def block_of(text: str) -> str:
    """The network that is limited: an IPv4 address itself, of an IPv6 address its /64; "" where there is none."""
    found = _read(text)
    if found is None or isinstance(found, IPv4Address):
        return "" if found is None else str(found)
    return str(ip_network((found, IPV6_BLOCK), strict=False))


def is_our_own(text: str) -> bool:
    """Whether it is an address of a machine or a house, which no reader on the internet has."""
    found = _read(text)
    return found is not None and (found.is_loopback or found.is_private)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Some proxies add a port, and a zone may follow an IPv6 address; IPv4 in IPv6's clothes is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
