"""The page of one interaction in the portal: what it tells, what it keeps to itself, and what can be done."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, lifecycle, orchestration
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Side, Status
from interactions.models import Interaction, Step
from interactions.payloads import File
from partners.domain import record
from partners.enums import Channel
from partners.models import RecordEntry, User
from partners.payloads import Actor
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db
SECRET = "Quixotic customer, never offer a credit"


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative())


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


@pytest.fixture
def mallory() -> User:
    return a_person_of(a_partner("Globex Mobile"), "Mallory Voss")


@pytest.fixture
def matter(paul: User) -> Interaction:
    return an_interaction(paul.memberships.get().partner, subject="Line down", actor=an_actor_for(paul))


def address(interaction: Interaction, action: str = "") -> str:
    return f"/portal/interactions/{interaction.number}/{action}"


def make(interaction: Interaction, move: Move, actor: Actor, **words: Any) -> Interaction:
    return lifecycle.make_move(interaction, move, actor=actor, at=timezone.now(), words=Words(**words))


def answer(browser: Client, interaction: Interaction, text: str = "Here it is.", **more: Any) -> Any:
    version = Interaction.objects.get(pk=interaction.pk).version
    return browser.post(address(interaction, "answer/"), {"text": text, "version": version, **more})


def move(browser: Client, interaction: Interaction, name: str, reason: str = "", **more: Any) -> Any:
    version = Interaction.objects.get(pk=interaction.pk).version
    return browser.post(address(interaction, "move/"), {"move": name, "reason": reason, "version": version, **more})


def downloaded(page: Any) -> bytes:
    return b"".join(page.streaming_content)


def status_of(interaction: Interaction) -> str:
    return Interaction.objects.get(pk=interaction.pk).status


def test_the_page_says_how_it_stands(paul: User, rosa: Actor) -> None:
    partner = paul.memberships.get().partner
    a_policy(partner=partner, first_response=timedelta(hours=2))
    interaction = an_interaction(partner, subject="Line down", actor=an_actor_for(paul))

    page = signed_in(paul).get(address(interaction))

    assert "We have your request and will answer it." in page.text
    assert "due in" in page.text
    assert page.context["standing"].turn == Side.ENTERPRISE
    assert interaction.number in page.text


def test_what_was_told_on_the_phone_is_the_partners_word(paul: User, rosa: Actor) -> None:
    told = an_interaction(paul.memberships.get().partner, channel=Channel.PHONE, actor=rosa, text="Where is it?")

    page = signed_in(paul).get(address(told))

    assert '<span class="entry__author">Acme Wholesale</span>' in page.text
    assert f"written down by {rosa.label}" in page.text


def test_stages_are_told_in_the_partners_wording(paul: User, rosa: Actor) -> None:
    team = a_team("billing")
    a_type("long-work", plan=[("Check", team), ("Credit", team)])
    interaction = an_interaction(
        paul.memberships.get().partner, subject="Credit please", actor=an_actor_for(paul), type="long-work"
    )
    make(interaction, Move.START, rosa)
    browser = signed_in(paul)

    first = browser.get(address(interaction))
    for step in Step.objects.filter(interaction=interaction).order_by("position"):
        orchestration.finish(step, outcome=SECRET, actor=rosa, at=timezone.now())
    last = browser.get(address(interaction))

    names = [(stage.name, stage.state) for stage in first.context["stages"]]
    assert names[:3] == [("Received", "done"), ("Check by our team", "current"), ("Credit by our team", "next")]
    assert "The work is done; we are writing you the result." in last.text
    assert SECRET not in last.text


def test_what_was_reopened_is_worked_on_again(paul: User, rosa: Actor) -> None:
    a_type("long-work", plan=[("Check", a_team("billing"))])
    interaction = an_interaction(
        paul.memberships.get().partner, subject="Credit please", actor=an_actor_for(paul), type="long-work"
    )
    orchestration.finish(Step.objects.get(interaction=interaction), outcome="Done", actor=rosa, at=timezone.now())
    make(interaction, Move.RESOLVE, rosa, resolution="Credited.")
    browser = signed_in(paul)

    move(browser, interaction, "reopen", "Too little")
    page = browser.get(address(interaction))

    assert "We are working on it." in page.text
    assert [(stage.name, stage.state) for stage in page.context["stages"]][-2:] == [
        ("Solution", "current"),
        ("Closed", "next"),
    ]


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.EMAIL])
def test_no_byte_of_the_portal_holds_a_note(channel: Channel, matter: Interaction, paul: User, rosa: Actor) -> None:
    conversation.note(matter, SECRET, actor=rosa, at=timezone.now())
    matter.partner.handling_notes = SECRET
    matter.partner.save(update_fields=["handling_notes"])
    conversation.say(
        matter, Saying(text="We look.", side=Side.ENTERPRISE, channel=channel), actor=rosa, at=timezone.now()
    )
    browser = signed_in(paul)
    paths = ["", "interactions/", "interactions/?tab=all", f"interactions/{matter.number}/", "interactions/new/"]

    pages = [browser.get(f"/portal/{path}") for path in [*paths, "organisation/", "organisation/people/"]]
    pages.append(browser.get("/portal/interactions/", {"q": "Line"}))

    assert all(page.status_code == 200 for page in pages)
    assert all(SECRET.encode() not in page.content for page in pages)
    assert all(b"note.added" not in page.content and b"nternal note" not in page.content for page in pages)
    assert b"We look." in pages[3].content


@pytest.mark.parametrize("number", ["BPI-9999999", "999999999999999999", "x", "BPI-", "0", "BPI-0%00", "٤٢"])
def test_an_unknown_number_is_not_found(number: str, paul: User) -> None:
    browser = signed_in(paul)

    assert browser.get(f"/portal/interactions/{number}/").status_code == 404
    assert browser.post(f"/portal/interactions/{number}/answer/", {"text": "x"}).status_code == 404


def test_the_matters_of_others_do_not_exist(matter: Interaction, mallory: User) -> None:
    browser = signed_in(mallory)
    before = RecordEntry.objects.count()

    answers = [
        browser.get(address(matter)),
        answer(browser, matter),
        move(browser, matter, "cancel", "Mischief"),
        move(browser, matter, "confirm"),
    ]

    assert [page.status_code for page in answers] == [404] * 4
    assert (status_of(matter), RecordEntry.objects.count()) == (Status.RECEIVED, before)


def test_an_answer_goes_on_with_what_waited(matter: Interaction, paul: User, rosa: Actor) -> None:
    make(matter, Move.ASK, rosa, waiting_for="Which circuit is it?")
    browser = signed_in(paul)
    asked = browser.get(address(matter))

    sent = answer(browser, matter, "HH-2201", attachment=[SimpleUploadedFile("trace.txt", b"trace")])
    page = browser.get(sent.headers["Location"])

    assert "We need your answer" in asked.text
    assert "Which circuit is it?" in asked.text
    assert sent.headers["Location"] == f"{address(matter)}#item-2"
    assert status_of(matter) == Status.IN_PROGRESS
    item = matter.items.get(sequence=2)
    assert (item.side, item.channel, item.author) == (Side.PARTNER, Channel.WEB, paul)
    assert "trace.txt" in page.text


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write something, or attach a file."), ("\x00", "Null characters"), ("x" * 100_001, "at most 100000")],
)
def test_an_answer_that_cannot_be_taken_is_explained(text: str, words: str, matter: Interaction, paul: User) -> None:
    page = answer(signed_in(paul), matter, text)

    assert page.status_code == 422
    assert words in page.text
    assert matter.items.count() == 1


def test_a_file_alone_is_an_answer(matter: Interaction, paul: User) -> None:
    sent = answer(signed_in(paul), matter, "", attachment=[SimpleUploadedFile("trace.txt", b"trace")])

    assert sent.status_code == 302
    assert matter.items.count() == 2


@pytest.mark.parametrize("version", ["1", "", "x", "99999999999999"])
def test_what_changed_meanwhile_loses_nothing(version: str, matter: Interaction, paul: User, rosa: Actor) -> None:
    make(matter, Move.START, rosa)
    browser = signed_in(paul)

    stale = answer(browser, matter, "My long answer", version=version)
    again = answer(browser, matter, "My long answer", version=stale.context["interaction"].version)

    assert stale.status_code == 409
    assert "Somebody else changed this meanwhile." in stale.text
    assert "My long answer</textarea>" in stale.text
    assert again.status_code == 302


def test_what_was_solved_meanwhile_offers_to_reopen_with_the_same_words(
    matter: Interaction, paul: User, rosa: Actor
) -> None:
    browser = signed_in(paul)
    make(matter, Move.RESOLVE, rosa, resolution="Repaired.")

    page = answer(browser, matter, "It is still down", version="1")

    assert page.status_code == 409
    assert "It is still down</textarea>" in page.text
    assert page.context["can_reopen"]


def test_a_solution_is_confirmed(matter: Interaction, paul: User, rosa: Actor) -> None:
    make(matter, Move.RESOLVE, rosa, resolution="The line card was replaced.")
    browser = signed_in(paul)
    solved = browser.get(address(matter))

    move(browser, matter, "confirm")
    page = browser.get(address(matter))

    assert "The line card was replaced." in solved.text
    assert "Yes, it is solved" in solved.text
    assert status_of(matter) == Status.CLOSED
    assert "Solution confirmed" in page.text
    entry = RecordEntry.objects.of_stream(matter.stream).get(event="interaction.confirmed")
    assert (entry.actor_id, entry.actor_role, entry.channel) == (paul.pk, "wholesaler", Channel.WEB)


def test_reopening_needs_a_reason(matter: Interaction, paul: User, rosa: Actor) -> None:
    make(matter, Move.RESOLVE, rosa, resolution="Repaired.")
    browser = signed_in(paul)

    refused = move(browser, matter, "reopen", "  ")
    taken = move(browser, matter, "reopen", "It is down again")
    page = browser.get(address(matter))

    assert refused.status_code == 422
    assert "Say what is still missing or wrong." in refused.text
    assert taken.status_code == 302
    assert status_of(matter) == Status.IN_PROGRESS
    assert "It is down again" in page.text


def test_reopening_is_offered_only_within_its_period(matter: Interaction, paul: User, rosa: Actor) -> None:
    make(matter, Move.RESOLVE, rosa, resolution="Repaired.")
    make(matter, Move.CLOSE, rosa)
    browser = signed_in(paul)
    in_time = browser.get(address(matter))
    Interaction.objects.filter(pk=matter.pk).update(ended_at=timezone.now() - timedelta(days=400))
    too_late = browser.get(address(matter))

    refused = move(browser, matter, "reopen", "Down again")

    assert "You can reopen it until" in in_time.text
    assert not too_late.context["can_reopen"]
    assert "The time for reopening it ended" in too_late.text
    assert (refused.status_code, status_of(matter)) == (409, Status.CLOSED)


def test_a_request_is_cancelled_with_a_reason(matter: Interaction, paul: User) -> None:
    browser = signed_in(paul)

    refused = move(browser, matter, "cancel")
    move(browser, matter, "cancel", "Found it myself")
    page = browser.get(address(matter))

    assert "Say in a few words why it is no longer needed." in refused.text
    assert status_of(matter) == Status.CANCELLED
    assert "Found it myself" in page.text
    assert not page.context["can_answer"]
    assert answer(browser, matter).status_code == 403


@pytest.mark.parametrize("name", ["resolve", "close", "annul", "answer", "start", "", "\x00", "nonsense"])
def test_moves_that_are_not_the_partners_are_forbidden(name: str, matter: Interaction, paul: User) -> None:
    assert move(signed_in(paul), matter, name, "Because").status_code == 403
    assert status_of(matter) == Status.RECEIVED


def test_a_move_that_came_too_late_changes_nothing_and_keeps_the_reason(
    matter: Interaction, paul: User, rosa: Actor
) -> None:
    make(matter, Move.START, rosa)

    page = move(signed_in(paul), matter, "cancel", "Not needed any more", version="1")

    assert page.status_code == 409
    assert "Not needed any more</textarea>" in page.text
    assert status_of(matter) == Status.IN_PROGRESS


def test_only_what_the_status_allows_is_offered(matter: Interaction, paul: User) -> None:
    page = signed_in(paul).get(address(matter))

    shown = {name: page.context[f"can_{name}"] for name in ("answer", "cancel", "confirm", "reopen")}
    assert shown == {"answer": True, "cancel": True, "confirm": False, "reopen": False}


def test_a_long_conversation_is_shown_from_its_end(matter: Interaction, paul: User, rosa: Actor) -> None:
    for number in range(60):
        saying = Saying(text=f"Message {number:02d}", side=Side.ENTERPRISE, channel=Channel.WEB)
        conversation.say(matter, saying, actor=rosa, at=timezone.now())
    browser = signed_in(paul)

    newest = browser.get(address(matter))
    earlier = browser.get(address(matter), {"before": newest.context["thread"].earlier})

    assert "Message 59" in newest.text
    assert "Message 05" not in newest.text
    assert "Message 05" in earlier.text


@pytest.mark.parametrize("before", ["\x00", "x", "-1", "9" * 40, "٤"])
def test_a_place_in_the_conversation_that_is_none_does_no_harm(before: str, matter: Interaction, paul: User) -> None:
    assert signed_in(paul).get(address(matter), {"before": before}).status_code == 200


def test_hostile_text_is_only_text(paul: User) -> None:
    partner = paul.memberships.get().partner
    interaction = an_interaction(
        partner, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(2)>", actor=an_actor_for(paul)
    )
    browser = signed_in(paul)

    for page in (browser.get(address(interaction)), browser.get("/portal/"), browser.get("/portal/interactions/")):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


@pytest.mark.parametrize("action", ["answer/", "move/"])
def test_verbs_are_only_posted(action: str, matter: Interaction, paul: User) -> None:
    browser = signed_in(paul)

    assert browser.get(address(matter, action)).status_code == 405
    assert browser.put(address(matter, action)).status_code == 405
    assert browser.post(address(matter)).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_conversation(
    matter: Interaction, paul: User, rosa: Actor, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(2):
        for _number in range(2):
            file = File(name="a.txt", content=b"a")
            saying = Saying(text="We look.", side=Side.ENTERPRISE, channel=Channel.WEB, files=[file])
            conversation.say(matter, saying, actor=rosa, at=timezone.now())
        browser = signed_in(paul)
        with django_assert_max_num_queries(30) as queries:
            browser.get(address(matter))
        counts.append(len(queries))

    assert counts[0] == counts[1]


class TestFiles:
    @pytest.fixture
    def mailed(self, paul: User) -> Interaction:
        return an_interaction(
            paul.memberships.get().partner,
            subject="With papers",
            actor=an_actor_for(paul),
            channel=Channel.EMAIL,
            files=[File(name="../../bill „2026“.html", content=b"<script>alert(1)</script>", content_type="text/html")],
            original=File(name="message.eml", content=b"From: paul", content_type="message/rfc822"),
        )

    def test_a_file_is_a_download(self, mailed: Interaction, paul: User) -> None:
        file = mailed.attachments.get(is_original=False)

        page = signed_in(paul).get(address(mailed, f"files/{file.pk}/"))

        assert downloaded(page) == b"<script>alert(1)</script>"
        assert page.headers["Content-Disposition"].startswith("attachment;")
        assert page.headers["X-Content-Type-Options"] == "nosniff"

    def test_the_original_is_for_the_side_that_sent_it(self, mailed: Interaction, paul: User, rosa: Actor) -> None:
        ours = Saying(
            text="Our mail",
            side=Side.ENTERPRISE,
            channel=Channel.EMAIL,
            original=File(name="ours.eml", content=b"X-Internal: secret"),
        )
        item = conversation.say(mailed, ours, actor=rosa, at=timezone.now())
        browser = signed_in(paul)
        theirs, of_us = mailed.attachments.filter(is_original=True).order_by("pk")

        assert downloaded(browser.get(address(mailed, f"files/{theirs.pk}/"))) == b"From: paul"
        assert of_us.item == item
        assert browser.get(address(mailed, f"files/{of_us.pk}/")).status_code == 404
        assert f"files/{of_us.pk}/" not in browser.get(address(mailed)).text

    def test_files_of_others_do_not_exist(self, mailed: Interaction, paul: User, mallory: User) -> None:
        file = mailed.attachments.get(is_original=False)
        globex = an_interaction(mallory.memberships.get().partner, actor=an_actor_for(mallory))
        browser = signed_in(mallory)

        assert browser.get(address(mailed, f"files/{file.pk}/")).status_code == 404
        assert browser.get(address(globex, f"files/{file.pk}/")).status_code == 404
        assert signed_in(paul).get(address(mailed, f"files/{'9' * 30}/")).status_code == 404

    def test_a_file_that_belongs_to_nothing_said_stays_ours(self, mailed: Interaction, paul: User) -> None:
        file = mailed.attachments.get(is_original=False)
        file.item = None
        file.save(update_fields=["item"])

        assert signed_in(paul).get(address(mailed, f"files/{file.pk}/")).status_code == 404

    def test_a_file_that_is_gone_is_not_found(self, mailed: Interaction, paul: User) -> None:
        file = mailed.attachments.get(is_original=False)
        file.file.storage.delete(str(file.file.name))

        assert signed_in(paul).get(address(mailed, f"files/{file.pk}/")).status_code == 404

    def test_files_are_only_read(self, mailed: Interaction, paul: User) -> None:
        file = mailed.attachments.get(is_original=False)

        assert signed_in(paul).post(address(mailed, f"files/{file.pk}/")).status_code == 405


def test_what_we_raised_is_told_as_ours(paul: User, rosa: Actor) -> None:
    raised = an_interaction(
        paul.memberships.get().partner,
        subject="Your forecast is missing",
        actor=rosa,
        type="enterprise-query",
        direction=Direction.OUTBOUND,
    )

    page = signed_in(paul).get(address(raised))

    assert "We have written to you about this." in page.text
    assert page.context["stages"][0].name == "Written to you"
    assert not page.context["can_cancel"]
    assert move(signed_in(paul), raised, "cancel", "Not our business").status_code == 403


def test_everything_a_partner_does_is_on_a_record_that_holds(matter: Interaction, paul: User, rosa: Actor) -> None:
    browser = signed_in(paul)
    answer(browser, matter, "One more thing")
    make(matter, Move.RESOLVE, rosa, resolution="Repaired.")
    move(browser, matter, "reopen", "Down again")

    events = [entry.document["event"] for entry in record.entries_in_order(matter.stream)]

    assert events == [
        "interaction.received",
        "item.added",
        "interaction.resolved",
        "interaction.reopened",
    ]
