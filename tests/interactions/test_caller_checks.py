"""A caller is who they say when they know what only the partner knows, or are reached where the partner is."""

from datetime import timedelta

import pytest

from interactions.domain import caller_checks, caller_codes, caller_facts, logbook
from interactions.enums import CallerMeans, Direction, Event
from interactions.errors import CallerNotVerified, NotAccepted
from interactions.models import CallerCheck, Interaction
from interactions.payloads import Intake
from partners.enums import AssuranceLevel, Channel, ContactMedium, Permission
from partners.models import Partner, RecordEntry
from partners.payloads import Actor
from tests.factories.partners import AgreementFactory, moment
from tests.factories.world import (
    a_contact,
    a_partner,
    a_person_of,
    a_representative,
    a_type,
    an_actor_for,
    an_interaction,
)

pytestmark = pytest.mark.django_db

NOON = moment("2026-06-01 12:00")
SOON = NOON + timedelta(minutes=1)
NUMBER = "+49 30 901820"


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative("Rosa Lind"))


@pytest.fixture
def acme() -> Partner:
    """Acme, of which an agreement, an invoice, an office, a number and a mailbox are on file."""
    acme = a_partner("Acme Wholesale", external_id="P-77120")
    AgreementFactory.create(partner=acme, reference="AG-2024-017")
    a_contact(acme, "Hafenstraße 12, 20457 Hamburg", medium=ContactMedium.POST)
    a_contact(acme, NUMBER, verified_at=NOON - timedelta(days=90), name="Office")
    a_contact(acme, "desk@acme.example.org", verified_at=NOON - timedelta(days=90), name="Desk")
    return acme


@pytest.fixture
def check(acme: Partner, rosa: Actor) -> CallerCheck:
    return caller_checks.begin(acme, caller="Paul Acheson", actor=rosa, at=NOON)


def events(partner: Partner) -> list[str]:
    return list(
        RecordEntry.objects.filter(stream=partner.stream, event__startswith="caller.")
        .order_by("sequence")
        .values_list("event", flat=True)
    )


def asked(partner: Partner) -> set[str]:
    return {question.code for question in caller_facts.questions(partner, at=NOON)}


def a_call(partner: Partner, **fields: object) -> Intake:
    given: dict[str, object] = {
        "channel": Channel.PHONE,
        "direction": Direction.INBOUND,
        "subject": "Where is order 12?",
        "text": "Asks where order 12 is",
        "happened_at": NOON,
        "type_code": "service-query",
        "partner_id": partner.pk,
    }
    return Intake(**(given | fields))  # type: ignore[arg-type]  # the fields of an intake


def test_two_right_answers_verify_with_one_factor(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    once = caller_checks.answer(check, "agreement", "ag 2024 017", actor=rosa, at=SOON)
    twice = caller_checks.answer(check, "customer-number", "p77120", actor=rosa, at=SOON)

    assert (once.level, twice.level) == (AssuranceLevel.NONE, AssuranceLevel.SINGLE)
    assert twice.means == [CallerMeans.QUESTIONS]
    assert events(acme) == [Event.CALLER_VERIFIED]


def test_what_everybody_can_look_up_proves_nothing_by_itself(rosa: Actor, acme: Partner) -> None:
    Partner.objects.filter(pk=acme.pk).update(external_id=None)
    a_contact(acme, "P.O. box 1, 10115 Berlin", medium=ContactMedium.POST, purpose="billing")
    check = caller_checks.begin(acme, actor=rosa, at=NOON)

    check = caller_checks.answer(check, "postcode", "20457", actor=rosa, at=SOON)
    with pytest.raises(NotAccepted):
        caller_checks.answer(check, "postcode", "10115", actor=rosa, at=SOON)
    assert check.level == AssuranceLevel.NONE

    check = caller_checks.answer(check, "agreement", "AG-2024-017", actor=rosa, at=SOON)
    assert check.level == AssuranceLevel.SINGLE


def test_what_is_on_file_is_asked_and_what_is_short_or_old_is_not(acme: Partner, rosa: Actor) -> None:
    assert asked(acme) == {"agreement", "customer-number", "postcode"}

    a_type("billing-query", fields=[{"name": "bill", "label": "Invoice", "kind": "reference"}])
    an_interaction(acme, type="billing-query", values={"bill": "12"}, at=NOON, actor=rosa)
    an_interaction(acme, type="billing-query", values={"bill": "RE-2025-1"}, at=NOON - timedelta(days=400), actor=rosa)
    assert "bill" not in asked(acme)

    an_interaction(acme, type="billing-query", values={"bill": "RE-2026-4711"}, at=NOON, actor=rosa)
    assert "bill" in asked(acme)


def test_no_representation_of_a_question_holds_its_answer(acme: Partner) -> None:
    assert "2024017" not in repr(caller_facts.questions(acme, at=NOON))


def test_after_two_wrong_answers_nothing_more_is_asked_in_this_call(
    check: CallerCheck, rosa: Actor, acme: Partner
) -> None:
    for guess in ("AG-2024-001", "AG-2024-002"):
        check = caller_checks.answer(check, "agreement", guess, actor=rosa, at=SOON)

    with pytest.raises(NotAccepted, match="Too many wrong answers"):
        caller_checks.answer(check, "agreement", "AG-2024-017", actor=rosa, at=SOON)
    assert events(acme) == [Event.CALLER_NOT_VERIFIED]


def test_calling_again_and_again_does_not_give_more_guesses(acme: Partner, rosa: Actor) -> None:
    for _ in range(3):
        check = caller_checks.begin(acme, actor=rosa, at=NOON)
        for guess in ("AG-2024-001", "AG-2024-002"):
            check = caller_checks.answer(check, "agreement", guess, actor=rosa, at=SOON)

    fresh = caller_checks.begin(acme, actor=rosa, at=NOON + timedelta(hours=2))
    with pytest.raises(NotAccepted, match="Too many wrong answers"):
        caller_checks.answer(fresh, "agreement", "AG-2024-017", actor=rosa, at=NOON + timedelta(hours=2))

    tomorrow = NOON + timedelta(hours=25)
    fresh = caller_checks.begin(acme, actor=rosa, at=tomorrow)
    assert caller_checks.answer(fresh, "agreement", "AG-2024-017", actor=rosa, at=tomorrow).right == ["agreement"]


def test_who_is_reached_at_a_number_on_file_is_verified(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    (line,) = caller_facts.phones(acme, at=NOON)

    missed = caller_checks.call_back(check, line.key, is_reached=False, actor=rosa, at=SOON)
    reached = caller_checks.call_back(check, line.key, is_reached=True, actor=rosa, at=SOON)

    assert (missed.level, reached.level) == (AssuranceLevel.NONE, AssuranceLevel.SINGLE)
    assert reached.contact is not None
    assert reached.contact.value == NUMBER
    assert events(acme) == [Event.CALLER_NOT_VERIFIED, Event.CALLER_VERIFIED]


def test_only_numbers_that_were_verified_of_people_who_are_still_there_are_called(acme: Partner) -> None:
    gone = a_person_of(acme, "Gerd Gone")
    a_contact(acme, "+49 30 5550001", user=gone, verified_at=NOON)
    a_contact(acme, "+49 30 5550002")
    a_contact(a_partner("Globex"), "+49 30 5550003", verified_at=NOON)
    gone.memberships.update(valid_until=NOON.date() - timedelta(days=1))

    assert [line.address for line in caller_facts.phones(acme, at=NOON)] == [NUMBER]


def test_a_line_of_another_partner_is_not_on_file(check: CallerCheck, rosa: Actor) -> None:
    theirs = a_contact(a_partner("Globex"), "olga@globex.example.org", verified_at=NOON)

    with pytest.raises(NotAccepted):
        caller_checks.send_code(check, f"contact-{theirs.pk}", actor=rosa, at=SOON)
    assert not RecordEntry.objects.filter(event=Event.CALLER_CODE_SENT).exists()


def a_code(check: CallerCheck, rosa: Actor, partner: Partner) -> tuple[CallerCheck, str]:
    line = caller_facts.mailboxes(partner, at=NOON)[0]
    check = caller_checks.send_code(check, line.key, actor=rosa, at=SOON)
    return check, caller_codes.code_of(check.pk, check.code_nonce)


def test_the_code_that_was_mailed_verifies_once(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    check, code = a_code(check, rosa, acme)

    check = caller_checks.enter_code(check, f"{code[:3]} {code[3:]}", actor=rosa, at=SOON)
    assert (check.level, check.means) == (AssuranceLevel.SINGLE, [CallerMeans.CODE])

    with pytest.raises(NotAccepted, match="no code to enter"):
        caller_checks.enter_code(check, code, actor=rosa, at=SOON)


def test_a_code_is_neither_in_the_row_nor_on_the_record(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    check, code = a_code(check, rosa, acme)

    row = CallerCheck.objects.filter(pk=check.pk).values().get()
    entry = RecordEntry.objects.get(event=Event.CALLER_CODE_SENT)
    assert code not in repr(row)
    assert code not in repr((entry.facts, entry.texts))


def test_a_code_is_guessed_three_times_and_no_more(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    check, code = a_code(check, rosa, acme)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    for _ in range(caller_checks.MOST_TRIES):
        check = caller_checks.enter_code(check, wrong, actor=rosa, at=SOON)

    with pytest.raises(NotAccepted):
        caller_checks.enter_code(check, code, actor=rosa, at=SOON)
    assert events(acme)[-1] == Event.CALLER_NOT_VERIFIED


def test_a_code_grows_old_and_is_replaced_by_the_next(check: CallerCheck, rosa: Actor, acme: Partner) -> None:
    check, first = a_code(check, rosa, acme)
    check, second = a_code(check, rosa, acme)
    assert first != second

    check = caller_checks.enter_code(check, first, actor=rosa, at=SOON)
    assert check.level == AssuranceLevel.NONE
    with pytest.raises(NotAccepted):
        caller_checks.enter_code(check, second, actor=rosa, at=SOON + caller_codes.HOLDS_FOR)


def test_codes_are_not_mailed_without_end(acme: Partner, rosa: Actor) -> None:
    line = caller_facts.mailboxes(acme, at=NOON)[0]
    sent = 0
    for _ in range(4):
        check = caller_checks.begin(acme, actor=rosa, at=NOON)
        for _again in range(caller_checks.MOST_CODES + 1):
            try:
                caller_checks.send_code(check, line.key, actor=rosa, at=SOON)
            except NotAccepted:
                break
            sent += 1

    assert sent == caller_checks.MOST_CODES_LATELY


def test_knowing_and_being_reached_are_two_factors_but_being_reached_twice_is_not(
    check: CallerCheck, rosa: Actor, acme: Partner
) -> None:
    check = caller_checks.call_back(
        check, caller_facts.phones(acme, at=NOON)[0].key, is_reached=True, actor=rosa, at=SOON
    )
    check, code = a_code(check, rosa, acme)
    check = caller_checks.enter_code(check, code, actor=rosa, at=SOON)
    assert check.level == AssuranceLevel.SINGLE

    for question, said in (("agreement", "AG-2024-017"), ("customer-number", "P-77120")):
        check = caller_checks.answer(check, question, said, actor=rosa, at=SOON)
    assert check.level == AssuranceLevel.DOUBLE


def test_a_check_is_of_one_call_and_one_representative(check: CallerCheck, rosa: Actor) -> None:
    tina = an_actor_for(a_representative("Tina Okoro"))

    for actor, at in ((tina, SOON), (rosa, NOON + timedelta(hours=2))):
        with pytest.raises(NotAccepted, match="This call is over"):
            caller_checks.answer(check, "agreement", "AG-2024-017", actor=actor, at=at)


def test_an_unverified_caller_may_leave_a_message_and_is_answered_nothing(acme: Partner, rosa: Actor) -> None:
    a_type("service-query")

    with pytest.raises(CallerNotVerified):
        logbook.write_down(a_call(acme), answer="It leaves tomorrow", actor=rosa, at=SOON)
    assert not Interaction.objects.exists()

    left = logbook.write_down(a_call(acme), answer="", actor=rosa, at=SOON)
    entry = RecordEntry.objects.get(stream=left.stream, event=Event.CALLER_NOT_VERIFIED)
    assert (entry.facts["level"], entry.facts["means"]) == (0, [])


def test_what_is_public_is_answered_to_everybody(acme: Partner, rosa: Actor) -> None:
    a_type("opening-hours", login_needed=False)
    call = a_call(acme, type_code="opening-hours", is_closed_at_once=True, resolution="Until 17:00")

    assert not logbook.write_down(call, answer="Until 17:00", actor=rosa, at=SOON).is_open


def test_what_is_between_us_already_is_never_public(acme: Partner, rosa: Actor) -> None:
    a_type("opening-hours", login_needed=False)
    matter = an_interaction(acme, type="opening-hours", actor=rosa, at=NOON)

    with pytest.raises(CallerNotVerified):
        logbook.write_down(a_call(acme, reply_to=matter.pk), answer="Done", actor=rosa, at=SOON)


def test_a_type_asks_of_a_caller_what_it_asks_in_the_portal(check: CallerCheck, acme: Partner, rosa: Actor) -> None:
    a_type("settlement-query", permission=Permission.APPROVE_SETTLEMENT)
    call = a_call(acme, type_code="settlement-query")
    for question, said in (("agreement", "AG-2024-017"), ("customer-number", "P-77120")):
        check = caller_checks.answer(check, question, said, actor=rosa, at=SOON)

    with pytest.raises(CallerNotVerified, match="two factors"):
        logbook.write_down(call, answer="4,700 EUR", actor=rosa, at=SOON, check=check)

    line = caller_facts.phones(acme, at=NOON)[0]
    caller_checks.call_back(check, line.key, is_reached=True, actor=rosa, at=SOON)
    check.refresh_from_db()
    assert logbook.write_down(call, answer="4,700 EUR", actor=rosa, at=SOON, check=check).is_open


def test_a_check_ends_with_its_call_and_stands_on_the_interaction(
    check: CallerCheck, acme: Partner, rosa: Actor
) -> None:
    a_type("service-query")
    line = caller_facts.phones(acme, at=NOON)[0]
    check = caller_checks.call_back(check, line.key, is_reached=True, actor=rosa, at=SOON)

    logged = logbook.write_down(a_call(acme), answer="Tomorrow", actor=rosa, at=SOON, check=check)

    check.refresh_from_db()
    assert (check.interaction, check.ended_at) == (logged, SOON)
    entry = RecordEntry.objects.get(stream=logged.stream, event=Event.CALLER_VERIFIED)
    assert (entry.facts["level"], entry.facts["means"]) == (1, [CallerMeans.CALL_BACK])
    with pytest.raises(NotAccepted, match="This call is over"):
        logbook.write_down(a_call(acme), answer="Once more", actor=rosa, at=SOON, check=check)


def test_a_check_of_one_partner_is_worth_nothing_with_another(check: CallerCheck, rosa: Actor) -> None:
    a_type("service-query")
    line = caller_facts.phones(check.partner, at=NOON)[0]
    check = caller_checks.call_back(check, line.key, is_reached=True, actor=rosa, at=SOON)

    with pytest.raises(NotAccepted, match="another partner"):
        logbook.write_down(a_call(a_partner("Globex")), answer="Yes", actor=rosa, at=SOON, check=check)
