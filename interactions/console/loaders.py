"""How anything enters a view of the console: whoever may not know of it finds nothing."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from interactions import rules
from interactions.models import Attachment, Call, CallerCheck, InboundMessage, Interaction, Step
from partners.middleware import ActorRequest
from partners.models import Partner
from partners.payloads import Actor

MOST_ID = 2**63 - 1
MOST_POSITION = 2**15 - 1


def representative(request: ActorRequest) -> Actor:
    """Whose place the console is; for everybody else it does not exist."""
    if not request.actor.is_representative:
        raise Http404
    return request.actor


def worker(request: ActorRequest) -> Actor:
    """Who acts here, and is not in the console only to look."""
    actor = representative(request)
    if not rules.can_work(actor):
        raise PermissionDenied
    return actor


def interaction(request: ActorRequest, number: int) -> Interaction:
    """An interaction that the representative may work on."""
    worker(request)
    return seen(request, number)


def seen(request: ActorRequest, number: int) -> Interaction:
    """An interaction to look at."""
    actor = representative(request)
    rows = Interaction.objects.visible_to(actor).with_names().select_related("role__kind", "policy", "created_by")
    return get_object_or_404(rows, pk=number)


def step(interaction: Interaction, position: int) -> Step:
    return get_object_or_404(
        Step.objects.select_related("team", "interaction"), interaction=interaction, position=position
    )


def attachment(request: ActorRequest, attachment_id: int) -> Attachment:
    actor = representative(request)
    return get_object_or_404(
        Attachment.objects.filter(interaction__in=Interaction.objects.visible_to(actor)), pk=attachment_id
    )


def message(request: ActorRequest, message_id: int) -> InboundMessage:
    """Something that came in and was set aside, or was once."""
    representative(request)
    return get_object_or_404(InboundMessage.objects.select_related("interaction"), pk=message_id)


def partner(actor: Actor, text: str) -> Partner | None:
    """The partner whose id somebody typed, chose or followed a link with, if there is one."""
    found = id_in(text)
    return Partner.objects.visible_to(actor).filter(pk=found).first() if found is not None else None


def call(text: str) -> Call | None:
    """The phone call that a page was opened for, if there is one."""
    found = id_in(text)
    return Call.objects.select_related("partner", "person").filter(pk=found).first() if found is not None else None


def caller_check(actor: Actor, partner: Partner, told: Call | None, text: str, *, at: datetime) -> CallerCheck | None:
    """The running check that a page speaks of, or else of its phone call; only the representative's own."""
    running = CallerCheck.objects.running(at).filter(partner=partner, representative_id=actor.user_id)
    running = running.select_related("partner", "contact").order_by("-pk")
    found = id_in(text)
    if found is not None:
        return running.filter(pk=found).first()
    return running.filter(call=told).first() if told is not None else None


def id_in(text: str) -> int | None:
    is_id = text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MOST_ID
    return int(text) if is_id else None
