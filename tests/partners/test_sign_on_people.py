"""Whom a company's sign-in lets in, and whom never, whatever it says."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners.domain import people, sign_on_people
from partners.domain.sign_on_people import Admitted, Refused
from partners.enums import PartnerEvent, PartnerStatus, RoleStatus, SignOnRefusal
from partners.models import Membership, Partner, RecordEntry, SignOnIdentity, SingleSignOn, User
from partners.payloads import SYSTEM
from partners.transports.identities import Identity
from tests.factories.sign_ons import a_sign_on
from tests.factories.world import a_partner, a_person_of, a_representative, a_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Partner:
    acme = a_partner("Acme Wholesale", role="wholesaler")
    a_role(acme, "dealer")
    return acme


@pytest.fixture
def sign_on(acme: Partner) -> SingleSignOn:
    return a_sign_on(acme, roles={"trade": "wholesaler", "shop": "dealer", "fleet": "mvno"}, creates_people=True)


def paul_of(partner: Partner, **fields: Any) -> User:
    return a_person_of(partner, "Paul Acheson", email="paul@acme.example", **fields)


def vouched(**fields: Any) -> Identity:
    given: dict[str, Any] = {"subject": "paul-1", "email": "paul@acme.example", "name": "Paul Acheson"}
    return Identity(**(given | {"roles": frozenset({"trade"})} | fields))


def come(sign_on: SingleSignOn, **fields: Any) -> Admitted | Refused:
    return sign_on_people.admit(sign_on, vouched(**fields), at=timezone.now())


def refused(reason: SignOnRefusal) -> Refused:
    return Refused(reason=reason)


def roles_of(user: User) -> set[str]:
    return {role.kind.code for place in user.memberships.all() for role in place.roles.all()}


def events() -> list[str]:
    return list(
        RecordEntry.objects.filter(event__startswith="single_sign_on").order_by("id").values_list("event", flat=True)
    )


def test_somebody_known_comes_in_by_the_address_once_and_by_the_provider_s_name_from_then_on(
    acme: Partner, sign_on: SingleSignOn
) -> None:
    paul = paul_of(acme)

    first = come(sign_on)
    second = come(sign_on, email="paul.acheson@renamed.example")

    assert isinstance(first, Admitted)
    assert isinstance(second, Admitted)
    assert first.membership.user == second.membership.user == paul
    assert first.role is not None
    assert first.role.kind.code == "wholesaler"
    assert PartnerEvent.SIGN_ON_LINKED in events()


def test_somebody_new_gets_an_account_with_the_roles_that_the_provider_names(
    acme: Partner, sign_on: SingleSignOn
) -> None:
    assert isinstance(come(sign_on, email="Paul@ACME.example"), Admitted)

    paul = User.objects.get(email="paul@acme.example")
    assert (paul.name, paul.has_usable_password(), paul.is_representative) == ("Paul Acheson", False, False)
    assert [place.partner for place in paul.memberships.all()] == [acme]
    assert roles_of(paul) == {"wholesaler"}
    assert events() == [PartnerEvent.SIGN_ON_JOINED, PartnerEvent.SIGN_ON_LINKED]


@pytest.mark.parametrize(
    ("fields", "setting", "reason"),
    [
        ({}, {"creates_people": False}, SignOnRefusal.NOT_INVITED),
        ({"roles": frozenset()}, {}, SignOnRefusal.NO_ROLE),
        ({"roles": frozenset({"janitor"})}, {}, SignOnRefusal.NO_ROLE),
        ({"roles": frozenset({"fleet"})}, {}, SignOnRefusal.NO_ROLE),  # a role that Acme does not play
        ({"email": ""}, {}, SignOnRefusal.NO_ADDRESS),
        ({"email": "paul"}, {}, SignOnRefusal.NO_ADDRESS),
        ({"email": "paul@globex.example"}, {}, SignOnRefusal.FOREIGN_ADDRESS),
        ({"email": "paul@mail.acme.example"}, {}, SignOnRefusal.FOREIGN_ADDRESS),
        ({"email": "paul@acme.example.evil.example"}, {}, SignOnRefusal.FOREIGN_ADDRESS),
        ({"email": '"paul@acme.example"@evil.example'}, {}, SignOnRefusal.FOREIGN_ADDRESS),
        ({"is_address_verified": False}, {}, SignOnRefusal.ADDRESS_NOT_VERIFIED),
        ({}, {"is_active": False}, SignOnRefusal.CLOSED),
    ],
)
def test_nobody_is_made_who_is_not_vouched_for_whole(
    sign_on: SingleSignOn, fields: dict[str, Any], setting: dict[str, Any], reason: SignOnRefusal
) -> None:
    SingleSignOn.objects.update(**setting)

    assert come(sign_on, **fields) == refused(reason)
    assert not User.objects.exists()
    entry = RecordEntry.objects.get(event=PartnerEvent.SIGN_ON_REFUSED)
    assert (entry.partner_id, entry.facts["reason"]) == (sign_on.partner_id, reason)


def test_the_provider_of_one_partner_signs_nobody_of_another_in(sign_on: SingleSignOn) -> None:
    globex = a_partner("Globex Mobile", role="mvno")
    mallory = a_person_of(globex, "Mallory Kerr", email="mallory@acme.example")

    assert come(sign_on, email="mallory@acme.example") == refused(SignOnRefusal.NOT_INVITED)
    assert not SignOnIdentity.objects.exists()
    assert [place.partner for place in mallory.memberships.all()] == [globex]


@pytest.mark.parametrize("rights", [{"is_representative": True}, {"is_staff": True}, {"is_superuser": True}])
def test_no_provider_signs_in_one_of_ours_even_if_named_as_a_person_of_the_partner(
    acme: Partner, sign_on: SingleSignOn, rights: dict[str, bool]
) -> None:
    rosa = a_representative("Rosa Lindqvist", email="rosa@acme.example")
    User.objects.filter(pk=rosa.pk).update(**({"is_representative": False} | rights))
    place = Membership.objects.create(user=rosa, partner=acme, valid_from=timezone.now().date())
    place.roles.set(acme.roles.all())

    assert come(sign_on, email="rosa@acme.example") == refused(SignOnRefusal.NOT_INVITED)


def test_a_link_is_worth_nothing_once_its_person_works_for_us(acme: Partner, sign_on: SingleSignOn) -> None:
    paul = paul_of(acme)
    come(sign_on)
    User.objects.filter(pk=paul.pk).update(is_representative=True)

    assert come(sign_on) == refused(SignOnRefusal.NOT_INVITED)


def shut_out(how: str, paul: User) -> None:
    place, now = paul.memberships.get(), timezone.now()
    if how == "blocked":
        people.block(place, actor=SYSTEM, at=now)
    elif how == "removed":
        people.remove(place, actor=SYSTEM, at=now)
    elif how == "deactivated":
        User.objects.update(is_active=False)
    else:
        Membership.objects.update(valid_until=now.date() - timedelta(days=1))


@pytest.mark.parametrize("how", ["blocked", "removed", "deactivated", "over"])
@pytest.mark.parametrize("is_known", [True, False])
def test_whoever_was_shut_out_here_does_not_come_back_by_the_company_s_sign_in(
    acme: Partner, sign_on: SingleSignOn, how: str, is_known: bool
) -> None:
    paul = paul_of(acme)
    if is_known:
        come(sign_on)
    shut_out(how, paul)

    assert come(sign_on) == refused(SignOnRefusal.NOT_INVITED)


def test_a_suspended_partner_s_sign_in_is_closed(acme: Partner, sign_on: SingleSignOn) -> None:
    paul_of(acme)
    Partner.objects.update(status=PartnerStatus.SUSPENDED)

    assert come(sign_on) == refused(SignOnRefusal.CLOSED)


def test_an_address_that_was_given_to_somebody_new_opens_no_old_account(acme: Partner, sign_on: SingleSignOn) -> None:
    paul_of(acme)
    come(sign_on)

    assert come(sign_on, subject="paul-2") == refused(SignOnRefusal.OTHER_PERSON)


def test_a_domain_that_staff_took_away_ends_what_it_opened(acme: Partner, sign_on: SingleSignOn) -> None:
    paul_of(acme)
    come(sign_on)
    SingleSignOn.objects.update(domains=["acme.org.example"])

    assert come(sign_on) == refused(SignOnRefusal.NOT_INVITED)


def test_the_provider_decides_about_the_roles_it_has_words_for_and_no_others(
    acme: Partner, sign_on: SingleSignOn
) -> None:
    a_role(acme, "supplier")
    paul = paul_of(acme)

    come(sign_on, roles=frozenset({"shop", "janitor"}))

    assert roles_of(paul) == {"dealer", "supplier"}
    entry = RecordEntry.objects.get(event=PartnerEvent.SIGN_ON_ROLES_CHANGED)
    assert entry.facts["taken"] == [acme.roles.get(kind__code="wholesaler").pk]


def test_roles_taken_away_at_the_provider_are_gone_even_when_nothing_is_left_to_sign_in_to(
    acme: Partner, sign_on: SingleSignOn
) -> None:
    paul = paul_of(acme)
    come(sign_on, roles=frozenset({"trade", "shop"}))

    assert come(sign_on, roles=frozenset()) == refused(SignOnRefusal.NO_ROLE)
    assert roles_of(paul) == set()


def test_a_role_that_ended_here_is_not_brought_back(acme: Partner, sign_on: SingleSignOn) -> None:
    paul = paul_of(acme)
    acme.roles.filter(kind__code="wholesaler").update(status=RoleStatus.ENDED)

    assert come(sign_on) == refused(SignOnRefusal.NO_ROLE)
    assert "wholesaler" not in roles_of(paul)


def test_nothing_changes_where_the_provider_says_the_same_again(acme: Partner, sign_on: SingleSignOn) -> None:
    paul_of(acme)
    come(sign_on)
    before = len(events())

    come(sign_on)

    assert len(events()) == before


def test_without_words_for_roles_people_keep_those_they_were_given(acme: Partner) -> None:
    sign_on = a_sign_on(acme)
    paul = paul_of(acme)

    assert isinstance(come(sign_on, roles=frozenset()), Admitted)
    assert roles_of(paul) == {"wholesaler", "dealer"}
