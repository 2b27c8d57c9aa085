from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import custody
from interactions.models import Interaction, Plan, PlanStep, Step, Team
from partners.models import Absence, Partner, RecordEntry, User
from tests.factories.interactions import InteractionTypeFactory
from tests.factories.world import a_representative, a_team, a_type, an_actor_for, an_interaction, signed_in
from tests.interactions.console.pages import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def repair(acme: Partner, front_desk: Team) -> Interaction:
    a_type("repair", plan=[("Measure", front_desk), ("Mend", a_team("assurance"))])
    return an_interaction(acme, type="repair")


def step(interaction: Interaction, position: int = 1) -> Step:
    return Step.objects.get(interaction=interaction, position=position)


def test_a_step_is_taken_by_a_member_of_its_team(browser: Client, repair: Interaction, rosa: User) -> None:
    assert post(browser, repair, "take_step", 1).status_code == 302
    assert step(repair).assignee == rosa


def test_a_step_is_not_taken_by_somebody_of_another_team(repair: Interaction) -> None:
    elsewhere = signed_in(a_representative("Inês Carvalho"))

    response = post(elsewhere, repair, "take_step", 1)

    assert response.status_code == 422
    assert "is not in the team" in text_of(response)
    assert step(repair).assignee is None


def test_a_step_is_finished_with_what_came_of_it_and_the_next_begins(browser: Client, repair: Interaction) -> None:
    refused = post(browser, repair, "finish_step", 1, outcome="")
    assert refused.status_code == 422

    post(browser, repair, "finish_step", 1, outcome="Attenuation at 12 km")

    assert (step(repair).status, step(repair).outcome) == ("done", "Attenuation at 12 km")
    assert step(repair, 2).status == "open"


def test_a_step_is_handed_over_with_the_reason(browser: Client, repair: Interaction) -> None:
    billing = a_team("billing")
    assert post(browser, repair, "pass_on", 1, to="team", team=billing.pk, reason="").status_code == 422
    assert post(browser, repair, "pass_on", 1, to="team", team="", reason="It is about money").status_code == 422

    post(browser, repair, "pass_on", 1, to="team", team=billing.pk, reason="It is about money")

    assert step(repair).team == billing


def test_what_a_colleague_has_is_not_taken_but_may_be_given(
    browser: Client, repair: Interaction, rosa: User, front_desk: Team
) -> None:
    tom = a_representative("Tom Okafor", team=front_desk)
    custody.take(step(repair), tom, actor=an_actor_for(tom), at=timezone.now())

    refused = post(browser, repair, "take_step", 1)
    assert refused.status_code == 409
    assert "Tom Okafor has" in text_of(refused)

    form = browser.get(f"/console/interactions/{repair.number}/steps/1/pass-on/")
    assert "Tom Okafor" in text_of(form)
    post(browser, repair, "pass_on", 1, to="colleague", colleague=rosa.pk, holder_id=tom.pk)
    assert step(repair).assignee == rosa


def test_who_stands_in_finishes_a_step_for_the_absent_one(
    browser: Client, repair: Interaction, rosa: User, front_desk: Team
) -> None:
    tom = a_representative("Tom Okafor", team=front_desk)
    custody.take(step(repair), tom, actor=an_actor_for(tom), at=timezone.now())
    today = timezone.now().date()
    tomorrow = today + timedelta(days=1)  # the day of the team, where it is later than ours
    Absence.objects.create(user=tom, substitute=rosa, first_date=today, last_date=tomorrow)

    assert "Measure" in text_of(browser.get("/console/work/"))
    post(browser, repair, "finish_step", 1, outcome="Measured")

    entry = RecordEntry.objects.of_stream(repair.stream).get(event="step.finished")
    assert (entry.actor_id, entry.behalf_of_id) == (rosa.pk, tom.pk)


def test_a_step_that_is_not_open_cannot_be_finished(browser: Client, repair: Interaction) -> None:
    response = post(browser, repair, "finish_step", 2, outcome="Too early")

    assert response.status_code == 409
    assert "is not open" in text_of(response)
    assert "Too early" in text_of(response)


def test_a_step_that_does_not_exist_is_not_found(browser: Client, repair: Interaction) -> None:
    assert post(browser, repair, "finish_step", 9, outcome="x").status_code == 404


CAUSE = {"name": "cause", "label": "Cause", "kind": "choice", "required": True, "choices": ["Ours", "Theirs"]}
PROOF = {
    "name": "proof",
    "label": "Proof",
    "kind": "text",
    "required": True,
    "when": {"field": "cause", "comparison": "is", "value": "Theirs"},
}


@pytest.fixture
def credit(acme: Partner, front_desk: Team) -> Interaction:
    """A matter in which a cause is found, a credit approved, and then paid."""
    plan = Plan.objects.create(code="cause-first", name="Credit")
    PlanStep.objects.create(plan=plan, position=1, name="Find the cause", team=front_desk, form=[CAUSE, PROOF])
    PlanStep.objects.create(plan=plan, position=2, name="Agree", team=front_desk, kind="approval", after=[1])
    PlanStep.objects.create(plan=plan, position=3, name="Pay", team=front_desk, after=[2])
    InteractionTypeFactory.create(code="cause-first", version__plan=plan)
    return an_interaction(acme, type="cause-first")


def test_a_step_asks_what_its_form_says_and_keeps_what_was_typed(browser: Client, credit: Interaction) -> None:
    refused = post(browser, credit, "finish_step", 1, outcome="Seen in the trace", field_cause="Theirs")

    assert refused.status_code == 422
    form = refused.context["problem"].form
    assert list(form.errors) == ["field_proof"]
    assert "Seen in the trace" in text_of(refused)
    assert "Only if “Cause” is Theirs." in text_of(refused)
    assert step(credit).status == "open"

    post(
        browser, credit, "finish_step", 1, outcome="Seen", field_cause="Theirs", field_proof="Trace 4", field_other="x"
    )
    assert step(credit).values == {"cause": "Theirs", "proof": "Trace 4"}


def test_what_was_not_asked_for_is_not_kept(browser: Client, credit: Interaction) -> None:
    post(browser, credit, "finish_step", 1, outcome="Seen", field_cause="Ours", field_proof="Never asked")

    assert step(credit).values == {"cause": "Ours"}
    page = text_of(browser.get(f"/console/interactions/{credit.number}/"))
    assert "What came of the steps" in page


def test_an_approval_is_decided_with_a_reason_and_a_refusal_leaves_out_what_follows(
    browser: Client, credit: Interaction
) -> None:
    post(browser, credit, "finish_step", 1, outcome="Seen", field_cause="Ours")

    undecided = post(browser, credit, "finish_step", 2, outcome="Too much")
    assert undecided.context["problem"].form.errors == {"decision": ["Approve it or refuse it."]}
    unexplained = post(browser, credit, "finish_step", 2, decision="refused")
    assert list(unexplained.context["problem"].form.errors) == ["outcome"]
    assert post(browser, credit, "finish_step", 2, decision="perhaps", outcome="x").status_code == 422

    post(browser, credit, "finish_step", 2, decision="refused", outcome="Too much")

    assert step(credit, 2).values == {"decision": "refused"}
    assert step(credit, 3).status == "skipped"


def test_a_matter_is_resolved_as_one_of_the_kinds_of_its_type(browser: Client, acme: Partner) -> None:
    a_type("dispute", resolution_codes=[{"code": "credited", "label": "Credited"}, {"code": "no", "label": "Refused"}])
    dispute = an_interaction(acme, type="dispute")

    refused = post(browser, dispute, "move", "resolve", resolution="We agree")
    assert list(refused.context["problem"].form.errors) == ["resolution_code"]
    said = post(browser, dispute, "say", mode="reply", text="We agree", following="resolve", resolution="We agree")
    assert list(said.context["composer"].errors) == ["resolution_code"]

    post(browser, dispute, "move", "resolve", resolution="We agree", resolution_code="no")

    dispute.refresh_from_db()
    assert (dispute.status, dispute.resolution_code) == ("resolved", "no")
    assert "Resolved as" in text_of(browser.get(f"/console/interactions/{dispute.number}/"))
