"""The list of partners and the page of one."""

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from interactions.domain import conversation
from partners.domain import keyset, people, sign_ins, sign_on_people
from partners.domain.sign_ins import Browser
from partners.enums import AssuranceLevel, SignOnRefusal
from partners.models import Partner
from partners.payloads import SYSTEM
from tests.factories.factors import an_authenticator_app, code_of, let_pass
from tests.factories.machines import a_client_of
from tests.factories.partners import PartnerFactory, RoleKindFactory
from tests.factories.sign_ons import a_sign_on
from tests.factories.world import (
    PASSWORD,
    a_contact,
    a_partner,
    a_person_of,
    a_representative,
    a_role,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db
LIST = "/console/partners/"


def names(page: object) -> list[str]:
    return [partner.name for partner in page.context["page"].rows]  # type: ignore[attr-defined]


def test_partners_are_found_by_name_number_and_address() -> None:
    acme = a_partner("Acme Wholesale", external_id="SUP-77")
    a_contact(acme, "Billing@acme.example.org")
    a_partner("Globex Mobile", role="mvno")
    rosa = signed_in(a_representative())

    assert names(rosa.get(LIST)) == ["Acme Wholesale", "Globex Mobile"]
    for text in ("acme", "SUP-77", "billing@acme.example.org"):
        assert names(rosa.get(LIST, {"q": text})) == ["Acme Wholesale"]
    assert names(rosa.get(LIST, {"kind": "mvno"})) == ["Globex Mobile"]
    assert "No partner matches" in rosa.get(LIST, {"q": "nobody"}).text


def test_the_list_goes_on_and_back_in_pages() -> None:
    for number in range(120):
        PartnerFactory.create(name=f"Partner {number:03d}")
    rosa = signed_in(a_representative())

    first = rosa.get(LIST)
    second = rosa.get(LIST, {"after": first.context["page"].after})
    third = rosa.get(LIST, {"after": second.context["page"].after})
    back = rosa.get(LIST, {"before": third.context["page"].before})

    assert (names(first)[0], names(second)[0], names(third)[0]) == ("Partner 000", "Partner 050", "Partner 100")
    assert (names(back), third.context["page"].after) == (names(second), "")
    assert first.context["page"].before == ""


@pytest.mark.parametrize("mark", ["x", "\x00", "W10", "WzEsMl0", "W251bGwsbnVsbF0", "eyJhIjoxfQ", "W" * 5000])
def test_a_mark_that_is_none_gives_the_first_page(mark: str) -> None:
    a_partner("Acme Wholesale")

    assert signed_in(a_representative()).get(LIST, {"after": mark}).status_code == 200


def test_marks_hold_their_place_when_rows_are_equal() -> None:
    for _ in range(5):
        PartnerFactory.create(name="Same name")

    page = keyset.page(Partner.objects.all(), ("name", "id"), size=2)
    rest = keyset.page(Partner.objects.all(), ("name", "id"), after=page.after, size=10)

    assert len({row.pk for row in [*page.rows, *rest.rows]}) == 5


def test_a_page_tells_everything_that_happened_over_all_channels() -> None:
    acme = a_partner("Acme Wholesale")
    interaction = an_interaction(acme, subject="No dial tone")
    rosa = a_representative("Rita Brandt")
    conversation.note(interaction, "Known outage", actor=an_actor_for(rosa), at=timezone.now())

    page = signed_in(rosa).get(f"{LIST}{acme.pk}/")

    assert interaction.number in page.text
    assert "Internal note added" in page.text


def test_a_hostile_name_is_only_text() -> None:
    acme = a_partner("<script>alert(1)</script>")

    page = signed_in(a_representative()).get(f"{LIST}{acme.pk}/")

    assert "<script>alert" not in page.text


def test_partners_people_do_not_see_the_console() -> None:
    acme = a_partner("Acme Wholesale")
    paul = signed_in(a_person_of(acme, "Paul Acheson"))

    assert paul.get(LIST).status_code == 403
    assert paul.get(f"{LIST}{acme.pk}/").status_code == 404


def test_an_unknown_partner_is_not_found() -> None:
    rosa = signed_in(a_representative())

    assert rosa.get(f"{LIST}99999999/").status_code == 404
    assert rosa.get(f"{LIST}{'9' * 30}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_list(count: int, django_assert_max_num_queries: object) -> None:
    for number in range(count):
        a_partner(f"Partner {number}", role="supplier")
    rosa = signed_in(a_representative())

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        rosa.get(LIST)


def test_the_timeline_tells_of_every_way_in_and_every_grant_as_they_happened() -> None:
    """Signed in, refused, proven more, switched, granted, revoked: each by its own page, and then read."""
    acme = a_partner("Acme Wholesale")
    strict = RoleKindFactory.create(code="billing", name="Billing", minimum_level=AssuranceLevel.RESISTANT)
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True, password=PASSWORD)
    paul = a_person_of(acme, "Paul Acheson").memberships.get()
    place = anna.memberships.get()
    place.roles.add(a_role(acme, "dealer"), a_role(acme, strict.code))
    roles = {role.kind.code: role.pk for role in acme.roles.select_related("kind")}
    secret, browser, rosa = an_authenticator_app(anna), Client(), signed_in(a_representative())
    key = a_client_of(acme, "Order system").credential
    people_page = f"/portal/organisation/people/{paul.pk}/"

    browser.post("/account/login/", {"login": anna.email, "password": PASSWORD})
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    for code in ("wholesaler", "billing", "dealer"):  # chosen, refused, switched to
        browser.post("/portal/acting/", {"choice": f"{place.pk}:{roles[code]}"})
    let_pass(browser, minutes=20)
    browser.post("/account/2fa/reauthenticate/", {"code": code_of(secret, later=1)})
    for act in ("give_role", "take_role"):
        browser.post(people_page, {"act": act, "role": roles["dealer"]})
    browser.post(f"/portal/organisation/access/{key.pk}/revoke/")

    told = [said_on(rosa, acme, about) for about in ("access", "people")]
    assert told == [
        [
            "Signed in more strongly | Anna Acheson, Dealer, two factors | Authenticator app",
            "Switched role | Anna Acheson, Dealer, two factors",
            "Role refused: the sign-in does not do for it | Anna Acheson, two factors | missing: phishing-resistant",
            "Switched role | Anna Acheson, Wholesaler, two factors",
            "Signed in | Anna Acheson, two factors | Password · Authenticator app · 127.0.0.1",
        ],
        [
            "Key revoked | Anna Acheson, Dealer, two factors | Order system",
            "Role taken | Anna Acheson, Dealer, two factors | Paul Acheson: Dealer",
            "Role given | Anna Acheson, Dealer, two factors | Paul Acheson: Dealer",
            "Key issued | System | Order system",
        ],
    ]


def said_on(rosa: Client, partner: Partner, about: str) -> list[str]:
    """What each entry of the timeline says, and of whom."""
    page = html.fromstring(rosa.get(f"{LIST}{partner.pk}/", {"about": about}).text)
    parts = [
        entry.xpath(".//strong | .//p/span | .//p[@class='record__text']")
        for entry in page.xpath("//ol[@class='record']/li")
    ]
    return [" | ".join(" ".join(part.text_content().split()) for part in entry) for entry in parts]


def test_the_timeline_is_narrowed() -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme, "Paul Acheson")
    rosa = signed_in(a_representative())
    an_interaction(acme)
    browser, now = Browser(address="192.0.2.7", agent="Firefox"), timezone.now()
    sign_ins.failed(paul, "", method="password", browser=browser, at=now)
    people.name_administrator(acme.memberships.get(), actor=SYSTEM, at=now)
    sign_on_people.refuse(a_sign_on(acme), SignOnRefusal.NO_ROLE, address="eve@acme.example", at=now)

    def told(about: str) -> str:
        return rosa.get(f"{LIST}{acme.pk}/", {"about": about}).text.partition('<ol class="record"')[2]

    assert all(text in told("access") for text in ("Password · 192.0.2.7", "Sign-in failed", "named no role"))
    assert "Made administrator" in told("people")
    assert "Sign-in failed" not in told("people")
    assert "Received" in told("matters")
    assert "Sign-in failed" not in told("matters")
    assert "Made administrator" in told("nonsense")
