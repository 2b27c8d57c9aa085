"""What is measured. A case yields rows for the table."""

import argparse
import base64
import http.client
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.utils import timezone

from interactions.domain import conversation, timeline, watch
from interactions.domain.conversation import Saying
from interactions.domain.sentences import Names
from interactions.enums import Side
from interactions.models import Clock, Interaction
from notifications.domain import deliveries, relay
from notifications.models import Delivery
from notifications.transports import null
from partners.domain import access
from partners.enums import ActorKind, Channel
from partners.models import OutboxMessage
from partners.payloads import SYSTEM, Actor
from tests.benchmarks import effort, installation, load, pairs
from tests.benchmarks.installation import Web, World
from tests.benchmarks.load import Make, Request
from tests.benchmarks.painting import painting
from tests.benchmarks.table import Row

API = "/tmf-api/partyInteraction/v4/partyInteraction"
ITEMS = 500
Case = Callable[[World, Web, argparse.Namespace], Iterator[Row]]


def token(world: World, web: Web) -> str:
    """An access token, as a partner's system gets one."""
    basic = base64.b64encode(f"{world.client_id}:{world.client_secret}".encode()).decode()
    connection = http.client.HTTPConnection(web.host, web.port, timeout=30)
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/identity/o/api/token", "grant_type=client_credentials", headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"no token: {answer.status} {body[:300]!r}")
    return str(json.loads(body)["access_token"])


def measure(name: str, make: Make, web: Web, arguments: argparse.Namespace, note: str = "") -> Row:
    def run(seconds: float) -> load.Result:
        return load.run(make, host=web.host, port=web.port, connections=arguments.connections, seconds=seconds)

    run(1.0)  # the first requests of a process compile its templates and fill its caches
    before = effort.spent(web.pid, web.database_pid)
    result = run(arguments.seconds)
    cost = effort.spent(web.pid, web.database_pid).since(before)
    return Row(case=name, per_second=result.per_second, latencies=result.latencies, effort=cost, note=note)


def as_machine(world: World, web: Web) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(world, web)}", "Accept": "application/json"}


def create(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    headers = as_machine(world, web) | {"Content-Type": "application/json"}
    run = time.time_ns()

    def make(number: int) -> Request:
        body = {
            "channel": [{"id": "api"}],
            "direction": "inbound",
            "reason": f"Port {number} at the handover point is down",
            "description": "No light since this morning. Please check the patch panel and tell us when it is restored.",
        }
        once = {"Idempotency-Key": f"{run}-{number}"}
        return Request(method="POST", path=API, headers=headers | once, body=json.dumps(body).encode(), good=(201,))

    yield measure("API create", make, web, arguments, "with record, promises, outbox, Idempotency-Key")


def list(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:  # noqa: A001  the case's name
    headers = as_machine(world, web)
    yield measure(
        "API list of 20", lambda _: Request(method="GET", path=f"{API}?limit=20", headers=headers), web, arguments
    )
    yield measure(
        "API list of 20, filtered",
        lambda _: Request(method="GET", path=f"{API}?limit=20&status=inProgress", headers=headers),
        web,
        arguments,
    )


def read(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    headers = as_machine(world, web)

    def make(number: int) -> Request:
        return Request(method="GET", path=f"{API}/{world.numbers[number % len(world.numbers)]}", headers=headers)

    yield measure("API read of one", make, web, arguments)


def pages(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    headers = {"Cookie": f"__Host-session={world.session}"}

    def one(number: int) -> Request:
        return Request(
            method="GET", path=f"/console/interactions/{world.numbers[number % len(world.numbers)]}/", headers=headers
        )

    yield measure("Queue page", asked("/console/queue/", headers), web, arguments)
    yield measure("My work", asked("/console/work/", headers), web, arguments)
    yield measure("Interaction page", one, web, arguments)


def search(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """Words that are common, that stand together oftener than by chance, that are rare, and that are nowhere."""
    headers = {"Cookie": f"__Host-session={world.session}"}
    for words in ("invoice", "running on battery", "FRA-002 259", "BPI-0000200", "no such words anywhere"):
        yield measure(f"Search “{words}”", asked(f"/console/search/?q={quote(words)}", headers), web, arguments)
    narrow = f"/console/search/?q=invoice&status=waiting&period=year&partner={world.partner_id}"
    yield measure("Search “invoice”, narrowed", asked(narrow, headers), web, arguments)


def long_matter(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """A matter in which five hundred things were said: the newest at once, earlier ones when they are asked for."""
    matter = Interaction.objects.get(pk=int(world.numbers[0].removeprefix("BPI-")))
    said = Saying(text="We looked at it again; the port is still dark. " * 4, side=Side.ENTERPRISE, channel=Channel.WEB)
    for _ in range(ITEMS - matter.items.count()):
        conversation.say(matter, said, actor=SYSTEM, at=timezone.now())
    headers = {"Cookie": f"__Host-session={world.session}"}
    path = f"/console/interactions/{matter.number}/"
    yield measure(f"Interaction of {ITEMS} items", asked(path, headers), web, arguments)
    newest = timeline.build(matter, Names(), actor=Actor(kind=ActorKind.REPRESENTATIVE, permissions=access.EVERYDAY))
    older = asked(f"{path}?before={newest.earlier}", headers | {"HX-Request": "true", "HX-Target": "earlier"})
    yield measure(f"Interaction of {ITEMS} items, earlier ones", older, web, arguments)


def asked(path: str, headers: dict[str, str]) -> Make:
    return lambda _: Request(method="GET", path=path, headers=headers, good=(200, 206, 302))  # a number leads on


def fence(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """What the fence in the database costs: the same pages without it, in turns on the same machine and data."""
    rosa, paul = ({"Cookie": f"__Host-session={key}"} for key in (world.session, world.partner_session))
    machine = as_machine(world, web)
    pages = {
        "Queue page": asked("/console/queue/", rosa),
        "Search of representatives": asked("/console/search/?q=invoice", rosa),
        "API list of 20": asked(f"{API}?limit=20", machine),
        "API list of 20, filtered": asked(f"{API}?limit=20&status=inProgress", machine),
        "API read of one": asked(f"{API}/{world.numbers[0]}", machine),
        "Portal list": asked("/portal/interactions/", paul),
        "Portal search": asked("/portal/interactions/?q=invoice", paul),
    }
    with installation.web(web.folder, program="tests.benchmarks.unfenced", port=web.port + 1) as unfenced:
        for name, make in pages.items():
            yield pairs.measure(name, make, fenced=web, unfenced=unfenced, arguments=arguments)


def relaying(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """What the cases before left in the outbox: notices made, then sent to a transport that goes nowhere."""
    events = OutboxMessage.objects.count()
    before = Delivery.objects.count()
    started = time.monotonic()
    relay.relay_all(timezone.now())
    spent = time.monotonic() - started
    made = Delivery.objects.count() - before
    yield Row(case="Relay: notices made", per_second=made / spent, note=f"{events:,} events, {made:,} notices")
    started = time.monotonic()
    sent = deliveries.send_all(timezone.now(), null.NullTransport())
    spent = time.monotonic() - started
    yield Row(case="Relay: notices sent to nowhere", per_second=made / spent, note=f"{sent}")


def sweeping(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """The watch over promises: when nothing is due, and when a day's thresholds are due at once."""
    at, running = timezone.now(), Clock.objects.running().count()
    watch.sweep(at=at)  # what the cases before made due
    started = time.monotonic()
    watch.sweep(at=at)
    spent = time.monotonic() - started
    yield Row(
        case="Sweep, nothing due", per_second=1 / spent, note=f"{spent * 1000:.0f} ms, {running:,} running clocks"
    )
    started = time.monotonic()
    told = watch.sweep(at=at + timedelta(days=1))
    spent = time.monotonic() - started
    yield Row(
        case="Sweep: thresholds told", per_second=told / spent, note=f"{told:,} in {spent:.1f} s, with the record"
    )


def memory(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """Resident memory of each web process after the load."""
    children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
    sizes = [resident(int(pid)) for pid in children]
    yield Row(
        case="Web process, resident MB", per_second=max(sizes, default=0), note=", ".join(f"{s:.0f}" for s in sizes)
    )


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


ALL: tuple[Case, ...] = (list, read, pages, search, long_matter, fence, create, relaying, sweeping, painting, memory)
