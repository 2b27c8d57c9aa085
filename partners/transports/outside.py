"""Asking servers of others over HTTPS, and never one of our own network that they name in their place."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from partners.transports import addresses
from partners.transports.addresses import HostUnknown
from partners.transports.identities import ProviderUnreachable

PATIENCE = 4.0  # seconds for a connection, and again for each part of an answer
DEADLINE = 10.0  # seconds for the whole answer
MOST_BYTES = 1_000_000


def get_json(url: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address. Raises ProviderUnreachable."""
    return ask("GET", url, headers=headers or {}, body=None)


def post_form(url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object that answers a form. Raises ProviderUnreachable."""
    told = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return ask("POST", url, headers=told, body=urlencode(fields))


def ask(method: str, url: str, *, headers: Mapping[str, str], body: str | None) -> dict[str, Any]:
    parts = address_in(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    told = {"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity", **headers}
    with pool(parts) as connections:
        try:
            answer = connections.urlopen(
                method, target, body=body, headers=told, redirect=False, retries=False, preload_content=False
            )
            content = read(answer)
        except (HTTPError, OSError) as error:
            raise ProviderUnreachable(f"{parts.hostname} does not answer: {type(error).__name__}") from error
    if answer.status != 200:
        raise ProviderUnreachable(f"{parts.hostname} answered {answer.status} at {parts.path}")
    try:
        found = json.loads(content)
    except ValueError as error:
        raise ProviderUnreachable(f"{parts.hostname} answered no JSON at {parts.path}") from error
    if not isinstance(found, dict):
        raise ProviderUnreachable(f"{parts.hostname} answered no JSON object at {parts.path}")
    return found


def address_in(url: str) -> SplitResult:
    """The parts of an address that may be asked. Raises ProviderUnreachable."""
    try:
        parts = urlsplit(url)
        is_readable = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        is_readable = False
    if not is_readable:
        raise ProviderUnreachable("an address cannot be read")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_inside(parts)):
        raise ProviderUnreachable(f"{parts.hostname} is not asked without HTTPS")
    return parts


def is_inside(parts: SplitResult) -> bool:
    """Named by whoever runs the installation as a provider of the own network."""
    return parts.hostname in settings.IDENTITY_HOSTS_INSIDE


def pool(parts: SplitResult) -> HTTPConnectionPool:
    """Connections to the very address that was looked up and checked: a name that changes its mind changes nothing."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = addresses.behind(parts.hostname or "", port)
    except HostUnknown as unknown:
        raise ProviderUnreachable(f"{parts.hostname} is unknown") from unknown
    if not is_inside(parts) and not all(addresses.is_public(one) for one in found):
        raise ProviderUnreachable(f"{parts.hostname} is no public address")
    if parts.scheme == "http":
        return HTTPConnectionPool(found[0], port, timeout=PATIENCE, maxsize=1)
    return HTTPSConnectionPool(
        found[0],
        port,
        timeout=PATIENCE,
        maxsize=1,
        ssl_context=addresses.trust(),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


def read(answer: BaseHTTPResponse) -> bytes:
    """The whole answer, unless it is too long or comes in drops."""
    content = bytearray()
    until = time.monotonic() + DEADLINE
    while part := answer.read1(65_536):
        content += part
        if len(content) > MOST_BYTES or time.monotonic() > until:
            raise HTTPError("too long")
    return bytes(content)
