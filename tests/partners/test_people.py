"""Who administers a partner's people reaches as far as his own roles, and somebody is always left who can."""

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partners.domain import access, people
from partners.errors import LastAdministrator, NotTheirs, OwnPlace, RoleNotGrantable
from partners.models import Membership, Partner, RecordEntry, User
from partners.payloads import SYSTEM, Actor
from tests.factories.partners import LONG_AGO, MembershipFactory
from tests.factories.world import a_partner, a_person_of, a_representative, a_role, an_actor_for, signed_in
from tests.interactions.stages import at_once

NOW = timezone.now()


def place(user: User, partner: Partner | None = None) -> Membership:
    places = Membership.objects.filter(user=user).select_related("partner")
    return places.get(partner=partner) if partner else places.get()


def person(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id or 0)


@pytest.fixture
def acme(db: None) -> Partner:
    return a_partner("Acme Wholesale", role="wholesaler")


@pytest.fixture
def anna(acme: Partner) -> Actor:
    """The administrator of Acme."""
    return an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True))


@pytest.fixture
def paul(acme: Partner) -> Membership:
    return place(a_person_of(acme, "Paul Acheson"))


def events(partner: Partner) -> list[str]:
    return [entry.event for entry in RecordEntry.objects.of_stream(partner.stream)]


class TestRoles:
    def test_an_administrator_gives_and_takes_the_roles_he_has(
        self, acme: Partner, anna: Actor, paul: Membership
    ) -> None:
        role = acme.roles.get()

        people.take_role(paul, role, actor=anna, at=NOW)
        people.take_role(paul, role, actor=anna, at=NOW)
        assert list(paul.roles.all()) == []
        people.give_role(paul, role, actor=anna, at=NOW)
        people.give_role(paul, role, actor=anna, at=NOW)

        assert list(paul.roles.all()) == [role]
        assert events(acme) == ["person.role_taken", "person.role_given"]

    def test_nobody_gives_a_role_that_he_has_not_himself(self, acme: Partner, anna: Actor, paul: Membership) -> None:
        supplier = a_role(acme, "supplier")

        with pytest.raises(RoleNotGrantable):
            people.give_role(paul, supplier, actor=anna, at=NOW)

        people.give_role(paul, supplier, actor=an_actor_for(a_representative()), at=NOW)
        assert supplier in paul.roles.all()

    def test_nobody_gives_a_role_of_another_partner_or_one_out_of_force(self, acme: Partner, paul: Membership) -> None:
        rosa, foreign = an_actor_for(a_representative()), a_partner("Globex Mobile").roles.get()
        ended = a_role(acme, "dealer", status="ended")

        for role in (foreign, ended):
            with pytest.raises(RoleNotGrantable):
                people.give_role(paul, role, actor=rosa, at=NOW)

    def test_a_role_taken_is_not_acted_in_on_the_next_request(
        self, acme: Partner, anna: Actor, paul: Membership
    ) -> None:
        people.take_role(paul, acme.roles.get(), actor=anna, at=NOW)

        assert an_actor_for(paul.user).role_id is None

    def test_nobody_administers_the_people_of_another_partner(self, anna: Actor) -> None:
        globex = a_partner("Globex Mobile")
        a_person_of(globex, "Mallory Voss")

        assert not Membership.objects.visible_to(anna).filter(partner=globex).exists()
        assert not Membership.objects.visible_to(Actor(kind=anna.kind)).exists()


class TestAdministrators:
    def test_one_is_named_and_another_dismissed(self, acme: Partner, anna: Actor, paul: Membership) -> None:
        people.name_administrator(paul, actor=anna, at=NOW)
        people.dismiss_administrator(place(person(anna)), actor=anna, at=NOW)

        assert [one.user.name for one in acme.memberships.filter(is_administrator=True)] == ["Paul Acheson"]
        assert events(acme) == ["person.administrator_named", "person.administrator_dismissed"]

    @pytest.mark.parametrize("verb", [people.dismiss_administrator, people.block, people.remove])
    def test_the_last_one_cannot_be_locked_out_even_by_the_enterprise(
        self, acme: Partner, anna: Actor, verb: Callable[..., None]
    ) -> None:
        last = place(person(anna))

        with pytest.raises(LastAdministrator):
            verb(last, actor=an_actor_for(a_representative()), at=NOW)

        last.refresh_from_db()
        assert (last.is_administrator, last.blocked_at, last.ended_at) == (True, None, None)
        assert events(acme) == []

    @pytest.mark.parametrize("standing", ["blocked", "ended", "deactivated"])
    def test_one_who_cannot_act_does_not_count(self, acme: Partner, anna: Actor, standing: str) -> None:
        other = place(a_person_of(acme, "Ann Berry", is_administrator=True))
        if standing == "deactivated":
            User.objects.filter(pk=other.user_id).update(is_active=False)
        else:
            Membership.objects.filter(pk=other.pk).update(**{f"{standing}_at": NOW})

        with pytest.raises(LastAdministrator):
            people.block(place(person(anna)), actor=an_actor_for(a_representative()), at=NOW)

    @pytest.mark.parametrize(
        "change",
        [
            {"is_administrator": False},
            {"blocked_at": NOW},
            {"ended_at": NOW},
            {"valid_until": LONG_AGO},
        ],
    )
    @pytest.mark.usefixtures("anna")
    def test_the_database_keeps_the_last_one_too(self, acme: Partner, change: dict[str, Any]) -> None:
        """Whatever writes past the verbs, such as the admin or a script."""
        acme.memberships.update(**change)

        with pytest.raises(IntegrityError, match="without an administrator"):
            check_now()

    @pytest.mark.usefixtures("anna")
    def test_the_database_keeps_the_last_one_from_being_deleted(self, acme: Partner) -> None:
        acme.memberships.all().delete()

        with pytest.raises(IntegrityError, match="without an administrator"):
            check_now()

    @pytest.mark.usefixtures("anna")
    def test_one_follows_another_within_a_transaction(self, acme: Partner, paul: Membership) -> None:
        with transaction.atomic():
            acme.memberships.filter(is_administrator=True).update(is_administrator=False)
            acme.memberships.filter(pk=paul.pk).update(is_administrator=True)
            check_now()

        assert acme.memberships.get(is_administrator=True) == paul


def check_now() -> None:
    """What would otherwise be checked at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_of_two_administrators_who_remove_each_other_one_stays(committed_db: object) -> None:
    acme = a_partner("Acme Wholesale")
    anna, ann = (a_person_of(acme, name, is_administrator=True) for name in ("Anna Acheson", "Ann Berry"))
    removals = [
        partial(people.remove, place(gone), actor=an_actor_for(by), at=timezone.now())
        for gone, by in ((anna, ann), (ann, anna))
    ]

    outcomes = at_once(*removals)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastAdministrator", "NoneType"]
    assert acme.memberships.filter(ended_at=None).count() == 1


def test_past_the_verbs_too_one_of_two_stays(committed_db: object) -> None:
    acme = a_partner("Acme Wholesale")
    places = [place(a_person_of(acme, name, is_administrator=True)) for name in ("Anna Acheson", "Ann Berry")]

    def dismiss(gone: Membership) -> int:
        return Membership.objects.filter(pk=gone.pk).update(is_administrator=False)

    outcomes = at_once(*(partial(dismiss, gone) for gone in places))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IntegrityError", "int"]
    assert acme.memberships.filter(is_administrator=True).count() == 1


class TestShuttingOut:
    def test_somebody_blocked_is_out_on_the_next_request_and_back_when_unblocked(
        self, anna: Actor, paul: Membership
    ) -> None:
        browser = signed_in(paul.user)
        assert browser.get("/portal/").status_code == 200

        people.block(paul, actor=anna, at=NOW, reason="Lost his phone")
        assert browser.get("/portal/").status_code == 403
        people.unblock(paul, actor=anna, at=NOW)

        assert browser.get("/portal/").status_code == 200
        assert events(paul.partner) == ["person.blocked", "person.unblocked"]

    def test_somebody_removed_is_out_on_the_next_request(self, anna: Actor, paul: Membership) -> None:
        browser = signed_in(paul.user)
        assert browser.get("/portal/").status_code == 200

        people.remove(paul, actor=anna, at=NOW)

        assert browser.get("/portal/").status_code == 403
        with pytest.raises(NotTheirs):
            people.unblock(paul, actor=anna, at=NOW)

    def test_what_he_does_for_another_partner_is_untouched(self, anna: Actor, paul: Membership) -> None:
        globex = a_partner("Globex Mobile", role="mvno")
        MembershipFactory.create(user=paul.user, partner=globex)

        people.block(paul, actor=anna, at=NOW)

        assert [one.partner for one, _ in access.choices_of(paul.user)] == [globex]

    @pytest.mark.parametrize("verb", [people.block, people.remove])
    def test_nobody_does_it_to_himself(self, acme: Partner, anna: Actor, verb: Callable[..., None]) -> None:
        a_person_of(acme, "Ann Berry", is_administrator=True)

        with pytest.raises(OwnPlace):
            verb(place(person(anna)), actor=anna, at=NOW)

    def test_a_block_says_who_set_it_also_one_from_before_that_was_kept(self, anna: Actor, paul: Membership) -> None:
        rosa = an_actor_for(a_representative())
        who = Membership.objects.filter(pk=paul.pk).values_list("blocked_by", "is_blocked_by_enterprise")
        older = importlib.import_module("partners.migrations.0004_who_set_the_blocks_that_stand").FROM_THE_RECORD

        for by, is_ours in ((anna, False), (rosa, True), (anna, True), (SYSTEM, True)):
            people.block(paul, actor=by, at=NOW)
            kept = who.get()
            Membership.objects.update(blocked_by=None, is_blocked_by_enterprise=False)
            with connection.cursor() as cursor:
                cursor.execute(older)
            assert who.get() == kept
            assert kept[1] is is_ours
        people.unblock(paul, actor=rosa, at=NOW)

        paul.refresh_from_db()
        assert (paul.blocked_at, paul.blocked_by, paul.is_blocked_by_enterprise) == (None, None, False)

    def test_doing_it_twice_leaves_one_entry(self, anna: Actor, paul: Membership) -> None:
        for verb in (people.block, people.block, people.unblock, people.unblock):
            verb(paul, actor=anna, at=NOW)
        for verb in (people.name_administrator, people.name_administrator):
            verb(paul, actor=anna, at=NOW)
        people.retitle(paul, "Controller", actor=anna, at=NOW)
        people.retitle(paul, "Controller", actor=anna, at=NOW)

        assert events(paul.partner) == [
            *("person.blocked", "person.unblocked", "person.administrator_named", "person.changed")
        ]

    def test_the_record_says_whom_it_concerns_and_keeps_the_name_out_of_the_hash(self, paul: Membership) -> None:
        people.block(paul, actor=SYSTEM, at=NOW, reason="Lost his phone")

        entry = RecordEntry.objects.of_stream(paul.partner.stream).get()
        assert entry.facts == {"membership": paul.pk, "user": paul.user_id}
        assert (entry.text("name"), entry.text("reason")) == ("Paul Acheson", "Lost his phone")
