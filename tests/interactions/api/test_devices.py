"""Devices report with their own key."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Status
from interactions.models import Interaction, Item
from partners.domain import credentials
from partners.domain.credentials import Issued
from partners.enums import ActorKind, Channel
from partners.models import Credential, RecordEntry
from partners.payloads import SYSTEM
from tests.factories.machines import Machine, a_device_of
from tests.factories.partners import LONG_AGO, AgreementFactory
from tests.factories.world import a_partner

REPORTS = "/api/devices/reports"


def report(device: Issued | str, body: Any = None, **attributes: Any) -> Any:
    told = {"id": "r-1", "at": timezone.now().isoformat(), "kind": "fault", "code": "E42", "text": "Line down"}
    content = body if isinstance(body, bytes) else json.dumps(told | attributes).encode()
    key = device if isinstance(device, str) else device.key
    headers = {"Authorization": f"Device {key}"}
    client = Client(raise_request_exception=False)
    return client.post(REPORTS, content, content_type="application/json", headers=headers)


@pytest.mark.django_db
class TestReports:
    @pytest.fixture
    def device(self) -> Issued:
        return a_device_of(a_partner())

    def test_a_fault_begins_an_interaction(self, device: Issued) -> None:
        answer = report(device)

        interaction = Interaction.objects.get()
        assert answer.status_code == 201
        assert answer.json() == {
            "id": interaction.number,
            "href": answer["Location"],
            "status": "open",
            "isDuplicate": False,
        }
        assert interaction.channel == Channel.DEVICE
        assert interaction.type.code == "fault-report"
        assert interaction.values == {"service": "Line card 3/12"}
        assert interaction.subject == "E42: Line down"
        entry = RecordEntry.objects.filter(stream=interaction.stream).earliest("sequence")
        assert (entry.actor_kind, entry.actor_client) == (ActorKind.MACHINE, device.identifier)

    def test_the_same_report_twice_has_one_effect(self, device: Issued) -> None:
        first, second = report(device), report(device)

        assert (first.status_code, second.status_code) == (201, 200)
        assert second.json() == first.json() | {"isDuplicate": True}
        assert Item.objects.count() == 1

    def test_what_follows_the_same_fault_joins_it_while_it_is_open(self, device: Issued) -> None:
        first = report(device).json()

        for number, kind in [(2, "fault"), (3, "reading"), (4, "clear")]:
            assert report(device, id=f"r-{number}", kind=kind).json()["id"] == first["id"]

        assert Interaction.objects.count() == 1
        assert Item.objects.count() == 4

    def test_another_code_or_no_code_is_another_matter(self, device: Issued) -> None:
        ids = {
            report(device, id="1").json()["id"],
            report(device, id="2", code="E43").json()["id"],
            report(device, id="3", code="").json()["id"],
            report(device, id="4", code="").json()["id"],
        }

        assert len(ids) == 4

    def test_a_fault_after_the_end_begins_again(self, device: Issued) -> None:
        first = report(device).json()
        words = Words(reason="Device replaced")
        lifecycle.make_move(Interaction.objects.get(), Move.CANCEL, actor=SYSTEM, at=timezone.now(), words=words)

        assert report(device, id="r-2").json()["id"] != first["id"]

    @pytest.mark.parametrize("kind", ["reading", "clear"])
    def test_a_reading_without_a_fault_is_kept_and_asks_nobody_for_work(self, device: Issued, kind: str) -> None:
        answer = report(device, kind=kind, values={"signal": -71.5})

        assert answer.json()["status"] == "completed"
        assert Interaction.objects.get().status == Status.CLOSED

    def test_devices_do_not_join_each_others_faults(self, device: Issued) -> None:
        other = credentials.issue_device_key(device.credential.role, "Card 4", actor=SYSTEM, at=timezone.now())
        globex = a_device_of(a_partner("Globex"))

        ids = {report(one).json()["id"] for one in [device, other, globex]}

        assert len(ids) == 3

    def test_the_partners_system_reads_what_its_device_reported(self, device: Issued) -> None:
        href = report(device).json()["href"]

        machine = Machine(device.credential.role.partner)

        body = machine.get(href).json()
        assert body["channel"][0]["id"] == "device"
        assert body["attachment"] == []

    @pytest.mark.parametrize(
        ("attributes", "attribute"),
        [
            ({"id": ""}, "id"),
            ({"id": None}, "id"),
            ({"id": "x" * 101}, "id"),
            ({"at": "now"}, "at"),
            ({"at": "2026-01-01T00:00:00"}, "at"),
            ({"kind": "alarm"}, "kind"),
            ({"code": "", "text": ""}, "code"),
            ({"text": "a\0b"}, "text"),
            ({"text": 7}, "text"),
            ({"values": [1]}, "values"),
            ({"values": {"deep": {"er": 1}}}, "values.deep"),
        ],
    )
    def test_what_is_wrong_is_named(self, device: Issued, attributes: dict[str, Any], attribute: str) -> None:
        answer = report(device, **attributes)

        assert answer.status_code == 400
        assert answer.json()["attribute"] == attribute
        assert not Interaction.objects.exists()

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": NaN}', b"\xff", b"x" * 300_000, b"[" * 100_000])
    def test_what_is_no_report_is_refused(self, device: Issued, body: bytes) -> None:
        answer = report(device, body)

        assert answer.status_code == 400
        assert answer.json()["@type"] == "Error"

    def test_a_key_that_is_not_known_opens_nothing(self, device: Issued) -> None:
        wrong = [
            f"{device.identifier}.guess",
            f"{device.identifier}.",
            device.identifier,
            device.secret,
            f"device-0.{device.secret}",
            ".",
            "x" * 600,
        ]
        for key in wrong:
            answer = report(key)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == 'Device realm="api"'
        credentials.revoke(device.credential, actor=SYSTEM, at=timezone.now())
        assert report(device).status_code == 401

    def test_a_key_ends_with_its_time(self) -> None:
        role, before = a_device_of(a_partner()).credential.role, timezone.now() - timedelta(hours=1)
        soon = timezone.now() - timedelta(seconds=1)
        late = credentials.issue_device_key(role, "Late", actor=SYSTEM, at=before, expires_at=soon)

        assert report(late).status_code == 401

    def test_a_key_ends_with_its_role_its_agreement_and_its_partner(self) -> None:
        device = a_device_of(a_partner())
        role, partner = device.credential.role, device.credential.role.partner
        agreement = AgreementFactory.create(partner=partner, role=role)
        ends: list[tuple[Any, dict[str, Any]]] = [
            (role, {"status": "suspended"}),
            (role, {"valid_until": LONG_AGO}),
            (agreement, {"status": "ended"}),
            (partner, {"status": "suspended"}),
        ]

        for row, change in ends:
            before = {name: getattr(row, name) for name in change}
            assert report(device).status_code in {200, 201}
            type(row).objects.filter(pk=row.pk).update(**change)
            assert report(device).status_code == 401, change
            type(row).objects.filter(pk=row.pk).update(**before)

    def test_the_old_key_works_beside_the_new_one_as_long_as_was_chosen(self) -> None:
        old, now = a_device_of(a_partner()), timezone.now()
        new = credentials.rotate(old.credential, overlap=timedelta(hours=1), actor=SYSTEM, at=now)
        both = [report(key).status_code for key in (old, new)]
        Credential.objects.update(previous_until=now)

        assert (both, [report(key).status_code for key in (old, new)]) == ([201, 200], [401, 200])


def test_reports_of_one_fault_at_once_begin_one_interaction(committed_db: dict[str, str]) -> None:
    device = a_device_of(a_partner())
    statuses: list[int] = []
    gate = threading.Barrier(6)

    def send(number: int) -> None:
        gate.wait()
        statuses.append(report(device, id=f"r-{number}").status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=(number // 2,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 200, 200, 201, 201, 201]
    assert Interaction.objects.count() == 1
    assert Item.objects.count() == 3
