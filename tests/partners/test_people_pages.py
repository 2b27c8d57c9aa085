"""The people of a partner, as its administrator has them in the portal and we in the console: one matrix for both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from partners.domain import onboarding
from partners.enums import AssuranceLevel
from partners.models import Invitation, Membership, Partner, RecordEntry, User
from tests.factories.factors import an_authenticator_app, let_pass, prove
from tests.factories.partners import MembershipFactory
from tests.factories.world import a_partner, a_person_of, a_representative, a_role, an_actor_for, signed_in

pytestmark = pytest.mark.django_db
NINA = "nina@acme.example.org"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody who manages Acme's people, and where."""

    browser: Client
    base: str
    user: User


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def anna(acme: Partner) -> User:
    return a_person_of(acme, "Anna Acheson", is_administrator=True)


@pytest.fixture
def paul(acme: Partner) -> Membership:
    return place(a_person_of(acme, "Paul Acheson"))


@pytest.fixture(params=["portal", "console"])
def desk(request: pytest.FixtureRequest, acme: Partner, anna: User) -> Desk:
    if request.param == "portal":
        return Desk(browser=strongly(anna), base="/portal/organisation/people/", user=anna)
    rosa = a_representative()
    return Desk(browser=strongly(rosa), base=f"/console/partners/{acme.pk}/people/", user=rosa)


def strongly(user: User) -> Client:
    return signed_in(user, level=AssuranceLevel.DOUBLE)


def place(user: User) -> Membership:
    return Membership.objects.select_related("user", "partner").get(user=user)


def invited(acme: Partner, by: User, **fields: Any) -> Invitation:
    given: dict[str, Any] = {"roles": list(acme.roles.all()), "actor": an_actor_for(by), "at": timezone.now()}
    return onboarding.invite(acme, NINA, **(given | fields))


def events(partner: Partner) -> list[str]:
    return [entry.event for entry in RecordEntry.objects.of_stream(partner.stream)]


def filled_in(acme: Partner, **fields: Any) -> dict[str, Any]:
    person = {"name": "Nina Acheson", "address": NINA, "language": "en"}
    return {**person, "roles": [role.pk for role in acme.roles.all()], **fields}


def test_the_list_says_how_everybody_stands(desk: Desk, acme: Partner, anna: User, paul: Membership) -> None:
    User.objects.filter(pk=paul.user_id).update(last_login=timezone.now() - timedelta(hours=3))
    an_authenticator_app(paul.user)
    Membership.objects.filter(pk=paul.pk).update(blocked_at=timezone.now())
    a_person_of(acme, "Bea New")
    left = a_person_of(acme, "Lee Gone")
    left.memberships.update(ended_at=timezone.now())
    invited(acme, anna, name="Nina Acheson")

    page = desk.browser.get(desk.base)

    for words in ("Paul Acheson", "second factor set up", "Last sign-in", "Never signed in", "Blocked", "Nina Acheson"):
        assert words in page.text
    assert "Lee Gone" not in page.text


def test_who_does_not_manage_people_sees_names_and_roles_only(acme: Partner, anna: User, paul: Membership) -> None:
    invitation = invited(acme, anna)
    browser = strongly(paul.user)

    page = browser.get("/portal/organisation/people/")

    assert "Anna Acheson" in page.text
    assert all(words not in page.text for words in (NINA, "Last sign-in", "second factor", "Invite somebody"))
    for path in ("invite/", f"{place(anna).pk}/"):
        assert browser.get(f"/portal/organisation/people/{path}").status_code == 403
    for path in ("invite/", f"{place(anna).pk}/", f"invitations/{invitation.pk}/"):
        assert browser.post(f"/portal/organisation/people/{path}", {"act": "block"}).status_code == 403
    assert events(acme) == ["person.invited"]


def test_nobody_reaches_the_people_of_another_partner(acme: Partner, anna: User, paul: Membership) -> None:
    mallory = strongly(a_person_of(a_partner("Globex Mobile"), "Mallory Voss", is_administrator=True))
    invitation = invited(acme, anna)

    for path in (f"{paul.pk}/", f"invitations/{invitation.pk}/", "99999999999999999999/"):
        assert mallory.post(f"/portal/organisation/people/{path}", {"act": "block"}).status_code == 404
    assert mallory.get(f"/portal/organisation/people/{paul.pk}/").status_code == 404
    assert mallory.get(f"/console/partners/{acme.pk}/people/").status_code == 404
    assert "Paul" not in mallory.get("/portal/organisation/people/").text
    assert events(acme) == ["person.invited"]


def test_somebody_is_invited_and_the_mail_is_due(desk: Desk, acme: Partner) -> None:
    page = desk.browser.get(f"{desk.base}invite/")
    assert "Wholesaler" in page.text

    answer = desk.browser.post(f"{desk.base}invite/", filled_in(acme, title="Controller"), follow=True)

    invitation = Invitation.objects.open().get()
    assert (invitation.address, invitation.name, invitation.title) == (NINA, "Nina Acheson", "Controller")
    assert (invitation.invited_by, invitation.next_at is not None) == (desk.user, True)
    assert list(invitation.roles.all()) == list(acme.roles.all())
    assert f"An invitation is on its way to {NINA}." in answer.text
    entry = RecordEntry.objects.of_stream(acme.stream).get()
    assert (entry.event, entry.actor_id, entry.actor_level) == ("person.invited", desk.user.pk, AssuranceLevel.DOUBLE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "paul.acheson@example.org"}, "one of your people already"),
        ({"address": "not an address"}, "Enter a valid email address"),
        ({"name": ""}, "This field is required"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["999999"]}, "not one of the available choices"),
        ({"name": "x" * 151}, "at most 150 characters"),
    ],
)
@pytest.mark.usefixtures("paul")
def test_what_is_wrong_is_said_at_the_field_and_kept(
    acme: Partner, anna: User, change: dict[str, Any], words: str
) -> None:
    answer = strongly(anna).post("/portal/organisation/people/invite/", filled_in(acme, title="Controller", **change))

    assert answer.status_code == 422
    assert words in answer.text
    assert "Controller" in answer.text
    assert not Invitation.objects.exists()


def test_an_administrator_offers_only_roles_that_are_theirs(acme: Partner, anna: User) -> None:
    supplier = a_role(acme, "supplier")

    page = strongly(anna).get("/portal/organisation/people/invite/")
    refused = strongly(anna).post("/portal/organisation/people/invite/", filled_in(acme, roles=[supplier.pk]))

    assert "Supplier" not in page.text
    assert refused.status_code == 422


def test_an_invitation_is_sent_again_and_withdrawn(desk: Desk, acme: Partner, anna: User) -> None:
    invitation = invited(acme, anna)
    path = f"{desk.base}invitations/{invitation.pk}/"

    again = desk.browser.post(path, {"act": "again"}, follow=True)
    withdrawn = desk.browser.post(path, {"act": "withdraw"}, follow=True)

    assert "goes out again" in again.text
    assert "is withdrawn" in withdrawn.text
    assert events(acme) == ["person.invited", "person.invited_again", "person.invitation_withdrawn"]
    assert desk.browser.post(path, {"act": "withdraw"}).status_code == 404


ACTS: list[tuple[str, dict[str, Any], Callable[[Membership], bool]]] = [
    ("take_role", {}, lambda one: not one.roles.exists()),
    ("name_administrator", {}, lambda one: one.is_administrator),
    ("retitle", {"title": "Controller"}, lambda one: one.title == "Controller"),
    ("block", {"reason": "Lost his phone"}, lambda one: one.blocked_at is not None),
    ("remove", {}, lambda one: one.ended_at is not None),
]


@pytest.mark.parametrize(("act", "fields", "holds"), ACTS, ids=[act for act, _, _ in ACTS])
def test_each_act_is_done_at_once_and_recorded(
    desk: Desk, acme: Partner, paul: Membership, act: str, fields: dict[str, Any], holds: Callable[[Membership], bool]
) -> None:
    given = {"act": act, "role": acme.roles.get().pk, **fields}
    assert desk.browser.get(f"{desk.base}{paul.pk}/").status_code == 200

    answer = desk.browser.post(f"{desk.base}{paul.pk}/", given, follow=True)

    assert answer.status_code == 200
    assert "Paul Acheson" in answer.text
    assert holds(Membership.objects.get(pk=paul.pk))
    assert [entry.actor_id for entry in RecordEntry.objects.of_stream(acme.stream)] == [desk.user.pk]


def test_what_was_done_can_be_undone(desk: Desk, acme: Partner, paul: Membership) -> None:
    role = acme.roles.get().pk
    for act in ("take_role", "give_role", "block", "unblock", "name_administrator", "dismiss_administrator"):
        desk.browser.post(f"{desk.base}{paul.pk}/", {"act": act, "role": role})

    now = Membership.objects.get(pk=paul.pk)
    assert (now.roles.count(), now.blocked_at, now.is_administrator) == (1, None, False)
    assert len(events(acme)) == 6


def test_what_the_enterprise_blocked_only_the_enterprise_lifts(acme: Partner, anna: User, paul: Membership) -> None:
    theirs, ours, base = strongly(anna), strongly(a_representative()), "/portal/organisation/people/"
    portal, console = f"{base}{paul.pk}/", f"/console/partners/{acme.pk}/people/{paul.pk}/"
    only_we = f"{settings.ENTERPRISE_NAME} has blocked this person, and only {settings.ENTERPRISE_NAME} can lift it."

    theirs.post(portal, {"act": "block"})
    assert all(words in ours.get(console).text for words in ("by Anna Acheson", "Block as well", 'value="unblock"'))
    ours.post(console, {"act": "block", "reason": "Fraud"})
    page = theirs.get(portal).text
    assert only_we in page
    assert all(hidden not in page for hidden in ('value="unblock"', "Rosa", "Fraud", 'href="#block"'))
    assert only_we in theirs.post(portal, {"act": "unblock"}, follow=True).text
    assert Membership.objects.get(pk=paul.pk).blocked_at is not None

    theirs.post(portal, {"act": "remove"})
    again = theirs.post(f"{base}invite/", filled_in(acme, address=paul.user.email))
    assert (again.status_code, only_we in again.text) == (422, True)

    seen = ["person.blocked", "person.blocked", "person.unblocking_refused", "person.removed"]
    assert events(acme) == seen
    assert "Unblocking refused: we set the block" in ours.get(f"/console/partners/{acme.pk}/").text


@pytest.mark.parametrize("act", ["dismiss_administrator", "block", "remove"])
def test_the_last_administrator_is_kept_with_a_sentence_that_says_so(acme: Partner, anna: User, act: str) -> None:
    rosa = strongly(a_representative())

    answer = rosa.post(f"/console/partners/{acme.pk}/people/{place(anna).pk}/", {"act": act}, follow=True)

    assert "This is the only administrator. Make somebody else administrator first." in answer.text
    assert place(anna).is_administrator
    assert events(acme) == []


@pytest.mark.parametrize("given", [{}, {"act": "promote"}, {"act": "give_role"}, {"act": "give_role", "role": "x\x00"}])
def test_an_act_that_is_none_changes_nothing(
    desk: Desk, acme: Partner, paul: Membership, given: dict[str, str]
) -> None:
    answer = desk.browser.post(f"{desk.base}{paul.pk}/", given)

    assert answer.status_code in {302, 400}
    assert events(acme) == []


def test_an_act_waits_for_a_second_factor_and_resumes(acme: Partner, anna: User, paul: Membership) -> None:
    browser = strongly(anna)
    let_pass(browser, minutes=20)

    held = browser.post(f"/portal/organisation/people/{paul.pk}/", {"act": "block", "reason": "Lost his phone"})
    assert held.headers["Location"].startswith("/account/step-up/")
    assert events(acme) == []
    prove(browser)
    browser.post(held.headers["Location"])

    assert Membership.objects.get(pk=paul.pk).blocked_at is not None
    assert RecordEntry.objects.of_stream(acme.stream).get().text("reason") == "Lost his phone"


def test_who_signed_in_weakly_is_asked_for_more_before_seeing_how_people_stand(anna: User, paul: Membership) -> None:
    browser = signed_in(anna)

    assert "Last sign-in" not in browser.get("/portal/organisation/people/").text
    assert browser.get(f"/portal/organisation/people/{paul.pk}/").headers["Location"].startswith("/account/step-up/")


def test_a_long_list_goes_on_in_pages_and_is_searched(desk: Desk, acme: Partner) -> None:
    for number in range(52):
        MembershipFactory.create(partner=acme, user__name=f"Bea {number:02d}")

    first = desk.browser.get(desk.base)
    second = desk.browser.get(desk.base, {"after": first.context["page"].after})
    found = desk.browser.get(desk.base, {"q": "bea 51"})

    assert len(first.context["page"].rows) == 50
    assert "Bea 51" in second.text
    assert [one.user.name for one in found.context["page"].rows] == ["Bea 51"]
    assert "Nobody matches" in desk.browser.get(desk.base, {"q": "zzz"}).text


def test_the_number_of_queries_does_not_grow(desk: Desk, acme: Partner, django_assert_max_num_queries: Any) -> None:
    counts = []
    for start in (0, 3):
        for number in range(start, start + 3):
            a_person_of(acme, f"Person {number} of Acme")
            invited(acme, desk.user, roles=list(acme.roles.all()))
        with django_assert_max_num_queries(20) as queries:
            desk.browser.get(desk.base)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_was_done_is_said_on_the_timeline(acme: Partner, anna: User, paul: Membership) -> None:
    strongly(anna).post(f"/portal/organisation/people/{paul.pk}/", {"act": "block", "reason": "Lost his phone"})

    page = signed_in(a_representative()).get(f"/console/partners/{acme.pk}/")

    assert "Paul Acheson: Lost his phone" in page.text
