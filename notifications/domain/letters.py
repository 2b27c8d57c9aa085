"""Letters that carry a secret, such as a one-time code: what is stored is without it; it is put in as they leave."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from interactions.domain import caller_checks, enquiries
from interactions.domain.recipients import is_our_own
from interactions.enums import Event
from notifications.domain import rendering
from notifications.enums import Medium
from notifications.models import Delivery
from partners.models import RecordEntry

PLACE = "•" * 6  # stands for the secret wherever the letter is kept or shown

Secret = Callable[[RecordEntry, datetime], str | None]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A letter about an event, with the wording of its template; `secret` is None once it would come too late.

    `page` is where its link leads, in the words of `action`.
    """

    wording: str
    secret: Secret
    action: str = ""
    page: str = ""


def caller_code(entry: RecordEntry, at: datetime) -> str | None:
    return caller_checks.code_to_send(entry.facts["check"], sent_at=entry.at, at=at)


def enquiry_link(entry: RecordEntry, at: datetime) -> str | None:
    return enquiries.token_to_send(entry.facts["enquiry"], at=at)


SEALED: Mapping[str, Sealed] = {
    Event.CALLER_CODE_SENT: Sealed(wording="caller_code", secret=caller_code),
    Event.ENQUIRY_ASKED: Sealed(
        wording="confirm_request",
        secret=enquiry_link,
        action=gettext_noop("Confirm the request"),
        page="/ask/confirm/{secret}/",
    ),
}


def write(entries: Iterable[RecordEntry], *, at: datetime, due_at: datetime) -> Iterator[Delivery]:
    """A delivery for each entry that makes a letter, to the one address the entry names; never to one of our own."""
    for entry in entries:
        address = entry.text("address").lower()
        sealed = SEALED.get(entry.event)
        if sealed is None or "@" not in address or is_our_own(address):
            continue
        rendered = rendering.render_letter(
            sealed.wording,
            secret=PLACE,
            language=entry.facts.get("language", ""),
            action=sealed.action,
            page=sealed.page.format(secret=PLACE),
        )
        yield Delivery(
            entry=entry,
            medium=Medium.EMAIL,
            address=address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            next_at=due_at,
            created_at=at,
        )


def secret_of(delivery: Delivery, *, at: datetime) -> str | None:
    """What goes into the place: nothing into most letters, and None where a letter must not leave any more."""
    if delivery.interaction_id is not None:
        return ""
    sealed = SEALED.get(delivery.entry.event)
    return sealed.secret(delivery.entry, at) if sealed is not None else ""


def unseal(text: str, secret: str) -> str:
    return text.replace(PLACE, secret) if secret else text
