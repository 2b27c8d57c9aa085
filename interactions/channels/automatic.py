"""Which mails a machine wrote (RFC 3834): they are kept, never answered, and reopen nothing."""

from email.message import EmailMessage

from interactions.channels import mail_headers

LOOP_HEADER = "X-BPIM-Loop"

_ANSWERING_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "x-failed-recipients")
_REPORTS = {"delivery-status": "delivery report", "disposition-notification": "read receipt"}


def reason(message: EmailMessage, envelope_sender: str) -> str:
    """Why this mail counts as automatic, in a few words; nothing when a person seems to have written it."""
    return (
        _own(message)
        or _report(message, envelope_sender)
        or _auto_submitted(message)
        or _answering(message)
        or _distributed(message)
    )


def _own(message: EmailMessage) -> str:
    return "our own mail came back" if mail_headers.raw(message, LOOP_HEADER.lower()) else ""


def _report(message: EmailMessage, envelope_sender: str) -> str:
    if message.get_content_type() == "multipart/report":
        kind = str(message.get_param("report-type", "") or "").lower()
        return _REPORTS.get(kind, "report of a mail server")
    if envelope_sender.strip() in {"", "<>"} or mail_headers.first(message, "return-path") == "<>":
        return "empty return path"
    return ""


def _auto_submitted(message: EmailMessage) -> str:
    value = _word(message, "auto-submitted")
    return f"auto-submitted: {value}" if value and value != "no" else ""


def _answering(message: EmailMessage) -> str:
    for name in _ANSWERING_HEADERS:
        if _word(message, name) not in {"", "no", "false"}:
            return name
    suppressed = {word.strip().lower() for word in mail_headers.first(message, "x-auto-response-suppress").split(",")}
    # receipts alone (DR, RN, NRN) are suppressed by people's programs too
    return "x-auto-response-suppress" if suppressed & {"all", "oof", "autoreply"} else ""


def _distributed(message: EmailMessage) -> str:
    precedence = _word(message, "precedence")
    if precedence in {"bulk", "junk", "list", "auto_reply"}:
        return f"precedence: {precedence}"
    for name in ("list-id", "list-unsubscribe"):
        if mail_headers.raw(message, name):
            return name
    return ""


def _word(message: EmailMessage, name: str) -> str:
    """The first word of a header in lower case, without parameters and comments."""
    value = mail_headers.first(message, name).lower()
    return value.replace("(", ";").split(";", 1)[0].strip()[:60]
