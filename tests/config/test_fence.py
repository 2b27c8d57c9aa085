"""Canaries in everything a partner has, and everybody else walking every address to find one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, orchestration, ownership
from interactions.domain.conversation import Saying
from interactions.enums import Event, Side
from interactions.models import Attachment, Interaction
from interactions.payloads import File
from partners.enums import Channel
from partners.models import RecordEntry, User
from tests.config.addresses import pages
from tests.factories.machines import Machine
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db

NOT_WALKED = ("/dev/", "/account/logout", "/admin/logout", "/identity/o/logout")  # ends the session, or is open


def test_nobody_of_another_partner_gets_a_word_of_a_matter() -> None:
    """Canaries in everything that Globex has; Mallory and Mallory's machine walk every address with Globex's ids."""
    canary = "canary7f3a"
    mallory = browser_of(a_person_of(a_partner("Initech Carriers"), "Mallory Kerr", is_administrator=True))
    globex = a_matter_full_of(canary)
    machine = Machine(a_partner("Umbrella Roaming"))
    values = {
        "number": [globex.number, str(globex.pk), *(str(one.pk) for one in Attachment.objects.all())],
        "file_id": [str(one.pk) for one in Attachment.objects.all()],
        "partner_id": [str(globex.partner_id)],
    }

    told = [
        (method, address)
        for _, address in pages(values)
        if not address.startswith(NOT_WALKED)
        for question in ("", f"?q={canary[:6]}&id={globex.number}&number={globex.number}&partner={globex.partner_id}")
        for method, answer in walked(mallory, machine, address + question)
        if canary in text_of(answer)
    ]

    assert canary in text_of(browser_of(a_representative("Rosa Lind")).get(f"/console/interactions/{globex.number}/"))
    assert told == []


def walked(mallory: Client, machine: Machine, address: str) -> Iterator[tuple[str, Any]]:
    yield "GET", mallory.get(address)
    yield "POST", mallory.post(address)
    if address.startswith(("/tmf-api", "/api")):
        yield "MACHINE", machine.get(address)


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return f"{content.decode('utf-8', 'replace')} {dict(answer.headers)}".lower()


def a_matter_full_of(canary: str) -> Interaction:
    """A matter of Globex with the word in every place that somebody writes into."""
    front_desk, billing = a_team("front-desk"), a_team("billing")
    rosa = an_actor_for(a_representative("Rosa Lindqvist", team=front_desk))
    globex = a_partner(f"Globex {canary}")
    olga = an_actor_for(a_person_of(globex, f"Olga {canary}"))
    a_contact(globex, f"{canary}@globex.example.org")
    a_type("canary-query", plan=[("Check", front_desk)])
    file = File(name=f"{canary}.txt", content=canary.encode(), content_type="text/plain")
    matter = an_interaction(globex, subject=f"Subject {canary}", actor=olga, type="canary-query", files=(file,))
    now = timezone.now()
    conversation.note(matter, f"Note {canary}", actor=rosa, at=now)
    saying = Saying(text=f"Reply {canary}", side=Side.ENTERPRISE, channel=Channel.EMAIL, files=(file,))
    conversation.say(matter, saying, actor=rosa, at=now)
    orchestration.finish(matter.steps.get(), outcome=f"Outcome {canary}", actor=rosa, at=now)
    matter.refresh_from_db()
    ownership.hand_over(matter, billing, reason=f"Reason {canary}", actor=rosa, at=now)
    return matter


def test_what_is_written_for_us_alone_reaches_nobody_of_the_partner_itself() -> None:
    secret = "canary9b1c"
    rosa = an_actor_for(a_representative("Rosa Lindqvist", team=a_team("front-desk")))
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, "Paul Acheson", is_administrator=True)
    a_type("inner-query", plan=[("Check", a_team("front-desk"))])
    matter = an_interaction(acme, actor=an_actor_for(paul), type="inner-query")
    now = timezone.now()
    conversation.note(matter, f"Note {secret}", actor=rosa, at=now)
    orchestration.finish(matter.steps.get(), outcome=f"Outcome {secret}", actor=rosa, at=now)
    matter.refresh_from_db()
    ownership.hand_over(matter, a_team("billing"), reason=f"Reason {secret}", actor=rosa, at=now)
    machine, browser = Machine(acme), browser_of(paul)

    told = [
        (method, address)
        for _, address in pages({"number": [matter.number]})
        if not address.startswith(NOT_WALKED)
        for method, answer in walked(browser, machine, address)
        if secret in text_of(answer)
    ]

    assert RecordEntry.objects.filter(event=Event.NOTE_ADDED).exists()
    assert settings.ENTERPRISE_NAME in browser.get(f"/portal/interactions/{matter.number}/").content.decode()
    assert told == []


def browser_of(user: User) -> Client:
    client = signed_in(user)
    client.raise_request_exception = False
    return client
