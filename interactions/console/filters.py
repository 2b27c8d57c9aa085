"""The filters of the queue; each stands in the address, and as a chip that takes it away again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions import rules
from interactions.console import day, loaders
from interactions.domain import flags, queues, search, visits
from interactions.domain.flags import Flag
from interactions.enums import Direction, Jeopardy, Status
from interactions.models import InteractionType, Team
from interactions.models.interaction import InteractionQuerySet
from partners.enums import Channel, Priority, Vertical
from partners.forms.fields import configured_choices
from partners.models import Partner, User
from partners.payloads import Actor

OVERDUE, TODAY, WEEK, NONE = "overdue", "today", "week", "none"
DUE = [(OVERDUE, _("Overdue")), (TODAY, _("Today")), (WEEK, _("Within 7 days")), (NONE, _("No deadline"))]
ME, NOBODY = "me", "nobody"
ON = "on"
MOST_PARTNERS = 200
DATE = forms.DateInput(attrs={"type": "date"})

Choices = Sequence[tuple[Any, Any]]


def types() -> Choices:
    return configured_choices(InteractionType.objects.all())


def teams() -> Choices:
    return configured_choices(Team.objects.all())


def assignees() -> Choices:
    staff = User.objects.at_work().order_by("name")
    people = [(str(pk), name) for pk, name in staff.values_list("pk", "name")]
    return [(ME, _("Me")), (NOBODY, _("Nobody")), *people]


def choice(label: Any, choices: Choices | Callable[[], Choices], **more: Any) -> Any:
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label=_("Any"), **more)


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library is published without types
    """Narrows a view of the queue; a value that fits nothing is told at its field and narrows nothing."""

    text = django_filters.CharFilter(label=_("Text"), method="with_text", max_length=200)
    partner = django_filters.CharFilter(label=_("Partner"), method="with_partner", max_length=200)
    type = choice(_("Type"), types, field_name="type__code")
    vertical = choice(_("Vertical"), Vertical.choices, field_name="type__vertical")
    channel = choice(_("Channel"), Channel.choices)
    direction = choice(_("Direction"), Direction.choices)
    status = choice(_("Status"), Status.choices)
    priority = choice(_("Priority"), Priority.choices)
    team = choice(_("Team"), teams, field_name="team__code")
    assignee = choice(_("Assignee"), assignees, method="with_assignee")
    due = choice(_("Due"), DUE, method="with_due")
    jeopardy = choice(_("Jeopardy"), Jeopardy.choices, method="with_jeopardy")
    flag = choice(_("Flag"), Flag.choices, method="with_flag")
    since = django_filters.DateFilter(label=_("Since"), field_name="created_at", lookup_expr="date__gte", widget=DATE)
    until = django_filters.DateFilter(label=_("Until"), field_name="created_at", lookup_expr="date__lte", widget=DATE)
    # the last one: it looks at what the others leave
    unread = choice(_("Unread"), [(ON, _("Unread only"))], method="with_unread")

    def __init__(self, query: QueryDict, interactions: InteractionQuerySet, *, actor: Actor) -> None:
        super().__init__(query, interactions)
        self.actor = actor
        if not rules.can_work(actor):  # who only looks opens nothing as theirs
            del self.filters["unread"]

    def with_text(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        return found.filter(pk__in=search.find(value, actor=self.actor).values("pk"))

    def with_partner(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        partner_id = loaders.id_in(value)
        if partner_id is not None:
            return found.filter(partner_id=partner_id)
        named = Partner.objects.visible_to(self.actor).named_like(value).order_by("name", "id")
        return found.filter(partner_id__in=list(named.values_list("pk", flat=True)[:MOST_PARTNERS]))

    def with_assignee(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        if value == NOBODY:
            return found.filter(assignee=None)
        return found.filter(assignee_id=self.actor.user_id if value == ME else int(value))

    def with_jeopardy(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        return found.open().filter(jeopardy=value)

    def with_flag(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        return flags.raising(found, Flag(value), at=timezone.now())

    def with_unread(self, found: InteractionQuerySet, _name: str, _value: str) -> InteractionQuerySet:
        return found.filter(pk__in=visits.unread_in(found, actor=self.actor, at=timezone.now()))

    def with_due(self, found: InteractionQuerySet, _name: str, value: str) -> InteractionQuerySet:
        at = timezone.now()
        today = day.begin(at)
        if value == NONE:
            return found.filter(due_at=None)
        if value == OVERDUE:
            return queues.due_within(found, begin=None, end=at)
        days = 1 if value == TODAY else 7
        return queues.due_within(found, begin=at, end=today + timedelta(days=days))


def narrowed(
    interactions: InteractionQuerySet, query: QueryDict, *, actor: Actor
) -> tuple[InteractionQuerySet, forms.Form | None]:
    """What fits the filters in the address, and their form; without any, and unless it is asked for, there is none."""
    if not ("filters" in query or any(query.get(name) for name in QueueFilter.base_filters)):
        return interactions, None
    filterset = QueueFilter(query, interactions, actor=actor)
    form: forms.Form = filterset.form
    return filterset.qs, form


def in_force(query: QueryDict) -> list[tuple[str, str]]:
    """Names and values of the filters in the address, the text aside."""
    return [(name, str(query[name])) for name in QueueFilter.base_filters if name != "text" and query.get(name)]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One filter in force, in words, and the address without it."""

    label: str
    value: str
    remove: str


def is_filtered(form: forms.Form | None) -> bool:
    return form is not None and any(value not in {None, ""} for value in form.cleaned_data.values())


def reads_unread(form: forms.Form | None) -> bool:
    return form is not None and form.cleaned_data.get("unread") == ON


def chips(form: forms.Form, query: QueryDict) -> list[Chip]:
    """The filters in force, in the order of the form."""
    return [
        Chip(
            label="" if name == "unread" else str(field.label),
            value=word(field, value),
            remove=without(query, [name, "after", "before"]),
        )
        for name, field in form.fields.items()
        if name != "text" and (value := form.cleaned_data.get(name)) not in {None, ""}
    ]


def word(field: forms.Field, value: Any) -> str:
    """A value as its choice calls it; a partner's id as his name."""
    if isinstance(field, forms.ChoiceField):
        choices = {str(code): name for code, name in field.choices}  # type: ignore[union-attr,misc]  # a list by now
        return str(choices.get(str(value), value))
    partner_id = loaders.id_in(str(value))
    partner = Partner.objects.filter(pk=partner_id).first() if partner_id is not None else None
    return str(partner or value)


def without(query: QueryDict, names: Sequence[str]) -> str:
    left = query.copy()
    for name in names:
        left.pop(name, None)
    return f"?{left.urlencode()}"
