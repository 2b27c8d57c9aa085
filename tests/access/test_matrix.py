"""The access matrix, walked: whoever asks for whatever gets what is written in `matrix.txt`.

On the way each answer is looked at: it carries the headers of safety, says no word of another partner, and whoever only
looked has changed nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access import matrix
from tests.access.safety import missing_headers
from tests.access.walk import Answer, addresses, asked
from tests.config.addresses import Door, doors
from tests.factories.everything import Everything, everything_of
from tests.factories.visitors import visitors
from tests.factories.world import a_partner

pytestmark = pytest.mark.django_db

HERE, THERE = "ourcanary", "theircanary"
# Who is walked with whom: each walk has a world of its own, and they share the machine's cores.
WALKS = (
    ("visitor", "rosa"),
    ("tom", "paul"),
    ("ada", "client", "writer"),
    ("olga", "mallory", "reader", "theirs", "device"),
    ("vera", "ines"),
)
MIGHTIEST = ("ada",)  # asks pages with the methods that they do not answer
UNTOLD = {  # the words that are of somebody else
    "visitor": (HERE, THERE),
    **dict.fromkeys(("paul", "olga", "client", "writer", "reader", "device"), (THERE,)),
    **dict.fromkeys(("mallory", "theirs"), (HERE,)),
}
# a sign-in that is begun elsewhere is on the record; the library keeps recovery codes anew as it shows them
NOTED = ("account-company:start", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
# who knows the address of a company's sign-in may see its name; an invitation is opened by whoever has its link
KNOWN_BY_LINK = ("account-company:", "invitation")


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    """Nobody comes so often."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False


@pytest.fixture
def acme() -> Everything:
    return everything_of(a_partner("Acme Wholesale"), HERE)


@pytest.fixture
def globex() -> Everything:
    return everything_of(a_partner("Globex Mobile"), THERE)


def test_every_door_stands_in_the_matrix_and_nothing_else_does() -> None:
    there = {door.name for door in doors() if not door.route.startswith("/admin/")}

    assert there - set(matrix.EXPECTED) == set(), "write into tests/access/matrix.txt who gets what there"
    assert set(matrix.EXPECTED) - there == set(), "these stand in tests/access/matrix.txt and nowhere else"
    assert {name for walk in WALKS for name in walk} == set(matrix.WHO)


@pytest.mark.parametrize("walk", WALKS, ids="-".join)
def test_everybody_gets_what_the_matrix_says(walk: tuple[str, ...], acme: Everything, globex: Everything) -> None:
    everybody = visitors(acme, globex)

    wrong = []
    for name in walk:
        visitor = everybody[name]()
        for door, address in addresses(acme, admin=False):
            for method, allowed in methods(door.name, name, address):
                answer = asked(visitor, method, address)
                wrong += [f"{name} {method} {door.name}: {fault}" for fault in faults(answer, name, door, allowed)]
                wrong += [f"{method} {address}: {lacking}" for lacking in missing_headers(answer.headers, address)]
                if method == "GET" and door.name not in NOTED:
                    wrong += [f"GET {address}: {written}" for written in answer.written]

    assert not wrong, "\n".join(wrong)


def faults(answer: Answer, who: str, door: Door, allowed: set[str]) -> Iterator[str]:
    """What an answer should not be, and what it should not say."""
    if answer.word not in allowed:
        yield f"{answer.word} instead of {' or '.join(sorted(allowed))}"
    if not door.name.startswith(KNOWN_BY_LINK):
        yield from (f"tells of {word}" for word in UNTOLD.get(who, ()) if word in answer.text.lower())


def methods(door: str, who: str, address: str) -> Iterator[tuple[str, set[str]]]:
    """What to ask with, and the answers that are right; other methods may do no more than POST and GET."""
    expected = matrix.EXPECTED.get(door)
    if expected is None:  # another test fails for it
        return
    for method in ("GET", "POST"):
        yield method, {expected[method][who]}
    if who in MIGHTIEST or address.startswith(("/tmf-api/", "/api/")):
        for method in ("PUT", "PATCH", "DELETE"):
            yield method, {"405", expected["GET"][who], expected["POST"][who]}


@pytest.mark.parametrize("who", ["visitor", "rosa"])
def test_the_admin_leads_everybody_else_away(who: str, acme: Everything, globex: Everything) -> None:
    visitor = visitors(acme, globex)[who]()
    away = {"in", "to"} | ({"403"} if who == "rosa" else set())  # 403: to sign in once more would change nothing

    let_in = []
    for door, address in addresses(acme, admin=True):
        answer = asked(visitor, "GET", address)
        let_in += [(door.name, answer.word)] if answer.word not in away else []
        let_in += [(address, lacking) for lacking in missing_headers(answer.headers, address)]

    assert let_in == []
