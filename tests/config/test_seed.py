"""The demo world: believable, genuine, silent, and made once."""

import html
import json
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from config.demo import accounts, filling, making, matters
from config.demo.world import PASSWORD
from interactions.domain import catalogue, fields, watch
from interactions.enums import Direction, ItemKind, MessageState, Side, Status
from interactions.models import Clock, InboundMessage, Interaction, InteractionType, Item, Note, Step, Team
from partners.domain import translations, verification
from partners.enums import AssuranceLevel, Channel
from partners.models import Credential, Membership, OutboxMessage, Partner, RecordEntry, RoleKind, User
from tests.factories.world import signed_in

pytestmark = pytest.mark.xdist_group("seed")  # its world takes seconds to make: once is enough

NOW = datetime(2026, 6, 10, 9, 40, tzinfo=UTC)  # a Wednesday
STORIES = 90
LINK = re.compile(r'href="(/(?:console|portal|account)/[^"#]*)')
LEAVING = re.compile(r"logout|/files?/|/original|/download|\.csv")
MARKUP = re.compile(r'<(?!span class="nowrap")[^>]*>')
NUMBER = re.compile(r"[0-9]+")
CHANCE = random.Random(1)  # noqa: S311  nothing secret is drawn
PARTICULARS = matters.particulars(CHANCE, number=1, at=NOW, currency="EUR", agreement="AG-1")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A small demo world for all tests of this file; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(CONFIGURATION_SECONDS=1):  # remembered as in the product, and forgotten for other tests
            making.make(stories=STORIES, now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(made: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    """That world for one test, which may change it."""
    settings.VAR_DIR = tmp_path
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_there_are_partners_of_many_kinds_and_people_for_each(world: None) -> None:
    active = Partner.objects.active()

    assert active.count() == 12
    assert RoleKind.objects.filter(roles__status="active").distinct().count() >= 8
    assert active.values("country").distinct().count() >= 8
    assert active.values("time_zone").distinct().count() >= 8
    assert 38 <= User.objects.count() <= 46
    assert set(Membership.objects.filter(is_administrator=True).values_list("partner", flat=True)) == set(
        active.values_list("pk", flat=True)
    )
    assert User.objects.alias(places=models.Count("memberships")).filter(places=2).count() == 1


def test_six_representatives_work_in_four_teams_with_a_lead_each(world: None) -> None:
    assert User.objects.filter(teams__isnull=False).distinct().count() == 6
    for team in Team.objects.filter(code__in=["front-desk", "billing", "assurance", "fulfilment"]):
        assert team.places.filter(is_lead=True).count() == 1


def test_every_channel_status_and_side_occurs(world: None) -> None:
    assert Interaction.objects.filter(created_at__lte=NOW).count() == STORIES + 6
    assert set(Interaction.objects.values_list("status", flat=True)) >= set(Status) - {Status.ANNULLED}
    assert set(Interaction.objects.values_list("direction", flat=True)) == {"inbound", "outbound"}
    assert set(Item.objects.values_list("channel", flat=True)) >= set(Channel) - {Channel.DEVICE}
    assert set(Item.objects.values_list("side", flat=True)) == {Side.ENTERPRISE, Side.PARTNER}
    assert set(Interaction.objects.values_list("type__code", flat=True)) == set(
        InteractionType.objects.values_list("code", flat=True)
    )
    assert Item.objects.filter(kind=ItemKind.NOTIFICATION).exists()
    assert Note.objects.exists()


def test_there_is_work_to_do_today(world: None) -> None:
    open_ones = Interaction.objects.open()

    assert open_ones.filter(due_at__gt=NOW, due_at__lt=NOW + timedelta(hours=10)).count() >= 3
    assert open_ones.filter(due_at__lt=NOW).exists()
    assert open_ones.filter(status=Status.WAITING).exclude(waiting_for="").exists()
    assert Step.objects.filter(status="open").exists()
    assert Interaction.objects.filter(reopen_count__gt=0).exists()
    assert InboundMessage.objects.filter(state=MessageState.QUARANTINED).exists()
    assert InboundMessage.objects.filter(state=MessageState.UNREADABLE).exists()


def test_promises_were_really_kept_and_broken(world: None) -> None:
    broken = Clock.objects.filter(breached_at__isnull=False, breached_at__lt=NOW - timedelta(hours=25))

    assert broken.exists()
    assert Clock.objects.filter(breached_at=None, stopped_at__isnull=False).exists()
    assert RecordEntry.objects.filter(event="clock.breached").exists()
    assert RecordEntry.objects.filter(event="clock.warned", at__lt=NOW - timedelta(days=1)).exists()
    assert watch.sweep(at=NOW) == 0


def test_time_moves_forward_in_every_matter(world: None) -> None:
    for interaction in Interaction.objects.all():
        at = list(RecordEntry.objects.of_stream(interaction.stream).values_list("at", flat=True))
        assert at == sorted(at)
        assert at[-1] <= NOW


def test_the_record_is_whole(world: None, tmp_path: Path) -> None:
    verified = verification.verify(folder=tmp_path, public_key=None)

    assert verified.entries == RecordEntry.objects.count() > STORIES * 5


def test_nobody_hears_of_a_past_that_was_made_up(world: None) -> None:
    assert not OutboxMessage.objects.exists()
    assert not Interaction.objects.open().filter(silence_due_at__lt=NOW).exists()


def test_the_second_time_changes_nothing(world: None) -> None:
    call_command("seed", verbosity=0)
    before = (RecordEntry.objects.count(), Interaction.objects.count(), accounts.file().read_text())

    call_command("seed", verbosity=0)

    assert (RecordEntry.objects.count(), Interaction.objects.count(), accounts.file().read_text()) == before


def test_the_way_in_is_written_down(world: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed")

    told = json.loads(accounts.file().read_text())
    assert accounts.file().stat().st_mode & 0o077 == 0
    assert PASSWORD in capsys.readouterr().out
    assert {account["kind"] for account in told["accounts"]} == {
        "administrator", "lead", "representative", "auditor", "analyst", "partner_administrator", "partner_user",
    }  # fmt: skip
    assert {account["partner"] for account in told["accounts"] if account["kind"] == "partner_user"} == set(
        Partner.objects.active().values_list("name", flat=True)
    )
    for client in told["clients"]:
        assert Credential.objects.get(identifier=client["client_id"]).role.partner.name == client["partner"]
    assert set(told["smtp"]) == {"host", "port"}
    assert told["base_url"].startswith("http")


@pytest.mark.parametrize("kind", ["administrator", "representative", "partner_administrator"])
def test_a_demo_account_signs_in(world: None, kind: str) -> None:
    account = next(one for one in accounts.accounts() if one["kind"] == kind)
    client = Client()

    client.post("/account/login/", {"login": account["email"], "password": account["password"]})

    assert User.objects.get(pk=client.session["_auth_user_id"]).email == account["email"]


@pytest.mark.parametrize("side", [Side.PARTNER, Side.ENTERPRISE])
def test_who_reads_german_meets_nothing_configured_in_english(world: None, side: Side) -> None:
    german, start = User.objects.get(email="lena.sommer@sunny-mobile.example.org"), "/portal/"
    if side == Side.ENTERPRISE:
        german, start = (
            User.objects.filter(is_representative=True, staff_role=None).earliest("pk"),
            "/console/queue/?scope=all",
        )
    german.language = "de"
    german.save()
    english = translations.known_in("de", translations.configured())

    seen = dict(walk(signed_in(german, level=AssuranceLevel.DOUBLE), start=start, most=50))

    assert len(seen) > 30
    assert {address: found for address, lines in seen.items() if (found := lines & english)} == {}


def walk(client: Client, start: str, *, most: int) -> Iterator[tuple[str, set[str]]]:
    """Pages from link to link, the first of each kind first, with their lines."""
    waiting, kinds = deque([start]), Counter[str]()
    seen: set[str] = set()
    while waiting and len(seen) < most:
        address = waiting.popleft()
        kind = NUMBER.sub("", address.partition("?")[0])
        if address in seen or kinds[kind] == 3:
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        page = html.unescape(answer.content.decode())
        waiting += [found for found in LINK.findall(page) if not LEAVING.search(found)]
        yield address, {" ".join(line.split()) for line in MARKUP.split(page)}


def test_no_demo_world_where_others_can_reach_it(world: None, settings: Any) -> None:
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="known password"):
        call_command("seed")


def test_many_interactions_are_as_genuine_as_a_few(world: None, tmp_path: Path) -> None:
    before = Interaction.objects.count()
    newest = Interaction.objects.order_by("-pk").values_list("pk", flat=True)[0]

    call_command("seed", interactions=150, items=3, verbosity=0)

    added = Interaction.objects.filter(pk__gt=newest)
    assert added.count() == Interaction.objects.count() - before == 150
    assert Item.objects.filter(interaction__in=added).count() == 450
    assert all(interaction.participants.count() == 2 for interaction in added)
    assert not OutboxMessage.objects.exists()
    assert verification.verify(folder=tmp_path, public_key=None).streams > 150
    for interaction in added.select_related("type"):
        interaction.validate_constraints()
        assert interaction.direction in interaction.type.directions


def test_many_interactions_may_come_in_several_portions(world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "AT_ONCE", 7)
    before = Interaction.objects.count()

    filling.fill(20, items=None, now=NOW)

    assert Interaction.objects.count() == before + 20
    assert not Interaction.objects.open().filter(due_at__lt=NOW, policy=None).exists()


@pytest.mark.parametrize("matter", matters.stock(), ids=lambda matter: matter.subject)
def test_a_matter_fits_its_type_and_its_partners(world: None, matter: matters.Matter) -> None:
    type_ = InteractionType.objects.get(code=matter.type)
    asked = catalogue.current(type_).fields

    assert matter.direction in type_.directions
    assert "*" in matter.kinds or RoleKind.objects.filter(code__in=matter.kinds).count() == len(matter.kinds)
    assert set(matter.values) <= {field["name"] for field in asked}
    if matter.direction == Direction.INBOUND:
        filled = {name: value.format_map(PARTICULARS) for name, value in matter.values.items()}
        assert fields.check(asked, filled, complete=True) == filled
    for text in (matter.subject, matter.opening, matter.resolution, *(line.text for line in matter.script)):
        assert "{" not in text.format_map(PARTICULARS)
    assert {line.who for line in matter.script} <= {"we", "they", "ask", "await", "note"}
    assert len(matter.script) >= 1
