"""Everybody who could stand at a door of the product, each with what they prove themselves with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client

from partners.enums import AssuranceLevel, Scope
from partners.models import Partner, User
from tests.factories.everything import Everything
from tests.factories.machines import a_client_of, a_token_for
from tests.factories.world import (
    a_person_of,
    a_representative,
    a_team,
    an_administrator,
    an_analyst,
    an_auditor,
    signed_in,
)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody, or some machine; each request is made with fresh hands, and what it changed is undone."""

    client: Client
    headers: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        cookies = self.client.cookies.output(header="")
        with transaction.atomic():
            answer = self.client.generic(method, address, body or b"", kind, headers=self.headers)
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(cookies)
        return answer


def browser_of(user: User) -> Visitor:
    client = signed_in(user, level=AssuranceLevel.DOUBLE)
    client.raise_request_exception = False
    return Visitor(client=client)


def machine_with(**headers: str) -> Visitor:
    return Visitor(client=Client(raise_request_exception=False), headers=headers)


def machine_of(partner: Partner, name: str, scopes: str) -> Visitor:
    token = a_token_for(a_client_of(partner, name, wanted=Scope.values), f"token-of-{partner.pk}-{name}", scopes=scopes)
    return machine_with(Authorization=f"Bearer {token}")


def visitors(acme: Everything, globex: Everything) -> Mapping[str, Callable[[], Visitor]]:
    """By name, made when they are called; all but two of the partners' belong to Acme."""
    team, here, there = a_team("front-desk"), acme.partner, globex.partner
    every = "\n".join(Scope.values)
    return {
        "visitor": lambda: Visitor(client=Client(raise_request_exception=False)),
        "rosa": lambda: browser_of(a_representative("Rosa Lindqvist", team=team)),
        "tom": lambda: browser_of(led(a_representative("Tom Okafor", team=team))),
        "ada": lambda: browser_of(an_administrator()),
        "vera": lambda: browser_of(an_auditor()),
        "ines": lambda: browser_of(an_analyst()),
        "paul": lambda: browser_of(a_person_of(here, "Paul Acheson")),
        "olga": lambda: browser_of(acme.person),
        "mallory": lambda: browser_of(a_person_of(there, "Mallory Kerr", is_administrator=True)),
        "client": lambda: machine_of(here, "All scopes", every),
        "writer": lambda: machine_of(here, "Writing alone", Scope.WRITE),
        "reader": lambda: machine_of(here, "Reading alone", Scope.READ),
        "theirs": lambda: machine_of(there, "Another partner's", every),
        "device": lambda: machine_with(**{"X-Device-Key": acme.device_key}),
    }


def led(user: User) -> User:
    """The same person, now leading wherever they have a place."""
    user.team_places.update(is_lead=True)
    return user
