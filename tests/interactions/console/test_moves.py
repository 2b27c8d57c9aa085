from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import dates, lifecycle, ownership
from interactions.domain.lifecycle import Words
from interactions.enums import ClockKind, Move, Status
from interactions.models import Interaction, Team
from partners.enums import Priority
from partners.models import Partner, RecordEntry, User
from tests.factories.world import a_person_of, a_representative, a_team, a_type, an_actor_for, an_interaction
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db

BEFORE = {
    Move.START: [],
    Move.ASK: [],
    Move.RESUME: [Move.ASK],
    Move.RESOLVE: [],
    Move.REOPEN: [Move.RESOLVE],
    Move.CLOSE: [Move.RESOLVE],
    Move.CANCEL: [],
    Move.ANNUL: [],
}
WORDS = {"reason": "Because", "resolution": "Paid", "waiting_for": "A copy", "waiting_side": "partner"}


def stand_before(interaction: Interaction, move: Move, rosa: User) -> None:
    for earlier in BEFORE[move]:
        words = Words(resolution="Paid", waiting_for="a copy")
        lifecycle.make_move(interaction, earlier, actor=an_actor_for(rosa), at=timezone.now(), words=words)


@pytest.mark.parametrize("move", list(BEFORE))
def test_a_move_is_made_from_the_page(browser: Client, matter: Interaction, rosa: User, move: Move) -> None:
    stand_before(matter, move, rosa)

    response = post(browser, matter, "move", move.value, **WORDS)

    assert response.status_code == 302
    assert response["Location"] == at(matter)
    matter.refresh_from_db()
    assert matter.status == lifecycle.MOVES[move].target


@pytest.mark.parametrize("move", [move for move in BEFORE if lifecycle.MOVES[move].needs])
def test_a_move_without_its_words_is_refused_at_the_field(
    browser: Client, matter: Interaction, rosa: User, move: Move
) -> None:
    stand_before(matter, move, rosa)
    status = Interaction.objects.get(pk=matter.pk).status

    response = post(browser, matter, "move", move.value, waiting_side="partner")

    assert response.status_code == 422
    assert lifecycle.MOVES[move].needs in response.context["problem"].form.errors
    assert Interaction.objects.get(pk=matter.pk).status == status


def test_waiting_says_for_what_by_whom_and_by_when(browser: Client, matter: Interaction) -> None:
    until = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")

    post(browser, matter, "move", "ask", waiting_for="A copy", waiting_side="third_party", waiting_until=until)

    matter.refresh_from_db()
    assert (matter.waiting_for, matter.ball) == ("A copy", "third_party")
    assert matter.waiting_until is not None


@pytest.mark.parametrize("until", ["soon", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-31T10:00"])
def test_a_moment_that_is_none_is_told_and_the_words_stay(browser: Client, matter: Interaction, until: str) -> None:
    response = post(browser, matter, "move", "ask", waiting_for="A copy", waiting_side="partner", waiting_until=until)

    assert response.status_code == 422
    assert "waiting_until" in response.context["problem"].form.errors
    assert 'value="A copy"' in text_of(response)


def test_who_acts_on_an_old_version_is_told_and_keeps_the_words(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "move", "cancel", version=matter.version - 1, reason="Sent twice by mistake")

    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in text_of(response)
    assert "Sent twice by mistake" in text_of(response)
    assert f'name="version" value="{matter.version}"' in text_of(response)
    matter.refresh_from_db()
    assert matter.status == Status.RECEIVED


def test_only_what_touches_the_same_clashes(browser: Client, matter: Interaction, rosa: User) -> None:
    tom = a_representative("Tom Berger")
    read = {"version": matter.version, "seen": RecordEntry.objects.filter(stream=matter.stream).count()}
    ownership.set_priority(matter, Priority.URGENT, actor=an_actor_for(tom), at=timezone.now())

    assert post(browser, matter, "assign", assignee=rosa.pk, **read).status_code == 302
    assert post(browser, matter, "priority", priority=Priority.LOW, **read).status_code == 409
    assert post(browser, matter, "assign", assignee=tom.pk, **read).status_code == 409
    assert post(browser, matter, "move", "start", **read).status_code == 302
    assert post(browser, matter, "assign", assignee=rosa.pk, **read | {"seen": ""}).status_code == 409
    matter.refresh_from_db()
    assert (matter.assignee, matter.priority, matter.status) == (rosa, Priority.URGENT, Status.IN_PROGRESS)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_form_without_its_version_changes_nothing(browser: Client, matter: Interaction, version: str) -> None:
    response = browser.post(at(matter, "move", "start"), {"version": version})

    assert response.status_code == 409
    matter.refresh_from_db()
    assert matter.status == Status.RECEIVED


def test_a_move_that_is_not_possible_now_is_told(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "move", "close")

    assert response.status_code == 409
    assert "is not possible" in text_of(response)


def test_resolving_is_refused_while_a_team_works_on_it(browser: Client, acme: Partner, front_desk: Team) -> None:
    a_type("one-step", plan=[("Measure the line", front_desk)])
    interaction = an_interaction(acme, type="one-step")

    response = post(browser, interaction, "move", "resolve", resolution="All is well")

    assert response.status_code == 409
    assert "Still open: Measure the line" in text_of(response)
    assert "All is well" in text_of(response)


@pytest.mark.parametrize("move", ["confirm", "answer", "explode"])
def test_a_move_that_is_not_a_representatives_is_no_address(browser: Client, matter: Interaction, move: str) -> None:
    assert post(browser, matter, "move", move).status_code == 400


def test_an_interaction_is_assigned_and_given_back(browser: Client, matter: Interaction) -> None:
    tom = a_representative("Tom Okafor")

    post(browser, matter, "assign", assignee=tom.pk)
    matter.refresh_from_db()
    assert matter.assignee == tom

    post(browser, matter, "assign", assignee="")
    matter.refresh_from_db()
    assert matter.assignee is None


@pytest.mark.parametrize("assignee", ["x", "0", "9" * 25])
def test_nobody_cannot_be_the_assignee(browser: Client, matter: Interaction, assignee: str) -> None:
    assert post(browser, matter, "assign", assignee=assignee).status_code == 422


def test_a_partners_person_cannot_be_the_assignee(browser: Client, matter: Interaction, acme: Partner) -> None:
    assert post(browser, matter, "assign", assignee=a_person_of(acme, "Mallory").pk).status_code == 422


def test_handing_over_needs_a_reason(browser: Client, matter: Interaction) -> None:
    billing = a_team("billing")

    refused = post(browser, matter, "hand_over", team=billing.pk, reason="  ")
    assert refused.status_code == 422
    assert "reason" in refused.context["problem"].form.errors

    post(browser, matter, "hand_over", team=billing.pk, reason="A matter of money")
    matter.refresh_from_db()
    assert (matter.team, matter.assignee) == (billing, None)


def test_the_priority_is_changed(browser: Client, matter: Interaction) -> None:
    assert post(browser, matter, "priority", priority=1).status_code == 302
    assert post(browser, matter, "priority", priority=9).status_code == 422

    matter.refresh_from_db()
    assert matter.priority == 1


def test_another_date_is_promised_from_the_page(browser: Client, matter: Interaction, rosa: User) -> None:
    now = timezone.now()
    resolution = matter.clocks.get(kind=ClockKind.RESOLUTION)
    wanted = dates.kept_by(resolution, now + timedelta(days=21), at=now).replace(second=0, microsecond=0)
    typed = f"{wanted.astimezone(ZoneInfo(rosa.time_zone)):%Y-%m-%dT%H:%M}"
    sheet = at(matter, "sheet", "move-date")
    assert sheet in text_of(browser.get(at(matter)))
    assert 'name="to"' in text_of(browser.get(sheet))

    response = post(browser, matter, "move_date", to=typed, reason="The duct is full.")

    assert response.status_code == 302
    resolution.refresh_from_db()
    assert (resolution.due_at, resolution.round) == (wanted, 1)


def test_a_date_that_has_passed_is_refused_at_the_field(browser: Client, matter: Interaction) -> None:
    response = post(browser, matter, "move_date", to="2026-01-02T10:00", reason="The duct is full.")

    assert response.status_code == 422
    assert "to" in response.context["problem"].form.errors


def test_no_other_date_is_offered_where_nothing_is_promised_any_more(browser: Client, matter: Interaction) -> None:
    matter.clocks.all().delete()

    sheet = at(matter, "sheet", "move-date")
    assert sheet not in text_of(browser.get(at(matter)))
    assert browser.get(sheet).status_code == 404
