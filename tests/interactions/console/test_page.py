import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.templatetags.ui import icon
from interactions.domain import conversation, event_icons, intake, lifecycle, orchestration, timeline
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import LinkKind, Move, Side
from interactions.models import Interaction, Link, Note, Reference, Step, Team
from interactions.payloads import File
from partners.enums import Channel
from partners.models import Partner, User
from tests.factories.partners import AgreementFactory
from tests.factories.world import a_contact, a_team, a_type, an_actor_for, an_intake, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "detail"}


def test_the_page_tells_where_it_stands_and_whose_turn_it_is(browser: Client, matter: Interaction) -> None:
    page = text_of(browser.get(at(matter)))

    assert matter.number in page
    assert "Invoice 4711 is wrong" in page
    assert "Our turn: Needs first response" in page
    assert "due in" in page


def test_htmx_is_given_the_interaction_without_the_frame(browser: Client, matter: Interaction) -> None:
    response = browser.get(at(matter), headers=HTMX)

    assert "<html" not in text_of(response)
    assert 'id="matter"' in text_of(response)
    assert "HX-Request" in response["Vary"]


def test_going_back_is_given_the_whole_page(browser: Client, matter: Interaction) -> None:
    response = browser.get(at(matter), headers={**HTMX, "HX-History-Restore-Request": "true"})

    assert "<html" in text_of(response)


def test_the_timeline_holds_items_notes_and_what_the_record_tells(
    browser: Client, matter: Interaction, rosa: User
) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    conversation.note(matter, "Booked twice, says billing", actor=actor, at=now)
    conversation.say(
        matter, Saying(text="We look into it", side=Side.ENTERPRISE, channel=Channel.EMAIL), actor=actor, at=now
    )
    lifecycle.make_move(matter, Move.START, actor=actor, at=now)

    entries = browser.get(at(matter)).context["timeline"].entries

    assert [entry.kind for entry in entries] == ["item", "event", "item", "note", "event"]
    assert entries[-1].words == "Work started"
    assert entries[-1].who == "Rosa Lindqvist"


def test_an_entry_is_drawn_anew_when_it_changes_and_for_who_reads_in_another_language_and_zone(
    browser: Client, acme: Partner, rosa: User
) -> None:
    matter = an_interaction(acme, actor=an_actor_for(rosa))

    def first_entry() -> str:
        return text_of(browser.get(at(matter))).split('id="item-1"')[1].split("</li>")[0]

    assert "written down by" in (before := first_entry())
    assert first_entry() == before
    Partner.objects.filter(pk=acme.pk).update(name="Acme Retail")
    assert "Acme Retail" in first_entry()
    User.objects.filter(pk=rosa.pk).update(language="de", time_zone="Asia/Tokyo")
    assert "+09:00" in first_entry()
    assert "written down by" not in first_entry()


def test_three_entries_of_the_record_in_a_row_are_folded(browser: Client, matter: Interaction, rosa: User) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    lifecycle.make_move(matter, Move.START, actor=actor, at=now)
    lifecycle.make_move(matter, Move.ASK, actor=actor, at=now, words=Words(waiting_for="a copy"))

    response = browser.get(at(matter))

    assert [entry.kind for entry in response.context["timeline"].entries] == ["item", "events"]
    assert "Waiting for an answer, and 2 more" in text_of(response)


def test_received_text_is_shown_as_text(browser: Client, acme: Partner) -> None:
    nasty = an_interaction(acme, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")

    page = text_of(browser.get(at(nasty)))

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_mail_shows_its_new_part_and_offers_the_whole_and_the_original(browser: Client, acme: Partner) -> None:
    mail = an_intake(
        "Invoice",
        channel=Channel.EMAIL,
        text="Please pay.",
        quoted_text="Please pay.\n> You wrote",
        sender="clerk@example.org",
        partner_id=None,
        files=[File(name="bill.pdf", content=b"%PDF-1.4")],
        original=File(name="mail.eml", content=b"From: x"),
    )
    interaction = intake.receive(mail, at=timezone.now()).interaction
    assert interaction is not None

    page = text_of(browser.get(at(interaction)))

    assert "Show the whole text as received" in page
    assert "bill.pdf" in page
    assert "Original as received" in page


def test_a_call_tells_how_long_it_took_and_who_wrote_it_down(browser: Client, acme: Partner) -> None:
    now = timezone.now()
    call = an_interaction(
        acme, channel=Channel.PHONE, at=now, happened_at=now - timedelta(minutes=4), ended_at=now, text="Where is it?"
    )

    page, peeked = text_of(browser.get(at(call))), text_of(browser.get(at(call, "peek")))

    assert "The call took 4 min" in page
    assert "written down by Rosa Lindqvist" in page
    assert "<b>Acme Wholesale</b>" in peeked


def test_the_context_tells_of_the_partner(browser: Client, matter: Interaction, acme: Partner, paul: User) -> None:
    Partner.objects.filter(pk=acme.pk).update(handling_notes="Never before ten")
    a_contact(acme, "billing@example.org")
    AgreementFactory(partner=acme, reference="AGR-7")
    other = an_interaction(acme, subject="Another matter")
    Link.objects.create(interaction=matter, other=other, kind=LinkKind.FOLLOW_UP)
    for kind in ("ProductOrder", "order", "sparePart"):
        Reference.objects.create(interaction=matter, kind=kind, value="PO-9")

    page = text_of(browser.get(at(matter)))

    for words in ["Never before ten", "billing@example.org", "AGR-7", "Another matter", "PO-9", "Paul Acheson"]:
        assert words in page
    assert f"{2} entries" in page or "1 entry" in page
    assert re.findall(r'([\w ]+)</span> <span class="mono">PO-9', page) == ["Order", "Spare part"]


def test_who_is_signed_out_gets_no_form_to_sign_in_inside_of_a_page(matter: Interaction) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "https://partners.example.org/console/queue/?view=open"}
    answer = Client().get(at(matter, "sheet", "assign"), headers=asked)

    assert answer.headers["HX-Redirect"] == "/account/login/?next=%2Fconsole%2Fqueue%2F%3Fview%3Dopen"
    assert answer.content == b""
    assert Client().get(at(matter), headers={**asked, "X-Background": "1"}).status_code == 302


def test_only_moves_that_can_be_made_are_offered(browser: Client, matter: Interaction, rosa: User) -> None:
    offered = [move for move, *_more in browser.get(at(matter)).context["moves"]]
    assert offered == [Move.START, Move.ASK, Move.RESOLVE, Move.CANCEL, Move.ANNUL]

    lifecycle.make_move(
        matter, Move.RESOLVE, actor=an_actor_for(rosa), at=timezone.now(), words=Words(resolution="Paid")
    )

    offered = [move for move, *_more in browser.get(at(matter)).context["moves"]]
    assert offered == [Move.REOPEN, Move.CLOSE, Move.ANNUL]


def test_when_the_last_step_ended_the_loop_is_to_be_closed(
    browser: Client, acme: Partner, rosa: User, front_desk: Team
) -> None:
    a_type("two-steps", plan=[("Check", front_desk), ("Credit", a_team("billing"))])
    interaction = an_interaction(acme, type="two-steps")
    actor = an_actor_for(rosa)
    lifecycle.make_move(interaction, Move.START, actor=actor, at=timezone.now())
    conversation.say(
        interaction,
        Saying(text="We check", side=Side.ENTERPRISE, channel=Channel.EMAIL),
        actor=actor,
        at=timezone.now(),
    )
    page = text_of(browser.get(at(interaction)))
    assert "Teams are investigating" in page

    for _ in range(2):
        step = Step.objects.get(interaction=interaction, status="open")
        orchestration.finish(step, outcome="Done", actor=actor, at=timezone.now())

    assert "Our turn: Close the loop" in text_of(browser.get(at(interaction)))


def test_a_long_conversation_costs_as_many_queries_as_a_short_one(
    browser: Client, matter: Interaction, rosa: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(at(matter))
    with django_assert_max_num_queries(40) as short:
        browser.get(at(matter))
    actor = an_actor_for(rosa)
    for number in range(3):
        file = File(name=f"{number}.txt", content=b"x")
        saying = Saying(text="News", side=Side.ENTERPRISE, channel=Channel.EMAIL, files=[file])
        conversation.say(matter, saying, actor=actor, at=timezone.now())
        conversation.note(matter, "Noted", actor=actor, at=timezone.now())

    with django_assert_max_num_queries(40) as long:
        browser.get(at(matter))

    assert len(long) == len(short)


def test_a_long_timeline_comes_in_parts_and_nothing_is_lost_or_doubled(browser: Client, matter: Interaction) -> None:
    now = timezone.now()
    moments = [now, now + timedelta(seconds=1)]  # many at the same moment
    Note.objects.bulk_create(Note(interaction=matter, text=f"Note {n}.", at=moments[n // 70]) for n in range(140))

    part = browser.get(at(matter))
    found = re.findall(r"Note (\d+)\.", text_of(part))
    assert len(found) == 50
    while earlier := part.context["timeline"].earlier:
        part = browser.get(at(matter), {"before": str(earlier)}, headers={"HX-Request": "true", "HX-Target": "earlier"})
        assert 'id="matter"' not in text_of(part)
        found = re.findall(r"Note (\d+)\.", text_of(part)) + found

    assert [int(number) for number in found] == list(range(140))
    assert "Note 139." not in text_of(browser.get(at(matter), {"before": str(timeline_place(matter, 100))}))


def timeline_place(matter: Interaction, number: int) -> timeline.Place:
    note = matter.notes.get(text=f"Note {number}.")
    return timeline.Place(at=note.at, rank=1, number=note.pk)


@pytest.mark.parametrize("before", ["x", "1.2", "1.1.99999999999999999999", "99999999999999999.0.1", "-1.0.1"])
def test_a_place_that_is_none_shows_the_newest(browser: Client, matter: Interaction, before: str) -> None:
    assert browser.get(at(matter), {"before": before}).status_code == 200


def test_the_fields_of_the_type_stand_under_their_labels(browser: Client, acme: Partner) -> None:
    fault = an_interaction(
        acme, type="fault-report", channel=Channel.EMAIL, values={"service": "FRA-2", "impact": "Outage"}
    )

    assert browser.get(at(fault)).context["filled_fields"] == [("Service or circuit", "FRA-2"), ("Impact", "Outage")]


def test_every_entry_of_the_record_has_a_drawing() -> None:
    assert all("<svg" in icon(name) for name in event_icons.ICONS.values())
