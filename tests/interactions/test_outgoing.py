"""Replies that leave after a while: taken back, scheduled, overtaken by the partner, stopped by what happened since."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from interactions.domain import conversation, drafts, lifecycle, outgoing
from interactions.domain.conversation import Saying
from interactions.domain.drafts import Wording
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side, Status
from interactions.errors import AlreadyLeft, ChangedMeanwhile, DraftChanged, NotAccepted, StepsOpen
from interactions.models import Attachment, Draft, DraftFile, DraftMode, Following, Interaction, Item
from interactions.payloads import File
from partners.domain import people
from partners.enums import Channel
from partners.models import OutboxMessage, RecordEntry, User
from partners.payloads import SYSTEM, Actor
from tests.factories.world import a_person_of, a_representative, a_team, a_type, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SOON = NOW + timedelta(seconds=10)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def rosa() -> User:
    return a_representative()


@pytest.fixture
def us(rosa: User) -> Actor:
    return an_actor_for(rosa)


@pytest.fixture
def matter(us: Actor) -> Interaction:
    return an_interaction(actor=us)


def send(matter: Interaction, text: str, *, us: Actor, leaves_at: datetime = SOON, **more: Any) -> None:
    files = more.pop("files", [])
    is_scheduled = leaves_at > SOON
    outgoing.send(
        matter,
        Wording(text=text, **more),
        files,
        leaves_at=leaves_at,
        actor=us,
        at=NOW,
        stays_if_answered=is_scheduled,
    )


def said(matter: Interaction) -> list[str]:
    items = Item.objects.filter(interaction=matter, side=Side.ENTERPRISE).in_sequence()
    return list(items.values_list("text", flat=True))


def answer(matter: Interaction) -> None:
    paul = a_person_of(matter.partner)
    saying = Saying(text="One thing more", side=Side.PARTNER, channel=Channel.WEB)
    conversation.say(matter, saying, actor=an_actor_for(paul), at=NOW + timedelta(hours=1))


def recorded(matter: Interaction, event: Event) -> bool:
    return RecordEntry.objects.filter(stream=matter.stream, event=event).exists()


def test_a_reply_leaves_when_its_moment_has_come_and_not_before(matter: Interaction, us: Actor) -> None:
    send(matter, "We look into it", us=us, files=[File(name="a.txt", content=b"one")])

    assert outgoing.sweep(at=SOON - timedelta(seconds=1)) == 0
    assert said(matter) == []
    assert outgoing.sweep(at=SOON) == 1
    assert outgoing.sweep(at=SOON) == 0
    assert said(matter) == ["We look into it"]
    item = Item.objects.get(interaction=matter, side=Side.ENTERPRISE)
    assert (item.at, item.author_id) == (SOON, us.user_id)
    assert Attachment.objects.get(item=item).name == "a.txt"
    assert not Draft.objects.exists()


def test_what_was_taken_back_was_never_said_and_is_a_draft_again(matter: Interaction, us: Actor) -> None:
    send(matter, "Too quick", us=us, files=[File(name="a.txt", content=b"one")])
    held = Draft.objects.held().get()

    outgoing.take_back(held.pk, matter, actor=us, at=NOW)

    assert outgoing.sweep(at=TOMORROW) == 0
    assert said(matter) == []
    assert recorded(matter, Event.REPLY_TAKEN_BACK)
    assert drafts.written_by(us, matter)[DraftMode.REPLY].text == "Too quick"
    assert DraftFile.objects.get().draft_id == held.pk


def test_what_has_left_cannot_be_taken_back(matter: Interaction, us: Actor) -> None:
    send(matter, "Gone", us=us)
    held = Draft.objects.held().get()
    outgoing.sweep(at=SOON)

    with pytest.raises(AlreadyLeft):
        outgoing.take_back(held.pk, matter, actor=us, at=SOON)


def test_what_was_begun_meanwhile_goes_on_beneath_what_is_taken_back(matter: Interaction, us: Actor) -> None:
    send(matter, "First", us=us)
    drafts.keep(matter, DraftMode.REPLY, Wording(text="Second"), actor=us, at=NOW, version=0)

    outgoing.take_back(Draft.objects.held().get().pk, matter, actor=us, at=NOW)

    assert drafts.written_by(us, matter)[DraftMode.REPLY].text == "First\n\nSecond"


def test_a_reply_stays_if_somebody_it_goes_to_has_left_meanwhile(matter: Interaction, us: Actor) -> None:
    petra = a_person_of(matter.partner, "Petra Ames")
    send(matter, "Any news?", us=us, recipients=[petra.email])
    people.block(petra.memberships.get(), actor=SYSTEM, at=NOW)

    assert outgoing.sweep(at=SOON) == 1

    assert said(matter) == []
    back = drafts.written_by(us, matter)[DraftMode.REPLY]
    assert petra.email in back.stopped_why
    assert back.recipients == [petra.email]


def test_a_scheduled_reply_stays_if_the_partner_speaks_first(matter: Interaction, us: Actor) -> None:
    send(matter, "Any news?", us=us, leaves_at=TOMORROW)
    assert recorded(matter, Event.REPLY_SCHEDULED)
    answer(matter)

    outgoing.sweep(at=TOMORROW)

    assert said(matter) == []
    draft = drafts.written_by(us, matter)[DraftMode.REPLY]
    assert draft.text == "Any news?"
    assert "said something before it left" in draft.stopped_why
    assert OutboxMessage.objects.filter(entry__event=Event.REPLY_STOPPED, entry__stream=matter.stream).exists()


def test_a_reply_of_a_moment_ago_leaves_although_the_partner_writes_too(matter: Interaction, us: Actor) -> None:
    send(matter, "We look into it", us=us)
    answer(matter)

    outgoing.sweep(at=SOON)

    assert said(matter) == ["We look into it"]


@pytest.mark.parametrize(
    ("following", "words", "status"),
    [
        (Following.WAIT, Words(waiting_for="The contract"), Status.WAITING),
        (Following.RESOLVE, Words(resolution="Credited"), Status.RESOLVED),
    ],
)
def test_what_follows_happens_when_it_leaves(
    matter: Interaction, us: Actor, following: Following, words: Words, status: Status
) -> None:
    send(matter, "So it is", us=us, following=following, words=words)
    matter.refresh_from_db()
    assert matter.status == Status.RECEIVED

    outgoing.sweep(at=SOON)

    matter.refresh_from_db()
    assert matter.status == status


def test_what_cannot_follow_is_refused_at_once(us: Actor) -> None:
    a_type("one-step", plan=[("Measure", a_team("front-desk"))])
    matter = an_interaction(type="one-step", actor=us)

    with pytest.raises(StepsOpen):
        send(matter, "All is well", us=us, following=Following.RESOLVE, words=Words(resolution="Measured"))
    assert not Draft.objects.exists()


def test_what_cannot_follow_any_more_stays_with_the_reason(matter: Interaction, us: Actor) -> None:
    send(matter, "Please", us=us, following=Following.WAIT, words=Words(waiting_for="A copy"))
    lifecycle.make_move(matter, Move.RESOLVE, actor=us, at=NOW, words=Words(resolution="Found it"))

    outgoing.sweep(at=SOON)

    assert said(matter) == []
    assert "resolved" in drafts.written_by(us, matter)[DraftMode.REPLY].stopped_why.lower()


def test_nothing_leaves_for_somebody_who_left(matter: Interaction, us: Actor, rosa: User) -> None:
    send(matter, "See you", us=us)
    User.objects.filter(pk=rosa.pk).update(is_active=False)

    outgoing.sweep(at=SOON)

    assert said(matter) == []


def test_a_reply_to_what_changed_meanwhile_is_refused(matter: Interaction, us: Actor) -> None:
    with pytest.raises(ChangedMeanwhile):
        outgoing.send(matter, Wording(text="x"), [], leaves_at=SOON, actor=us, at=NOW, version=matter.version - 1)


def test_nothing_is_no_reply(matter: Interaction, us: Actor) -> None:
    with pytest.raises(NotAccepted):
        send(matter, "  ", us=us)
    assert not Draft.objects.exists()


def test_a_draft_is_kept_per_person_and_mode_and_dropped_when_it_is_empty(matter: Interaction, us: Actor) -> None:
    tom = an_actor_for(a_representative("Tom Berger"))
    for actor in (us, tom):
        for mode in DraftMode:
            drafts.keep(matter, mode, Wording(text=f"{actor.label} {mode}"), actor=actor, at=NOW, version=0)

    assert {mode: draft.text for mode, draft in drafts.written_by(us, matter).items()} == {
        "note": "Rosa Lindqvist note",
        "reply": "Rosa Lindqvist reply",
    }
    assert drafts.keep(matter, DraftMode.NOTE, Wording(), actor=us, at=NOW, version=1) == 0
    assert set(drafts.written_by(us, matter)) == {"reply"}


def test_a_draft_of_another_window_is_not_overwritten(matter: Interaction, us: Actor) -> None:
    first = drafts.keep(matter, DraftMode.REPLY, Wording(text="At the desk"), actor=us, at=NOW, version=0)
    drafts.keep(matter, DraftMode.REPLY, Wording(text="On the train"), actor=us, at=NOW, version=first)

    for stale in (0, first):
        with pytest.raises(DraftChanged):
            drafts.keep(matter, DraftMode.REPLY, Wording(text="Old"), actor=us, at=NOW, version=stale)
    assert drafts.written_by(us, matter)[DraftMode.REPLY].text == "On the train"


def test_no_partner_reads_of_what_was_not_said(matter: Interaction, us: Actor) -> None:
    send(matter, "Too quick", us=us, leaves_at=TOMORROW)
    outgoing.take_back(Draft.objects.held().get().pk, matter, actor=us, at=NOW)

    theirs = RecordEntry.objects.visible_to(an_actor_for(a_person_of(matter.partner)))

    assert not theirs.filter(event__startswith="reply.").exists()
