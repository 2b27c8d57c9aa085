"""Letters as e-mails, over one connection of Django's mail backend for each batch."""

import time
from collections.abc import Sequence
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications.errors import TransportDown
from notifications.payloads import Letter, Outcome

PERMANENT = 500  # SMTP replies from here on will be the same the next time
BATCH_SECONDS = 60.0  # a slow server must not hold letters for longer than the lease on them


class EmailTransport:
    """Sends through the backend that the settings name."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        """One outcome for each letter; raises TransportDown when the first connection cannot be made."""
        connection: BaseEmailBackend = get_connection()
        reach(connection)
        ends_at = time.monotonic() + BATCH_SECONDS
        try:
            return [
                Outcome(key=letter.key, is_postponed=True) if time.monotonic() > ends_at else post(letter, connection)
                for letter in letters
            ]
        finally:
            end(connection)


def reach(connection: BaseEmailBackend) -> None:
    """Open the connection; whatever a server answers here (a wrong password too) is not the letters' fault."""
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise TransportDown(explain(error)) from error


def post(letter: Letter, connection: BaseEmailBackend) -> Outcome:
    """Send one letter; a connection that broke is opened anew for the next one."""
    try:
        if connection.send_messages([message_of(letter)]) == 0:
            return Outcome(key=letter.key, error="There is no address to send to", is_final=True)
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        return Outcome(key=letter.key, error=explain(error), is_final=is_permanent(error))
    except (OSError, SMTPException) as error:
        if isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException):
            end(connection)
        return Outcome(key=letter.key, error=explain(error))
    except ValueError as error:  # a header or an address that no mail can have
        return Outcome(key=letter.key, error=explain(error), is_final=True)
    return Outcome(key=letter.key)


def message_of(letter: Letter) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=letter.sender,
        to=[letter.recipient],
        headers=dict(letter.headers),
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def is_permanent(error: SMTPException) -> bool:
    """Whether the server will refuse this letter the next time as well (a reply of 5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= PERMANENT


def explain(error: Exception) -> str:
    """The server's own words where it gave any."""
    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(f"{code} {readable(words)}" for code, words in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {readable(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def readable(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def end(connection: BaseEmailBackend) -> None:
    """Close without complaint: what was accepted stays accepted."""
    try:
        connection.close()
    except (OSError, SMTPException):
        connection.connection = None  # type: ignore[attr-defined]  # the smtp backend's own field
