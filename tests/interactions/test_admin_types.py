"""Types and plans are edited by people who write no code: rows instead of brackets, and the message at the row."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from interactions.admin.definitions import FieldRow
from interactions.domain import catalogue
from interactions.models import InteractionType, Plan, PlanStep
from partners.models import RecordEntry
from tests.admin_pages import filled_in, url
from tests.factories.interactions import PlanFactory, PlanStepFactory
from tests.factories.world import a_plan, a_team, a_type, an_administrator, signed_in

pytestmark = pytest.mark.django_db

AMOUNT = {"name": "amount", "label": "Amount", "kind": "amount", "required": True, "currencies": ["EUR", "USD"]}
REASON = {"name": "reason", "label": "Reason", "kind": "choice", "required": False, "choices": ["Price", "Volume"]}
NOTE = {
    "name": "note",
    "label": "Note",
    "kind": "text",
    "required": False,
    "help": "In a word.",
    "when": {"field": "reason", "comparison": "is", "value": "Price"},
}


@pytest.fixture
def ada() -> Client:
    return signed_in(an_administrator())


def edited(ada: Client, row: InteractionType | Plan, **changes: Any) -> HttpResponse:
    """The answer to the row's own form, sent with changes; `fields__1__kind` is a box in the second row of fields."""
    page = url(type(row), "change", row.pk)
    given = filled_in(ada, page) | {name.replace("__", "-"): value for name, value in changes.items()}
    return ada.post(page, {name: value for name, value in given.items() if value is not None})  # type: ignore[return-value]


def errors_of(answer: HttpResponse, field: str) -> list[dict[str, list[str]]]:
    """The errors of each row of a field."""
    form = answer.context["adminform"].form  # type: ignore[attr-defined]
    return [dict(row.errors) for row in form[field].value().forms]


def test_what_is_not_changed_is_sent_back_as_it_was(ada: Client) -> None:
    type_ = a_type("dispute", fields=[AMOUNT, REASON, NOTE], resolution_codes=[{"code": "paid", "label": "Paid"}])

    assert edited(ada, type_).status_code == 302

    assert type_.versions.count() == 1
    assert catalogue.current(type_).fields == [AMOUNT, REASON, NOTE]


def test_what_is_paid_has_an_amount_that_is_approved(ada: Client) -> None:
    type_ = a_type("dispute", fields=[REASON])

    refused = edited(ada, type_, permission="credit.approve")

    assert "add a field “amount” of that kind" in str(refused.context["adminform"].form.errors["fields"])  # type: ignore[attr-defined]
    assert edited(ada, a_type("refund", fields=[AMOUNT]), permission="credit.approve").status_code == 302


def test_a_field_more_makes_the_next_version(ada: Client) -> None:
    type_ = a_type("dispute", fields=[AMOUNT])

    answer = edited(
        ada,
        type_,
        fields__1__label="Billing period",
        fields__1__kind="text",
        resolution_codes__0__label="Credit given",
        close_after_days="5",
    )

    assert answer.status_code == 302
    version = catalogue.current(type_)
    assert version.number == 2
    assert version.fields[1] == {"name": "billing_period", "label": "Billing period", "kind": "text", "required": False}
    assert version.resolution_codes == [{"code": "credit-given", "label": "Credit given"}]
    assert (version.close_after_days, version.published_by is not None) == (5, True)
    assert RecordEntry.objects.filter(stream="installation", event="configuration.changed").count() == 1


def test_rows_are_put_in_order_and_taken_out(ada: Client) -> None:
    type_ = a_type("dispute", fields=[AMOUNT, REASON])

    edited(ada, type_, fields__0__ORDER="9", fields__1__ORDER="1")
    assert [field["name"] for field in catalogue.current(type_).fields] == ["reason", "amount"]

    edited(ada, type_, fields__1__DELETE="on")
    assert [field["name"] for field in catalogue.current(type_).fields] == ["reason"]


MISTAKES = [
    ({"label": "Colour", "kind": "choice"}, "options"),
    ({"label": "Colour", "kind": "choice", "options": "red, red"}, "options"),
    ({"label": "Sum", "kind": "amount", "options": "EUR, Dollar"}, "options"),
    ({"label": "Sum", "kind": "text", "options": "EUR"}, "options"),
    ({"label": "123", "kind": "text"}, "name"),
    ({"label": "Bill", "kind": "text", "refers_to": "bill"}, "refers_to"),
    ({"label": "A", "kind": "text", "comparison": "is"}, "when_field"),
    ({"label": "A", "kind": "text", "when_field": "amount"}, "when_value"),
    ({"name": "only_a_name", "kind": "text"}, "label"),
]


@pytest.mark.parametrize(("row", "box"), MISTAKES)
def test_a_mistake_in_a_row_is_told_at_its_box(row: dict[str, str], box: str) -> None:
    assert list(FieldRow(row).errors) == [box]


def test_a_mistake_is_shown_in_its_row(ada: Client) -> None:
    type_ = a_type("dispute", fields=[AMOUNT])

    answer = edited(ada, type_, fields__1__label="Colour", fields__1__kind="choice")

    assert answer.status_code == 200
    assert list(errors_of(answer, "fields")[1]) == ["options"]
    assert type_.versions.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"fields__1__label": "Amount", "fields__1__kind": "text"},
        {
            "fields__1__label": "A",
            "fields__1__kind": "text",
            "fields__1__when_field": "later",
            "fields__1__when_value": "1",
        },
        {"fields__TOTAL_FORMS": "many"},
    ],
)
def test_what_is_wrong_with_all_rows_is_shown_above_them(ada: Client, changes: dict[str, str]) -> None:
    type_ = a_type("dispute", fields=[AMOUNT])

    answer = edited(ada, type_, **changes)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["fields"]  # type: ignore[attr-defined]
    assert type_.versions.count() == 1


def test_a_type_is_led_by_a_plan_that_fits_its_fields(ada: Client) -> None:
    plan = a_plan([("Check", a_team("checkers"))])
    PlanStep.objects.update(condition_field="amount", comparison="at_least", condition_value="1000")
    without, with_ = a_type("query", fields=[REASON]), a_type("dispute", fields=[AMOUNT])

    refused, accepted = edited(ada, without, plan=plan.pk), edited(ada, with_, plan=plan.pk)

    assert refused.status_code == 200
    assert "amount" in str(refused.context["adminform"].form.errors["plan"])  # type: ignore[attr-defined]
    assert accepted.status_code == 302
    assert catalogue.current(with_).plan == plan


def test_self_service_needs_what_its_action_asks(ada: Client) -> None:
    type_ = a_type("status", fields=[AMOUNT])

    answer = edited(ada, type_, self_service="order-status")

    assert list(answer.context["adminform"].form.errors) == ["self_service"]  # type: ignore[attr-defined]


def test_the_plan_of_a_type_is_drawn_on_its_page(ada: Client) -> None:
    type_ = a_type("dispute", plan=[("Check <it>", a_team("checkers")), ("Decide", a_team("deciders"))])

    page = ada.get(url(InteractionType, "change", type_.pk)).content.decode()

    assert "<svg" in page
    assert "style=" not in page[page.index("<svg") : page.index("</svg>")]
    assert "1. Check &lt;it&gt;" in page
    assert "2. Decide, " in page  # and in words, for who does not see it


def step_of(number: int, plan: Plan, **changes: Any) -> dict[str, Any]:
    """The boxes of one more step of a plan, which has one step fewer now."""
    given = {"plan": plan.pk, "position": number, "name": f"Step {number}", "kind": "work", "after": ""}
    given |= {"team": a_team("checkers").pk, **changes}
    return {f"steps__{number - 1}__{name}": value for name, value in given.items()}


def test_a_plan_gets_a_step_in_the_same_form(ada: Client) -> None:
    plan = a_plan([("Check", a_team("checkers"))])

    answer = edited(
        ada,
        plan,
        **step_of(2, plan, after="1", within="4:00:00", form__0__label="Is it paid?", form__0__kind="text"),
    )

    assert answer.status_code == 302
    step = plan.steps.get(position=2)
    assert (step.after, step.form[0]["name"]) == ([1], "is_it_paid")


def test_two_steps_change_places(ada: Client) -> None:
    team = a_team("checkers")
    plan = PlanFactory.create()
    for position, name in enumerate(["First", "Second"], start=1):
        PlanStepFactory.create(plan=plan, position=position, name=name, team=team, after=[])

    answer = edited(ada, plan, steps__0__position="2", steps__1__position="1")

    assert answer.status_code == 302
    assert dict(plan.steps.values_list("name", "position")) == {"First": 2, "Second": 1}


WRONG_STEPS = [
    ({"after": "x"}, "after", ""),
    ({"kind": "automatic"}, "action", "Choose"),
    ({"condition_field": "reason", "condition_value": "Weather"}, "condition_value", "Price"),
    ({"position": "1"}, "position", "Two steps"),
    ({"team": ""}, "team", ""),
    ({"form__0__label": "Amount", "form__0__kind": "text"}, "form", "already"),
]


@pytest.mark.parametrize(("changes", "field", "words"), WRONG_STEPS)
def test_what_is_wrong_with_a_plan_is_shown_at_the_step(
    ada: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    plan = a_plan([("Check", a_team("checkers"))])
    a_type("dispute", fields=[AMOUNT, REASON])
    catalogue.publish(InteractionType.objects.get(code="dispute"), plan=plan, at="2026-06-01T09:00Z")  # type: ignore[arg-type]

    answer = edited(ada, plan, **step_of(2, plan, **changes))

    assert answer.status_code == 200
    formset = answer.context["inline_admin_formsets"][0].formset  # type: ignore[attr-defined]
    wrong = [form.errors for form in formset.forms if form.errors]
    assert [list(errors) for errors in wrong] == [[field]]
    assert words in str(wrong)
    assert plan.steps.count() == 1


def test_a_loop_is_shown_at_every_step_of_it(ada: Client) -> None:
    plan = a_plan([("Check", a_team("checkers")), ("Credit", a_team("checkers"))])

    answer = edited(ada, plan, steps__0__after="2")

    formset = answer.context["inline_admin_formsets"][0].formset  # type: ignore[attr-defined]
    assert [list(form.errors) for form in formset.forms][:2] == [["after"], ["after"]]
    assert "wait for each other" in str(formset.errors)


def test_a_plan_keeps_a_step(ada: Client) -> None:
    plan = a_plan([("Check", a_team("checkers"))])

    answer = edited(ada, plan, steps__0__DELETE="on")

    assert answer.status_code == 200
    assert plan.steps.count() == 1
