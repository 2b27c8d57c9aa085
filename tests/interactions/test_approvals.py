"""What moves money waits for a second person, who approves this amount and this payee and nothing else."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from interactions.domain import approvals, bank_details, details, lifecycle, orchestration
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, StepKind, StepStatus
from interactions.errors import NotAccepted, NotWaiting, SecondPersonNeeded, TermsChanged
from interactions.models import Approval, ApprovalKind, ApprovalStatus, Interaction, InteractionType, Step
from partners.domain import absences
from partners.enums import MONEY, AssuranceLevel, BankAccountStatus, PartnerEvent, Permission
from partners.errors import NotPermitted, StepUpNeeded
from partners.models import BankAccount, Partner, RecordEntry, RoleKind, User
from partners.payloads import SYSTEM, Actor
from tests.factories.factors import let_pass, prove
from tests.factories.interactions import InteractionTypeFactory, PlanFactory, PlanStepFactory
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    an_actor_for,
    an_interaction,
    signed_in,
)
from tests.interactions.stages import at_once

NOW = timezone.now()
IBAN, OTHER = "DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"
DOUBLE = AssuranceLevel.DOUBLE


def an_approver(name: str, **fields: Any) -> User:
    """One of us who may approve what moves money."""
    return a_representative(name, permissions=sorted(MONEY), **fields)


def strongly(user: User) -> Actor:
    return an_actor_for(user, level=DOUBLE)


@pytest.fixture
def acme(db: None) -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def rosa(db: None) -> User:
    return an_approver("Rosa Lindqvist")


@pytest.fixture
def tom(db: None) -> User:
    return an_approver("Tom Okafor")


def a_settlement(acme: Partner, rosa: User, *, amount: str = "1200.50") -> Step:
    """A settlement that Rosa raised, whose approval has opened."""
    plan = PlanFactory.create()
    PlanStepFactory.create(plan=plan, position=1, name="Approve", team=a_team("billing"), kind=StepKind.APPROVAL)
    fields = [
        {"name": "amount", "label": "Amount", "kind": "amount", "required": False},
        {"name": "currency", "label": "Currency", "kind": "text", "required": False},
    ]
    if not InteractionType.objects.filter(code="netting").exists():
        InteractionTypeFactory.create(
            code="netting", permission=Permission.APPROVE_SETTLEMENT, version__fields=fields, version__plan=plan
        )
    values = {"amount": amount, "currency": "EUR"}
    return an_interaction(acme, type="netting", actor=strongly(rosa), values=values).steps.get()


def finish(step: Step, user: User, decision: str = "approved", **fields: Any) -> Step:
    given: dict[str, Any] = {"outcome": "Agrees with our books.", "actor": strongly(user), "at": NOW} | fields
    return orchestration.finish(step, decision=decision, **given)


def an_account(acme: Partner, paul: User, *, iban: str = IBAN) -> Approval:
    account = bank_details.propose(acme, holder="Acme Inc.", iban=iban, actor=strongly(paul), at=NOW)
    return account.approvals.get(status=ApprovalStatus.WAITING)


def decide(approval: Approval, user: User, *, approves: bool = True, reason: str = "Called back.") -> None:
    bank_details.decide(approval, approves=approves, reason=reason, actor=strongly(user), at=NOW)


class TestSteps:
    def test_it_is_asked_for_when_the_step_opens_and_bound_to_amount_and_payee(self, acme: Partner, rosa: User) -> None:
        step = a_settlement(acme, rosa)

        approval = Approval.objects.get()
        assert (approval.step, approval.asked_by, approval.payee) == (step, rosa, "Acme Wholesale")
        assert (str(approval.amount), approval.currency) == ("1200.50", "EUR")
        assert RecordEntry.objects.get(event=Event.APPROVAL_ASKED).facts["binding"] == approval.binding

    @pytest.mark.parametrize(
        ("values", "amount", "currency"),
        [
            ({"amount": "7.50 USD"}, "7.50", "USD"),
            ({"amount": "7.50", "currency": "USD"}, "7.50", "USD"),
            ({"amount": "7.50"}, "7.50", ""),
            ({}, "", ""),
        ],
    )
    def test_the_amount_may_have_its_currency_in_it(
        self, acme: Partner, rosa: User, values: dict[str, str], amount: str, currency: str
    ) -> None:
        interaction = a_settlement(acme, rosa).interaction
        interaction.values = values

        terms = approvals.terms_of(interaction, ApprovalKind.SETTLEMENT)

        assert (terms.amount, terms.currency) == (amount, currency)

    def test_a_second_person_approves_and_the_record_says_at_which_level(
        self, acme: Partner, rosa: User, tom: User
    ) -> None:
        step = finish(a_settlement(acme, rosa), tom)

        approval = Approval.objects.get()
        entry = RecordEntry.objects.get(event=Event.APPROVAL_DECIDED)
        assert (approval.status, approval.decided_by, approval.decided_level) == (ApprovalStatus.APPROVED, tom, DOUBLE)
        assert (entry.actor_id, entry.actor_level, entry.facts["decision"]) == (tom.pk, DOUBLE, "approved")
        assert step.status == StepStatus.DONE

    def test_never_who_asked_or_raised_it(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)

        with pytest.raises(SecondPersonNeeded):
            finish(step, rosa)
        Approval.objects.update(asked_by=tom)
        for user in (rosa, tom):
            with pytest.raises(SecondPersonNeeded):
                finish(step, user)

        assert Step.objects.get(pk=step.pk).status == StepStatus.OPEN
        assert Approval.objects.get().status == ApprovalStatus.WAITING

    def test_never_a_substitute_of_who_asked(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)
        for_rosa = replace(strongly(tom), behalf_of_id=rosa.pk)

        with pytest.raises(SecondPersonNeeded):
            finish(step, tom, actor=for_rosa)

    def test_a_substitute_of_somebody_else_decides_for_that_one(self, acme: Partner, rosa: User, tom: User) -> None:
        ines = an_approver("Ines Moreau")
        today = NOW.date()
        absences.announce(ines, first_date=today, last_date=today, substitute=tom, actor=SYSTEM, at=NOW)
        step = a_settlement(acme, rosa)

        finish(step, tom, actor=absences.on_behalf(strongly(tom), ines.pk, on=today))

        approval = Approval.objects.get()
        assert (approval.decided_by, approval.decided_for) == (tom, ines)
        assert RecordEntry.objects.get(event=Event.APPROVAL_DECIDED).behalf_of_id == ines.pk

    def test_only_who_may_and_is_proven_by_two_factors(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)

        with pytest.raises(NotPermitted):
            finish(step, a_representative("Jonas Feld"))
        with pytest.raises(StepUpNeeded):
            finish(step, tom, actor=an_actor_for(tom))
        with pytest.raises(SecondPersonNeeded):
            finish(step, tom, actor=SYSTEM)

    def test_what_was_seen_is_what_is_approved(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)

        with pytest.raises(TermsChanged):
            finish(step, tom, seen="0" * 64)
        finish(step, tom, seen=Approval.objects.get().binding)

    def test_another_amount_makes_it_void_also_where_it_was_approved_and_is_not_for_who_changed_it(
        self, acme: Partner, rosa: User, tom: User
    ) -> None:
        waiting, done = a_settlement(acme, rosa), finish(a_settlement(acme, rosa), tom)

        for step in (waiting, done):
            details.fill(step.interaction, {"amount": "9999.00", "currency": "EUR"}, actor=strongly(tom), at=NOW)

        for step in (waiting, done):
            void, anew = Approval.objects.filter(step=step).order_by("pk")
            assert (void.status, void.asked_by, anew.status, anew.asked_by) == ("void", rosa, "waiting", tom)
            assert (str(anew.amount), Step.objects.get(pk=step.pk).status) == ("9999.00", StepStatus.OPEN)
            for user in (tom, rosa):
                with pytest.raises(SecondPersonNeeded):
                    finish(step, user)
            finish(step, an_approver(f"Ines {step.pk}"))

    def test_the_same_amount_again_leaves_it_as_it_is(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)

        details.fill(step.interaction, {"amount": "1200.50", "currency": "EUR"}, actor=strongly(tom), at=NOW)

        assert Approval.objects.get().status == ApprovalStatus.WAITING

    def test_a_refusal_needs_a_reason_and_ends_what_comes_after(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)

        with pytest.raises(NotAccepted):
            finish(step, tom, "refused", outcome=" ")
        finish(step, tom, "refused")

        assert Approval.objects.get().status == ApprovalStatus.REFUSED

    def test_where_no_money_moves_nobody_else_is_needed(self, acme: Partner, rosa: User) -> None:
        plan = PlanFactory.create()
        PlanStepFactory.create(plan=plan, position=1, name="Approve", team=a_team("billing"), kind=StepKind.APPROVAL)
        InteractionTypeFactory.create(code="holiday", version__plan=plan)
        step = an_interaction(acme, type="holiday", actor=strongly(rosa)).steps.get()

        finish(step, rosa)

        assert not Approval.objects.exists()


class TestBankAccounts:
    @pytest.fixture
    def paul(self, acme: Partner) -> User:
        RoleKind.objects.filter(roles__partner=acme).update(permissions=sorted(Permission))
        return a_person_of(acme, "Paul Acheson")

    def test_a_new_account_counts_once_it_is_approved(self, acme: Partner, paul: User, rosa: User) -> None:
        approval = an_account(acme, paul)
        assert not BankAccount.objects.in_force().exists()

        decide(approval, rosa)

        account = BankAccount.objects.in_force().get()
        assert (account.masked, account.iban) == ("DE ···· 3000", "DE89370400440532013000")
        events = list(RecordEntry.objects.of_stream(acme.stream).values_list("event", flat=True))
        assert events == [PartnerEvent.ACCOUNT_PROPOSED, Event.APPROVAL_DECIDED, PartnerEvent.ACCOUNT_IN_FORCE]

    def test_the_number_is_in_no_column_and_no_record_entry_in_clear(
        self, acme: Partner, paul: User, rosa: User
    ) -> None:
        decide(an_account(acme, paul), rosa)

        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(a)::text FROM partners_bankaccount AS a")
            stored = str(cursor.fetchall())
        told = str(list(RecordEntry.objects.values_list("facts", "texts")))
        assert "370400440532013000" not in stored + told

    def test_a_new_account_makes_what_was_approved_for_the_old_one_void(
        self, acme: Partner, paul: User, rosa: User, tom: User
    ) -> None:
        decide(an_account(acme, paul), rosa)
        waiting, done = a_settlement(acme, rosa), finish(a_settlement(acme, rosa, amount="7.00"), tom)
        before = Approval.objects.get(step=waiting)

        decide(an_account(acme, paul, iban=OTHER), rosa)

        for step in (waiting, done):
            found = Approval.objects.filter(step=step).order_by("pk").values_list("status", flat=True)
            assert list(found) == [ApprovalStatus.VOID, ApprovalStatus.WAITING]
        assert Step.objects.get(pk=done.pk).status == StepStatus.OPEN
        with pytest.raises(TermsChanged):
            finish(waiting, tom, seen=before.binding)
        assert "GB ···· 5432" in Approval.objects.waiting().get(step=waiting).payee

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"iban": "DE89 3704 0044 0532 0130 01"}, "iban"), ({"iban": "x"}, "iban"), ({"holder": " "}, "holder")],
    )
    def test_what_cannot_be_an_account_is_refused(
        self, acme: Partner, paul: User, given: dict[str, str], field: str
    ) -> None:
        wanted = {"holder": "Acme Inc.", "iban": IBAN} | given
        with pytest.raises(NotAccepted) as refusal:
            bank_details.propose(acme, **wanted, actor=strongly(paul), at=NOW)

        assert refusal.value.attribute == field

    def test_another_proposal_takes_the_place_of_the_first(self, acme: Partner, paul: User, rosa: User) -> None:
        first = an_account(acme, paul)
        an_account(acme, paul, iban=OTHER)

        with pytest.raises(NotWaiting):
            decide(first, rosa)
        assert [one.status for one in acme.bank_accounts.order_by("pk")] == [
            BankAccountStatus.WITHDRAWN,
            BankAccountStatus.PROPOSED,
        ]

    def test_refused_it_never_counts(self, acme: Partner, paul: User, rosa: User) -> None:
        decide(an_account(acme, paul), rosa, approves=False)

        assert acme.bank_accounts.get().status == BankAccountStatus.REFUSED


@pytest.mark.parametrize(
    "change",
    [
        {"decided_by_id": "asked_by_id"},
        {"decided_level": AssuranceLevel.SINGLE},
        {"decided_level": None},
        {"decided_by_id": None},
    ],
)
def test_the_database_keeps_it_to_two_persons_and_two_factors(
    acme: Partner, rosa: User, tom: User, change: dict[str, Any]
) -> None:
    a_settlement(acme, rosa)
    approval = Approval.objects.get()
    values: dict[str, Any] = {"status": ApprovalStatus.APPROVED, "decided_by_id": tom.pk, "decided_at": NOW}
    values |= {"decided_level": DOUBLE} | change
    if values["decided_by_id"] == "asked_by_id":
        values["decided_by_id"] = approval.asked_by_id

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**values)


def test_of_two_who_decide_at_once_one_does(committed_db: object) -> None:
    acme, rosa = a_partner("Acme Wholesale"), an_approver("Rosa Lindqvist")
    a_settlement(acme, rosa)
    approval = Approval.objects.get()
    users = [an_approver(name) for name in ("Tom Okafor", "Ines Moreau")]
    verbs = [
        partial(approvals.decide, approval, approves=True, reason="", actor=strongly(user), at=NOW) for user in users
    ]

    outcomes = at_once(*verbs)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Approval", "NotWaiting"]


class TestPages:
    def test_what_waits_is_listed_and_decided_on_its_page(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)
        approval = Approval.objects.get()
        browser = signed_in(tom, level=DOUBLE)
        path = f"/console/approvals/{approval.pk}/"

        assert "1,200.50 EUR" in browser.get("/console/approvals/").text
        assert "Yours to decide" in browser.get("/console/approvals/").text
        assert "For somebody else" in signed_in(rosa, level=DOUBLE).get("/console/approvals/").text
        refused = browser.post(path, {"decision": "refused", "seen": approval.binding})
        stale = browser.post(path, {"decision": "approved", "seen": "0" * 64})
        done = browser.post(path, {"decision": "approved", "seen": approval.binding}, follow=True)

        assert "Say why it is refused." in refused.text
        assert (stale.status_code, "has changed meanwhile" in stale.text) == (409, True)
        assert "It is decided, and on the record." in done.text
        assert Step.objects.get(pk=step.pk).status == StepStatus.DONE
        assert browser.get(path).status_code == 404

    def test_at_the_step_it_is_decided_on_what_was_on_the_page(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)
        browser, base = signed_in(tom, level=DOUBLE), f"/console/interactions/{step.interaction.number}/"

        def decide_at_step(binding: str) -> Any:
            version = str(Interaction.objects.get().version)
            told = {"decision": "approved", "outcome": "Fits", "version": version, "binding": binding}
            return browser.post(f"{base}steps/1/finish/", {name: value for name, value in told.items() if value})

        shown = browser.get(f"{base}sheets/finish-1/")
        binding = Approval.objects.get().binding
        assert all(told in shown.text for told in ("1,200.50 EUR", "Acme Wholesale", binding))
        assert decide_at_step("").status_code == 422
        Partner.objects.update(name="Acme Holding")  # where no verb is told
        assert decide_at_step(binding).status_code == 409
        assert decide_at_step(binding).status_code == 409
        anew = Approval.objects.waiting().get()
        assert (anew.payee, anew.asked_by) == ("Acme Holding", rosa)

        assert decide_at_step(anew.binding).status_code == 302
        assert Step.objects.get().status == StepStatus.DONE

    def test_what_was_cancelled_waits_for_nobody(self, acme: Partner, rosa: User, tom: User) -> None:
        step = a_settlement(acme, rosa)
        words = Words(reason="Not needed")
        lifecycle.make_move(step.interaction, Move.CANCEL, actor=strongly(rosa), at=NOW, words=words)
        browser = signed_in(tom, level=DOUBLE)

        assert "Nothing waits for approval" in browser.get("/console/approvals/").text
        assert browser.get(f"/console/approvals/{Approval.objects.get().pk}/").status_code == 404

    def test_it_waits_for_a_second_factor_and_resumes(self, acme: Partner, rosa: User, tom: User) -> None:
        a_settlement(acme, rosa)
        approval = Approval.objects.get()
        browser = signed_in(tom, level=DOUBLE)
        let_pass(browser, minutes=20)

        held = browser.post(f"/console/approvals/{approval.pk}/", {"decision": "approved", "seen": approval.binding})
        assert held.headers["Location"].startswith("/account/step-up/")
        prove(browser)
        browser.post(held.headers["Location"])

        assert Approval.objects.get().status == ApprovalStatus.APPROVED

    def test_who_may_not_approve_sees_nothing_of_it(self, acme: Partner, rosa: User) -> None:
        a_settlement(acme, rosa)
        jonas = signed_in(a_representative("Jonas Feld"), level=DOUBLE)

        assert "You approve nothing here" in jonas.get("/console/approvals/").text
        assert jonas.get(f"/console/approvals/{Approval.objects.get().pk}/").status_code == 403
        paul = signed_in(a_person_of(acme, "Paul Acheson"), level=DOUBLE)
        assert paul.get(f"/console/approvals/{Approval.objects.get().pk}/").status_code == 404

    def test_a_partner_proposes_an_account_which_one_of_us_approves(self, acme: Partner, rosa: User) -> None:
        RoleKind.objects.filter(roles__partner=acme).update(permissions=sorted(Permission))
        paul = signed_in(a_person_of(acme, "Paul Acheson"), level=DOUBLE)
        path = "/portal/organisation/bank-account/"

        wrong = paul.post(path, {"holder": "Acme Inc.", "iban": "DE00"})
        proposed = paul.post(path, {"holder": "Acme Inc.", "iban": IBAN}, follow=True)
        approval = Approval.objects.get()
        page = signed_in(rosa, level=DOUBLE).get(f"/console/approvals/{approval.pk}/")
        signed_in(rosa, level=DOUBLE).post(
            f"/console/approvals/{approval.pk}/", {"decision": "approved", "seen": approval.binding}
        )

        assert (wrong.status_code, "This is no IBAN" in wrong.text) == (422, True)
        assert "DE ···· 3000" in proposed.text
        assert "DE89370400440532013000" in page.text
        assert BankAccount.objects.in_force().exists()
        assert "DE ···· 3000" in paul.get(path).text

    def test_who_may_not_change_it_does_not_see_it(self, acme: Partner) -> None:
        RoleKind.objects.filter(roles__partner=acme).update(permissions=[Permission.RAISE])
        browser = signed_in(a_person_of(acme, "Paul Acheson"), level=DOUBLE)

        assert browser.get("/portal/organisation/bank-account/").status_code == 403
        assert browser.post("/portal/organisation/bank-account/withdraw/").status_code == 403
        assert "Bank account" not in browser.get("/portal/organisation/").text

    def test_the_number_of_queries_does_not_grow(
        self, acme: Partner, rosa: User, tom: User, django_assert_max_num_queries: Any
    ) -> None:
        counts = []
        for _ in range(2):
            a_settlement(acme, rosa)
            with django_assert_max_num_queries(30) as queries:
                signed_in(tom, level=DOUBLE).get("/console/approvals/")
            counts.append(len(queries))

        assert counts[0] == counts[1]


def test_a_partner_sees_what_waits_with_both_sides_as_far_as_its_role_allows(acme: Partner, rosa: User) -> None:
    step, account = a_settlement(acme, rosa), an_account(acme, a_person_of(acme, "Paul Acheson"))
    an_account(a_partner("Globex Mobile"), a_person_of(Partner.objects.get(name="Globex Mobile"), "Mallory Kerr"))
    address, paul = "/portal/organisation/approvals/", account.asked_by
    assert paul is not None

    assert "step-up" in signed_in(paul).get(address)["Location"]
    near = signed_in(paul, level=DOUBLE)
    page = near.get(address)
    assert [one.pk for one in page.context["ours"]] == [step.approvals.get().pk, account.pk]
    assert "1,200.50 EUR" in page.content.decode()

    RoleKind.objects.filter(roles__partner=acme).update(permissions=[Permission.CHANGE_BANK_DETAILS])
    assert [one.pk for one in near.get(address).context["ours"]] == [account.pk]
    RoleKind.objects.filter(roles__partner=acme).update(permissions=[Permission.RAISE])
    assert near.get(address).status_code == 403
