"""A matter that is kept to some of a partner is known to nobody else of it, whatever way somebody looks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from interactions import rules
from interactions.domain import (
    agenda,
    conversation,
    correspondents,
    deriving,
    intake,
    lifecycle,
    references,
    search,
    sharing,
)
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side, Subject, Visibility
from interactions.errors import NotAccepted
from interactions.models import ExternalIdentifier, Interaction, Link, Reference
from interactions.payloads import File, Intake
from notifications.domain import relay
from notifications.models import Delivery
from partners.enums import Channel
from partners.models import Partner, RecordEntry, User
from partners.payloads import Actor
from tests.factories.machines import Machine
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_type,
    an_actor_for,
    an_intake,
    an_interaction,
    signed_in,
)
from tests.interactions.stages import rosa

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def paul(acme: Partner) -> User:
    return a_person_of(acme, "Paul Acheson")


@pytest.fixture
def grace(acme: Partner) -> User:
    return a_person_of(acme, "Grace Whitlock")


@pytest.fixture
def anna(acme: Partner) -> User:
    return a_person_of(acme, "Anna Acheson", is_administrator=True)


def kept(paul: User, visibility: Visibility = Visibility.OWN, **fields: Any) -> Interaction:
    """A matter that Paul keeps to himself."""
    given: dict[str, Any] = {"subject": "Salary of canary4d", "actor": an_actor_for(paul), "visibility": visibility}
    return an_interaction(paul.memberships.get().partner, **(given | fields))


def sees(user: User, interaction: Interaction) -> bool:
    """What list and single page say, which must be the same."""
    actor = an_actor_for(user)
    interaction.refresh_from_db()
    in_list = Interaction.objects.visible_to(actor).filter(pk=interaction.pk).exists()
    assert in_list == rules.can_see(actor, interaction)
    return in_list


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        ("visibility", "readers", "seen_by"),
        [
            (Visibility.COMPANY, [], {"Paul", "Grace", "Lee", "Anna"}),
            (Visibility.NAMED, ["Grace"], {"Paul", "Grace", "Anna"}),
            (Visibility.OWN, [], {"Paul", "Anna"}),
        ],
    )
    def test_the_choice_decides(
        self,
        acme: Partner,
        paul: User,
        grace: User,
        anna: User,
        visibility: Visibility,
        readers: list[str],
        seen_by: set[str],
    ) -> None:
        people = {"Paul": paul, "Grace": grace, "Anna": anna, "Lee": a_person_of(acme, "Lee Adams")}
        interaction = kept(paul, visibility, readers=[people[name].pk for name in readers])

        assert {name for name, person in people.items() if sees(person, interaction)} == seen_by
        assert sees(a_representative("Ines Moreau"), interaction)
        assert not sees(a_person_of(a_partner("Globex Mobile"), "Mallory Voss", is_administrator=True), interaction)

    def test_a_machine_sees_what_is_the_companys_and_what_it_raised(self, acme: Partner, paul: User) -> None:
        machine = Machine(acme)
        own = machine.create(reason="From the system")
        interaction = kept(paul)
        stored = Interaction.objects.exclude(pk=interaction.pk).get()
        assert stored.created_by_client == machine.issued.identifier
        Interaction.objects.filter(pk=stored.pk).update(visibility=Visibility.OWN)

        listed = {one["id"] for one in machine.get().json()}

        assert listed == {own["id"]}
        assert machine.get(f"/tmf-api/partyInteraction/v4/partyInteraction/{interaction.number}").status_code == 404

    def test_somebody_removed_from_the_readers_sees_it_no_more(self, paul: User, grace: User) -> None:
        interaction = kept(paul, Visibility.NAMED, readers=[grace.pk])

        sharing.share(interaction, Visibility.OWN, actor=an_actor_for(paul), at=NOW)

        assert not sees(grace, interaction)


class TestSharing:
    def test_who_raised_it_changes_it_and_the_record_says_so(self, paul: User, grace: User) -> None:
        interaction = kept(paul)

        for _ in range(2):
            sharing.share(interaction, Visibility.NAMED, readers=[grace.pk], actor=an_actor_for(paul), at=NOW)

        entry = RecordEntry.objects.get(event=Event.SHARED)
        assert (entry.actor_id, entry.facts["visibility"], entry.facts["readers"]) == (paul.pk, "named", [grace.pk])
        assert sees(grace, interaction)

    def test_a_colleague_may_not_and_an_administrator_may(self, paul: User, grace: User, anna: User) -> None:
        interaction = kept(paul, Visibility.NAMED, readers=[grace.pk])
        path = f"/portal/interactions/{interaction.number}/sharing/"
        given = {"visibility": "company", "version": interaction.version}

        assert signed_in(grace).post(path, given).status_code == 403
        assert "/sharing/" not in signed_in(grace).get(f"/portal/interactions/{interaction.number}/").text
        assert signed_in(anna).post(path, given).status_code == 302

        interaction.refresh_from_db()
        assert interaction.visibility == Visibility.COMPANY

    @pytest.mark.parametrize("strangers", [True, False])
    def test_only_colleagues_can_be_named(self, paul: User, strangers: bool) -> None:
        mallory = a_person_of(a_partner("Globex Mobile"), "Mallory Voss")

        with pytest.raises(NotAccepted):
            kept(paul, Visibility.NAMED, readers=[mallory.pk] if strangers else [])

        assert not Interaction.objects.exists()

    def test_it_is_chosen_with_a_new_request(self, paul: User, grace: User) -> None:
        browser = signed_in(paul)
        path = "/portal/interactions/new/general-query/"
        given = {"subject": "Our delivery", "text": "When?", "key": "k1", "visibility": "named"}
        assert "Only me" in browser.get(path).text

        nobody = browser.post(path, given)
        browser.post(path, {**given, "readers": [grace.pk]})

        assert "Choose at least one colleague." in nobody.text
        interaction = Interaction.objects.get()
        assert (interaction.visibility, sharing.readers_of(interaction)) == (Visibility.NAMED, {grace.pk})

    @pytest.mark.usefixtures("grace")
    def test_an_old_page_changes_nothing(self, paul: User) -> None:
        interaction = kept(paul)
        conversation.say(
            interaction,
            Saying(text="One more", side=Side.PARTNER, channel=Channel.WEB),
            actor=an_actor_for(paul),
            at=NOW,
        )

        answer = signed_in(paul).post(
            f"/portal/interactions/{interaction.number}/sharing/",
            {"visibility": "company", "version": interaction.version},
        )

        interaction.refresh_from_db()
        assert (answer.status_code, interaction.visibility) == (422, Visibility.OWN)


class TestWaysToIt:
    """Each way by which Grace could come to know of what Paul keeps to himself."""

    def test_no_page_no_list_no_count_no_file(self, paul: User, grace: User) -> None:
        file = File(name="canary4d.txt", content=b"canary4d", content_type="text/plain")
        interaction = kept(paul, files=(file,))
        browser = signed_in(grace)
        attachment = interaction.attachments.get()

        pages = (
            "/portal/",
            "/portal/interactions/",
            "/portal/interactions/?q=canary4d&tab=all",
            f"/portal/interactions/?q={interaction.number}",
        )

        assert all("Salary" not in browser.get(path, follow=True).text for path in pages)
        for path in ("", "sharing/", f"files/{attachment.pk}/"):
            assert browser.get(f"/portal/interactions/{interaction.number}/{path}").status_code == 404
        for path in ("answer/", "move/", "sharing/"):
            assert browser.post(f"/portal/interactions/{interaction.number}/{path}").status_code == 404
        assert agenda.doing(an_actor_for(grace)).count() == 0
        assert agenda.doing(an_actor_for(paul)).count() == 1

    def test_no_search_finds_it(self, paul: User, grace: User) -> None:
        interaction = kept(paul)
        Reference.objects.create(interaction=interaction, kind="ProductOrder", value="PO-77")
        ExternalIdentifier.objects.create(interaction=interaction, partner=interaction.partner, value="EXT-77")

        for text in ("canary4d", "PO-77", "EXT-77", interaction.number):
            assert not search.find(text, actor=an_actor_for(grace)).exists()
            assert search.find(text, actor=an_actor_for(paul)).exists()

    def test_no_record_entry_tells_of_it(self, paul: User, grace: User) -> None:
        interaction = kept(paul)

        assert not RecordEntry.objects.visible_to(an_actor_for(grace)).filter(stream=interaction.stream).exists()

    def test_a_number_already_held_is_not_named_to_who_does_not_see_it(self, acme: Partner, paul: User) -> None:
        interaction = kept(paul)
        machine = Machine(acme)
        number = {"externalIdentifier": [{"id": "EXT-77", "owner": "erp"}]}
        ExternalIdentifier.objects.create(interaction=interaction, partner=acme, owner="erp", value="EXT-77")

        answer = machine.post({"channel": [{"id": "web"}], "direction": "inbound", "reason": "Again", **number})

        assert answer.status_code == 409
        assert interaction.number not in answer.text

    def test_no_link_of_another_matter_names_it(self, acme: Partner, paul: User) -> None:
        interaction, machine = kept(paul), Machine(acme)
        open_one = machine.create(reason="Open to all")
        number = int(open_one["id"].rpartition("-")[2])
        Link.objects.create(interaction_id=number, other=interaction, kind="follow-up", at=NOW)

        answer = machine.get(f"/tmf-api/partyInteraction/v4/partyInteraction/{open_one['id']}")

        assert interaction.number not in answer.text

    def test_nobody_goes_on_with_it(self, paul: User, grace: User) -> None:
        interaction = kept(paul)
        answer = an_intake("Me too", reply_to=interaction.pk)

        with pytest.raises(NotAccepted):
            intake.receive(answer, actor=an_actor_for(grace), at=NOW)

        by_address = Intake(
            channel=Channel.EMAIL,
            direction=answer.direction,
            subject="Me too",
            text="Me too",
            happened_at=NOW,
            sender=grace.email,
            reply_to=interaction.pk,
        )
        received = intake.receive(by_address, at=NOW)
        assert received.interaction is not None
        assert received.interaction.pk != interaction.pk

    def test_a_mail_that_names_it_is_set_aside(self, paul: User, grace: User, anna: User) -> None:
        interaction = kept(paul)

        def refusal(user: User, *, is_proven: bool = False) -> str:
            return correspondents.why_not(user.email, interaction, is_proven=is_proven, at=NOW)

        assert "not shared with the sender" in refusal(grace)
        assert "not shared with the sender" in refusal(grace, is_proven=True)
        assert refusal(paul) == refusal(anna) == ""

    def test_self_service_answers_from_it_only_to_who_sees_it(self, acme: Partner, paul: User, grace: User) -> None:
        interaction = kept(paul)
        Reference.objects.create(interaction=interaction, kind="CustomerBill", value="INV-9")

        def found(actor: Actor) -> bool:
            return references.matters_about(Subject.BILL, "INV-9", partner_id=acme.pk, actor=actor).exists()

        assert found(an_actor_for(paul))
        assert not found(an_actor_for(grace))
        assert not found(rosa())


class TestWhatFollows:
    def test_what_is_passed_on_is_kept_to_the_same_people(self, paul: User, grace: User) -> None:
        interaction = kept(paul)
        wanted = deriving.Offspring(type_code=a_type("plain-query").code)

        following = deriving.pass_on(interaction, wanted, reason="For billing", actor=rosa(), at=NOW)

        assert sees(paul, following)
        assert not sees(grace, following)

    def test_what_follows_long_after_is_kept_to_the_same_people(self, paul: User, grace: User) -> None:
        interaction = kept(paul, Visibility.NAMED, readers=[grace.pk])
        lifecycle.make_move(interaction, Move.CANCEL, actor=rosa(), at=NOW, words=Words(reason="Not needed"))

        received = intake.receive(an_intake("Again", reply_to=interaction.pk), actor=an_actor_for(grace), at=NOW)

        following = received.interaction
        assert following is not None
        assert following.pk != interaction.pk
        assert sees(paul, following)
        assert not sees(a_person_of(interaction.partner, "Lee Adams"), following)


class TestNotices:
    def heard(self, interaction: Interaction) -> set[str]:
        """Who of the partner got a mail about what we have just said."""
        Delivery.objects.all().delete()
        said = Saying(text="We look into it.", side=Side.ENTERPRISE, channel=Channel.WEB)
        conversation.say(interaction, said, actor=rosa(), at=NOW)
        relay.relay_all(at=NOW)
        return set(Delivery.objects.filter(interaction=interaction).values_list("address", flat=True))

    def test_a_colleague_who_took_part_hears_nothing_once_it_is_kept(self, paul: User, grace: User) -> None:
        interaction = an_interaction(paul.memberships.get().partner, actor=an_actor_for(paul))
        interaction.participants.create(user=grace, side=Side.PARTNER, role="contact", name=grace.name)
        assert grace.email in self.heard(interaction)

        sharing.share(interaction, Visibility.OWN, actor=an_actor_for(paul), at=NOW)
        interaction.refresh_from_db()

        heard = self.heard(interaction)
        assert paul.email in heard
        assert grace.email not in heard

    @pytest.mark.usefixtures("grace")
    def test_where_nobody_took_part_it_falls_back_on_those_it_is_kept_to(self, paul: User, anna: User) -> None:
        interaction = kept(paul)
        interaction.participants.filter(side=Side.PARTNER).delete()
        assert self.heard(interaction) & {paul.email, anna.email} == {paul.email}

        paul.memberships.update(ended_at=NOW - timedelta(days=1))

        assert self.heard(interaction) & {paul.email, anna.email} == {anna.email}


def test_the_number_of_queries_of_a_list_does_not_grow_with_kept_ones(
    paul: User, grace: User, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            kept(paul, Visibility.NAMED, readers=[grace.pk])
        with django_assert_max_num_queries(30) as queries:
            signed_in(grace).get("/portal/interactions/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
