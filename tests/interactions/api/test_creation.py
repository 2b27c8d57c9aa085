"""POST of TMF683 version 4: what becomes of each attribute."""

import base64
from typing import Any

import pytest

from interactions.enums import Direction, Event, Status
from interactions.models import Interaction, Item
from partners.domain.access import ACR_VALUES
from partners.enums import ActorKind, AssuranceLevel, Channel
from partners.models import OutboxMessage, RecordEntry
from tests.factories.machines import INTERACTIONS, Machine, minimal
from tests.factories.world import a_partner, a_type, an_interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return Machine(a_partner())


def test_the_three_mandatory_attributes_are_enough(machine: Machine) -> None:
    answer = machine.post(minimal())

    body = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == body["href"] == f"http://localhost:8000{INTERACTIONS}/{body['id']}"
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert body["direction"] == "inbound"
    assert body["reason"] == body["description"] == "Link down in Kiel"
    assert body["channel"][0]["id"] == "web"
    assert body["status"] == "open"
    assert body["@type"] == "PartyInteraction"
    assert machine.get(body["href"]).json() == body


def test_what_is_created_is_on_the_record_as_the_machines_act(machine: Machine) -> None:
    body = machine.create()

    interaction = Interaction.objects.get(pk=int(body["id"][4:]))
    entry = RecordEntry.objects.get(stream=interaction.stream)
    assert entry.event == Event.RECEIVED
    assert entry.actor_kind == ActorKind.MACHINE
    assert entry.actor_client == machine.issued.identifier
    assert entry.actor_role == "wholesaler"
    assert entry.partner == machine.partner
    assert OutboxMessage.objects.filter(entry=entry).exists()
    assert interaction.role is not None
    assert interaction.acting_role == "wholesaler"


def test_everything_that_the_standard_knows_comes_back(machine: Machine) -> None:
    earlier = machine.create(reason="The same last month")
    content = base64.b64encode(b"%PDF-1.4 a bill").decode()

    created = machine.create(
        **{
            "@type": "PartyInteraction",
            "description": "The invoice counts a circuit twice.",
            "channel": [{"id": "phone", "href": "x", "name": "Call centre"}],
            "interactionDate": {
                "startDateTime": "2026-03-01T10:00:00+01:00",
                "endDateTime": "2026-03-01T10:20:00+01:00",
            },
            "relatedParty": [{"id": str(machine.partner.pk), "role": "customer", "@referredType": "Organization"}],
            "note": [{"text": "We looked at the contract again."}, {"text": "It is clause 4."}],
            "attachment": [
                {"name": "bill.pdf", "mimeType": "application/pdf", "content": content},
                {"name": "elsewhere", "url": "https://files.example.org/1"},
            ],
            "interactionItem": [
                {"item": {"id": "CIR-7", "role": "subject", "@type": "EntityRef", "@referredType": "Circuit"}}
            ],
            "interactionRelationship": [{"id": earlier["id"], "relationshipType": "follow-up"}],
            "externalIdentifier": [{"id": "CRM-1", "owner": "crm", "externalIdentifierType": "case"}],
            "interactionType": "billing-dispute",
            "characteristic": [{"name": "bill", "value": "INV-9"}],
            "somethingNew": {"nobody": ["knows"]},
        }
    )

    body = machine.get(created["href"]).json()
    assert body == created
    assert body["description"] == "The invoice counts a circuit twice."
    assert body["channel"][0]["id"] == "phone"
    assert body["interactionDate"]["startDateTime"] == "2026-03-01T09:00:00Z"
    assert body["interactionDate"]["endDateTime"] == "2026-03-01T09:20:00Z"
    assert [note["text"] for note in body["note"]] == ["We looked at the contract again.", "It is clause 4."]
    assert [(one["name"], one["size"]["amount"]) for one in body["attachment"]] == [("bill.pdf", 15)]
    assert machine.get(body["attachment"][0]["url"]).getvalue() == b"%PDF-1.4 a bill"
    items = {item["id"]: item for item in body["interactionItem"]}
    assert items["1"]["note"][0]["text"] == "The invoice counts a circuit twice."
    entities = [item["item"] for item in body["interactionItem"] if "item" in item]
    assert {(entity["id"], entity["@referredType"]) for entity in entities} == {
        ("CIR-7", "Circuit"),
        ("INV-9", "CustomerBill"),
        ("elsewhere", "Attachment"),
    }
    assert body["interactionRelationship"][0]["id"] == earlier["id"]
    assert body["externalIdentifier"][0]["id"] == "CRM-1"
    assert body["interactionType"] == "billing-dispute"
    assert body["characteristic"] == [{"name": "bill", "value": "INV-9"}]
    assert body["relatedParty"][0]["name"] == machine.partner.name
    assert "somethingNew" not in body


@pytest.mark.parametrize("spelling", ["inbound", "inbounds"])
def test_both_spellings_of_a_direction_are_stored_as_one(machine: Machine, spelling: str) -> None:
    body = machine.create(direction=spelling)

    assert body["direction"] == "inbound"
    assert Interaction.objects.get().direction == Direction.INBOUND


@pytest.mark.parametrize("spelling", ["outbound", "outbounds"])
def test_a_partner_starts_nothing_in_the_enterprises_place(machine: Machine, spelling: str) -> None:
    answer = machine.post(minimal(direction=spelling))

    assert answer.status_code == 400
    assert answer.json()["attribute"] == "direction"
    assert "Only the enterprise" in answer.json()["message"]


@pytest.mark.parametrize("spelling", ["open", "opened", "inProgress"])
def test_an_open_status_is_accepted_and_the_lifecycle_says_where_it_stands(machine: Machine, spelling: str) -> None:
    assert machine.create(status=spelling)["status"] == "open"


def test_completed_with_a_resolution_is_created_and_closed_at_once(machine: Machine) -> None:
    item = {"item": {"id": "INV-1", "role": "bill"}, "resolution": "Agreed on the phone."}

    body = machine.create(status="completed", interactionItem=[item])

    assert body["status"] == "completed"
    assert Interaction.objects.get().status == Status.CLOSED
    assert body["resolution"] == body["interactionItem"][0]["resolution"] == "Agreed on the phone."


@pytest.mark.parametrize(
    ("told", "ours"),
    [("phone", Channel.PHONE), ("Email", Channel.EMAIL), ("portal", Channel.WEB), ("kiosk", Channel.API)],
)
def test_a_channel_is_one_of_ours_or_the_api(machine: Machine, told: str, ours: Channel) -> None:
    body = machine.create(channel=[{"id": told}])

    assert Interaction.objects.get().channel == ours
    assert body["channel"][0]["id"] == ours


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"channel": None}, "channel", "23"),
    ({"channel": []}, "channel", "23"),
    ({"channel": [{}]}, "channel[0].id", "23"),
    ({"channel": [{"id": " "}]}, "channel[0].id", "23"),
    ({"channel": "web"}, "channel", "24"),
    ({"channel": [7]}, "channel[0]", "24"),
    ({"direction": None}, "direction", "23"),
    ({"direction": "sideways"}, "direction", "24"),
    ({"direction": ["inbound"]}, "direction", "24"),
    ({"reason": ""}, "reason", "23"),
    ({"reason": "  "}, "reason", "23"),
    ({"reason": 5}, "reason", "24"),
    ({"reason": "x" * 501}, "reason", "24"),
    ({"reason": "x" * 1_000_000}, "reason", "24"),
    ({"reason": "a\0b"}, "reason", "24"),
    ({"reason": "\ud800"}, "reason", "24"),
    ({"reason": "\u200e"}, "reason", "24"),
    ({"description": "x" * 1_000_001}, "description", "24"),
    ({"description": {"de": "Störung"}}, "description", "24"),
    ({"status": "ongoing"}, "status", "24"),
    ({"status": "completed"}, "interactionItem.resolution", "24"),
    ({"interactionDate": "yesterday"}, "interactionDate", "24"),
    ({"interactionDate": {"startDateTime": "yesterday"}}, "interactionDate.startDateTime", "24"),
    ({"interactionDate": {"startDateTime": "2026-01-01T10:00:00"}}, "interactionDate.startDateTime", "24"),
    ({"interactionDate": {"startDateTime": "1500-01-01T10:00:00Z"}}, "interactionDate.startDateTime", "24"),
    ({"interactionDate": {"startDateTime": "2999-01-01T10:00:00Z"}}, "interactionDate.startDateTime", "24"),
    (
        {"interactionDate": {"startDateTime": "2026-01-02T10:00:00Z", "endDateTime": "2026-01-01T10:00:00Z"}},
        "interactionDate.endDateTime",
        "24",
    ),
    ({"note": [{"text": ""}]}, "note[0].text", "23"),
    ({"note": [{"text": "ok"}, {"text": "a\0"}]}, "note[1].text", "24"),
    ({"note": [{"text": "x"}] * 51}, "note", "24"),
    ({"attachment": [{"name": "a"}, {"content": "%%%"}]}, "attachment[1].content", "24"),
    ({"attachment": [{"content": 5}]}, "attachment[0].content", "24"),
    ({"attachment": [{}]}, "attachment[0].content", "24"),
    ({"interactionItem": [{"item": {"role": "x"}}]}, "interactionItem[0].item.id", "23"),
    ({"interactionRelationship": [{"id": "BPI-9999999"}]}, "interactionRelationship[0].id", "24"),
    ({"interactionRelationship": [{"id": "nonsense"}]}, "interactionRelationship[0].id", "24"),
    (
        {"interactionRelationship": [{"id": "BPI-0000001", "relationshipType": "merged-into"}]},
        "interactionRelationship[0].relationshipType",
        "24",
    ),
    (
        {"interactionRelationship": [{"id": "BPI-0000001", "relationshipType": "x"}]},
        "interactionRelationship[0].relationshipType",
        "24",
    ),
    ({"externalIdentifier": [{"owner": "crm"}]}, "externalIdentifier[0].id", "23"),
    ({"externalIdentifier": [{"id": "x" * 256}]}, "externalIdentifier[0].id", "24"),
    ({"interactionType": "no-such-type"}, "interactionType", "24"),
    ({"interactionType": "enterprise-query"}, "interactionType", "24"),
    ({"interactionType": "fault-report", "direction": "outbound"}, "direction", "24"),
    ({"relatedParty": [{"id": "99999"}]}, "relatedParty[0].id", "24"),
    ({"relatedParty": [{"name": "Somebody"}]}, "relatedParty[0].id", "23"),
    (
        {"interactionType": "billing-dispute", "channel": [{"id": "web"}]},
        "characteristic[name=bill]",
        "24",
    ),
    (
        {
            "interactionType": "billing-dispute",
            "channel": [{"id": "api"}],
            "characteristic": [{"name": "amount", "value": "much"}],
        },
        "characteristic[name=amount]",
        "24",
    ),
    ({"characteristic": [{"name": "a", "value": {"b": 1}}]}, "characteristic[0].value", "24"),
]


@pytest.mark.parametrize(("attributes", "attribute", "code"), WRONG, ids=lambda value: str(value)[:60])
def test_what_is_wrong_is_named_and_nothing_is_written(
    machine: Machine, attributes: dict[str, Any], attribute: str, code: str
) -> None:
    answer = machine.post(minimal(**attributes))

    error = answer.json()
    assert answer.status_code == 400, error
    assert (error["attribute"], error["code"]) == (attribute, code)
    assert attribute in error["message"]
    assert error["status"] == "400"
    assert error["@type"] == "Error"
    assert error["reason"]
    assert not Interaction.objects.exists()
    assert not Item.objects.exists()


def test_an_interaction_of_another_partner_cannot_be_related_to(machine: Machine) -> None:
    foreign = an_interaction(a_partner("Globex"))

    answer = machine.post(minimal(interactionRelationship=[{"id": foreign.number}]))

    assert answer.status_code == 400
    assert answer.json()["message"] == "interactionRelationship[0].id: There is no such interaction."
    assert Interaction.objects.count() == 1


def test_a_partners_own_role_may_be_named_instead_of_the_partner(machine: Machine) -> None:
    role = machine.partner.roles.get()

    machine.create(relatedParty=[{"id": str(role.pk), "@referredType": "PartyRole"}])


def test_an_external_identifier_belongs_to_one_interaction_of_a_partner(machine: Machine) -> None:
    first = machine.create(externalIdentifier=[{"id": "CRM-1", "owner": "crm"}])

    answer = machine.post(minimal(externalIdentifier=[{"id": "CRM-1", "owner": "crm"}]))

    assert answer.status_code == 409
    assert first["id"] in answer.json()["message"]
    assert Interaction.objects.count() == 1
    Machine(a_partner("Globex")).create(externalIdentifier=[{"id": "CRM-1", "owner": "crm"}])


def test_a_partner_says_nothing_in_our_name(machine: Machine) -> None:
    machine.create(note=[{"text": "Signed", "author": "Northwind Telecom"}])

    assert {item.author_label for item in Item.objects.all()} == {"Billing system"}


def test_an_order_of_several_things_comes_back_with_its_lines(machine: Machine) -> None:
    a_type("big-order", has_lines=True)
    wanted = [
        {"name": "SIM card", "quantity": 250, "externalId": "POS-1", "requestedCompletionDate": "2030-05-31"},
        {"product": {"name": "Fibre"}, "quantity": "2.5", "units": "km"},
    ]

    created = machine.create(interactionType="big-order", orderItem=wanted)

    first, second = created["orderItem"]
    assert first == {
        "id": "1",
        "name": "SIM card",
        "quantity": 250.0,
        "externalId": "POS-1",
        "state": "acknowledged",
        "requestedCompletionDate": "2030-05-31",
        "@type": "OrderItem",
    }
    assert (second["name"], second["quantity"], second["units"]) == ("Fibre", 2.5, "km")
    answer = machine.get(created["href"])
    assert answer.json() == created
    assert machine.get(f"{created['href']}?fields=orderItem").json().keys() == {"id", "href", "@type", "orderItem"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({}, "orderItem[0].name"),
        ({"name": "A", "quantity": "many"}, "orderItem[0].quantity"),
        ({"name": "A", "quantity": True}, "orderItem[0].quantity"),
        ({"name": "A", "requestedCompletionDate": "31.05.2030"}, "orderItem[0].requestedCompletionDate"),
        ({"name": "A", "requestedCompletionDate": "2030-02-31"}, "orderItem[0].requestedCompletionDate"),
        ({"name": "A", "quantity": 0}, "quantity"),
        ({"name": "A", "quantity": "NaN"}, "quantity"),
    ],
)
def test_a_line_that_asks_for_nothing_is_named(machine: Machine, line: dict[str, Any], named: str) -> None:
    a_type("big-order", has_lines=True)

    answer = machine.post(minimal(interactionType="big-order", orderItem=[line]))

    assert answer.status_code in {400, 422}
    assert named in answer.text
    assert not Interaction.objects.exists()


def test_a_type_without_lines_takes_none(machine: Machine) -> None:
    answer = machine.post(minimal(orderItem=[{"name": "A"}]))

    assert answer.status_code in {400, 422}
    assert "orderItem" in answer.text


def test_a_type_that_needs_more_than_a_machine_can_prove_is_refused_with_what_it_needs(machine: Machine) -> None:
    a_type("big-order", minimum_level=AssuranceLevel.DOUBLE)

    answer = machine.post(minimal(interactionType="big-order"))

    challenge = answer.headers["WWW-Authenticate"]
    assert (answer.status_code, answer.json()["code"]) == (401, "41")
    assert 'error="insufficient_user_authentication"' in challenge  # RFC 9470
    assert f'acr_values="{ACR_VALUES[AssuranceLevel.DOUBLE]}"' in challenge
    assert not Interaction.objects.exists()
