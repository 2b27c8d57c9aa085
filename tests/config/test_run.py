"""`manage.py run`: the whole product as processes, on the test's own database and ports."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import processes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(committed_db: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Ports and files of its own; the demo data is said to be there, making it is another test."""
    (tmp_path / "demo.json").write_text(
        json.dumps(
            {"accounts": [{"kind": "representative", "email": "rosa@example.org", "password": "pw", "partner": None}]}
        )
    )
    ports = {"PORT": str(free_port()), "SMTP_PORT": str(free_port()), "LIVE_PORT": str(free_port())}
    return committed_db | ports | {"VAR_DIR": str(tmp_path)}


@contextmanager
def running(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "manage.py", "run"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        yield process
        process.kill()


def read_until(process: "subprocess.Popen[str]", word: str) -> str:
    text = ""
    assert process.stdout
    while word not in text:
        line = process.stdout.readline()
        assert line, f"ended before it said {word!r}:\n{text}"
        text += line
    return text


def family(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [grandchild for child in found for grandchild in family(child)]


def test_it_serves_and_ends_on_an_interrupt_with_all_its_processes(environment: dict[str, str]) -> None:
    began = time.monotonic()
    with running(environment) as process:
        greeting = read_until(process, "Outgoing mail")
        assert time.monotonic() - began < 15
        assert f"http://localhost:{environment['PORT']}/" in greeting
        assert re.search(r"rosa@example\.org +pw +representative", greeting)
        started = family(process.pid)
        assert len(started) >= 4  # web and its worker, worker, beat
        web = http.client.HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=5)
        web.request("GET", "/")
        assert web.getresponse().status < 500
        web.close()

        process.send_signal(signal.SIGINT)

        assert process.wait(15) == 0
        assert processes.until(lambda: not any(is_at_work(pid) for pid in started), 5)


def test_a_kill_leaves_nothing_at_the_port(environment: dict[str, str]) -> None:
    with running(environment) as process:
        read_until(process, "Outgoing mail")
        started = family(process.pid)

        process.kill()

        assert processes.until(lambda: not any(is_at_work(pid) for pid in started), 15)


def is_at_work(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_port_in_use_is_one_clear_line(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        done = subprocess.run(
            [sys.executable, "manage.py", "run"], check=False, env=environment, capture_output=True, text=True
        )

    port = int(environment["PORT"])
    assert done.returncode == 1
    assert (done.stdout + done.stderr).splitlines() == [
        f"CommandError: Port {port} cannot be used (Address already in use); choose another: make run PORT={port + 1}"
    ]


def test_a_port_that_is_no_number_is_one_clear_line(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "run"]
    done = subprocess.run(command, check=False, env=environment | {"PORT": "high"}, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["CommandError: PORT=high is not a port number"]
