"""Canaries in what is written for us alone, and the partner itself walking every address to find one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, orchestration, ownership
from interactions.enums import Event
from partners.models import RecordEntry, User
from tests.config.addresses import pages
from tests.factories.machines import Machine
from tests.factories.world import (
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


def walked(mallory: Client, machine: Machine, address: str) -> Iterator[tuple[str, Any]]:
    yield "GET", mallory.get(address)
    yield "POST", mallory.post(address)
    if address.startswith(("/tmf-api", "/api")):
        yield "MACHINE", machine.get(address)


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return f"{content.decode('utf-8', 'replace')} {dict(answer.headers)}".lower()


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
