"""Wishes of a partner to change what is already worked on: the owner decides, and the decision is recorded."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import dates, facts, lifecycle
from interactions.domain.dates import NewDate
from interactions.domain.lifecycle import MOST_WORDS, OPEN, Words
from interactions.enums import ChangeKind, ChangeState, Event, Move, Side, Status, StepStatus
from interactions.errors import ChangeDecided, MoveNotAllowed, NotAccepted
from interactions.models import ChangeRequest, Interaction, Step
from partners.domain import record
from partners.payloads import Actor, Fact


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a partner wants changed, and why; `wanted_at` is the other date it asks for."""

    kind: ChangeKind
    reason: str
    wanted: str = ""
    wanted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Yes or no, with what the partner is told; `consequence` is what follows, such as a charge.

    `date` is the one that is promised now, where it is another than the partner asked for.
    """

    is_accepted: bool
    text: str
    consequence: str = ""
    date: datetime | None = None


@transaction.atomic
def ask(
    interaction: Interaction, wish: Wish, *, actor: Actor, at: datetime, version: int | None = None
) -> ChangeRequest:
    """Put a wish to the owner. Raises NotAccepted, MoveNotAllowed when it has ended, and ChangedMeanwhile."""
    interaction = lifecycle.lock(interaction.pk, version=version)
    if interaction.status not in OPEN:
        raise MoveNotAllowed(Move.CANCEL, Status(interaction.status))
    reason = texts.clean(wish.reason, most=MOST_WORDS).strip()
    if not reason:
        raise NotAccepted("reason", _("Say why."))
    if wish.kind == ChangeKind.DATE and (wish.wanted_at is None or wish.wanted_at <= at):
        raise NotAccepted("wanted_at", _("Say which date you need; it must be one to come."))
    request = ChangeRequest(
        interaction=interaction,
        kind=wish.kind,
        wanted=texts.clean(wish.wanted, most=MOST_WORDS).strip(),
        wanted_at=wish.wanted_at,
        reason=reason,
        asked_at=at,
        asked_by_id=actor.user_id,
        asked_label=actor.label[:254],
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise NotAccepted("kind", _("This was asked for already; we have not decided yet.")) from error
    lifecycle.save(interaction, at=at)
    record.append(told(request, Event.CHANGE_ASKED, {"wanted": request.wanted, "reason": reason}, actor=actor, at=at))
    return request


@transaction.atomic
def cancel(
    interaction: Interaction, *, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> ChangeRequest | None:
    """A partner takes back what it asked for: at once while nobody works on it; afterwards it asks, and we decide.

    Returns the request where there is something to decide. Raises what `ask` and `lifecycle.make_move` raise.
    """
    interaction = lifecycle.lock(interaction.pk, version=version)
    if is_begun(interaction):
        return ask(interaction, Wish(kind=ChangeKind.CANCEL, reason=reason), actor=actor, at=at)
    lifecycle.make_move(interaction, Move.CANCEL, actor=actor, at=at, words=Words(reason=reason))
    return None


def is_begun(interaction: Interaction) -> bool:
    """Whether somebody works on it, so that taking it back costs something."""
    if interaction.status != Status.RECEIVED:
        return interaction.status in OPEN
    untouched = Step.objects.filter(status__in=[StepStatus.PENDING, StepStatus.OPEN], assignee=None)
    return Step.objects.filter(interaction=interaction).exclude(pk__in=untouched.values("pk")).exists()


@transaction.atomic
def decide(
    request: ChangeRequest, decision: Decision, *, actor: Actor, at: datetime, version: int | None = None
) -> ChangeRequest:
    """Accept or refuse a wish; to accept that a matter is cancelled cancels it, and another date moves the promise.

    Raises ChangeDecided, NotAccepted without a text, and what `lifecycle.make_move` and `dates.grant` raise.
    """
    interaction = lifecycle.lock(request.interaction_id, version=version)
    request = held(request)
    request.decision = texts.clean(decision.text, most=MOST_WORDS).strip()
    request.consequence = texts.clean(decision.consequence, most=MOST_WORDS).strip()
    if not request.decision:
        raise NotAccepted("text", _("Say why, the partner reads it."))
    end(request, ChangeState.ACCEPTED if decision.is_accepted else ChangeState.REFUSED, actor=actor, at=at)
    said = {"decision": request.decision, "consequence": request.consequence}
    lifecycle.save(interaction, at=at)
    record.append(told(request, Event.CHANGE_DECIDED, said, actor=actor, at=at))
    if decision.is_accepted:
        follow(interaction, request, decision, actor=actor, at=at)
    return request


def follow(interaction: Interaction, request: ChangeRequest, decision: Decision, *, actor: Actor, at: datetime) -> None:
    """What a yes brings about; other content is for the owner to change."""
    if request.kind == ChangeKind.CANCEL:
        lifecycle.make_move(interaction, Move.CANCEL, actor=actor, at=at, words=Words(reason=request.reason))
    elif request.kind == ChangeKind.DATE:
        to = decision.date or request.wanted_at or at
        dates.grant(interaction, NewDate(to=to, reason=request.decision), actor=actor, at=at)


@transaction.atomic
def withdraw(request: ChangeRequest, *, actor: Actor, at: datetime) -> ChangeRequest:
    """The partner no longer wants it. Raises ChangeDecided."""
    interaction = lifecycle.lock(request.interaction_id)
    request = held(request)
    end(request, ChangeState.WITHDRAWN, actor=actor, at=at)
    lifecycle.save(interaction, at=at)
    record.append(told(request, Event.CHANGE_WITHDRAWN, {}, actor=actor, at=at))
    return request


def held(request: ChangeRequest) -> ChangeRequest:
    request = (
        ChangeRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("interaction")
        .get(pk=request.pk)
    )
    if request.state != ChangeState.OPEN:
        raise ChangeDecided(ChangeState(request.state))
    return request


def end(request: ChangeRequest, state: ChangeState, *, actor: Actor, at: datetime) -> None:
    request.state, request.decided_at, request.decided_by_id = state, at, actor.user_id
    request.save()


def told(request: ChangeRequest, event: Event, said: dict[str, str], *, actor: Actor, at: datetime) -> Fact:
    return facts.about(
        request.interaction,
        event,
        actor=actor,
        at=at,
        texts={name: text for name, text in said.items() if text},
        change=request.pk,
        kind=request.kind,
        state=request.state,
        wanted_at=request.wanted_at.isoformat() if request.wanted_at else None,
        side=Side.PARTNER if actor.is_partner_side else Side.ENTERPRISE,
    )
