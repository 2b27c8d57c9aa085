"""Nothing of one partner is in any byte that another gets; the words of each are marked.

Twice: as it is, and with the fence in the database taken away, so that `visible_to` and the rules have to hold alone.
(That the fence holds alone is shown in `tests/config/test_row_security.py`.)
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail as django_mail
from django.test import override_settings
from django.utils import timezone

from interactions.models import Interaction
from notifications import transports
from notifications.domain import deliveries, invitation_letters, posting, relay
from notifications.enums import Medium
from notifications.models import Delivery
from notifications.transports.email import EmailTransport
from notifications.transports.null import NullTransport
from notifications.transports.webhook import WebhookTransport
from partners.domain import fence
from tests.access.walk import addresses
from tests.factories.everything import Everything, everything_of
from tests.factories.machines import INTERACTIONS, minimal
from tests.factories.receivers import a_receiver
from tests.factories.visitors import Visitor, visitors
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db

OURS, THEIRS = "ourcanary", "theircanary"
SEARCHES = (
    "Subject",
    "Reply",
    "Note",
    "Earlier",
    "order",
    "external",
    "Link",
    "canary",
    "BPI-0000001",
    "BPI-000000",
    "@",
)
QUERIES = (
    *("limit=100", "offset=0&limit=100", "after=", "reason.regex=.", "sort=-creationDate&limit=100"),
    *("status=open,inProgress,completed", "relatedParty.name=Globex Mobile", "externalIdentifier.owner=theirs"),
)
PAGES = ("/portal/", "/portal/interactions/", "/portal/organisation/", "/portal/organisation/people/", "/account/role/")
# who knows the address of a company's sign-in may see its name; an invitation is opened by whoever has its link
KNOWN_BY_LINK = ("account-company:", "invitation")


@pytest.fixture(params=["with the fence", "without the fence"], autouse=True)
def the_fence(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without the fence":
        monkeypatch.setattr(fence, "side_of", lambda _actor: fence.ENTERPRISE)


@pytest.fixture
def acme() -> Everything:
    return everything_of(a_partner("Acme Wholesale"), OURS)


def text_of(answer: Any) -> str:
    """Every byte of it, headers included."""
    return f"{answer.headers}\n{answer.getvalue().decode('utf-8', 'replace')}"


def told_of_theirs(visitor: Visitor, address: str) -> list[str]:
    answer = visitor.ask("GET", address)
    assert answer.status_code < 500, address
    return [address] if THEIRS in text_of(answer) else []


def looks(acme: Everything, globex: Everything) -> Iterator[tuple[str, str]]:
    """Who looks at what: lists and searches, and straight at what is the other's."""
    people, machines = ("paul", "olga"), ("client", "device")
    straight = [address for door, address in addresses(globex, admin=False) if not door.name.startswith(KNOWN_BY_LINK)]
    for who in people:
        yield from ((who, address) for address in (*straight, *PAGES))
        yield from ((who, f"/portal/interactions/?q={text}") for text in SEARCHES)
    for who in machines:
        yield from ((who, address) for address in straight if address.startswith(("/tmf-api/", "/api/")))
        yield from ((who, f"{INTERACTIONS}?{query}") for query in QUERIES)


def test_nothing_of_another_partner_is_in_any_answer(acme: Everything) -> None:
    globex = everything_of(a_partner("Globex Mobile"), THEIRS)
    everybody = visitors(acme, globex)
    made: dict[str, Visitor] = {}

    seen = [
        (who, told)
        for who, address in looks(acme, globex)
        for told in told_of_theirs(made.setdefault(who, made.get(who) or everybody[who]()), address)
    ]

    assert seen == []


def test_what_another_partner_does_changes_no_list_and_no_count(acme: Everything) -> None:
    everybody = visitors(acme, acme)
    paul, client = everybody["paul"](), everybody["client"]()
    before = counted(paul, client)

    everything_of(a_partner("Globex Mobile"), THEIRS)

    assert counted(paul, client) == before
    assert OURS in text_of(client.ask("GET", INTERACTIONS))


def counted(paul: Visitor, client: Visitor) -> dict[str, Any]:
    """The numbers of what is shown, and every count beside it."""
    found: dict[str, Any] = {}
    for query in QUERIES[:4]:
        answer = client.ask("GET", f"{INTERACTIONS}?{query}")
        found[query] = (answer.headers["X-Total-Count"], [one["id"] for one in answer.json()])
    for page in ("/portal/", "/portal/interactions/", "/portal/interactions/?q=Subject"):
        text = text_of(paul.ask("GET", page))
        found[page] = (re.findall(r"BPI-\d+", text), re.findall(r">\s*(\d+)\s*<", text))
    return found


def test_an_error_says_the_same_of_what_is_another_s_and_of_what_is_not_there(acme: Everything) -> None:
    globex = everything_of(a_partner("Globex Mobile"), THEIRS)
    everybody = visitors(acme, globex)
    paul, client = everybody["paul"](), everybody["client"]()
    theirs, nothing = globex.matter.number, f"BPI-{Interaction.objects.order_by('-pk')[0].pk + 1000:07d}"

    def told(number: str) -> list[tuple[int, str]]:
        linked = minimal(interactionRelationship=[{"id": number, "relationshipType": "follow-up"}])
        answers = [
            client.ask("GET", f"{INTERACTIONS}/{number}"),
            client.ask("POST", INTERACTIONS, json.dumps(linked).encode()),
            paul.ask("GET", f"/portal/interactions/{number}/"),
            paul.ask("POST", f"/portal/interactions/{number}/answer/"),
            paul.ask("POST", f"/portal/interactions/{number}/move/"),
            paul.ask("GET", f"/portal/interactions/?q={number}"),
        ]
        return [(answer.status_code, plain(answer, number)) for answer in answers]

    assert told(theirs) == told(nothing)


def plain(answer: Any, number: str) -> str:
    """Without what every answer has its own of: the token against forgery, and the reference of its request."""
    text: str = answer.getvalue().decode().replace(answer.headers["X-Request-Id"], "")
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", text).replace(number, "…")


def by_mail() -> list[tuple[str, bytes]]:
    """The mails that leave, whatever they are about: to whom, and every byte, as a mail program reads it."""
    Delivery.objects.update(next_at=timezone.now())  # the daily mail too
    deliveries.send_all(timezone.now(), EmailTransport())
    invitation_letters.send_all(timezone.now(), EmailTransport(), within=timedelta(minutes=1))
    return [(", ".join(mail.recipients()), readable(mail.message().as_bytes())) for mail in django_mail.outbox]


def by_webhook() -> list[tuple[str, bytes]]:
    """What is posted to the partners' systems, whatever it is about: to which host, and every byte."""
    with a_receiver() as receiver, override_settings(WEBHOOKS_TO_LOOPBACK=True):
        for delivery in Delivery.objects.filter(medium=Medium.WEBHOOK):
            delivery.address = f"{receiver.url}/{urlsplit(delivery.address).hostname}"
            delivery.save(update_fields=["address"])
        posting.post_all(timezone.now(), WebhookTransport())
        return [(one.path, f"{one.headers}\n{one.body}".encode()) for one in receiver.taken]


def readable(mail: bytes) -> bytes:
    message = message_from_bytes(mail, policy=policy.default)
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return b"\n".join([str(message.items()).encode(), *(part for part in parts if isinstance(part, bytes))])


# How each medium delivers to its end; who adds a medium adds here how what leaves by it is caught.
DELIVERED: dict[str, Callable[[], list[tuple[str, bytes]]]] = {
    Medium.EMAIL: by_mail,
    Medium.WEBHOOK: by_webhook,
}
NOWHERE = {NullTransport}


def test_no_message_to_a_partner_holds_a_word_of_another(acme: Everything) -> None:
    everything_of(a_partner("Globex Mobile"), THEIRS)
    Delivery.objects.all().delete()

    relay.relay_all(timezone.now())

    assert set(Medium.values) == set(DELIVERED), "say in DELIVERED how the new medium delivers"
    assert ways_out() - NOWHERE == {EmailTransport, WebhookTransport}, (
        "let what leaves by the new transport be caught in DELIVERED"
    )
    for medium, deliver in DELIVERED.items():
        arrived = deliver()
        for ours, theirs in ((OURS, THEIRS), (THEIRS, OURS)):
            told = [content for whom, content in arrived if ours in whom]
            assert any(f"Subject {ours}".encode() in content for content in told), medium
            assert [content for content in told if theirs.encode() in content] == [], medium


def ways_out() -> set[type]:
    """Whatever in the drawer of transports sends letters."""
    modules = [import_module(found.name) for found in walk_packages(transports.__path__, f"{transports.__name__}.")]
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    return {one for one in classes if hasattr(one, "send") and one.__module__.startswith(transports.__name__)}
