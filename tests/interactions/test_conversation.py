"""What is said, asked, answered and noted."""

import pytest

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import ItemKind, Move, Side, Status
from interactions.errors import ChangedMeanwhile, MoveNotAllowed, NotAccepted, ReasonMissing
from interactions.models import Interaction, Item, Note
from partners.enums import Channel
from partners.models import RecordEntry
from tests.interactions.stages import HOUR, MONDAY, WORDS, a_matter, events, made, rosa, stored

pytestmark = pytest.mark.django_db


def said(interaction: Interaction, text: str = "Here it is.", side: Side = Side.ENTERPRISE, **fields: object) -> Item:
    saying = Saying(text=text, side=side, channel=Channel.PHONE, kind=ItemKind.RESPONSE)
    version = fields.get("version")
    assert version is None or isinstance(version, int)
    return conversation.say(interaction, saying, actor=rosa(), at=MONDAY + HOUR, version=version)


def test_each_thing_said_has_its_place_channel_and_side() -> None:
    interaction = a_matter()

    first, second = said(interaction), said(interaction, "Thanks.", Side.PARTNER)

    assert [(item.sequence, item.side, item.channel) for item in (first, second)] == [
        (2, Side.ENTERPRISE, Channel.PHONE),
        (3, Side.PARTNER, Channel.PHONE),
    ]
    assert events(interaction) == ["interaction.received", "item.added", "item.added"]


def test_the_other_side_hears_it() -> None:
    interaction = a_matter()

    said(interaction)
    interaction.refresh_from_db()
    assert (interaction.partner_told_at, interaction.enterprise_told_at) == (MONDAY + HOUR, MONDAY)
    said(interaction, side=Side.PARTNER)

    interaction.refresh_from_db()
    assert interaction.enterprise_told_at == MONDAY + HOUR


def test_what_the_partner_says_while_we_wait_for_it_is_the_answer() -> None:
    interaction = a_matter(Status.WAITING)

    said(interaction, side=Side.PARTNER)

    interaction.refresh_from_db()
    assert (interaction.status, interaction.ball, interaction.waiting_for) == (Status.IN_PROGRESS, Side.ENTERPRISE, "")
    assert events(interaction)[-3:] == ["item.added", "interaction.answered", "interaction.date_moved"]


def test_what_we_say_while_we_wait_is_no_answer() -> None:
    interaction = a_matter(Status.WAITING)

    said(interaction)

    interaction.refresh_from_db()
    assert interaction.status == Status.WAITING


def test_while_a_third_party_is_waited_for_only_it_answers() -> None:
    interaction = made(a_matter(), Move.ASK, words=Words(waiting_for="a report", waiting_side=Side.THIRD_PARTY))

    said(interaction, side=Side.PARTNER)
    interaction.refresh_from_db()
    assert interaction.status == Status.WAITING
    said(interaction, side=Side.THIRD_PARTY)

    interaction.refresh_from_db()
    assert interaction.status == Status.IN_PROGRESS


def test_asking_says_something_and_waits() -> None:
    interaction = a_matter()
    saying = Saying(text="Which order?", side=Side.ENTERPRISE, channel=Channel.EMAIL)

    item = conversation.ask(interaction, saying, WORDS, actor=rosa(), at=MONDAY)

    interaction.refresh_from_db()
    assert (item.text, interaction.status, interaction.waiting_for) == (
        "Which order?",
        Status.WAITING,
        "the order number",
    )


@pytest.mark.parametrize(
    ("status", "words", "refusal"),
    [(Status.RECEIVED, Words(), ReasonMissing), (Status.RESOLVED, WORDS, MoveNotAllowed)],
)
def test_what_cannot_be_asked_is_not_said_either(status: Status, words: Words, refusal: type[Exception]) -> None:
    interaction = a_matter(status)
    before = stored(interaction)
    saying = Saying(text="Which order?", side=Side.ENTERPRISE, channel=Channel.EMAIL)

    with pytest.raises(refusal):
        conversation.ask(interaction, saying, words, actor=rosa(), at=MONDAY)

    assert stored(interaction) == before


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\u200e"])
def test_nothing_is_not_said(text: str) -> None:
    interaction = a_matter()
    before = stored(interaction)

    with pytest.raises(NotAccepted) as refused:
        said(interaction, text)

    assert refused.value.attribute == "text"
    assert stored(interaction) == before


def test_who_read_an_older_version_says_nothing() -> None:
    interaction = a_matter()
    said(interaction)
    before = stored(interaction)

    with pytest.raises(ChangedMeanwhile):
        said(interaction, version=interaction.version)

    assert stored(interaction) == before


def test_text_is_cleaned() -> None:
    assert said(a_matter(), "a\x00b\ud800").text == "ab\ufffd"


def test_a_note_is_internal_and_recorded() -> None:
    interaction = a_matter()

    note = conversation.note(interaction, " Careful:\x00 they are upset. ", actor=rosa(), at=MONDAY)

    assert note.text == "Careful: they are upset."
    assert events(interaction)[-1] == "note.added"
    assert interaction.items.count() == 1


def test_an_empty_note_is_refused() -> None:
    with pytest.raises(NotAccepted):
        conversation.note(a_matter(), "\x00 ", actor=rosa(), at=MONDAY)

    assert not Note.objects.exists()
    assert not RecordEntry.objects.filter(event="note.added").exists()
