"""The partner's own pages, and the choice of whom somebody acts for."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners.domain import access
from partners.middleware import ROLE_KEY
from partners.models import Membership, OutboxMessage, Partner, RecordEntry, User
from tests.factories.partners import AgreementFactory, MembershipFactory
from tests.factories.world import (
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
ORGANISATION = "/portal/organisation/"
PEOPLE = "/portal/organisation/people/"
ACTING = "/portal/acting/"


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale", handling_notes="Quixotic", status_reason="Watched closely")


@pytest.fixture
def paul(acme: Partner) -> User:
    return a_person_of(acme, "Paul Acheson")


@pytest.fixture
def globex(paul: User) -> Partner:
    """A second partner that Paul acts for, in two roles."""
    partner = a_partner("Globex Mobile", role="mvno")
    a_role(partner, "supplier")
    MembershipFactory.create(user=paul, partner=partner)
    return partner


def choice(person: User, partner: Partner, kind: str) -> str:
    membership = Membership.objects.get(user=person, partner=partner)
    return access.choice_key(membership, partner.roles.get(kind__code=kind))


def test_our_details_are_shown_without_what_is_the_enterprises_own(acme: Partner, paul: User) -> None:
    a_contact(acme, "billing@acme.example.org")
    a_contact(acme, "old@acme.example.org", valid_until=timezone.now().date() - timedelta(days=9))
    AgreementFactory.create(partner=acme, reference="AGR-7", title="Wholesale terms")
    AgreementFactory.create(partner=acme, reference="AGR-8", title="Terms still being thought about", status="draft")

    page = signed_in(paul).get(ORGANISATION)

    assert all(words in page.text for words in ("Acme Wholesale", "billing@acme.example.org", "Wholesale terms"))
    assert all(
        words not in page.text for words in ("Quixotic", "Watched closely", "old@acme", "still being thought about")
    )


def test_people_are_those_of_the_own_partner(acme: Partner, paul: User) -> None:
    a_person_of(acme, "Ann Berry", is_administrator=True)
    a_person_of(a_partner("Initech"), "Mallory Voss")
    left = a_person_of(acme, "Lee Gone")
    left.memberships.update(valid_until=timezone.now().date() - timedelta(days=1))

    page = signed_in(paul).get(PEOPLE)

    assert "Ann Berry" in page.text
    assert "Administrator" in page.text
    assert "Mallory Voss" not in page.text
    assert "Lee Gone" not in page.text


def test_a_person_of_two_partners_switches_and_sees_the_others_matters(
    acme: Partner, globex: Partner, paul: User
) -> None:
    browser = signed_in(paul)
    ours = an_interaction(globex, subject="A matter of Globex", actor=an_actor_for(a_representative()))
    before = browser.get(f"/portal/interactions/{ours.number}/")

    switched = browser.post(ACTING, {"choice": choice(paul, globex, "supplier")}, follow=True)
    after = browser.get(f"/portal/interactions/{ours.number}/")

    assert (before.status_code, after.status_code) == (404, 200)
    assert "You now act for Globex Mobile, " in switched.text
    assert "A matter of Globex" in switched.text
    assert "Supplier" in switched.text


def test_switching_is_on_the_record_of_the_partner_and_told_to_nobody(globex: Partner, paul: User) -> None:
    browser = signed_in(paul)

    browser.post(ACTING, {"choice": choice(paul, globex, "mvno")})
    browser.post(ACTING, {"choice": choice(paul, globex, "mvno")})

    entry = RecordEntry.objects.get(event="role.switched")
    assert (entry.stream, entry.partner, entry.actor_id, entry.actor_role) == (globex.stream, globex, paul.pk, "mvno")
    assert not OutboxMessage.objects.filter(entry=entry).exists()


def test_what_is_done_after_switching_is_done_in_that_role(globex: Partner, paul: User) -> None:
    browser = signed_in(paul)
    browser.post(ACTING, {"choice": choice(paul, globex, "supplier")})

    browser.post(
        "/portal/interactions/new/general-query/", {"subject": "Our delivery", "text": "When is it due?", "key": "k"}
    )

    interaction = globex.interactions.get()
    assert (interaction.acting_role, interaction.created_by) == ("supplier", paul)


def test_every_form_says_for_whom_one_acts(globex: Partner, paul: User) -> None:
    browser = signed_in(paul)
    browser.post(ACTING, {"choice": choice(paul, globex, "mvno")})

    page = browser.get("/portal/interactions/new/general-query/")

    assert "Acting for Globex Mobile, " in page.text


@pytest.mark.parametrize("chosen", ["", "999999:1", "x", "\x00", "9" * 5000, "999999:"])
def test_a_choice_that_is_not_offered_is_refused(chosen: str, paul: User, globex: Partner) -> None:
    browser = signed_in(paul)
    before = browser.session[ROLE_KEY]

    refused = browser.post(ACTING, {"choice": chosen})

    assert refused.status_code == 403
    assert browser.session[ROLE_KEY] == before
    assert not RecordEntry.objects.filter(event="role.switched").exists()


def test_nobody_takes_the_role_of_another(paul: User) -> None:
    initech = a_partner("Initech")
    mallory = a_person_of(initech, "Mallory Voss")

    refused = signed_in(paul).post(ACTING, {"choice": choice(mallory, initech, "wholesaler")})

    assert refused.status_code == 403


def test_a_role_that_ended_is_not_offered(paul: User, globex: Partner) -> None:
    chosen = choice(paul, globex, "mvno")
    globex.roles.filter(kind__code="mvno").update(status="ended")

    assert signed_in(paul).post(ACTING, {"choice": chosen}).status_code == 403


def test_methods_that_do_not_fit_are_refused(paul: User) -> None:
    browser = signed_in(paul)

    assert browser.get(ACTING).status_code == 405
    assert browser.post(ORGANISATION).status_code == 405
    assert browser.post(PEOPLE).status_code == 405


@pytest.mark.parametrize("path", [ORGANISATION, PEOPLE])
def test_the_number_of_queries_does_not_grow(
    path: str, acme: Partner, paul: User, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for start in (0, 3):
        for number in range(start, start + 3):
            a_person_of(acme, f"Person {number} of Acme")
            a_contact(acme, f"office-{number}@acme.example.org")
        browser = signed_in(paul)
        with django_assert_max_num_queries(20) as queries:
            browser.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]
