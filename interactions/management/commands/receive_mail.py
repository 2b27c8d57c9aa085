import asyncio
import logging
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

from interactions.domain import mail
from interactions.management.smtp import PATIENCE, Reception

WORKERS = 2  # mails read and stored at once; each may take ten times its size in memory
GRACE = 8.0  # seconds to finish the mails in hand when asked to stop
STALE = 10  # connections of the pool that a restarted database can have left behind, at most

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Takes in mail by SMTP: what is answered with 250 is stored. SIGTERM ends it in good order."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--patience", type=float, default=PATIENCE, help="Seconds between two commands of a client."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd writes down every command, addresses included
        try:
            with ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="mail") as workers:
                asyncio.run(self.listen(workers, patience=options["patience"]))
        finally:
            getattr(connection, "close_pool", lambda: None)()

    async def listen(self, workers: ThreadPoolExecutor, *, patience: float) -> None:
        loop = asyncio.get_running_loop()

        async def deliver(content: bytes, sender: str, recipients: Sequence[str]) -> None:
            await loop.run_in_executor(workers, store, content, sender, recipients)

        reception = Reception(
            domain=settings.MAIL_DOMAIN, most_bytes=settings.MAIL_MAX_BYTES, deliver=deliver, patience=patience
        )
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        host, port = settings.MAIL_LISTEN_HOST, settings.MAIL_LISTEN_PORT
        try:
            server = await loop.create_server(reception.open_session, host, port)
        except OSError as error:
            message = (
                f"Mail cannot be taken at {host}:{port} ({error.strerror}); choose another SMTP_PORT or SMTP_HOST."
            )
            raise CommandError(message) from error
        port = server.sockets[0].getsockname()[1]
        print(f"Taking mail for {settings.MAIL_DOMAIN} at {host}:{port}", flush=True)
        await stopping.wait()
        server.close()
        await reception.close(within=GRACE)


def store(content: bytes, sender: str, recipients: Sequence[str]) -> None:
    """Take a mail in on a thread of its own; on return it is committed."""
    try:
        find_live_connection()
        taken = mail.take_in(content, envelope_sender=sender, envelope_recipients=recipients, at=timezone.now())
        log.info("Mail %d: %s%s", taken.message.pk, taken.message.state, " again" if taken.is_duplicate else "")
    finally:
        connection.close()


def find_live_connection() -> None:
    """Pass over what a restarted database left in the pool; raises OperationalError when it does not answer at all."""
    for _ in range(STALE):
        connection.ensure_connection()
        if connection.is_usable():
            return
        connection.close()
    raise OperationalError("no connection to the database is alive")
