"""The addresses that partners choose for their events: never one in our own network."""

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.errors import CallbackNotAccepted
from partners.transports import addresses
from partners.transports.addresses import HostUnknown

PORTS = {"https": 443, "http": 80}


def parts_of(callback: str) -> SplitResult:
    """The parts of an address that may be posted to, as far as it says so itself. Raises CallbackNotAccepted."""
    try:
        parts = urlsplit(callback)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise CallbackNotAccepted(_("This address cannot be read.")) from None
    if not host or port == 0 or not callback.isascii() or not callback.isprintable() or " " in callback:
        raise CallbackNotAccepted(_("This address cannot be read."))
    if "@" in parts.netloc:
        raise CallbackNotAccepted(_("An address with a name or password in it is not kept."))
    if parts.fragment:
        raise CallbackNotAccepted(_("Leave the part after # out."))
    numbers = addresses.written_in(host)
    is_own = settings.WEBHOOKS_TO_LOOPBACK and (
        all(addresses.is_loopback(one) for one in numbers) if numbers else host == "localhost"
    )
    if parts.scheme not in PORTS or (parts.scheme == "http" and not is_own):
        raise CallbackNotAccepted(_("An address begins with https://."))
    if not all(is_allowed(one) for one in numbers) or (host.rstrip(".") == "localhost" and not is_own):
        raise CallbackNotAccepted(_("This is no public address."))
    return parts


def reached(parts: SplitResult) -> str:
    """The address behind the name, looked up now and once; one inner address among several is enough to refuse."""
    try:
        found = addresses.behind(parts.hostname or "", port_of(parts))
    except HostUnknown:
        raise CallbackNotAccepted(_("This host is unknown.")) from None
    if not all(is_allowed(one) for one in found):
        raise CallbackNotAccepted(_("This is no public address."))
    return found[0]


def is_allowed(address: str) -> bool:
    is_own = settings.WEBHOOKS_TO_LOOPBACK and addresses.is_loopback(address)
    return is_own or addresses.is_public(address)


def port_of(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]
