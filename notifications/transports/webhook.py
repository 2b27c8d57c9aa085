"""Events posted to addresses that partners chose: never into our own network, and never for long."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from notifications.errors import CallbackNotAccepted
from notifications.payloads import Letter, Outcome
from partners.transports import addresses
from partners.transports.addresses import HostUnknown

DEADLINE = 15.0  # seconds for all of it
PATIENCE = httpx.Timeout(DEADLINE, connect=5.0)
MOST_READ = 2_000  # bytes of an answer
LONGEST_WAIT = timedelta(hours=24)  # that an endpoint may ask for
GONE = 410
PORTS = {"https": 443, "http": 80}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WebhookTransport:
    """Posts each letter by itself; one endpoint's silence is no other's."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return [post(letter) for letter in letters]


def post(letter: Letter) -> Outcome:
    """What became of one letter; whatever the other side does ends within the deadline."""
    try:
        parts = parts_of(letter.recipient)
        address = reached(parts)
        return asyncio.run(told(letter, parts, address))
    except CallbackNotAccepted as refusal:
        return Outcome(key=letter.key, error=str(refusal))
    except TimeoutError:
        return Outcome(key=letter.key, error=f"No answer within {DEADLINE:.0f} seconds")
    except httpx.ConnectTimeout:
        return Outcome(key=letter.key, error=f"No connection within {PATIENCE.connect:.0f} seconds")
    except httpx.ConnectError as failure:
        return Outcome(key=letter.key, error=f"No connection: {failure}")
    except (httpx.HTTPError, OSError) as failure:
        return Outcome(key=letter.key, error=f"{type(failure).__name__}: {failure}".rstrip(": "))


async def told(letter: Letter, parts: SplitResult, address: str) -> Outcome:
    """Connects to the very address that was checked: a name that changes its mind changes nothing."""
    host = f"[{address}]" if ":" in address else address
    url = urlunsplit((parts.scheme, f"{host}:{port_of(parts)}", parts.path or "/", parts.query, ""))
    headers = {**letter.headers, "Host": parts.netloc}
    async with (
        asyncio.timeout(DEADLINE),
        # trust_env: no proxy of the environment decides where it goes
        httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=addresses.trust()) as client,
        client.stream(
            "POST", url, content=letter.text.encode(), headers=headers, extensions={"sni_hostname": parts.hostname}
        ) as answer,
    ):
        content = bytearray()
        async for part in answer.aiter_raw():
            content += part
            if len(content) >= MOST_READ:
                break
        return outcome_of(letter.key, answer.status_code, answer.headers, bytes(content[:MOST_READ]))


def outcome_of(key: int, code: int, headers: Mapping[str, str], content: bytes) -> Outcome:
    """2xx is success and nothing else is; a redirect is not followed."""
    answer = UNPRINTABLE.sub("", content.decode("utf-8", "replace"))
    if 200 <= code < 300:
        return Outcome(key=key, code=code, answer=answer)
    if code == GONE:
        return Outcome(
            key=key,
            code=code,
            answer=answer,
            error="The answer was 410: the endpoint is gone",
            is_final=True,
            is_gone=True,
        )
    error = f"The answer was {code}" + (", a redirect: it is not followed" if 300 <= code < 400 else "")
    return Outcome(key=key, code=code, answer=answer, error=error, wait=wait_in(headers.get("Retry-After", "")))


def wait_in(told: str) -> timedelta | None:
    """How long `Retry-After` asks to wait, in seconds or until a date; a day at most."""
    told = told.strip()
    if told.isascii() and told.isdigit() and len(told) < 10:
        return min(timedelta(seconds=max(int(told), 1)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    left = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(left, timedelta(seconds=1)), LONGEST_WAIT)


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
