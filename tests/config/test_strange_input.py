"""What nobody sends by mistake: it is refused everywhere, and breaks nothing."""

import pytest
from django.test import Client

from tests.config.addresses import pages
from tests.factories.world import a_partner, a_person_of, an_administrator, signed_in

pytestmark = pytest.mark.django_db

BAD = [
    *("%00", "1%00", "%ff%fe", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "x" * 3000, "9" * 18, "9" * 30, "-1", "0"),
    *("BPI-9999999", "BPI-" + "9" * 18, "BPI-" + "9" * 400, "BPI-%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1", "%5C"),
]
ASKED = (
    *("q", "text", "after", "before", "earlier", "number", "partner", "call", "matter", "type", "team", "assignee"),
    *("status", "state", "kind", "show", "days", "due", "fields", "limit", "offset", "sort", "page", "next", "o", "e"),
    *("p", "_to_field", "reason", "creationDate.gt"),
)
SEARCHED = ("/console/queue/", "/portal/interactions/")
EVIL = ["%00", "%ff%fe", "9" * 30, str(2**63), "-1", "x" * 5000, "%5B%5D", "%D9%A1", "(((", "%27%22%3E%3Cscript%3E"]


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Client:
    """Of a visitor, of Mallory of a partner, or of Ada, who may do everything."""
    client = Client()
    if request.param == "mallory":
        client = signed_in(a_person_of(a_partner(), "Mallory Kerr", is_administrator=True))
    elif request.param == "ada":
        client = signed_in(an_administrator())
    client.raise_request_exception = False
    return client


PLACES = [
    pytest.param("visitor", ("/account", "/api", "/dev", "/identity", "/.well-known"), id="visitor"),
    pytest.param("mallory", ("/portal", "/tmf-api"), id="mallory"),
    pytest.param("ada", ("/console", "/admin"), id="ada"),
]


@pytest.mark.parametrize(("browser", "places"), PLACES, indirect=["browser"])
def test_no_strange_address_breaks_anything(browser: Client, places: tuple[str, ...]) -> None:
    broken = [
        (method, address[:120], answer.status_code)
        for door in {door for door, _ in pages()}
        if "<" in door.route and door.route.startswith(places)
        for bad in BAD
        for address in door.addresses({}, default=[bad])
        for method in (("GET", "POST") if bad in BAD[:3] else ("GET",))
        if (answer := browser.generic(method, address)).status_code >= 500
    ]

    assert broken == []


@pytest.mark.parametrize(("browser", "places"), PLACES, indirect=["browser"])
def test_no_strange_question_breaks_a_page(browser: Client, places: tuple[str, ...]) -> None:
    plain = [address for door, address in pages() if "<" not in door.route and "logout" not in address]

    broken = [
        (address, question[:60], answer.status_code)
        for address in plain
        if address.startswith(places)
        for evil in (EVIL if address in SEARCHED else EVIL[:4])
        for question in questions(evil, is_searched=address in SEARCHED)
        if (answer := browser.get(f"{address}?{question}")).status_code >= 500
    ]

    assert broken == []


def questions(evil: str, *, is_searched: bool) -> list[str]:
    """Everything asked at once, and where there are many filters each alone, so that none hides behind another."""
    everything = "&".join(f"{name}={evil}" for name in ASKED)
    return [everything, *(f"{name}={evil}" for name in (ASKED[:9] if is_searched else ()))]


@pytest.mark.parametrize("page", ["interactions/interaction/?status=%00", "partners/recordstream/%00/change/"])
def test_a_nul_that_nothing_else_refused_is_the_senders_mistake(page: str) -> None:
    ada = signed_in(an_administrator())

    assert ada.get(f"/admin/{page}").status_code == 400


@pytest.mark.parametrize("resource", ["x", "http://example.org/#part", "javascript:x", "\0"])
def test_a_token_for_a_resource_that_is_none_is_refused(resource: str) -> None:
    client = Client(raise_request_exception=False)

    answers = [
        client.post("/identity/o/api/token", {"grant_type": "client_credentials", "resource": resource}),
        client.get("/identity/o/authorize", {"client_id": "x", "resource": resource}),
    ]

    assert all(answer.status_code < 500 for answer in answers)
    assert answers[0].status_code == 400
