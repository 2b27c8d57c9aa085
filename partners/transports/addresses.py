"""Where a name leads: never into our own network when somebody outside may choose it."""

import ipaddress
import socket
import ssl
from functools import cache

import certifi

# what leads to an inner address in the disguise of a public one, or is reachable inside only
DISGUISES = tuple(
    ipaddress.ip_network(net)
    for net in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
)


class HostUnknown(Exception):
    """No address belongs to the name."""


def behind(host: str, port: int, *, flags: int = 0) -> list[str]:
    """The addresses of a host, looked up once; also of one that is written as a number. Raises HostUnknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(host) from error
    return [str(address[0]) for *_, address in found]


def written_in(host: str) -> list[str]:
    """The address that a host is itself, in whatever notation a resolver reads (127.1, 2130706433, 0x7f.1); else none.

    Asks nobody.
    """
    try:
        return behind(host, 0, flags=socket.AI_NUMERICHOST)
    except HostUnknown:
        return []


def is_public(text: str) -> bool:
    """An address of the internet, and none that leads back to an inner one in disguise."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in DISGUISES):
            return False
    return address.is_global and not address.is_multicast


def is_loopback(text: str) -> bool:
    """An address of this very machine."""
    return ipaddress.ip_address(text.partition("%")[0]).is_loopback


@cache
def trust() -> ssl.SSLContext:
    """The authorities of the system (SSL_CERT_FILE names others) and those of Mozilla."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
