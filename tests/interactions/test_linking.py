"""Matters that belong together: merged and taken apart, parts of a whole, passed on; no row ever moves."""

import pytest

from interactions.domain import conversation, deriving, intake, linking, orchestration
from interactions.domain.deriving import Offspring
from interactions.enums import LinkKind, Move, Status
from interactions.errors import ContinuedElsewhere, NotAccepted, PartsOpen
from interactions.models import Interaction, Link
from tests.factories.world import a_partner, a_team, a_type, an_intake
from tests.interactions.stages import HOUR, MONDAY, a_matter, branching, events, made, rosa, states, steps, stored

pytestmark = pytest.mark.django_db


def merged(interaction: Interaction, into: Interaction, reason: str = "The same fault.") -> Interaction:
    return linking.merge(interaction, into, reason=reason, actor=rosa(), at=MONDAY + HOUR)


def a_part_of(whole: Interaction) -> Interaction:
    part = a_matter(subject="The cable")
    linking.make_part(part, whole, actor=rosa(), at=MONDAY)
    return part


def test_what_is_merged_ends_with_a_link_and_keeps_all_its_rows() -> None:
    first, second = a_matter(), a_matter(subject="The same again")
    before = list(second.items.values())

    ended = merged(second, first)

    assert ended.status == Status.CLOSED
    assert list(second.items.values()) == before
    link = Link.objects.get(interaction=second)
    assert (link.kind, link.other_id, link.ended_at) == (LinkKind.MERGED_INTO, first.pk, None)
    assert events(second)[-2:] == ["interaction.linked", "interaction.merged"]
    assert events(first)[-1] == "interaction.linked"


def test_who_writes_to_what_was_merged_reaches_the_other() -> None:
    first, second = a_matter(), a_matter()
    merged(second, first)
    handed_in = an_intake("One more thing", reply_to=second.pk, partner_id=second.partner_id)

    received = intake.receive(handed_in, actor=rosa(), at=MONDAY + HOUR)

    assert received.interaction == first
    assert first.items.count() == 2


def test_what_was_merged_is_not_reopened_but_taken_apart() -> None:
    first, second = a_matter(), a_matter()
    merged(second, first)
    with pytest.raises(ContinuedElsewhere, match=first.number):
        made(second, Move.REOPEN)

    again = linking.unmerge(second, reason="Two faults after all.", actor=rosa(), at=MONDAY + 2 * HOUR)

    assert (again.status, again.ended_at) == (Status.IN_PROGRESS, None)
    assert Link.objects.get(interaction=second).ended_at == MONDAY + 2 * HOUR
    assert merged(again, first).status == Status.CLOSED  # and may be merged once more


def test_steps_go_on_where_they_were_when_it_is_taken_apart() -> None:
    first, second = a_matter(), branching()
    orchestration.finish(steps(second)[0], outcome="Fine.", actor=rosa(), at=MONDAY)
    merged(second, first)
    assert set(states(second).values()) == {"done", "cancelled"}

    linking.unmerge(second, reason="Two faults.", actor=rosa(), at=MONDAY + 2 * HOUR)

    assert states(second) == {"Check": "done", "Deliver": "open", "Bill": "open", "Archive": "pending"}


def test_what_cannot_be_merged_is_refused_with_the_reason() -> None:
    first, second, third = a_matter(), a_matter(), a_matter()
    foreign = a_matter(partner=a_partner("Globex Mobile"))
    ended = a_matter(Status.CLOSED)
    merged(second, first)
    before = [stored(one) for one in (first, second, third)]

    for source, into in [(third, third), (third, foreign), (third, ended), (second, third), (third, second)]:
        with pytest.raises(NotAccepted):
            merged(source, into)

    assert [stored(one) for one in (first, second, third)] == before


def test_what_was_never_merged_is_not_taken_apart() -> None:
    with pytest.raises(NotAccepted):
        linking.unmerge(a_matter(Status.CLOSED), reason="Why not.", actor=rosa(), at=MONDAY)


def test_a_whole_ends_after_its_parts() -> None:
    whole = a_matter(Status.IN_PROGRESS)
    part = a_part_of(whole)
    with pytest.raises(PartsOpen, match=part.number):
        made(whole, Move.RESOLVE)

    made(part, Move.RESOLVE)
    resolved = made(whole, Move.RESOLVE)
    with pytest.raises(PartsOpen):  # solved is enough for a solution, not for the formal end
        made(resolved, Move.CLOSE)
    made(part, Move.CLOSE)

    assert events(whole)[-1] == "parts.ended"
    assert made(resolved, Move.CLOSE).status == Status.CLOSED


def test_the_whole_hears_once_when_the_last_part_ends() -> None:
    whole = a_matter(Status.IN_PROGRESS)
    first, second = a_part_of(whole), a_part_of(whole)

    made(first, Move.CANCEL)
    assert "parts.ended" not in events(whole)
    made(second, Move.CANCEL)

    assert events(whole).count("parts.ended") == 1


def test_nothing_is_a_part_of_its_own_part() -> None:
    whole = a_matter()
    part = a_part_of(whole)
    part_of_part = a_part_of(part)

    with pytest.raises(NotAccepted):
        linking.make_part(whole, part_of_part, actor=rosa(), at=MONDAY)
    with pytest.raises(NotAccepted):
        linking.make_part(part, whole, actor=rosa(), at=MONDAY)


def test_a_part_that_stands_for_itself_again_keeps_nothing_open() -> None:
    whole = a_matter(Status.IN_PROGRESS)
    link = Link.objects.get(interaction=a_part_of(whole))

    linking.end_part(link, actor=rosa(), at=MONDAY)

    assert made(whole, Move.RESOLVE).status == Status.RESOLVED
    with pytest.raises(NotAccepted):
        linking.end_part(link, actor=rosa(), at=MONDAY)


def test_a_matter_of_another_vertical_is_led_on_as_a_new_one() -> None:
    order = [{"name": "order", "label": "Order", "kind": "reference"}]
    a_type("asked", fields=order)
    a_type("delivery", fields=[*order, {"name": "site", "label": "Site", "kind": "text", "required": True}])
    interaction = a_matter(Status.IN_PROGRESS, type="asked", values={"order": "PO-1"}, sender="pam@acme.example")

    following = deriving.pass_on(
        interaction, Offspring(type_code="delivery"), reason="A delivery.", actor=rosa(), at=MONDAY + HOUR
    )

    assert (following.type.code, following.partner, following.direction) == ("delivery", interaction.partner, "inbound")
    assert (following.subject, following.values) == (interaction.subject, {"order": "PO-1"})
    assert {one.address for one in following.participants.all()} >= {"pam@acme.example"}
    interaction.refresh_from_db()
    assert interaction.status == Status.CLOSED
    assert Link.objects.get(interaction=following).kind == LinkKind.HANDOVER
    with pytest.raises(ContinuedElsewhere, match=following.number):
        made(interaction, Move.REOPEN)


def test_who_writes_to_what_was_passed_on_reaches_the_new_one() -> None:
    a_type("delivery")
    interaction = a_matter()
    following = deriving.pass_on(interaction, Offspring(type_code="delivery"), reason="A.", actor=rosa(), at=MONDAY)
    handed_in = an_intake("One more thing", reply_to=interaction.pk, partner_id=interaction.partner_id)

    assert intake.receive(handed_in, actor=rosa(), at=MONDAY).interaction == following


def test_nothing_is_passed_on_as_what_it_is_or_without_a_reason() -> None:
    a_type("delivery")
    interaction = a_matter()
    before = stored(interaction)

    for code, reason in [("plain-query", "Because."), ("delivery", " "), ("unheard-of", "Because.")]:
        with pytest.raises(NotAccepted):
            deriving.pass_on(interaction, Offspring(type_code=code), reason=reason, actor=rosa(), at=MONDAY)

    assert stored(interaction) == before


def test_a_part_is_begun_from_its_whole() -> None:
    a_type("cabling", plan=[("Lay", a_team("fulfilment"))])
    whole = a_matter(Status.IN_PROGRESS)

    wanted = Offspring(type_code="cabling", subject="Lay the cable", text="From the cellar to the roof.")
    part = deriving.begin_part(whole, wanted, actor=rosa(), at=MONDAY)

    assert (part.subject, part.partner, part.steps.count()) == ("Lay the cable", whole.partner, 1)
    assert Link.objects.get(interaction=part).other == whole
    with pytest.raises(PartsOpen):
        made(whole, Move.RESOLVE)


def test_words_said_in_what_was_merged_stay_there() -> None:
    first, second = a_matter(), a_matter()
    conversation.note(second, "It was the cellar.", actor=rosa(), at=MONDAY)

    merged(second, first)

    assert (first.notes.count(), second.notes.count()) == (0, 1)
