"""Verify the caller, on the page of a call: what can be asked, where the partner is reached, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from interactions.console.problems import REFUSALS, field_of
from interactions.domain import caller_checks, caller_facts, disclosure
from interactions.domain.caller_facts import Line, Question
from interactions.enums import CallerMeans, Direction
from interactions.models import Call, CallerCheck, Interaction, InteractionType
from partners.enums import AssuranceLevel, in_sentence
from partners.models import Partner
from partners.payloads import Actor

SAID = "said-"  # before the code of a question
Given = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question on the page, without its answer."""

    code: str
    text: str
    is_public: bool
    is_right: bool
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What the page shows of a check; `check` is None until the first means is tried."""

    check: CallerCheck | None
    level: AssuranceLevel
    questions: Sequence[Asked]
    phones: Sequence[Line]
    mailboxes: Sequence[Line]
    refuses_questions: bool
    awaits_code: bool
    hidden_types: Sequence[InteractionType]
    matters: Sequence[tuple[Interaction, bool]]
    problems: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False

    @property
    def can_ask(self) -> bool:
        """Whether enough is on file to be asked."""
        return len(self.questions) >= caller_checks.RIGHT_NEEDED

    @property
    def means(self) -> str:
        """How the caller was verified, in words."""
        return ", ".join(in_sentence(CallerMeans(one).label) for one in self.check.means) if self.check else ""

    @property
    def code_line(self) -> Line | None:
        sent_to = self.check.code_address if self.check else ""
        return Line(key="", address=sent_to, whose="") if sent_to else None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What came of a means: the check as it stands, and what is to be told where."""

    check: CallerCheck | None
    problems: Mapping[str, str] = field(default_factory=dict)
    is_refused: bool = False


def of(
    partner: Partner,
    check: CallerCheck | None,
    matters: Sequence[Interaction],
    *,
    at: datetime,
    attempt: Attempt | None = None,
) -> Verification:
    """Everything the page needs to verify somebody who calls for a partner."""
    types = InteractionType.objects.active().allowing(Direction.INBOUND).order_by("name")
    told = attempt.problems if attempt else {}
    return Verification(
        check=check,
        level=check.level if check else AssuranceLevel.NONE,
        questions=[asked(question, check, told) for question in caller_facts.questions(partner, at=at)],
        phones=caller_facts.phones(partner, at=at),
        mailboxes=caller_facts.mailboxes(partner, at=at),
        refuses_questions=caller_checks.refuses_questions(check, partner=partner, at=at),
        awaits_code=check is not None and caller_checks.awaits_code(check, at=at),
        hidden_types=[type_ for type_ in types if not disclosure.may_hear(check, type_, is_new=True)],
        matters=[(matter, disclosure.may_hear(check, matter.type, is_new=False)) for matter in matters],
        problems=told,
        is_open=attempt is not None and (bool(told) or not (check and check.level)),
    )


def asked(question: Question, check: CallerCheck | None, told: Mapping[str, str]) -> Asked:
    return Asked(
        code=question.code,
        text=question.text,
        is_public=question.is_public,
        is_right=check is not None and question.code in check.right,
        problem=told.get(question.code, ""),
    )


def attempt(
    given: Given, partner: Partner, check: CallerCheck | None, told: Call | None, *, actor: Actor, at: datetime
) -> Attempt | None:
    """Try the means that was chosen; None when none was, and the page is only to be looked at again."""
    act, _colon, which = chosen(given).partition(":")
    verb = VERBS.get(act)
    if verb is None:
        return None
    try:
        held = check or caller_checks.begin(partner, caller=given.get("name", ""), call=told, actor=actor, at=at)
        return verb(held, which, given, actor, at)
    except REFUSALS as error:
        return Attempt(check=check, problems={field_of(error): str(error)}, is_refused=True)


def chosen(given: Given) -> str:
    """The button that was pressed; with Enter in a field it is the one beside the field."""
    act = given.get("act", "")
    if act != "look":
        return act
    said = next((name for name, text in given.items() if name.startswith(SAID) and text.strip()), "")
    if said:
        return f"answer:{said.removeprefix(SAID)}"
    return "enter" if given.get("code", "").strip() else act


def answer(check: CallerCheck, which: str, given: Given, actor: Actor, at: datetime) -> Attempt:
    before = check.wrong
    check = caller_checks.answer(check, which, given.get(SAID + which, ""), actor=actor, at=at)
    wrong = {which: _("That is not what is on file.")} if check.wrong > before else {}
    return Attempt(check=check, problems=wrong)


def call_back(check: CallerCheck, which: str, given: Given, actor: Actor, at: datetime) -> Attempt:
    is_reached = which == "reached"
    check = caller_checks.call_back(check, given.get("phone", ""), is_reached=is_reached, actor=actor, at=at)
    missed = {} if is_reached else {"phone": _("Noted: not reached there. The caller is not verified by it.")}
    return Attempt(check=check, problems=missed)


def send(check: CallerCheck, _which: str, given: Given, actor: Actor, at: datetime) -> Attempt:
    return Attempt(check=caller_checks.send_code(check, given.get("mailbox", ""), actor=actor, at=at))


def enter(check: CallerCheck, _which: str, given: Given, actor: Actor, at: datetime) -> Attempt:
    before = check.code_tries
    check = caller_checks.enter_code(check, given.get("code", ""), actor=actor, at=at)
    wrong = {"code": _("That is not the code we sent.")} if check.code_tries > before else {}
    return Attempt(check=check, problems=wrong)


Verb = Callable[[CallerCheck, str, Given, Actor, datetime], Attempt]
VERBS: Mapping[str, Verb] = {"answer": answer, "call_back": call_back, "send": send, "enter": enter}
