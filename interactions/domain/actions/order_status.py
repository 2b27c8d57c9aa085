"""How does our order stand? Answered from what we hold about it."""

from django.utils.translation import gettext as _

from interactions.domain import order_lines, references, standing
from interactions.domain.actions import NotPossible, Outcome, Task, action
from interactions.enums import Subject
from interactions.models import Interaction

MOST_MATTERS = 5


@action("order-status", "Tell how an order stands", asks=("order",))
def order_status(task: Task) -> Outcome:
    order = task.value("order")
    found = references.matters_about(Subject.ORDER, order, partner_id=task.interaction.partner_id, actor=task.actor)
    matters = list(found.exclude(pk=task.interaction.pk).exclude(type=task.interaction.type)[:MOST_MATTERS])
    if not matters:
        raise NotPossible(_("We hold nothing about the order %(order)s.") % {"order": order})
    told = "\n\n".join(told_of(matter, task) for matter in matters)
    return Outcome(text=_("Order %(order)s:") % {"order": order} + f"\n\n{told}")


def told_of(matter: Interaction, task: Task) -> str:
    """One matter about the order, as its own page would tell it."""
    now = standing.of(matter, at=task.at)
    lines = [f"{matter.number} {matter.subject}", now.sentence]
    if now.next_step:
        lines.append(_("Next: %(step)s.") % {"step": now.next_step})
    if now.expected_at is not None:
        lines.append(_("Expected: %(date)s.") % {"date": f"{now.expected_at:%d.%m.%Y %H:%M} UTC"})
    lines += [f"- {order_lines.told(line)}" for line in order_lines.of(matter)]
    return "\n".join(lines)
