"""Every address at which the matrix is tried, and how an answer is told in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from interactions.models import Approval, Batch, InboundMessage, RequestDraft, SavedView
from notifications.models import Delivery
from partners.models import Absence, Credential, Invitation, SignOnIdentity, SingleSignOn
from tests.access.safety import noting_writes
from tests.config.addresses import Door, doors
from tests.factories.everything import Everything
from tests.factories.visitors import Visitor

SIGN_IN, STEPS_UP = "/account/login/", ("/account/step-up/", "/account/role/")
API = ("/tmf-api/", "/api/")


def values_of(world: Everything) -> Mapping[str, str]:
    """What stands in the addresses, by the name of the parameter: what there is of one partner."""
    shown = next(file for file in world.files if file.item_id)
    return {
        "number": world.matter.number,
        "partner_id": str(world.partner.pk),
        "attachment_id": str(shown.pk),
        "file_id": str(shown.pk),
        "message_id": str(InboundMessage.objects.order_by("pk")[0].pk),
        "absence_id": str(Absence.objects.order_by("pk")[0].pk),
        "clock_id": str(world.matter.clocks.order_by("pk")[0].pk),
        "delivery_id": str(Delivery.objects.order_by("pk")[0].pk),
        "invitation_id": str(Invitation.objects.get(partner=world.partner).pk),
        "membership_id": str(world.person.memberships.get().pk),
        "credential_id": str(Credential.objects.filter(role__partner=world.partner).order_by("pk")[0].pk),
        "identity_id": str(SignOnIdentity.objects.get(sign_on__partner=world.partner).pk),
        "approval_id": str(Approval.objects.get(partner=world.partner).pk),
        "change_id": str(world.matter.change_requests.get().pk),
        "link_id": str(world.matter.links.get().pk),
        "slug": SingleSignOn.objects.get(partner=world.partner).slug,
        "batch_id": str(Batch.objects.order_by("pk")[0].pk),
        "view_id": str(SavedView.objects.order_by("pk")[0].pk),
        "draft_id": str(RequestDraft.objects.get(partner=world.partner).pk),
        "subscription_id": str(world.endpoint.pk),
        "event_id": str(world.endpoint.deliveries.order_by("pk")[0].pk),
        "identifier": world.endpoint.identifier,
        "position": "1",
    }


NOTHING = "999999999"  # the number of something that is not there

SPECIAL: Mapping[str, Mapping[str, str]] = {
    "console-interactions:move": {"code": "start"},
    "portal-interactions:new": {"code": "canary-query"},
    "portal-interactions:keep_draft": {"code": "canary-query"},
    "console-interactions:history": {"field": "status"},
    "console-interactions:view_act": {"verb": "remove"},
    "console-interactions:sheet": {"name": "priority"},
}


def addresses(world: Everything, *, admin: bool) -> Iterator[tuple[Door, str]]:
    """Each door once, at what there is of this partner."""
    values = values_of(world)
    numbers = {"api-interactions:attachment": {"number": values["file_id"]}}
    for door in doors():
        if door.route.startswith("/admin/") is admin:
            told = {**values, **SPECIAL.get(door.name, {}), **numbers.get(door.name, {})}
            chosen: Mapping[str, Sequence[str]] = {name: [value] for name, value in told.items()}
            yield door, next(door.addresses(chosen, default=(NOTHING,)))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in the words of the matrix, every byte of it with its headers, and what was written for it."""

    word: str
    text: str
    headers: Mapping[str, str]
    written: list[str]


def asked(visitor: Visitor, method: str, address: str) -> Answer:
    is_api = address.startswith(API)
    body = None if method in {"GET", "HEAD"} else b"{}" if is_api else b""
    kind = "application/json" if is_api else "application/x-www-form-urlencoded"
    with noting_writes() as written:
        answer = visitor.ask(method, address, body, kind)
        text = f"{answer.headers}\n{answer.getvalue().decode('utf-8', 'replace')}"
    return Answer(word=word(answer), text=text, headers=answer.headers, written=written)


def word(answer: Any) -> str:
    """`ok`, `in` for "sign in first", `to` for elsewhere, `up` for "prove yourself first", else the status."""
    status: int = answer.status_code
    if 200 <= status < 300:
        return "ok"
    if status not in {301, 302, 303}:
        return str(status)
    path = urlsplit(answer.headers["Location"]).path
    return "in" if path == SIGN_IN else "up" if path.startswith(STEPS_UP) else "to"
