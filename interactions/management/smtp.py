"""SMTP as we speak it: bounded in memory and in time, a relay for nobody, and 250 only for what is stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import OperationalError

MOST_CONNECTIONS = 50
MOST_AT_ONCE = 4  # mails held in memory, being received or read; each may take some 100 MB
MOST_RECIPIENTS = 100
PATIENCE = 120.0  # seconds between two commands
PATIENCE_FOR_MAIL = 300.0  # seconds for one whole mail, our own work included
PATIENCE_IN_LINE = 60.0  # seconds a sender waits for his turn to hand in a mail

GREETING = "ESMTP"
TAKEN = "250 2.0.0 Stored"
LATER = "451 4.3.0 Not stored, try again later"
BUSY = "451 4.3.2 Too many mails at once, try again later"
FULL = "421 4.3.2 Too many connections, try again later"
TOO_SLOW = "421 4.4.2 Too slow, closing the connection"
CLOSING = "421 4.3.2 Closing down, try again later"
NOT_OURS = "550 5.7.1 We take mail for our own domain only"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
TOO_LARGE = "552 5.3.4 This mail is too large"

log = logging.getLogger(__name__)

Deliver = Callable[[bytes, str, Sequence[str]], Awaitable[None]]


@dataclass
class Reception:
    """What all connections share. `deliver` returns once a mail is stored; whatever it raises means: not stored."""

    domain: str
    most_bytes: int
    deliver: Deliver
    patience: float = PATIENCE
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    sessions: set["MailSession"] = field(default_factory=set)

    def open_session(self) -> "MailSession":
        return MailSession(self)

    async def close(self, *, within: float) -> None:
        """Take leave of everybody; a mail that is received whole is stored and answered first."""
        for session in list(self.sessions):
            if not session.has_mail_in_hand:
                session.take_leave(CLOSING)
        deadline = asyncio.get_running_loop().time() + within
        while any(session.has_mail_in_hand for session in self.sessions):
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.05)
        for session in list(self.sessions):
            session.take_leave(CLOSING)


class Rules:
    """What aiosmtpd asks while a client speaks."""

    def __init__(self, domain: str) -> None:
        self.domain = domain.lower().rstrip(".")

    async def handle_RCPT(  # noqa: N802  aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        if address.rpartition("@")[2].lower().rstrip(".") != self.domain:
            return NOT_OURS
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong, its text is not for the peer."""
        log.error("A mail session failed", exc_info=error)
        return LATER


class MailSession(SMTP):
    """One connection."""

    line_length_limit = 65_536  # of one piece read at once; the lines of a mail may be longer

    def __init__(self, reception: Reception) -> None:
        super().__init__(
            Rules(reception.domain),
            data_size_limit=reception.most_bytes,
            enable_SMTPUTF8=True,
            hostname=reception.domain,
            ident=GREETING,
            timeout=reception.patience,
            loop=asyncio.get_running_loop(),
        )
        self.reception = reception
        self.has_mail_in_hand = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.reception.sessions.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.reception.sessions.discard(self)
        super().connection_lost(error)

    def take_leave(self, words: str) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(f"{words}\r\n".encode())
            self.transport.close()

    def _timeout_cb(self) -> None:
        self.take_leave(TOO_SLOW)

    async def _handle_client(self) -> None:
        if len(self.reception.sessions) > MOST_CONNECTIONS:
            self.take_leave(FULL)
            return
        await super()._handle_client()

    # aiosmtpd's own keeps a line of any length in memory until it ends, and refuses lines that mail programs do send
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  aiosmtpd finds it by this name
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Name a recipient first")
            return
        if arg:
            await self.push("501 5.5.4 DATA takes no arguments")
            return
        try:
            async with asyncio.timeout(PATIENCE_IN_LINE):
                await self.reception.turns.acquire()
        except TimeoutError:
            await self.push(BUSY)
            return
        try:
            await self._receive(self.envelope)
        finally:
            self.has_mail_in_hand = False
            self.reception.turns.release()

    async def _receive(self, envelope: Envelope) -> None:
        await self.push("354 End with a line that holds a dot only")
        self._reset_timeout(max(PATIENCE_FOR_MAIL, self.reception.patience))
        content = await self._content()
        if content is None:
            answer = TOO_LARGE
        else:
            self.has_mail_in_hand = True
            answer = await self._stored(content, envelope)
        self.envelope = self._create_envelope()
        self._reset_timeout()
        await self.push(answer)

    async def _content(self) -> bytes | None:
        """The mail up to the dot, its dots unstuffed; None when it is too large, which is read but not kept."""
        content, size, at_line_start = bytearray(), 0, True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as overrun:
                piece = await self._reader.read(overrun.consumed)
            if at_line_start and piece == b".\r\n":
                return bytes(content) if size <= self.reception.most_bytes else None
            size += len(piece)
            if size > self.reception.most_bytes:
                content.clear()
            else:
                content += piece[1:] if at_line_start and piece.startswith(b".") else piece
            at_line_start = piece.endswith(b"\r\n")

    async def _stored(self, content: bytes, envelope: Envelope) -> str:
        sender: Any = envelope.mail_from
        try:
            await self.reception.deliver(content, str(sender or ""), [str(name) for name in envelope.rcpt_tos])
        except OperationalError as error:  # one line: while the database is away this comes with every mail
            log.error("A mail was not stored: %s", str(error).strip())  # noqa: TRY400
            return LATER
        except Exception:  # whatever happened, the sender keeps the mail and tries again
            log.exception("A mail was not stored")
            return LATER
        return TAKEN
