"""Before a reply is sent: who will get what."""

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.forms import DateTimeField
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from interactions.domain import addressing
from interactions.errors import NotAccepted
from interactions.models import Following, Interaction
from notifications.domain import previewing
from partners.middleware import ActorRequest

MOST = 200_000
MOST_TYPED = 500


@require_POST
def preview(request: ActorRequest, number: int) -> HttpResponse:
    """The messages that the reply in the form would make, in a sheet or, without script, on a page."""
    if not request.actor.is_representative:
        raise Http404
    visible = Interaction.objects.visible_to(request.actor).with_names()
    interaction = get_object_or_404(visible, pk=number)
    texts = {name: request.POST.get(name, "")[:MOST] for name in ("waiting_for", "resolution")}
    texts["text"] = (request.POST.get("reply", "") or request.POST.get("text", ""))[:MOST]
    chosen = request.POST.get("following", "")
    following = Following(chosen) if chosen in Following.values else Following.KEEP
    later, at = leaves_at(request.POST.get("send_at", "")), timezone.now()
    context: dict[str, object] = {"interaction": interaction, "leaves_at": later}
    try:
        recipients = addressing.choose(
            interaction, ticked(request.POST), request.POST.get("to_more", "")[:MOST_TYPED], at=at
        )
        context["previews"] = previewing.of(
            interaction,
            texts,
            following,
            recipients=recipients,
            leaves_at=later,
            actor=request.actor,
            at=at,
        )
    except NotAccepted as error:
        context["problem"] = str(error)
    name = "console/notifications/preview.html"
    return render(request, f"{name}#sheet" if request.htmx else name, context)


def leaves_at(chosen: str) -> datetime | None:
    """The moment that was chosen in the reader's zone; whether it can be is said when it is sent."""
    with suppress(ValidationError, OverflowError):
        found: datetime | None = DateTimeField(required=False).clean(chosen)
        return found if found and found > timezone.now() else None
    return None


def ticked(form: QueryDict) -> list[str] | None:
    """The addresses that were ticked; None where nobody was asked."""
    return form.getlist("to")[: addressing.MOST + 1] if "to_shown" in form else None
