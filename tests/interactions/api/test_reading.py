"""GET of TMF683 version 4: fence, selection, filters, paging, versions."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.domain import conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import LinkKind, Move, Side
from interactions.models import Attachment, Interaction, Link
from partners.domain.remembered import Remembered
from partners.enums import Channel
from partners.payloads import SYSTEM
from tests.factories.machines import INTERACTIONS, Machine
from tests.factories.world import a_partner, a_representative, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Machine:
    return Machine(a_partner())


def reasons(answer: Any) -> list[str]:
    assert answer.status_code in {200, 206}, answer.content
    return [row["reason"] for row in answer.json()]


def find(machine: Machine, **parameters: Any) -> Any:
    return machine.get(f"{INTERACTIONS}?{urlencode(parameters, doseq=True)}")


def some(machine: Machine, count: int) -> None:
    for number in range(count):
        machine.create(reason=f"Matter {number}")


def test_a_partner_never_sees_another(machine: Machine) -> None:
    globex = Machine(a_partner("Globex"))
    secret = globex.create(reason="canary-7f3", description="canary-7f3", note=[{"text": "canary-7f3"}])
    machine.create()

    for path in [
        INTERACTIONS,
        f"{INTERACTIONS}?reason=canary-7f3",
        f"{INTERACTIONS}?reason.regex=canary",
        f"{INTERACTIONS}?id={secret['id']}",
        f"{INTERACTIONS}?relatedParty.id={globex.partner.pk}",
        f"{INTERACTIONS}?interactionRelationship.id={secret['id']}",
        secret["href"],
    ]:
        answer = machine.get(path)
        assert b"canary" not in answer.content
        if path != INTERACTIONS:
            assert answer.status_code == 404 or answer["X-Total-Count"] == "0"
    assert machine.get()["X-Total-Count"] == "1"
    assert machine.get(secret["href"]).status_code == 404
    assert globex.get(secret["href"]).status_code == 200


def test_a_file_is_read_by_its_own_partner_alone(machine: Machine) -> None:
    file = machine.create(attachment=[{"name": "../a.txt", "content": "Y2FuYXJ5"}])["attachment"][0]

    answer = machine.get(file["url"])
    assert answer.getvalue() == b"canary"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    for path in [file["url"], "/api/attachments/999999", f"/api/attachments/{10**30}"]:
        refused = Machine(a_partner("Globex")).get(path)
        assert refused.status_code == 404
        assert refused.json()["code"] == "60"


def test_what_came_in_as_a_whole_is_not_handed_out(machine: Machine) -> None:
    machine.create(attachment=[{"name": "a.txt", "content": "YQ=="}])
    Attachment.objects.update(is_original=True)

    assert machine.get(f"/api/attachments/{Attachment.objects.get().pk}").status_code == 404


def test_a_link_that_has_ended_is_not_shown(machine: Machine) -> None:
    here, there = machine.create(), machine.create()
    ends = {"interaction_id": int(here["id"][4:]), "other_id": int(there["id"][4:]), "kind": LinkKind.PARENT}
    link = Link.objects.create(**ends)
    assert machine.get(here["href"]).json()["interactionRelationship"][0]["id"] == there["id"]

    Link.objects.filter(pk=link.pk).update(ended_at=timezone.now())

    assert machine.get(here["href"]).json()["interactionRelationship"] == []


def test_a_link_to_another_partners_interaction_is_not_shown(machine: Machine) -> None:
    body = machine.create()
    foreign = an_interaction(a_partner("Globex"))
    Link.objects.create(interaction_id=int(body["id"][4:]), other=foreign, kind=LinkKind.PARENT)

    assert machine.get(body["href"]).json()["interactionRelationship"] == []
    assert machine.get().json()[0]["interactionRelationship"] == []


def test_an_annulled_interaction_is_gone_for_its_partner(machine: Machine) -> None:
    body = machine.create()
    words = Words(reason="Logged by mistake")
    lifecycle.make_move(Interaction.objects.get(), Move.ANNUL, actor=SYSTEM, at=timezone.now(), words=words)

    assert machine.get(body["href"]).status_code == 404
    assert machine.get().json() == []


def test_internal_notes_and_our_peoples_names_never_leave(machine: Machine) -> None:
    body = machine.create()
    rosa = an_actor_for(a_representative("Rosa Lindqvist"))
    interaction = Interaction.objects.get()
    conversation.note(interaction, "canary: their contract is weak", actor=rosa, at=timezone.now())
    saying = Saying(text="We are looking into it.", side=Side.ENTERPRISE, channel=Channel.EMAIL)
    conversation.say(interaction, saying, actor=rosa, at=timezone.now())

    answers = [machine.get(), machine.get(body["href"])]

    for answer in answers:
        assert b"We are looking into it." in answer.content
        assert b"Northwind Telecom" in answer.content
        assert b"canary" not in answer.content
        assert b"Rosa" not in answer.content


def test_each_status_of_ours_has_one_word_outside(machine: Machine) -> None:
    body = machine.create()
    rosa = an_actor_for(a_representative())
    moves = [
        (Move.START, Words(), "inProgress"),
        (Move.ASK, Words(waiting_for="The circuit number"), "inProgress"),
        (Move.RESUME, Words(reason="Found it"), "inProgress"),
        (Move.RESOLVE, Words(resolution="Port reset"), "inProgress"),
        (Move.CLOSE, Words(), "completed"),
    ]
    for move, said, outward in moves:
        lifecycle.make_move(Interaction.objects.get(), move, actor=rosa, at=timezone.now(), words=said)
        shown = machine.get(body["href"]).json()
        assert shown["status"] == outward
        if move == Move.ASK:
            assert shown["waitingFor"] == "The circuit number"
    assert shown["resolution"] == "Port reset"
    assert shown["statusChangeDate"] > body["statusChangeDate"]


@pytest.mark.parametrize(
    "number", ["BPI-0000000", "BPI-9999999", "BPI-99999999999999999999", "1", "x", "%00", "BPI-%F0%9D%9F%8F", "a%2Fb"]
)
def test_an_unknown_id_is_not_found(machine: Machine, number: str) -> None:
    answer = machine.get(f"{INTERACTIONS}/{number}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "60"


def test_only_the_one_spelling_of_an_id_is_a_resource(machine: Machine) -> None:
    key = int(machine.create()["id"][4:])

    assert machine.get(f"{INTERACTIONS}/BPI-{key:07d}").status_code == 200
    for other in [str(key), f"BPI-{key}", f"bpi-{key:07d}"]:
        assert machine.get(f"{INTERACTIONS}/{other}").status_code == 404


V4 = [
    *("@type", "creationDate", "description", "direction", "reason", "status", "statusChangeDate", "attachment"),
    *("channel", "interactionDate", "interactionItem", "interactionRelationship", "note", "relatedParty", "timing"),
]


@pytest.mark.parametrize("attribute", V4)
def test_each_first_level_attribute_can_be_selected(machine: Machine, attribute: str) -> None:
    body = machine.create(note=[{"text": "One more thing"}])

    for shown in [
        machine.get(f"{body['href']}?fields={attribute}").json(),
        machine.get(f"{INTERACTIONS}?fields={attribute}").json()[0],
    ]:
        assert set(shown) == {"id", "href", "@type", attribute}
        assert shown[attribute] == body[attribute]


def test_no_fields_leave_what_names_the_resource(machine: Machine) -> None:
    body = machine.create()

    assert set(machine.get(f"{body['href']}?fields=none").json()) == {"id", "href", "@type"}
    assert set(machine.get(f"{INTERACTIONS}?fields=none").json()[0]) == {"id", "href", "@type"}
    refused = machine.get(f"{INTERACTIONS}?fields=status,colour")
    assert refused.status_code == 400
    assert "colour" in refused.json()["message"]


def test_every_row_has_what_conformance_asks_for(machine: Machine) -> None:
    some(machine, 3)
    an_interaction(machine.partner, channel=Channel.PHONE, sender="+49 30 901820", sender_name="Paul")

    for row in machine.get().json():
        assert row["id"]
        assert row["href"].endswith(row["id"])
        assert row["direction"] in {"inbound", "outbound"}
        assert row["reason"]
        assert all(channel["id"] and channel["href"] for channel in row["channel"])
        assert all(party["id"] and party["href"] and party["@referredType"] for party in row["relatedParty"])


def test_a_list_takes_the_same_number_of_queries_for_one_row_and_for_three(machine: Machine) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert machine.get().status_code == 200
        return len(queries)

    full: dict[str, Any] = {
        "note": [{"text": "x"}],
        "attachment": [{"name": "a", "content": "YQ=="}],
        "interactionItem": [{"item": {"id": "C-1", "role": "subject"}}],
    }
    machine.create(externalIdentifier=[{"id": "1"}], **full)
    one = counted()
    machine.create(externalIdentifier=[{"id": "2"}], **full)
    machine.create(externalIdentifier=[{"id": "3"}], **full)

    assert counted() == one <= 3


def test_long_texts_are_cut_in_lists_only(machine: Machine) -> None:
    body = machine.create(description="x" * 20_000)

    row = machine.get().json()[0]
    assert len(row["description"]) == len(row["interactionItem"][0]["note"][0]["text"]) == 10_000
    whole = machine.get(body["href"]).json()
    assert len(whole["description"]) == len(whole["interactionItem"][0]["note"][0]["text"]) == 20_000


class TestFilters:
    def test_criteria_join_with_and_values_with_or(self, machine: Machine) -> None:
        machine.create(reason="A", channel=[{"id": "phone"}])
        machine.create(reason="B", channel=[{"id": "email"}])
        machine.create(reason="C", channel=[{"id": "email"}])

        assert reasons(find(machine, **{"channel.id": "email", "reason": "B"})) == ["B"]
        assert reasons(find(machine, reason=["A", "C"])) == ["C", "A"]
        assert reasons(find(machine, **{"channel.id": "email,phone"})) == ["C", "B", "A"]
        assert reasons(find(machine, **{"channel.id": "phone;email"})) == ["C", "B", "A"]
        assert reasons(machine.get(f"{INTERACTIONS}?status=open;status=completed&reason=A")) == ["A"]

    def test_free_text_is_not_split_at_a_comma(self, machine: Machine) -> None:
        machine.create(reason="Kiel, Lübeck and Eutin")
        machine.create(reason="Kiel")

        assert reasons(find(machine, reason="Kiel, Lübeck and Eutin")) == ["Kiel, Lübeck and Eutin"]

    def test_times_compare_in_words_and_in_signs(self, machine: Machine) -> None:
        old, new = machine.create(reason="old"), machine.create(reason="new")
        now = timezone.now()
        for body, days in [(old, 10), (new, 2)]:
            at = now - timedelta(days=days)
            Interaction.objects.filter(pk=int(body["id"][4:])).update(created_at=at)
        between = (now - timedelta(days=5)).isoformat()
        day = (now - timedelta(days=2)).date().isoformat()

        assert reasons(find(machine, **{"creationDate.gt": between})) == ["new"]
        assert reasons(find(machine, **{"creationDate.lte": between})) == ["old"]
        assert reasons(machine.get(f"{INTERACTIONS}?creationDate.lt={between}")) == ["old"]  # the + is not encoded
        assert reasons(machine.get(f"{INTERACTIONS}?creationDate%3E{quote(between)}")) == ["new"]
        assert reasons(machine.get(f"{INTERACTIONS}?creationDate>={quote(between)}")) == ["new"]
        assert reasons(machine.get(f"{INTERACTIONS}?creationDate%3C%3D{quote(between)}")) == ["old"]
        assert reasons(find(machine, creationDate=day)) == ["new"]
        either = f"creationDate%3C{quote(between)};creationDate%3E{quote(between)}"
        assert reasons(machine.get(f"{INTERACTIONS}?{either}")) == ["new", "old"]

    def test_how_long_it_took_is_told_and_looked_for(self, machine: Machine) -> None:
        machine.create(reason="quick")
        slow = machine.create(reason="slow")
        interaction, rosa = Interaction.objects.get(subject="slow"), an_actor_for(a_representative())
        moves = [(Move.RESOLVE, Words(resolution="Port reset")), (Move.REOPEN, Words(reason="It is down again"))]
        for move, said in [*moves, moves[0]]:
            at = interaction.created_at + timedelta(days=7)
            lifecycle.make_move(Interaction.objects.get(pk=interaction.pk), move, actor=rosa, at=at, words=said)

        told = machine.get(f"{slow['href']}?fields=timing,reopenCount").json()

        week = timedelta(days=7).total_seconds()
        assert told["timing"]["firstResponse"]["seconds"] == told["timing"]["resolution"]["seconds"] == week
        assert 0 < told["timing"]["enterprise"]["businessSeconds"] <= week
        assert told["timing"]["partner"] == told["timing"]["paused"] == {"businessSeconds": 0, "seconds": 0}
        assert told["reopenCount"] == 1
        assert "resolution" not in slow["timing"]
        assert reasons(find(machine, **{"timing.resolution.businessSeconds.gt": "3600"})) == ["slow"]
        assert reasons(find(machine, **{"timing.enterprise.businessSeconds.lte": "3600"})) == ["quick"]
        assert reasons(find(machine, reopenCount="1,2")) == ["slow"]

    @pytest.mark.parametrize(
        ("parameters", "found"),
        [
            ("reason.regex=%5EMast", ["Mast in Kiel"]),
            ("reason%3D~Kiel%24", ["Mast in Kiel"]),
            ("reason*=M[a]st", ["Mast in Kiel"]),
            ("reason.eq=Duct", ["Duct"]),
            ("reason%3D%3DDuct", ["Duct"]),
            ("status=opened&direction=inbounds", ["Duct", "Mast in Kiel"]),
            ("status=completed", []),
            ("externalIdentifier.id=CRM-1", ["Mast in Kiel"]),
            ("externalIdentifier.owner=crm&externalIdentifier.externalIdentifierType=case", ["Mast in Kiel"]),
            ("interactionItem.item.id=CIR-7", ["Mast in Kiel"]),
            ("interactionItem.item.id=CIR-8", []),
            ("interactionType=general-query&sort=reason", ["Duct", "Mast in Kiel"]),
            ("relatedParty.id=999999", []),
            ("relatedParty.id=x", []),
            ("relatedParty.role=wholesaler&sort=reason", ["Duct", "Mast in Kiel"]),
            ("@type=PartyInteraction&sort=-reason", ["Mast in Kiel", "Duct"]),
            ("id=BPI-9999999", []),
            ("id=BPI-99999999999999999999", []),
        ],
    )
    def test_each_attribute_finds(self, machine: Machine, parameters: str, found: list[str]) -> None:
        identifiers = [{"id": "CRM-1", "owner": "crm", "externalIdentifierType": "case"}, {"id": "CRM-2"}]
        about = [{"item": {"id": "CIR-7", "role": "subject", "@referredType": "Circuit"}}]
        machine.create(reason="Mast in Kiel", externalIdentifier=identifiers, interactionItem=about)
        machine.create(reason="Duct")

        assert reasons(machine.get(f"{INTERACTIONS}?{parameters}")) == found

    @pytest.mark.parametrize(
        ("parameters", "attribute"),
        [
            ("colour=red", "colour"),
            ("relatedParty.shoeSize=42", "relatedParty.shoeSize"),
            ("password.regex=x", "password"),
            ("partner__name=x", "partner__name"),
            ("status=ongoing", "status"),
            ("direction=up", "direction"),
            ("channel.id=pigeon", "channel.id"),
            ("reason.gt=a", "reason"),
            ("description.regex=a", "description"),
            ("status.regex=o", "status"),
            ("reason.regex=(", "reason.regex"),
            ("reason.regex=" + "a" * 101, "reason"),
            ("creationDate=soon", "creationDate"),
            ("creationDate=9999-12-31", "creationDate"),
            ("reopenCount=often", "reopenCount"),
            ("creationDate.gt=2026-13-01", "creationDate"),
            ("creationDate.gt=0001-01-01T00:00:00%2B14:00", "creationDate"),
            ("reason=a%00b", "reason"),
            ("a%00b=c", "a?b"),
            ("reason=" + "a" * 501, "reason"),
            ("id=" + ",".join("x" * 51), "id"),
            ("creationDate>", "creationDate>"),
            ("sort=colour", "sort"),
            ("sort=reason,direction,id,creationDate", "sort"),
            ("offset=-1", "offset"),
            ("offset=x", "offset"),
            ("limit=-1", "limit"),
            ("limit=1.5", "limit"),
            ("limit=" + "9" * 30, "limit"),
            ("limit=%D9%A1", "limit"),
            ("offset=10001", "offset"),
            ("after=zzz", "after"),
            ("after=%00", "after"),
            ("before=W10", "before"),
            ("after=" + "W1" * 200, "after"),
        ],
    )
    def test_what_cannot_be_asked_is_named(self, machine: Machine, parameters: str, attribute: str) -> None:
        answer = machine.get(f"{INTERACTIONS}?{parameters}")

        error = answer.json()
        assert answer.status_code == 400, error
        assert error.get("attribute", "") == attribute
        assert error["code"] == "28"

    def test_a_costly_expression_is_stopped(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            machine.create(reason="a" * 499)
        monkeypatch.setattr("interactions.api.interactions.REGEX_TIMEOUT", "20ms")

        answer = machine.get(f"{INTERACTIONS}?" + urlencode({"reason.regex": r"^(a*)(a*)(a*)(a*)\1\2\3\4$"}))

        assert answer.status_code == 400
        assert "too long" in answer.json()["message"]
        assert machine.get().status_code == 200


class TestPaging:
    def links(self, answer: Any) -> dict[str, str]:
        return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"])}

    def test_without_paging_parameters_it_is_200_even_when_the_server_caps_it(self, machine: Machine) -> None:
        some(machine, 21)

        answer = machine.get()

        assert answer.status_code == 200
        assert (answer["X-Total-Count"], answer["X-Result-Count"]) == ("21", "20")

    def test_an_empty_list_is_an_empty_list(self, machine: Machine) -> None:
        answer = machine.get(f"{INTERACTIONS}?limit=5")

        assert (answer.status_code, answer.json(), answer["X-Total-Count"]) == (200, [], "0")

    def test_a_part_is_206_with_its_neighbours(self, machine: Machine) -> None:
        some(machine, 5)

        answer = find(machine, offset=2, limit=2, fields="reason")

        assert answer.status_code == 206
        assert reasons(answer) == ["Matter 2", "Matter 1"]
        assert (answer["X-Total-Count"], answer["X-Result-Count"]) == ("5", "2")
        links = self.links(answer)
        assert set(links) == {"self", "first", "next", "prev", "last"}
        assert reasons(machine.get(links["self"])) == ["Matter 2", "Matter 1"]
        assert reasons(machine.get(links["first"])) == ["Matter 4", "Matter 3"]
        assert reasons(machine.get(links["next"])) == ["Matter 0"]
        assert reasons(machine.get(links["prev"])) == ["Matter 4", "Matter 3"]
        assert reasons(machine.get(links["last"])) == ["Matter 0"]
        assert all(link.startswith("http://localhost:8000/tmf-api/") for link in links.values())
        assert "note" not in machine.get(links["next"]).json()[0]

    def test_all_of_it_is_200(self, machine: Machine) -> None:
        some(machine, 2)

        assert find(machine, limit=2).status_code == 200
        assert find(machine, limit=0).status_code == 206
        assert find(machine, limit=0)["X-Total-Count"] == "2"
        assert find(machine, offset=50).json() == []

    @pytest.mark.parametrize("sort", ["", "reason", "-creationDate", "direction,-reason", "-id"])
    def test_cursors_walk_to_the_end_and_back_without_a_gap(self, machine: Machine, sort: str) -> None:
        some(machine, 7)
        Interaction.objects.filter(subject="Matter 3").update(created_at=timezone.now() - timedelta(days=1))
        whole = reasons(find(machine, sort=sort))

        there, answer = [], find(machine, sort=sort, limit=3)
        there += reasons(answer)
        while "X-Next-Cursor" in answer:
            answer = find(machine, sort=sort, limit=3, after=answer["X-Next-Cursor"])
            there += reasons(answer)
        back = reasons(answer)
        while "prev" in self.links(answer):
            answer = machine.get(self.links(answer)["prev"])
            back = reasons(answer) + back

        assert there == whole
        assert back == whole

    def test_an_empty_cursor_is_the_beginning(self, machine: Machine) -> None:
        some(machine, 2)

        assert reasons(find(machine, limit=1, after="")) == ["Matter 1"]

    def test_a_cursor_is_not_moved_by_what_is_inserted(self, machine: Machine) -> None:
        some(machine, 4)
        first = find(machine, limit=2)
        machine.create(reason="Newer")

        assert reasons(find(machine, limit=2, after=first["X-Next-Cursor"])) == ["Matter 1", "Matter 0"]

    def test_a_cursor_belongs_to_its_order(self, machine: Machine) -> None:
        some(machine, 3)
        cursor = find(machine, limit=1, sort="reason")["X-Next-Cursor"]

        assert find(machine, limit=1, after=cursor).status_code == 400
        assert find(machine, limit=1, sort="reason", after=cursor, offset=1).status_code == 400

    def test_counting_stops_at_the_cap_and_says_so(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("partners.api.paging.MOST_COUNTED", 3)
        some(machine, 5)

        answer = find(machine, limit=1)

        assert answer["X-Total-Count"] == "3"
        assert answer["X-Total-Count-Is-Minimum"] == "true"
        assert "last" not in self.links(answer)

    def test_a_long_list_is_remembered_for_its_own_caller_and_filter_alone(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.CONFIGURATION_SECONDS = 60
        monkeypatch.setattr("partners.api.paging.LONG_LISTS", Remembered(lambda _key: False))
        monkeypatch.setattr("partners.api.paging.MOST_COUNTED", 3)
        some(machine, 4)
        globex = Machine(a_partner("Globex"))
        some(globex, 2)

        for _ in range(2):
            assert find(machine, limit=1)["X-Total-Count-Is-Minimum"] == "true"
            assert find(machine, limit=1, **{"reason.regex": "[12]"})["X-Total-Count"] == "2"
            assert find(globex, limit=1)["X-Total-Count"] == "2"
            assert "X-Total-Count-Is-Minimum" not in find(globex, limit=1)

    def test_a_page_has_at_most_a_hundred_rows(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("partners.api.paging.MOST_LIMIT", 2)
        some(machine, 3)

        assert len(find(machine, limit=1000).json()) == 2

    def test_beyond_the_last_offset_the_next_link_is_a_cursor(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("partners.api.paging.MOST_OFFSET", 2)
        some(machine, 5)

        answer = find(machine, offset=2, limit=1)

        assert reasons(machine.get(self.links(answer)["next"])) == ["Matter 1"]


class TestVersions:
    @pytest.fixture
    def held(self, machine: Machine) -> tuple[str, str]:
        answer = machine.post({"channel": [{"id": "web"}], "direction": "inbound", "reason": "Versions"})
        return answer["Location"], answer["ETag"]

    @pytest.mark.parametrize("spell", [lambda tag: tag, lambda tag: f'"x", W/{tag}', lambda _tag: "*"])
    def test_what_is_held_is_not_sent_again(
        self, machine: Machine, held: tuple[str, str], spell: Callable[[str], str]
    ) -> None:
        href, etag = held

        answer = machine.get(href, **{"If-None-Match": spell(etag)})

        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)

    def test_a_change_makes_a_new_version(self, machine: Machine, held: tuple[str, str]) -> None:
        href, etag = held
        lifecycle.make_move(Interaction.objects.get(), Move.START, actor=SYSTEM, at=timezone.now())

        answer = machine.get(href, **{"If-None-Match": etag})

        assert answer.status_code == 200
        assert answer["ETag"] != etag
