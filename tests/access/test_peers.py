"""Two partners as peers: whatever our OpenAPI document lets one ask for, with the other's ids in it, tells nothing."""

from collections import Counter
from typing import Any

import pytest

from tests.factories.everything import everything_of
from tests.factories.visitors import visitors
from tests.factories.world import a_partner

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]  # what the library warns of is its own

ACME, GLOBEX = "acmecanary", "globexcanary"


def test_peers_learn_nothing_of_each_other(settings: Any) -> None:
    from tests.access.peers import Peer, ask, ids_of, operations

    settings.API_CALLS_PER_ADDRESS = settings.API_CALLS_PER_CLIENT = 0
    acme, globex = everything_of(a_partner("Acme Wholesale"), ACME), everything_of(a_partner("Globex Mobile"), GLOBEX)
    here, there = visitors(acme, globex), visitors(globex, acme)
    ids = [*ids_of(acme), *ids_of(globex)]
    peers = [
        Peer(client=here["client"](), device=here["device"](), foreign=GLOBEX, ids=ids),
        Peer(client=there["client"](), device=there["device"](), foreign=ACME, ids=ids),
    ]

    seen = sum((ask(operation, peers) for operation in operations()), Counter[str]())

    assert set(seen) >= {"GET 200", "GET 404", "POST 201", "POST 400"}, seen  # else little was tried
