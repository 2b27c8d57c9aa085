"""Events posted to addresses that partners chose: never into our own network, and never for long."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlunsplit

import httpx

from notifications.errors import CallbackNotAccepted
from notifications.payloads import Letter, Outcome
from notifications.transports import callbacks
from partners.transports import addresses

DEADLINE = 15.0  # seconds for all of it
PATIENCE = httpx.Timeout(DEADLINE, connect=5.0)
MOST_READ = 2_000  # bytes of an answer
LONGEST_WAIT = timedelta(hours=24)  # that an endpoint may ask for
GONE = 410
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WebhookTransport:
    """Posts each letter by itself; one endpoint's silence is no other's."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return [post(letter) for letter in letters]


def post(letter: Letter) -> Outcome:
    """What became of one letter; whatever the other side does ends within the deadline."""
    try:
        parts = callbacks.parts_of(letter.recipient)
        address = callbacks.reached(parts)
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
    url = urlunsplit((parts.scheme, f"{host}:{callbacks.port_of(parts)}", parts.path or "/", parts.query, ""))
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
