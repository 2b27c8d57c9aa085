"""The page of deliveries, and the admin's: what was given up is seen, and sent again, by those who may."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interactions.enums import Event
from notifications.domain import deliveries
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.payloads import Outcome
from partners.models import OutboxMessage, RecordEntry
from tests.factories.world import a_representative, an_administrator, signed_in
from tests.notifications.conftest import NOON, Office, Postman

LIST = "/console/deliveries/"


@pytest.fixture
def dead(office: Office) -> Delivery:
    """A message to Paul that his server refused."""
    office.happens(Event.RESOLVED)
    office.tell()
    refusing = Postman(refuses={office.paul.email: Outcome(key=0, error="550 No such mailbox", is_final=True)})
    deliveries.send_all(NOON, refusing)
    return Delivery.objects.dead().get()


def test_a_representative_sees_what_was_given_up_and_why(office: Office, dead: Delivery) -> None:
    page = signed_in(office.rosa).get(LIST, {"state": "failed"}).content.decode()

    assert "550 No such mailbox" in page
    assert dead.address in page
    assert office.petra.email not in page


def test_deliveries_are_found_by_the_number_of_an_interaction(office: Office, dead: Delivery) -> None:
    client = signed_in(office.rosa)

    assert dead.subject in client.get(LIST, {"number": office.interaction.number}).content.decode()
    assert "No delivery matches" in client.get(LIST, {"number": "BPI-0099999"}).content.decode()
    for unknown in ("0", "99", "x", "9" * 30):
        assert "No delivery matches" in client.get(LIST, {"endpoint": unknown}).content.decode()
    for nonsense in ["9" * 30, "\x00", "no number", "-1"]:
        assert client.get(LIST, {"number": nonsense, "state": "x", "after": "zzz"}).status_code == 200


def test_the_list_goes_on_page_by_page(office: Office) -> None:
    entry = RecordEntry.objects.latest("pk")
    Delivery.objects.bulk_create(
        Delivery(
            entry=entry, medium="email", address=f"{n:03d}@x.example.org", subject="S", text="T", next_at=NOON,
            created_at=NOON,
        )
        for n in range(120)
    )  # fmt: skip
    client, found, url = signed_in(office.rosa), [], LIST
    while url:
        page = client.get(url)
        rows = page.context["page"]
        found += [row.address for row in rows.rows]
        url = f"{LIST}?after={rows.after}" if rows.after else ""

    assert len(found) == len(set(found)) == Delivery.objects.count()


def test_a_list_of_one_and_of_three_costs_the_same_queries(office: Office) -> None:
    client = signed_in(office.rosa)

    def queries(events: int) -> int:
        Delivery.objects.all().delete()
        for _ in range(events):
            office.happens(Event.STEPS_ENDED)
            office.tell()
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(LIST).context["page"].rows) == events
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


def test_a_representative_sends_it_again_and_that_is_recorded(office: Office, dead: Delivery) -> None:
    client = signed_in(office.rosa)

    answer = client.post(f"{LIST}{dead.pk}/redrive/", follow=True)
    again = client.post(f"{LIST}{dead.pk}/redrive/", follow=True)

    assert "being sent again" in answer.content.decode()
    assert "does not need to be sent again" in again.content.decode()
    dead.refresh_from_db()
    assert dead.state == DeliveryState.INITIAL
    assert RecordEntry.objects.get(event=Event.NOTICE_REDRIVEN).actor_id == office.rosa.pk


def test_reading_never_sends_and_unknown_ids_are_not_found(office: Office, dead: Delivery) -> None:
    client = signed_in(office.rosa)

    assert client.get(f"{LIST}{dead.pk}/redrive/").status_code == 405
    for unknown in ["0", "999999999", "9" * 18, "9" * 30, "x"]:
        assert client.get(f"{LIST}{unknown}/").status_code == 404
    assert "550 No such mailbox" in client.get(f"{LIST}{dead.pk}/").content.decode()


def test_partners_and_strangers_find_nothing(office: Office, dead: Delivery) -> None:
    partner, stranger = signed_in(office.paul), Client()

    for path in [LIST, f"{LIST}{dead.pk}/"]:
        assert partner.get(path).status_code == 404
        assert stranger.get(path).status_code == 302
    assert partner.post(f"{LIST}{dead.pk}/redrive/").status_code == 404
    dead.refresh_from_db()
    assert dead.state == DeliveryState.FAILED


def test_the_admin_shows_deliveries_and_redrives_for_those_who_may(office: Office, dead: Delivery) -> None:
    ada = an_administrator()
    looker = a_representative("Lea Okafor", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    action = {"action": "redrive", "_selected_action": [dead.pk]}
    url = "/admin/notifications/delivery/"

    assert "550 No such mailbox" in signed_in(looker).get(url, {"state__exact": "failed"}).content.decode()
    signed_in(looker).post(url, action)
    dead.refresh_from_db()
    assert dead.state == DeliveryState.FAILED

    signed_in(ada).post(url, action)
    dead.refresh_from_db()
    assert dead.state == DeliveryState.INITIAL
    assert RecordEntry.objects.get(event=Event.NOTICE_REDRIVEN).actor_id == ada.pk
    assert signed_in(ada).get(f"{url}{dead.pk}/change/").status_code == 200
    assert signed_in(ada).post(f"{url}{dead.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_admin_redrives_what_the_relay_gave_up(office: Office) -> None:
    ada = an_administrator()
    office.happens(Event.RESOLVED)
    OutboxMessage.objects.update(is_dead=True, attempts=6, error="boom")
    message = OutboxMessage.objects.get()
    assert office.tell() == []

    page = signed_in(ada).get("/admin/partners/outboxmessage/", {"is_dead__exact": "1"}).content.decode()
    assert "boom" in page
    signed_in(ada).post("/admin/partners/outboxmessage/", {"action": "redrive", "_selected_action": [message.pk]})

    assert len(office.tell()) == 2
