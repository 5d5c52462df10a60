"""The address a request comes from: the connection's, or what a trusted proxy says of it."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNIX = "unix"  # in TRUSTED_PROXIES: peers that connect through a socket file
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - represents a peer without an address, in limits only
SHARED_BITS = 64  # of an IPv6 address: a household or a machine has all the rest to itself

Network = IPv4Network | IPv6Network


def client_address(request: HttpRequest) -> str:
    """The client's address, as text.

    If the connection comes from one of TRUSTED_PROXIES, the address is in the header
    CLIENT_ADDRESS_HEADER, to which each proxy appends its peer: with PROXY_COUNT proxies in a row,
    it is that many entries from the end. Any entries before it are the client's claim. The header
    of any other peer, or one that is too short or has no address there, is ignored in favour of the
    connection's address.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    told = request.headers.get(settings.CLIENT_ADDRESS_HEADER, "").split(",")
    count = settings.PROXY_COUNT
    if _is_trusted(peer) and len(told) >= count:
        found = _plain(told[-count])
        if found:
            return found
    return _plain(peer) or NO_ADDRESS


def address_key(address: str) -> str:
    """What of an address counts in limits: an IPv6 one shares them with its /64 network."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed) >> SHARED_BITS << SHARED_BITS, SHARED_BITS)))
    return address


def _is_trusted(peer: str) -> bool:
    trusted = settings.TRUSTED_PROXIES
    plain = _plain(peer)
    if not plain:
        return UNIX in trusted
    return any(ip_address(plain) in network for network in _networks(tuple(trusted)))


@lru_cache(maxsize=8)
def _networks(listed: tuple[str, ...]) -> list[Network]:
    return [ip_network(one) for one in listed if one != UNIX]


def _plain(text: str) -> str:
    """An address as one of its kind is written; empty for what is none. May carry a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
