"""Is the caller who they say? Asked by a representative, with what is on file; what may be told depends on it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import caller_codes, caller_facts, facts
from interactions.domain.caller_facts import Line
from interactions.enums import CallerMeans, Event
from interactions.errors import NotAccepted
from interactions.models import Call, CallerCheck, Interaction, Item
from partners.domain import record
from partners.enums import AssuranceLevel, Channel
from partners.models import Partner
from partners.payloads import Actor, Fact

RIGHT_NEEDED = 2  # of which one may be to a question whose answer is public
MOST_WRONG = 2  # answers in one call
MOST_WRONG_LATELY = 6  # answers for one partner: whoever calls again and again is not asked any more
LATELY = timedelta(hours=24)
MOST_TRIES = 3  # of one code
MOST_CODES = 3  # in one call
MOST_CODES_LATELY = 8  # for one partner


@transaction.atomic
def begin(partner: Partner, *, caller: str = "", call: Call | None = None, actor: Actor, at: datetime) -> CallerCheck:
    """Begin to verify somebody on the phone; the row stands for this one call."""
    return CallerCheck.objects.create(
        partner=partner,
        representative_id=actor.user_id or 0,
        caller=texts.flatten(caller, most=150),
        call=call if call is not None and call.partner_id in {None, partner.pk} else None,
        started_at=at,
    )


@transaction.atomic
def answer(check: CallerCheck, code: str, said: str, *, actor: Actor, at: datetime) -> CallerCheck:
    """Compare what the caller says with what is on file; nobody is shown the right answer. Raises NotAccepted."""
    check = lock(check, actor, at)
    asked = {question.code: question for question in caller_facts.questions(check.partner, at=at)}
    question = asked.get(code)
    if question is None or code in check.right:
        raise NotAccepted("question", _("This is nothing to ask now."))
    if not caller_facts.bare(said):
        raise NotAccepted(code, _("Type what the caller says."))
    if refuses_questions(check, at=at):
        raise NotAccepted(code, _("Too many wrong answers. Call back, or send a code."))
    if caller_facts.bare(said) not in question.answers:
        check.wrong += 1
        check.save(update_fields=["wrong"])
        if check.wrong >= MOST_WRONG and not check.means:
            record.append(told(check, Event.CALLER_NOT_VERIFIED, actor, at, tried=CallerMeans.QUESTIONS))
        return check
    check.right = [*check.right, code]
    check.save(update_fields=["right"])
    public = sum(asked[given].is_public for given in check.right if given in asked)
    if len(check.right) - max(public - 1, 0) >= RIGHT_NEEDED:
        prove(check, CallerMeans.QUESTIONS, actor=actor, at=at)
    return check


@transaction.atomic
def call_back(check: CallerCheck, key: str, *, is_reached: bool, actor: Actor, at: datetime) -> CallerCheck:
    """The representative hung up, dialled a number on file and says who answered. Raises NotAccepted."""
    check = lock(check, actor, at)
    line = chosen(caller_facts.phones(check.partner, at=at), key, field="phone")
    if is_reached:
        prove(check, CallerMeans.CALL_BACK, line=line, actor=actor, at=at)
    else:
        record.append(told(check, Event.CALLER_NOT_VERIFIED, actor, at, tried=CallerMeans.CALL_BACK))
    return check


@transaction.atomic
def send_code(check: CallerCheck, key: str, *, actor: Actor, at: datetime) -> CallerCheck:
    """Have a one-time code mailed to an address on file; it replaces an earlier one. Raises NotAccepted."""
    check = lock(check, actor, at)
    line = chosen(caller_facts.mailboxes(check.partner, at=at), key, field="mailbox")
    if check.codes_sent >= MOST_CODES or sent_lately(check.partner, at=at) >= MOST_CODES_LATELY:
        raise NotAccepted("mailbox", _("No more codes for now. Ask the questions, or call back."))
    check.code_nonce, check.code_address, check.contact_id = caller_codes.nonce(), line.address, line.contact_id
    check.code_sent_at, check.code_tries, check.codes_sent = at, 0, check.codes_sent + 1
    check.save(update_fields=["code_nonce", "code_address", "contact", "code_sent_at", "code_tries", "codes_sent"])
    record.append(told(check, Event.CALLER_CODE_SENT, actor, at, texts={"address": line.address}, quiet=False))
    return check


@transaction.atomic
def enter_code(check: CallerCheck, said: str, *, actor: Actor, at: datetime) -> CallerCheck:
    """Compare the code that the caller reads out. It holds for ten minutes, three tries and one use."""
    check = lock(check, actor, at)
    if not awaits_code(check, at=at):
        raise NotAccepted("code", _("There is no code to enter: it was used, tried too often or is too old."))
    if caller_codes.is_right(check.pk, check.code_nonce, said):
        check.code_nonce = ""
        check.save(update_fields=["code_nonce"])
        prove(check, CallerMeans.CODE, actor=actor, at=at)
        return check
    check.code_tries += 1
    check.save(update_fields=["code_tries"])
    if check.code_tries >= MOST_TRIES:
        record.append(told(check, Event.CALLER_NOT_VERIFIED, actor, at, tried=CallerMeans.CODE))
    return check


def prove(check: CallerCheck, means: CallerMeans, *, line: Line | None = None, actor: Actor, at: datetime) -> None:
    """One more means has shown that it is them."""
    check.means = [*check.means, *({means} - set(check.means))]
    if line is not None:
        check.contact_id = line.contact_id
    check.save(update_fields=["means", "contact"])
    record.append(told(check, Event.CALLER_VERIFIED, actor, at, tried=means))


def lock(check: CallerCheck, actor: Actor, at: datetime) -> CallerCheck:
    """The check, held until the transaction ends; raises NotAccepted when its call is over or somebody else's.

    The partner is held first, so that two calls at once count each other's tries.
    """
    # no_key: whoever logs something for the partner meanwhile does not wait
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=check.partner_id)
    held = (
        CallerCheck.objects.running(at)
        .select_for_update(of=("self",))
        .select_related("partner")
        .filter(pk=check.pk, representative_id=actor.user_id)
        .first()
    )
    if held is None:
        raise NotAccepted("check", _("This call is over. Verify the caller anew."))
    return held


def chosen(lines: list[Line], key: str, *, field: str) -> Line:
    line = next((line for line in lines if line.key == key), None)
    if line is None:
        raise NotAccepted(field, _("Choose one of those on file."))
    return line


def refuses_questions(check: CallerCheck | None, *, at: datetime, partner: Partner | None = None) -> bool:
    """Whether too much was answered wrongly, in this call or lately for this partner."""
    if check is not None and check.wrong >= MOST_WRONG:
        return True
    of = check.partner if check is not None else partner
    lately = CallerCheck.objects.filter(partner=of, started_at__gt=at - LATELY)
    return (lately.aggregate(wrong=Sum("wrong"))["wrong"] or 0) >= MOST_WRONG_LATELY


def sent_lately(partner: Partner, *, at: datetime) -> int:
    lately = CallerCheck.objects.filter(partner=partner, started_at__gt=at - LATELY)
    return lately.aggregate(sent=Sum("codes_sent"))["sent"] or 0


def awaits_code(check: CallerCheck, *, at: datetime) -> bool:
    return (
        bool(check.code_nonce)
        and check.code_tries < MOST_TRIES
        and check.code_sent_at is not None
        and at < check.code_sent_at + caller_codes.HOLDS_FOR
    )


def code_to_send(check_id: int, *, sent_at: datetime, at: datetime) -> str | None:
    """The digits for the mail about the code of `sent_at`, or None when they came too late or another replaced it."""
    check = CallerCheck.objects.running(at).filter(pk=check_id, code_sent_at=sent_at).first()
    return caller_codes.code_of(check.pk, check.code_nonce) if check and awaits_code(check, at=at) else None


@transaction.atomic
def attach(check: CallerCheck | None, interaction: Interaction, item: Item, *, actor: Actor, at: datetime) -> None:
    """Put on an interaction how its caller was verified, or that nobody was; the check is over with that."""
    level, means = AssuranceLevel.NONE, list[str]()
    if check is not None:
        check = lock(check, actor, at)
        check.interaction, check.item, check.ended_at = interaction, item, at
        check.save(update_fields=["interaction", "item", "ended_at"])
        level, means = check.level, list(check.means)
    record.append(
        facts.about(
            interaction,
            Event.CALLER_VERIFIED if level else Event.CALLER_NOT_VERIFIED,
            actor=actor,
            at=at,
            channel=Channel.PHONE,
            quiet=True,
            check=check.pk if check else None,
            means=means,
            level=int(level),
            item=item.sequence,
        )
    )


def told(
    check: CallerCheck,
    event: Event,
    actor: Actor,
    at: datetime,
    *,
    tried: CallerMeans | None = None,
    texts: dict[str, str] | None = None,
    quiet: bool = True,
) -> Fact:
    """On the partner's own stream, since there may never be an interaction."""
    return Fact(
        stream=check.partner.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=check.partner_id,
        channel=Channel.PHONE,
        facts={
            "check": check.pk,
            "call": check.call_id,
            "tried": tried,
            "means": list(check.means),
            "level": int(check.level),
            "contact": check.contact_id,
        },
        texts={"caller": check.caller, **(texts or {})},
        quiet=quiet,
    )
