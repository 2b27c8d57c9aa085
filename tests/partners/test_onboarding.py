"""Somebody is invited by mail, and comes once; what was promised must still hold then."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.domain import access, invitations, onboarding, people
from partners.enums import PartnerStatus, RoleStatus
from partners.errors import (
    AccountExists,
    AlreadyThere,
    InvitationSpent,
    InvitedAsSomebodyElse,
    RoleNotGrantable,
    TooManyInvitations,
)
from partners.models import Invitation, Membership, Partner, RecordEntry, User
from partners.payloads import Actor
from tests.factories.partners import UserFactory
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_representative, a_role, an_actor_for
from tests.interactions.stages import at_once

NOW = timezone.now()
NINA = "nina@acme.example.org"


@pytest.fixture
def acme(db: None) -> Partner:
    return a_partner("Acme Wholesale", role="wholesaler", time_zone="Europe/Berlin")


@pytest.fixture
def anna(acme: Partner) -> Actor:
    """The administrator of Acme."""
    return an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True))


def invited(partner: Partner, actor: Actor, address: str = NINA, **fields: object) -> Invitation:
    given = {"roles": list(partner.roles.all()), "title": "Controller", "at": NOW, **fields}
    return onboarding.invite(partner, address, actor=actor, **given)  # type: ignore[arg-type]  # as the test gives them


def mailed() -> str:
    """The token in the one mail that is due."""
    (outgoing,) = invitations.take(at=NOW)
    invitations.note_sent(outgoing, at=NOW)
    return outgoing.token


def events(partner: Partner) -> list[str]:
    return [entry.event for entry in RecordEntry.objects.of_stream(partner.stream)]


class TestInviting:
    def test_it_waits_for_its_mail_and_is_on_the_record(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna, "  Nina@ACME.example.org ", is_administrator=True)

        assert (invitation.address, invitation.invited_by_id) == (NINA, anna.user_id)
        assert invitation.expires_at == NOW + onboarding.VALID_FOR
        assert [one.invitation for one in invitations.take(at=NOW)] == [invitation]
        entry = RecordEntry.objects.of_stream(acme.stream).get()
        assert (entry.event, entry.text("address")) == ("person.invited", NINA)
        assert NINA not in str(entry.facts)

    @pytest.mark.parametrize("who", ["nobody", "person", "representative", "deactivated", "member_of_another"])
    def test_whether_the_address_has_an_account_makes_no_difference(self, acme: Partner, anna: Actor, who: str) -> None:
        if who == "person":
            UserFactory.create(email=NINA)
        elif who == "representative":
            a_representative(email=NINA)
        elif who == "deactivated":
            UserFactory.create(email=NINA, is_active=False)
        elif who == "member_of_another":
            a_person_of(a_partner("Globex Mobile"), "Nina Ames", email=NINA)

        invitation = invited(acme, anna)
        told = RecordEntry.objects.of_stream(acme.stream).get()

        assert (invitation.is_open, mailed() != "") == (True, True)
        assert set(told.facts) == {"invitation", "administrator", "roles"}

    def test_one_of_the_own_people_is_not_invited_again(self, acme: Partner, anna: Actor) -> None:
        a_person_of(acme, "Nina Acheson", email=NINA)

        with pytest.raises(AlreadyThere, match="already"):
            invited(acme, anna)

    def test_who_is_blocked_is_to_be_unblocked_instead(self, acme: Partner, anna: Actor) -> None:
        nina = a_person_of(acme, "Nina Acheson", email=NINA)
        people.block(nina.memberships.get(), actor=anna, at=NOW)

        with pytest.raises(AlreadyThere, match="unblock"):
            invited(acme, anna)

    def test_a_role_that_the_administrator_has_not_is_not_given(self, acme: Partner, anna: Actor) -> None:
        a_role(acme, "supplier")

        with pytest.raises(RoleNotGrantable):
            invited(acme, anna)
        assert not Invitation.objects.exists()

    def test_a_second_one_replaces_the_first(self, acme: Partner, anna: Actor) -> None:
        invited(acme, anna)
        first = mailed()

        invited(acme, anna, title="Head of billing")

        assert Invitation.objects.get().title == "Head of billing"
        assert onboarding.behind(first, at=NOW) is None
        assert onboarding.behind(mailed(), at=NOW) is not None
        assert events(acme) == ["person.invited", "person.invited_again"]

    def test_the_database_keeps_one_open_invitation_per_address(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        invitation.pk = None

        with pytest.raises(IntegrityError, match="one_open_invitation_per_address"), transaction.atomic():
            invitation.save(force_insert=True)

    def test_nobody_has_us_write_to_strangers_without_end(
        self, acme: Partner, anna: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(onboarding, "MOST_AN_HOUR", 3)
        invitation = invited(acme, anna)
        onboarding.send_again(invitation, actor=anna, at=NOW)
        invited(acme, anna, "other@acme.example.org")

        with pytest.raises(TooManyInvitations):
            onboarding.send_again(invitation, actor=anna, at=NOW)
        with pytest.raises(TooManyInvitations):
            invited(acme, anna, "third@acme.example.org")

        invited(acme, anna, "third@acme.example.org", at=NOW + timedelta(hours=1))

    @pytest.mark.usefixtures("committed_db")
    def test_two_who_invite_the_same_address_at_once_make_one_invitation(self) -> None:
        acme = a_partner("Acme Wholesale")
        anna = an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True))

        outcomes = at_once(*[partial(invited, acme, anna)] * 3)

        assert [type(outcome).__name__ for outcome in outcomes] == ["Invitation"] * 3
        assert Invitation.objects.count() == 1


class TestTheMail:
    def test_of_the_token_only_a_digest_is_kept(self, acme: Partner, anna: Actor) -> None:
        invited(acme, anna)

        token = mailed()

        assert token not in str([list(model.objects.values()) for model in (Invitation, RecordEntry)])
        assert onboarding.behind(token, at=NOW) == Invitation.objects.get()
        assert onboarding.behind(token + "x", at=NOW) is None

    def test_what_is_in_the_hands_of_a_worker_is_not_taken_by_another(self, acme: Partner, anna: Actor) -> None:
        invited(acme, anna)

        assert (len(invitations.take(at=NOW)), len(invitations.take(at=NOW))) == (1, 0)

    def test_what_failed_is_tried_again_later_and_at_last_given_up(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        tokens = []
        for _ in range(len(invitations.WAITS) + 1):
            Invitation.objects.update(next_at=NOW - timedelta(days=1))
            (outgoing,) = invitations.take(at=NOW)
            tokens.append(outgoing.token)
            assert invitations.note_failure(outgoing, "451 try later", is_final=False)

        invitation.refresh_from_db()
        assert (invitation.next_at, invitation.error) == (None, "451 try later")
        assert len(set(tokens)) == len(tokens)

    def test_the_result_of_a_mail_that_was_replaced_changes_nothing(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        (outgoing,) = invitations.take(at=NOW)
        onboarding.send_again(invitation, actor=anna, at=NOW)

        assert not invitations.note_sent(outgoing, at=NOW)
        assert not invitations.note_failure(outgoing, "550", is_final=True)

    def test_no_mail_goes_out_for_what_can_no_longer_be_accepted(self, acme: Partner, anna: Actor) -> None:
        invited(acme, anna)
        acme.roles.update(status=RoleStatus.ENDED)

        assert invitations.take(at=NOW) == []
        assert Invitation.objects.get().next_at is None

    def test_sent_again_by_another_it_is_answered_for_by_him(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        first, rosa = mailed(), an_actor_for(a_representative())

        again = onboarding.send_again(invitation, actor=rosa, at=NOW + timedelta(days=8))

        assert again.invited_by_id == rosa.user_id
        assert onboarding.behind(first, at=NOW) is None


class TestAccepting:
    def test_somebody_new_gets_an_account_with_an_address_that_is_proven(self, acme: Partner, anna: Actor) -> None:
        invited(acme, anna, is_administrator=True)
        invitation = onboarding.behind(mailed(), at=NOW)
        assert invitation is not None

        membership = onboarding.register(invitation, name="Nina Acheson", password=PASSWORD, at=NOW)

        nina = membership.user
        assert (nina.email, nina.name, nina.time_zone) == (NINA, "Nina Acheson", "Europe/Berlin")
        assert nina.check_password(PASSWORD)
        assert EmailAddress.objects.filter(user=nina, email=NINA, verified=True).exists()
        assert (membership.title, membership.is_administrator) == ("Controller", True)
        assert list(membership.roles.all()) == list(acme.roles.all())
        entry = RecordEntry.objects.of_stream(acme.stream).last()
        assert entry is not None
        assert (entry.event, entry.actor_id) == ("person.joined", nina.pk)

    def test_somebody_with_an_account_comes_with_it(self, acme: Partner, anna: Actor) -> None:
        nina = a_person_of(a_partner("Globex Mobile"), "Nina Ames", email=NINA)
        invitation = invited(acme, anna)

        onboarding.accept(invitation, nina, at=NOW)

        assert {one.partner.name for one, _ in access.choices_of(nina)} == {"Acme Wholesale", "Globex Mobile"}

    def test_it_works_once(self, acme: Partner, anna: Actor) -> None:
        nina = UserFactory.create(email=NINA)
        invitation = invited(acme, anna)
        token = mailed()
        onboarding.accept(invitation, nina, at=NOW)

        assert onboarding.behind(token, at=NOW) is None
        with pytest.raises(InvitationSpent):
            onboarding.accept(invitation, nina, at=NOW)
        with pytest.raises(InvitationSpent):
            onboarding.withdraw(invitation, actor=anna, at=NOW)

    def test_somebody_else_does_not_accept_it(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        rosa = a_representative("Rosa Lindqvist")
        for other in (UserFactory.create(email="mallory@example.org"), rosa):
            with pytest.raises(InvitedAsSomebodyElse):
                onboarding.accept(invitation, other, at=NOW)

        User.objects.filter(pk=rosa.pk).update(email=NINA)
        rosa.refresh_from_db()
        with pytest.raises(InvitedAsSomebodyElse):
            onboarding.accept(invitation, rosa, at=NOW)

    def test_an_account_made_meanwhile_is_not_made_a_second_time(self, acme: Partner, anna: Actor) -> None:
        invitation = invited(acme, anna)
        UserFactory.create(email=NINA)

        with pytest.raises(AccountExists):
            onboarding.register(invitation, name="Nina", password=PASSWORD, at=NOW)

    def test_who_was_removed_comes_back_with_what_the_invitation_says_and_nothing_more(
        self, acme: Partner, anna: Actor
    ) -> None:
        supplier = a_role(acme, "supplier")
        nina = a_person_of(acme, "Nina Acheson", email=NINA, is_administrator=True)
        people.remove(nina.memberships.get(), actor=anna, at=NOW)
        wholesaler = acme.roles.get(kind__code="wholesaler")

        onboarding.accept(invited(acme, anna, roles=[wholesaler]), nina, at=NOW)

        place = nina.memberships.get()
        assert (list(place.roles.all()), place.is_administrator, place.ended_at) == ([wholesaler], False, None)
        assert supplier not in place.roles.all()

    def test_who_was_blocked_meanwhile_stays_so(self, acme: Partner, anna: Actor) -> None:
        nina = UserFactory.create(email=NINA)
        invitation = invited(acme, anna)
        Membership.objects.create(user=nina, partner=acme, valid_from=NOW.date(), blocked_at=NOW)

        with pytest.raises(InvitationSpent):
            onboarding.accept(invitation, nina, at=NOW)

    def test_who_was_blocked_and_removed_comes_again_if_whose_block_it_was_invites(
        self, acme: Partner, anna: Actor
    ) -> None:
        begun, rosa = invited(acme, anna), an_actor_for(a_representative())
        nina = a_person_of(acme, "Nina Acheson", email=NINA)
        place = nina.memberships.get()
        people.block(place, actor=rosa, at=NOW)
        people.remove(place, actor=anna, at=NOW)

        with pytest.raises(InvitationSpent):
            onboarding.accept(begun, nina, at=NOW)
        for inviter in (rosa, anna):
            onboarding.accept(invited(acme, inviter), nina, at=NOW)
            place.refresh_from_db()
            assert (place.blocked_at, place.is_blocked_by_enterprise, place.ended_at) == (None, False, None)
            people.block(place, actor=anna, at=NOW)
            people.remove(place, actor=anna, at=NOW)

    @pytest.mark.usefixtures("committed_db")
    def test_two_acceptances_at_once_make_one_place(self) -> None:
        acme = a_partner("Acme Wholesale")
        anna = an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True))
        nina = UserFactory.create(email=NINA)
        invitation = invited(acme, anna)

        outcomes = at_once(*[partial(onboarding.accept, invitation, nina, at=NOW)] * 2)

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationSpent", "Membership"]
        assert nina.memberships.count() == 1


def withdraw(acme: Partner, anna: Actor) -> None:
    onboarding.withdraw(Invitation.objects.get(), actor=anna, at=NOW)


def let_it_run_out(acme: Partner, anna: Actor) -> None:
    Invitation.objects.update(expires_at=NOW - timedelta(seconds=1))


def end_the_role(acme: Partner, anna: Actor) -> None:
    acme.roles.update(status=RoleStatus.ENDED)


def suspend_the_role(acme: Partner, anna: Actor) -> None:
    acme.roles.update(status=RoleStatus.SUSPENDED)


def suspend_the_partner(acme: Partner, anna: Actor) -> None:
    Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.SUSPENDED)


def end_the_partner(acme: Partner, anna: Actor) -> None:
    Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.ENDED)


def deactivate_who_invited(acme: Partner, anna: Actor) -> None:
    User.objects.filter(pk=anna.user_id or 0).update(is_active=False)


def block_who_invited(acme: Partner, anna: Actor) -> None:
    a_person_of(acme, "Ann Berry", is_administrator=True)
    people.block(Membership.objects.get(user=anna.user_id), actor=an_actor_for(a_representative()), at=NOW)


def dismiss_who_invited(acme: Partner, anna: Actor) -> None:
    a_person_of(acme, "Ann Berry", is_administrator=True)
    people.dismiss_administrator(Membership.objects.get(user=anna.user_id), actor=anna, at=NOW)


@pytest.mark.parametrize(
    "happens",
    [
        withdraw,
        let_it_run_out,
        end_the_role,
        suspend_the_role,
        suspend_the_partner,
        end_the_partner,
        deactivate_who_invited,
        block_who_invited,
        dismiss_who_invited,
    ],
)
def test_an_invitation_ends_with_anything_beneath_it(
    acme: Partner, anna: Actor, happens: Callable[[Partner, Actor], None]
) -> None:
    nina = UserFactory.create(email=NINA)
    invitation = invited(acme, anna)
    token = mailed()
    assert onboarding.behind(token, at=NOW) == invitation

    happens(acme, anna)

    assert onboarding.behind(token, at=NOW) is None
    with pytest.raises(InvitationSpent):
        onboarding.accept(invitation, nina, at=NOW)
    assert not nina.memberships.exists()


def test_of_several_roles_only_those_still_in_force_are_given(acme: Partner) -> None:
    supplier = a_role(acme, "supplier")
    rosa, nina = an_actor_for(a_representative()), UserFactory.create(email=NINA)
    invitation = invited(acme, rosa)
    acme.roles.filter(kind__code="wholesaler").update(status=RoleStatus.ENDED)

    onboarding.accept(invitation, nina, at=NOW)

    assert list(nina.memberships.get().roles.all()) == [supplier]


def test_invitations_are_seen_by_the_own_partner_and_the_enterprise(acme: Partner, anna: Actor) -> None:
    invited(acme, anna)
    mallory = an_actor_for(a_person_of(a_partner("Initech"), "Mallory Voss", is_administrator=True))
    rosa = an_actor_for(a_representative())

    seen = [Invitation.objects.visible_to(actor).count() for actor in (anna, rosa, mallory, Actor(kind=anna.kind))]

    assert seen == [1, 1, 0, 0]
