import http.client
import json
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config import checks
from config.supervisor import Service, Supervisor

HOST = "127.0.0.1"
AS_ROOT = "ignore:You're running the worker with superuser privileges"  # containers; it never unpickles a message


class Command(BaseCommand):
    help = "Runs the whole product: web, worker, beat, live and mail listener. Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.port = port_number(os.environ.get("PORT") or "8000")
        self.listens_to_mail = "receive_mail" in get_commands()
        refuse_taken_port(self.port, "PORT")
        refuse_taken_port(settings.LIVE_PORT, "LIVE_PORT")
        if self.listens_to_mail:
            refuse_taken_port(settings.MAIL_LISTEN_PORT, "SMTP_PORT")
        prepare()
        os.environ["CELERY_SKIP_CHECKS"] = "true"  # done here; in every process they would cost 20 MB and half a second
        self.next_look = 0.0
        self.supervisor = Supervisor(self.services(), directory=settings.BASE_DIR, tick=self.greet_when_ready)
        sys.exit(self.supervisor.run())

    def services(self) -> list[Service]:
        schedule = Path(settings.VAR_DIR) / f"beat-schedule-{self.port}"  # a second run has its own
        granian = ["granian", "--workers-kill-timeout", "5"]  # a request to stop that comes before it listens is lost
        web = [*granian, "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        web += ["--workers", str(settings.WEB_PROCESSES), "--blocking-threads", "2"]
        celery = ["celery", "--app", "config.celery", "--quiet"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        beat = [
            "celery",
            "--app",
            "config.clock",
            "--quiet",
            "beat",
            "--schedule",
            str(schedule),
            "--pidfile",
            "",
            "--loglevel",
            "WARNING",
        ]
        live = [*granian, "--interface", "asgi", "--host", HOST, "--port", str(settings.LIVE_PORT), "--workers", "1"]
        services = [
            Service("web", [sys.executable, "-m", *web, "--log-level", "warning", "config.wsgi:application"]),
            Service("worker", [sys.executable, "-W", AS_ROOT, "-m", *worker, *alone]),
            Service("beat", [sys.executable, "-m", *beat]),
            Service("live", [sys.executable, "-m", *live, "--log-level", "warning", "config.live.app:application"]),
        ]
        if self.listens_to_mail:
            services.append(Service("mail", [sys.executable, "manage.py", "receive_mail"]))
        return services

    def greet_when_ready(self) -> None:
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + 0.3
        if answers(self.port):
            self.next_look = float("inf")
            self.supervisor.say("\n".join(["", *self.greeting(), ""]))

    def greeting(self) -> list[str]:
        lines = [f"Open {settings.BASE_URL}/  (Ctrl-C stops everything)"]
        for account in one_of_each_kind(demo_accounts()):
            partner = f", {account['partner']}" if account.get("partner") else ""
            lines.append(f"  {account['email']:<40} {account['password']:<24} {account['kind']}{partner}")
        if demo_file().exists():
            lines.append(f"  everybody else: {demo_file()}")
        if settings.DEVELOPMENT and settings.MFA_TOTP_INSECURE_BYPASS_CODE:
            code = settings.MFA_TOTP_INSECURE_BYPASS_CODE
            asked = "always asked for" if settings.SECOND_FACTOR_NEEDED else "asked for only where money or people are"
            lines.append(f"A second factor is {asked}; {code} counts as the code of an app")
        if settings.DEVELOPMENT:
            lines.append(f"Outgoing mail is read at {settings.BASE_URL}/dev/mail/")
        if self.listens_to_mail:
            lines.append(f"Incoming mail is taken by SMTP at {settings.MAIL_LISTEN_HOST}:{settings.MAIL_LISTEN_PORT}")
        return lines


def prepare() -> None:
    """The database as this version wants it; demo data only in development and only once."""
    if "owner" in settings.DATABASES:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("compilemessages", verbosity=0)
    checks.refuse_unsafe_start()
    if "load_defaults" in get_commands():
        call_command("load_defaults", verbosity=0)
    if settings.DEVELOPMENT and "seed" in get_commands() and not demo_file().exists():
        print("Making the demo data …", flush=True)
        call_command("seed", verbosity=0)
    elif demo_file().exists():
        say_where_it_runs_now()
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", lambda: None)()  # its threads must not be there when we start processes


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT={text} is not a port number")
    return int(text)


def refuse_taken_port(port: int, variable: str) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}); choose another: make run {variable}={port + 1}"
            ) from error


def answers(port: int) -> bool:
    web = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        web.request("GET", "/")
        return web.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        web.close()


def one_of_each_kind(accounts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Enough to begin with; all of them are in the demo file."""
    return list({account["kind"]: account for account in reversed(accounts)}.values())[::-1]


def demo_file() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def say_where_it_runs_now() -> None:
    """Another port than last time: scripts that read the demo file are to find the running system."""
    told = json.loads(demo_file().read_text())
    told |= {"base_url": settings.BASE_URL}
    told["smtp"] = {"host": settings.MAIL_LISTEN_HOST, "port": settings.MAIL_LISTEN_PORT}
    demo_file().write_text(json.dumps(told, indent=2))


def demo_accounts() -> list[dict[str, str]]:
    if not (settings.DEVELOPMENT and demo_file().exists()):
        return []
    accounts: list[dict[str, str]] = json.loads(demo_file().read_text())["accounts"]
    return accounts
