"""Machines of partners as they knock at the API: with a token, or with a device key."""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from partners.domain import credentials
from partners.domain.credentials import Issued
from partners.enums import Scope
from partners.models import Partner
from partners.payloads import SYSTEM
from tests.factories.world import a_role

INTERACTIONS = "/tmf-api/partyInteraction/v4/partyInteraction"


def a_client_of(
    partner: Partner, name: str = "Billing system", *, wanted: Collection[str] = (Scope.READ, Scope.WRITE)
) -> Issued:
    """An API client of the partner's first role."""
    role = partner.roles.select_related("kind").order_by("id").first() or a_role(partner, "wholesaler")
    return credentials.issue_client(role, name, wanted=wanted, actor=SYSTEM, at=timezone.now())


def a_device_of(partner: Partner, name: str = "Line card 3/12") -> Issued:
    """A device with its key, in a role whose kind lets devices in."""
    role = a_role(partner, "infrastructure-provider")
    return credentials.issue_device_key(role, name, actor=SYSTEM, at=timezone.now())


def a_token_for(issued: Issued, value: str | None = None, *, minutes: int = 60, scopes: str | None = None) -> str:
    """An access token as the token endpoint would have given it."""
    value = value or f"token-of-{issued.identifier}"
    token = Token(type=Token.Type.ACCESS_TOKEN, client_id=issued.identifier)
    token.expires_at = timezone.now() + timedelta(minutes=minutes)
    token.scopes = "\n".join(issued.credential.scopes) if scopes is None else scopes
    token.set_value(value)
    token.save()
    return value


class Machine:
    """A partner's system that talks JSON to the API."""

    def __init__(self, partner: Partner, *, token: str | None = None, **given: Any) -> None:
        self.partner = partner
        self.client = Client(raise_request_exception=False)
        self.issued = a_client_of(partner, **given)
        self.token = token or a_token_for(self.issued)

    def get(self, path: str = INTERACTIONS, **headers: str) -> Any:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def post(self, body: object = None, path: str = INTERACTIONS, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Authorization": f"Bearer {self.token}", **headers}
        return self.client.post(path, content, content_type="application/json", headers=told)

    def delete(self, path: str) -> Any:
        return self.client.delete(path, headers={"Authorization": f"Bearer {self.token}"})

    def create(self, **attributes: Any) -> dict[str, Any]:
        answer = self.post(minimal(**attributes))
        assert answer.status_code == 201, answer.content
        return dict(answer.json())


def minimal(**attributes: Any) -> dict[str, Any]:
    """The smallest body that the standard accepts, with more attributes if given."""
    return {"channel": [{"id": "web"}], "direction": "inbound", "reason": "Link down in Kiel", **attributes}
