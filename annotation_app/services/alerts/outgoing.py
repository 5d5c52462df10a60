"""Posting to operator-listed hosts: resolved once, connected to that address, never redirected.

`ALERT_WEBHOOK_HOSTS` lists what the operator allows: `hooks.example.org` means its public addresses
over https on port 443, `hooks.example.org:8443` another port. An entry `private:hooks.internal` may
resolve to a private or local address and may use plain http; no other entry may.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from typing_extensions import override

from annotation_app.exceptions import InvalidInputError

PRIVATE = "private:"
PORTS = {"https": 443, "http": 80}
NO_ADDRESS = gettext_noop("Messages cannot be posted to this address.")
NAT64 = IPv6Network("64:ff9b::/96")
# Of all IPv6 addresses only these are routed in public. What Python calls global besides them
# (IPv4 in an IPv6 coat ::/96 and ::ffff:0:0:0/96, a network's own NAT64 64:ff9b:1::/48, the old
# site-local fec0::/10) may lead to the server itself or into its own network.
PUBLIC_IPV6 = IPv6Network("2000::/3")
RELAYS = IPv4Network("192.88.99.0/24")  # routers of the old 6to4, RFC 7526
ISATAP = (0x00005EFE, 0x02005EFE)  # the words before an IPv4 address, RFC 5214
UNQUOTED = "/:@!$&'()*+,;=~%"
TIMEOUT = 10.0  # seconds for connecting, and for each answer of the socket
DEADLINE = 30.0  # seconds for everything: an answer that drips is cut off


class DeliveryError(Exception):
    """A message that could not be handed over; the text says why."""


@dataclass(frozen=True)
class Target:
    """Where a message may go, as far as the address itself says.

    Attributes:
        host: name or address literal, in lower case.
        port: to connect to.
        path: with the query, in ASCII: other signs are written as percent codes of UTF-8.
        is_secure: https.
        may_be_private: whether the operator listed the host as private.
    """

    host: str
    port: int
    path: str
    is_secure: bool
    may_be_private: bool


def check_target(url: str) -> Target:
    """Return where an address points if the operator listed it.

    Raises:
        InvalidInputError: if the address is malformed, carries a login, is not https (unless the
            host is listed as private), or its host and port are not listed.
    """
    parts = _split(url)
    host, port = (parts.hostname or "").lower(), parts.port or PORTS[parts.scheme]
    name = f"[{host}]" if ":" in host else host
    wanted = name if port == PORTS[parts.scheme] else f"{name}:{port}"
    listed = {entry.strip().lower() for entry in settings.ALERT_WEBHOOK_HOSTS}
    is_private = f"{PRIVATE}{wanted}" in listed
    if not is_private and wanted not in listed:
        raise InvalidInputError(
            _("%(host)s is not on the operator's list of allowed hosts.") % {"host": wanted}
        )
    if parts.scheme != "https" and not is_private:
        raise InvalidInputError(_("Use an address that begins with https://."))
    path = _ascii(parts.path or "/") + (f"?{_ascii(parts.query, '?')}" if parts.query else "")
    return Target(host, port, path, parts.scheme == "https", is_private)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post a body and return the answer's status; a redirect is an answer like any other.

    Raises:
        InvalidInputError: if the address is not allowed (any more).
        DeliveryError: if the host's name has no allowed address, or it does not answer.
    """
    target = check_target(url)
    address = resolve(target)
    connection = _Pinned(target, address)
    deadline = Timer(DEADLINE, connection.cut)
    deadline.start()
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        raise DeliveryError(f"{type(error).__name__}: {error}") from error
    finally:
        deadline.cancel()
        connection.close()


def resolve(target: Target) -> str:
    """Resolve the host once, and return an address that may be connected to.

    Every address of the name must be allowed: a name that mixes public and private ones is suspect.

    Raises:
        DeliveryError: if there is none, or one is private though not listed so.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeliveryError(f"the host's name cannot be resolved: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not target.may_be_private and not all(_is_public(one) for one in addresses):
        raise DeliveryError("the host's name resolves to a private address")
    if not addresses:
        raise DeliveryError("the host's name cannot be resolved")
    return addresses[0]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise InvalidInputError(_(NO_ADDRESS)) from None
    if not known or "@" in parts.netloc or any(ord(sign) <= ord(" ") for sign in url):
        raise InvalidInputError(_(NO_ADDRESS))
    return parts


def _ascii(text: str, also: str = "") -> str:
    try:
        return quote(text, safe=UNQUOTED + also)
    except UnicodeEncodeError:  # half of a surrogate pair
        raise InvalidInputError(_(NO_ADDRESS)) from None


def _is_public(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return _is_public_ipv4(parsed)
    is_translated = parsed.ipv4_mapped is not None or parsed in NAT64
    if not is_translated and not (parsed in PUBLIC_IPV6 and parsed.is_global):
        return False
    return all(_is_public_ipv4(one) for one in _carried(parsed))


def _is_public_ipv4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address not in RELAYS


def _carried(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 one may be translated to."""
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or (int(address) >> 32) & 0xFFFF_FFFF in ISATAP:
        carried.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return [one for one in carried if one is not None]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address; a certificate must be that of the host's name."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT)
        self._target = target
        self._address = address

    @override
    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._target.port), TIMEOUT)
        if self._target.is_secure:
            secure = ssl.create_default_context()
            self.sock = secure.wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain

    def cut(self) -> None:
        """End what is going on; the waiting side sees the connection closed."""
        with suppress(AttributeError, OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
