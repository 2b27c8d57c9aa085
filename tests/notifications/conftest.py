from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from interactions.domain import facts
from interactions.enums import Event
from interactions.models import Interaction, Participant, Team
from notifications.domain import deliveries, relay
from notifications.models import Delivery
from notifications.payloads import Letter, Outcome
from partners.domain import record
from partners.enums import ContactPurpose
from partners.models import Partner, RecordEntry, User
from partners.payloads import SYSTEM, Actor
from tests.factories.partners import moment
from tests.factories.receivers import Receiver, a_receiver
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_team,
    an_actor_for,
    an_interaction,
)

NOON = moment("2026-06-01 12:00")


@dataclass
class Postman:
    """A transport that keeps what it is given, and refuses addresses it is told to."""

    letters: list[Letter] = field(default_factory=list)
    refuses: dict[str, Outcome] = field(default_factory=dict)

    def send(self, letters: Any) -> list[Outcome]:
        self.letters += letters
        return [
            Outcome(key=letter.key, error=refused.error, is_final=refused.is_final)
            if (refused := self.refuses.get(letter.recipient))
            else Outcome(key=letter.key)
            for letter in letters
        ]


@dataclass
class Office:
    """Acme's Paul asked something; Rosa owns it, Tom leads her team and Tina is in it, Ben is in billing.

    Uma leads the team above both; Pia is whom Acme named for escalations.
    """

    acme: Partner
    paul: User
    petra: User
    rosa: User
    tom: User
    tina: User
    ben: User
    uma: User
    pia: User
    interaction: Interaction

    def happens(self, event: Event, *, actor: Actor = SYSTEM, at: datetime = NOON, **known: Any) -> RecordEntry:
        return record.append(facts.about(self.interaction, event, actor=actor, at=at, **known))

    def tell(self, at: datetime = NOON) -> list[Delivery]:
        """Relay everything; the deliveries that came of it."""
        before = set(Delivery.objects.values_list("pk", flat=True))
        relay.relay_all(at)
        return list(Delivery.objects.exclude(pk__in=before).order_by("pk"))

    def told(self) -> dict[str, str]:
        """Who is told by the next relay, and the subject without the number."""
        return {delivery.address: delivery.subject.partition("] ")[2] for delivery in self.tell()}


def an_office() -> Office:
    names = ("Rosa Lind", "Tom Weber", "Tina Okoro", "Ben Sato", "Uma Falk")
    rosa, tom, tina, ben, uma = (a_representative(name) for name in names)
    a_team("front-desk", lead=tom, members=[rosa, tina])
    a_team("billing", members=[ben])
    Team.objects.filter(code__in=["front-desk", "billing"]).update(escalates_to=a_team("direction", lead=uma))
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme, effective_from=NOON.date().replace(year=2020))
    paul, petra = a_person_of(acme, "Paul Acheson"), a_person_of(acme, "Petra Ames")
    pia = User.objects.create_user("pia@acme.example.org", name="Pia Ortiz")
    a_contact(acme, pia.email, purpose=ContactPurpose.ESCALATION)
    interaction = an_interaction(acme, actor=an_actor_for(paul), at=NOON, sender=paul.email)
    Participant.objects.create(interaction=interaction, user=petra, side="partner", role="watcher")
    interaction.assignee = rosa
    interaction.save(update_fields=["assignee"])
    return Office(
        acme=acme,
        paul=paul,
        petra=petra,
        rosa=rosa,
        tom=tom,
        tina=tina,
        ben=ben,
        uma=uma,
        pia=pia,
        interaction=interaction,
    )


@pytest.fixture
def office(db: None) -> Office:
    """The office with nothing left to be told."""
    office = an_office()
    relay.relay_all(NOON)
    deliveries.send_all(NOON, Postman())
    return office


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A partner's system on this machine, to which webhooks may go."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    with a_receiver() as receiver:
        yield receiver
