"""Requests made from our own OpenAPI document; apart from the test, because to load what makes them takes a second."""

import random
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.walk import values_of
from tests.factories.everything import Everything
from tests.factories.visitors import Visitor

HOST = "http://testserver"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REQUESTS_OF_EACH = 20  # to each operation
SHARE_WITH_IDS, SHARE_LEFT_OUT = 0.7, 0.7
WITH_IDS = {"id", "relatedParty.id", "externalIdentifier.id"}
NEEDED = {"channel", "direction", "reason", "id", "at", "kind", "call_id", "event"}


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One partner's machines, the word that only the other's rows hold, and ids of both."""

    client: Visitor
    device: Visitor
    foreign: str
    ids: Sequence[str]


def ids_of(world: Everything) -> list[str]:
    """The ids by which the API could be asked for what there is of a partner."""
    values = values_of(world)
    return [
        *(values[name] for name in ("number", "attachment_id", "partner_id", "message_id", "clock_id", "delivery_id")),
        *(str(file.pk) for file in world.files),
        *(str(role.pk) for role in world.partner.roles.all()),
    ]


def operations() -> Iterator[Any]:
    """What the document of this instance describes."""
    with warnings.catch_warnings():
        document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    told = SchemathesisConfig.from_dict({"generation": {"allow-x00": False}})
    found: Iterator[Any] = openapi.from_dict(document, config=told).get_all_operations()
    return (one.ok() for one in found)


def ask(operation: Any, peers: Sequence[Peer]) -> Counter[str]:
    """Right and wrong requests of each peer; every answer is one that the document knows, without the foreign word.

    Returns how often each status was answered. The requests are the same in every run.
    """
    seen = Counter[str]()

    @settings(
        max_examples=REQUESTS_OF_EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE),
        peer=st.sampled_from(peers),
        choose=st.randoms(use_true_random=False),
    )
    def once(case: Any, peer: Peer, choose: random.Random) -> None:
        mix(case, choose, choose.sample(peer.ids, k=4))
        response = answered(peer.device if "devices" in operation.path else peer.client, case)
        seen[f"{operation.method.upper()} {response.status_code}"] += 1

        case.validate_response(response, checks=CHECKS)
        assert peer.foreign.encode() not in response.content
        assert peer.foreign not in str(response.headers)

    once()
    return seen


def mix(case: Any, choose: random.Random, ids: Sequence[str]) -> None:
    """Put ids into a request where it can name something, mostly, and leave out much of what would make it refused."""
    for name in case.path_parameters or {}:
        if choose.random() < SHARE_WITH_IDS:
            case.path_parameters[name] = ids[0]
    for name in [name for name in case.query or {} if name not in WITH_IDS and choose.random() < SHARE_LEFT_OUT]:
        del case.query[name]
    for name in WITH_IDS & set(case.query or {}):
        case.query[name] = ids[1]
    if not isinstance(case.body, dict):
        return
    named = {
        "interactionRelationship": {"id": ids[2]},
        "relatedParty": {"id": ids[3]},
        "externalIdentifier": {"id": "7"},
    }
    for name in [name for name in case.body if name not in NEEDED and choose.random() < SHARE_LEFT_OUT]:
        del case.body[name]
    for name in named.keys() & case.body.keys():
        case.body[name] = [named[name]]
    if "at" in case.body:
        case.body["at"] = timezone.now().isoformat()


def answered(visitor: Visitor, case: Any) -> Response:
    """Asked within this process, and undone."""
    told: dict[str, Any] = case.as_transport_kwargs(base_url=HOST)
    known = {"method", "url", "headers", "params", "cookies", "json", "data", "files"}
    prepared = requests.Request(**{name: value for name, value in told.items() if name in known}).prepare()
    own = {name: str(value) for name, value in prepared.headers.items() if not name.lower().startswith("content-")}
    body: Any = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    answer = Visitor(client=visitor.client, headers={**own, **visitor.headers}).ask(
        str(prepared.method),
        str(prepared.url).removeprefix(HOST),
        body,
        str(prepared.headers.get("Content-Type", "application/json")),
    )
    return Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.headers.items()},
        content=answer.getvalue(),
        request=prepared,
        elapsed=0.1,
        verify=False,
    )
