"""Lines of server-sent events: who may have one, what it says, and when it ends."""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from config.live.admission import Admitted, admit
from config.live.feed import EVERYTHING, Feed, Listener, Signal, closing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ADDRESS = re.compile(r"/live/(?:interactions/BPI-([0-9]{7,18})|queue)/")
ALIVE_EVERY = 15.0  # seconds: proxies close lines on which nothing is said
ASKED_AGAIN_EVERY = 30.0  # seconds: whoever was signed out hears nothing more
RETRY_MS = 3000
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
}

feed = Feed()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live_and_die(receive, send)
    elif scope["type"] == "http":
        await answer(scope, receive, send)


async def live_and_die(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Let somebody listen, or say why not; a page that is refused asks for news now and then instead."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin", "")
    address = ADDRESS.fullmatch(scope["path"])
    if address is None or scope["method"] != "GET":
        return await refuse(send, 404)
    if origin and origin != settings.BASE_URL:
        return await refuse(send, 403)
    cookies, number = headers.get("cookie", ""), int(address[1] or EVERYTHING)
    if number >= 2**63 or await feed.ask(closing(admit), cookies, number) is None:
        return await refuse(send, 403)
    shared = {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"} if origin else {}
    await begin(send, 200, HEADERS | shared)
    listener = await feed.join(number)
    speaking = asyncio.create_task(speak(send, listener, seen_in(scope, headers), cookies))
    try:
        await until_gone(receive, speaking)
    finally:
        feed.leave(listener)
        speaking.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await speaking
    return None


def seen_in(scope: Scope, headers: MutableMapping[str, str]) -> int:
    """How long the record was when the page last looked: what a line that was lost told, or the address."""
    asked = re.search(r"(?:^|&)seen=([0-9]{1,18})(?:&|$)", scope["query_string"].decode("latin-1"))
    told = headers.get("last-event-id", "")
    return max(int(told) if told.isdigit() and len(told) < 19 else 0, int(asked[1]) if asked else 0)


async def until_gone(receive: Receive, speaking: "asyncio.Task[None]") -> None:
    """Wait until the listener hangs up, or there is nothing more to say to it."""
    leaving = asyncio.create_task(hang_up(receive))
    await asyncio.wait({leaving, speaking}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()


async def hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def speak(send: Send, listener: Listener, seen: int, cookies: str) -> None:
    """Signals as they come. What happened before the listener joined is told at once: nothing lies in between."""
    await write(send, f"retry: {RETRY_MS}\n\n")
    again: Admitted | None = await feed.ask(closing(admit), cookies, listener.interaction_id)
    if again is not None and again.length > seen:
        await write(send, event(Signal(kind="changed"), again.length))
    asked_at = asyncio.get_running_loop().time()
    while again is not None and not listener.is_lost:
        signal = await next_signal(listener)
        is_time = asyncio.get_running_loop().time() - asked_at > ASKED_AGAIN_EVERY
        if is_time or (signal and signal.kind == "changed" and listener.interaction_id != EVERYTHING):
            again = await feed.ask(closing(admit), cookies, listener.interaction_id)
            asked_at = asyncio.get_running_loop().time()
        if again is not None:
            await write(send, event(signal, again.length) if signal else ": still here\n\n")
    await send({"type": "http.response.body", "body": b"event: over\ndata: {}\n\n", "more_body": False})


async def next_signal(listener: Listener) -> Signal | None:
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(listener.waiting.get(), ALIVE_EVERY)
    return None


def event(signal: Signal, length: int) -> str:
    """One event; its id is how long the record was, by which a page that was cut off is told what it missed."""
    told = {"by": signal.by, "where": list(signal.where)}
    return f"event: {signal.kind}\nid: {length}\ndata: {json.dumps(told)}\n\n"


async def begin(send: Send, status: int, headers: MutableMapping[str, str]) -> None:
    told = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": told})


async def write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def refuse(send: Send, status: int) -> None:
    await begin(send, status, {"content-type": "text/plain", "cache-control": "no-store"})
    await send({"type": "http.response.body", "body": b""})
