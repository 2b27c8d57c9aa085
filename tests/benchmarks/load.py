"""Load over real connections: processes of threads, each with its own keep-alive connection."""

import http.client
import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PROCESSES = 2


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request to make, and the statuses that count as an answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None = None
    good: Sequence[int] = (200, 201, 206)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to: seconds per request, and how long the whole took."""

    latencies: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


Make = Callable[[int], Request]


def run(make: Make, *, host: str, port: int, connections: int, seconds: float) -> Result:
    """Ask as fast as answers come, for so many seconds; raises RuntimeError at the first bad answer."""
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[list[float] | str] = context.Queue()
    shares = [connections // PROCESSES + (number < connections % PROCESSES) for number in range(PROCESSES)]
    started = time.monotonic()
    processes = [
        context.Process(target=ask_in_threads, args=(make, host, port, share, number, seconds, results))
        for number, share in enumerate(shares)
        if share
    ]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    spent = time.monotonic() - started
    if bad := next((answer for answer in found if isinstance(answer, str)), None):
        raise RuntimeError(bad)
    return Result(latencies=sorted(itertools.chain(*found)), seconds=spent)  # type: ignore[arg-type]


def ask_in_threads(
    make: Make,
    host: str,
    port: int,
    threads: int,
    process: int,
    seconds: float,
    results: "multiprocessing.Queue[object]",
) -> None:
    latencies: list[float] = []
    bad: list[str] = []
    end = time.monotonic() + seconds

    def ask(thread: int) -> None:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        for turn in itertools.count():
            if time.monotonic() > end or bad:
                break
            request = make((turn * PROCESSES + process) * threads + thread)
            started = time.monotonic()
            connection.request(request.method, request.path, body=request.body, headers=request.headers)
            answer = connection.getresponse()
            body = answer.read()
            latencies.append(time.monotonic() - started)
            if answer.status not in request.good:
                bad.append(f"{request.method} {request.path} answered {answer.status}: {body[:300]!r}")
        connection.close()

    workers = [threading.Thread(target=ask, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    results.put(bad[0] if bad else latencies)
