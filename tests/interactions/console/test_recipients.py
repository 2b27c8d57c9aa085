"""Whom a reply goes to: chosen at the chips, kept in the draft, sent to nobody else, and on the record."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.console.widgets import LOCAL
from interactions.domain import sharing
from interactions.enums import Event, Visibility
from interactions.models import Draft, Interaction, Item
from notifications.domain import relay
from notifications.enums import Pace, Topic
from notifications.models import Delivery, Preference, Rhythm
from partners.domain import people
from partners.models import Partner, RecordEntry, RoleKind, User
from partners.payloads import SYSTEM
from tests.factories.world import a_contact, a_partner, a_person_of, a_type, an_actor_for, an_interaction, signed_in
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(acme: Partner) -> User:
    return a_person_of(acme, "Petra Ames")


def say(browser: Client, matter: Interaction, to: list[str], **more: Any) -> Any:
    fields = {"mode": "reply", "reply": "My long text", "to_shown": "1", "to": to} | more
    return post(browser, matter, "say", **fields)


def told(matter: Interaction) -> set[str]:
    """Who of the partner gets a mail by what happened since the last time."""
    Delivery.objects.all().delete()
    relay.relay_all(at=timezone.now())
    return set(Delivery.objects.filter(interaction=matter, item__isnull=False).values_list("address", flat=True))


def test_a_reply_and_what_follows_from_it_goes_to_whom_its_writer_chose(
    browser: Client, matter: Interaction, paul: User, petra: User
) -> None:
    told(matter)
    say(browser, matter, [petra.email], following="resolve", resolution="Credited")

    assert told(matter) == {petra.email}
    entry = RecordEntry.objects.get(stream=matter.stream, event=Event.ITEM_ADDED)
    assert (entry.facts["recipients"], entry.text("to")) == ([petra.pk], petra.email)
    assert Item.objects.get(interaction=matter, text="My long text").recipients == ["Petra Ames"]
    page = text_of(browser.get(at(matter)))
    assert "Petra Ames</span>" in page.partition("entry__to")[2][:400]

    post(browser, matter, "say", mode="reply", reply="One thing more")
    assert told(matter) == {paul.email}


def test_whoever_has_no_script_types_who_else_gets_it(
    browser: Client, matter: Interaction, acme: Partner, paul: User, petra: User
) -> None:
    a_contact(acme, "payable@acme.example.org", name="Accounts payable")
    told(matter)
    say(browser, matter, [paul.email], to_more="petra ames, Payables <Payable@acme.example.org>")

    assert told(matter) == {paul.email, petra.email, "payable@acme.example.org"}


@pytest.mark.parametrize("refused", ["nobody", "left", "stranger", "typed", "several"])
def test_what_cannot_be_sent_so_is_told_at_the_chips_and_nothing_is_lost(
    browser: Client, matter: Interaction, acme: Partner, petra: User, refused: str
) -> None:
    people.block(petra.memberships.get(), actor=SYSTEM, at=timezone.now())
    mallory = a_person_of(a_partner("Globex"), "Mallory Grey")
    for name in ("Ann One", "Ann Two"):
        a_person_of(acme, name)
    to, typed, sentence = {
        "nobody": ([], "", "Choose somebody who gets it"),
        "left": ([petra.email], "", f"Acme Wholesale who may see this: {petra.email}"),
        "stranger": ([mallory.email], "", f"Acme Wholesale who may see this: {mallory.email}"),
        "typed": ([], "Mallory", "who may see this: Mallory"),
        "several": ([], "Ann", "may be several"),
    }[refused]

    answer = say(browser, matter, to, to_more=typed)

    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in page.partition('id="recipients-problem"')[2][:800]
    assert ">My long text</textarea>" in page
    assert all(f'value="{kept}" checked' in page for kept in to)
    assert f'name="to_more" value="{typed}"' in page
    assert not Item.objects.filter(interaction=matter, side="enterprise").exists()


def test_recipients_are_kept_with_the_reply_and_never_with_a_note(
    browser: Client, matter: Interaction, rosa: User, paul: User, petra: User
) -> None:
    chosen = {"to_shown": "1", "to": [paul.email, petra.email], "draft_version": "0"}

    kept = browser.post(at(matter, "draft"), {"mode": "reply", **chosen}).json()
    browser.post(at(matter, "draft"), {"mode": "note", "note": "For us", **chosen})

    assert (kept["version"], kept["send"]) == (1, "Send to 2 people at Acme Wholesale")
    assert Draft.objects.get(mode="note").recipients is None
    elsewhere = text_of(signed_in(rosa).get(at(matter)))
    assert f'value="{petra.email}" checked' in elsewhere
    assert "Send to 2 people at Acme Wholesale" in elsewhere
    usual = {"mode": "reply", "to_shown": "1", "to": [paul.email], "draft_version": "1"}
    assert browser.post(at(matter, "draft"), usual).json()["version"] == 0


def test_only_people_who_may_see_it_are_found(browser: Client, matter: Interaction, acme: Partner, paul: User) -> None:
    a_person_of(acme, "Olga Acheson", is_administrator=True)
    a_person_of(acme, "Ida Acheson")
    a_person_of(a_partner("Globex"), "Max Acheson")
    a_contact(acme, "acheson@acme.example.org")

    def found(interaction: Interaction) -> list[str]:
        page = text_of(browser.get(at(interaction, "recipients"), {"q": "acheson"}))
        return [one.partition('"')[0] for one in page.split('data-name="')[1:]]

    assert found(matter) == ["Ida Acheson", "Olga Acheson", "Paul Acheson", "acheson@acme.example.org"]
    kept = sharing.share(
        an_interaction(acme, actor=an_actor_for(paul)), Visibility.OWN, actor=an_actor_for(paul), at=timezone.now()
    )
    assert found(kept) == ["Olga Acheson", "Paul Acheson"]
    a_type("settlement", permission="settlement.approve", minimum_level=2)
    RoleKind.objects.update(permissions=["interaction.answer"])
    assert found(an_interaction(acme, type="settlement")) == []


def test_the_preview_is_of_those_who_were_chosen(browser: Client, matter: Interaction, paul: User, petra: User) -> None:
    def preview(to: list[str]) -> str:
        fields = {"mode": "reply", "reply": "We credit it", "to_shown": "1", "to": to}
        return text_of(browser.post(f"/console/interactions/{matter.number}/preview/", fields))

    assert petra.email in preview([petra.email])
    assert paul.email not in preview([petra.email])
    assert "Not among the people of Acme Wholesale" in preview(["mallory@globex.example.org"])


def test_the_preview_says_when_each_of_them_gets_it(
    browser: Client, matter: Interaction, acme: Partner, paul: User, petra: User
) -> None:
    grace, now = a_person_of(acme, "Grace Adams"), timezone.now()
    Preference.objects.create(user=paul, topic=Topic.SAID, pace=Pace.DAILY)
    quiet = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_until": (now + timedelta(hours=1)).time()}
    Rhythm.objects.create(user=petra, **quiet)
    Preference.objects.create(user=grace, topic=Topic.SAID, pace=Pace.OFF)
    ann = a_person_of(acme, "Ann Ames")
    fields = {"mode": "reply", "reply": "x", "to_shown": "1", "to": [paul.email, petra.email, grace.email, ann.email]}

    def said(**more: str) -> dict[str, str]:
        page = text_of(browser.post(f"/console/interactions/{matter.number}/preview/", fields | more))
        rows = [
            re.sub(r"<[^>]*>", " ", row) for row in re.findall(r"<li class=.preview__reader.*?</li>", page, re.DOTALL)
        ]
        return {user.name: next(row for row in rows if user.email in row) for user in (paul, petra, grace, ann)}

    told = said()
    assert "In the daily mail" in told["Paul Acheson"]
    assert "After their quiet hours" in told["Petra Ames"]
    assert "Wants no mail about this" in told["Grace Adams"]
    assert "At once" in told["Ann Ames"]
    later = said(send_at=f"{now + timedelta(hours=3):{LOCAL}}")
    assert "quiet" not in later["Petra Ames"]
    assert "At once" not in later["Ann Ames"]
