"""What must be done before a matter is solved or closed: its steps, its parts, its order lines, its fields."""

from django.utils.translation import gettext as _

from interactions.domain import catalogue, fields
from interactions.enums import LinkKind, Status
from interactions.errors import ContinuedElsewhere, FieldsMissing, LinesOpen, NotAccepted, PartsOpen, StepsOpen
from interactions.models import ENDED, Interaction, Link, OrderLine, Step
from partners.domain.translations import translated

SETTLED = (Status.RESOLVED, *ENDED)


def refuse_unfinished(interaction: Interaction, *, formally: bool) -> None:
    """Raise NotFinished in one of its kinds; to close `formally` the parts have ended, not only been solved."""
    if open_steps := list(Step.objects.unfinished().filter(interaction=interaction).in_order()):
        raise StepsOpen([translated(step.name) for step in open_steps])
    if open_parts := parts_open(interaction, formally=formally):
        raise PartsOpen([part.number for part in open_parts])
    if open_lines := list(OrderLine.objects.open().filter(interaction=interaction).in_order()):
        raise LinesOpen([line.what for line in open_lines])
    if missing := fields.missing(catalogue.version_of(interaction).fields, interaction.values):
        raise FieldsMissing(missing)


def parts_open(interaction: Interaction, *, formally: bool) -> list[Interaction]:
    """The parts of a matter that keep it open."""
    links = Link.objects.to_parts_of(interaction).exclude(interaction__status__in=ENDED if formally else SETTLED)
    return [link.interaction for link in links.select_related("interaction").order_by("id")]


def code_for(interaction: Interaction, code: str) -> str:
    """The kind of resolution, one of those that the type knows; raises NotAccepted for none and for another."""
    known = [one["code"] for one in catalogue.version_of(interaction).resolution_codes]
    if code in known or not (known or code):
        return code
    if not code:
        raise NotAccepted("resolution_code", _("Say how it was resolved."))
    raise NotAccepted("resolution_code", _("“%(code)s” is no kind of resolution here.") % {"code": code[:60]})


def usual_code(interaction: Interaction) -> str:
    """The kind of resolution that counts where nobody chooses: the first."""
    codes = catalogue.version_of(interaction).resolution_codes
    return str(codes[0]["code"]) if codes else ""


def label_of(interaction: Interaction) -> str:
    """How it was resolved, as its type calls it; empty while it is not."""
    codes = catalogue.version_of(interaction).resolution_codes
    known = {code["code"]: str(code["label"]) for code in codes}
    return translated(known.get(interaction.resolution_code, interaction.resolution_code))


def refuse_continued(interaction: Interaction) -> None:
    """Raise ContinuedElsewhere for what was merged into another matter or passed on as another."""
    if (other := continuation_of(interaction)) is not None:
        raise ContinuedElsewhere(other.number)


def newest_of(interaction: Interaction) -> Interaction:
    """The matter in which this one goes on, and that one in turn; itself when it was never merged or passed on."""
    seen = {interaction.pk}
    while (following := continuation_of(interaction)) is not None and following.pk not in seen:
        seen.add(following.pk)
        interaction = following
    return interaction


def is_merged(interaction: Interaction) -> bool:
    """Whether it was merged into another matter, from which it can be taken apart again."""
    return Link.objects.in_force().filter(interaction=interaction, kind=LinkKind.MERGED_INTO).exists()


def continuation_of(interaction: Interaction) -> Interaction | None:
    """The matter in which this one goes on, if it was merged or passed on."""
    links = Link.objects.in_force().select_related("interaction", "other")
    merged = links.filter(interaction=interaction, kind=LinkKind.MERGED_INTO).first()
    if merged is not None:
        return merged.other
    passed_on = links.filter(other=interaction, kind=LinkKind.HANDOVER).order_by("-id").first()
    return passed_on.interaction if passed_on is not None and interaction.status in ENDED else None
