"""Load over real connections, each kept alive: one loop over sockets, so that asking costs little of the machine."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

AT_ONCE = 1 << 18  # bytes read in one go


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request to make, and the statuses that count as an answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None = None
    good: Sequence[int] = (200, 201, 206)

    def written(self, host: str, port: int) -> bytes:
        """The bytes that go over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = self.body or b""
        if self.body is not None:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to: seconds per request, sorted, and how long the whole took."""

    latencies: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


Make = Callable[[int], Request]


@dataclass(kw_only=True)
class Connection:
    """One client: it asks, waits for the whole answer, and asks again."""

    link: socket.socket
    request: Request
    began: float
    received: bytearray = field(default_factory=bytearray)

    def ask(self, request: Request) -> None:
        self.request, self.began = request, time.monotonic()
        self.received.clear()
        self.link.sendall(request.written(*self.link.getpeername()))

    def read(self) -> bool:
        """Take what has arrived; whether the answer is complete. Raises RuntimeError for one that is no answer."""
        arrived = self.link.recv(AT_ONCE)
        if not arrived:
            raise RuntimeError(f"{self.request.method} {self.request.path}: the server hung up")
        self.received += arrived
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator or len(body) < length_in(head):
            return False
        status = int(head[9:12])
        if status not in self.request.good:
            raise RuntimeError(f"{self.request.method} {self.request.path} answered {status}: {bytes(body[:300])!r}")
        return True


def length_in(head: bytearray) -> int:
    lines = head.lower().split(b"\r\n")
    told = next((line[len(b"content-length:") :] for line in lines if line.startswith(b"content-length:")), None)
    if told is None:
        raise RuntimeError(f"an answer without Content-Length: {bytes(head)!r}")
    return int(told)


def run(make: Make, *, host: str, port: int, connections: int, seconds: float) -> Result:
    """Ask as fast as answers come, for so many seconds; raises RuntimeError at the first bad answer."""
    latencies: list[float] = []
    numbers = iter(range(10**9))
    started = time.monotonic()
    end = started + seconds
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            first = make(next(numbers))
            link = socket.create_connection((host, port), timeout=30)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(link=link, request=first, began=started)
            selector.register(link, selectors.EVENT_READ, connection)
            connection.ask(first)
        for connection in answered(selector):
            latencies.append(time.monotonic() - connection.began)
            if time.monotonic() < end:
                connection.ask(make(next(numbers)))
            else:
                selector.unregister(connection.link)
                connection.link.close()
    return Result(latencies=sorted(latencies), seconds=time.monotonic() - started)


def answered(selector: selectors.BaseSelector) -> Iterator[Connection]:
    """Each connection whose answer is complete, until none is left."""
    while selector.get_map():
        ready = selector.select(timeout=30)
        if not ready:
            raise RuntimeError("no answer within 30 seconds")
        for key, _events in ready:
            if key.data.read():
                yield key.data
