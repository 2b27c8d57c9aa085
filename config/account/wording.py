"""What somebody was about to do, as its page said it: the button, whom or what it is about, and what was filled in.

The words are those of the form and of what it chooses from, as whoever began it sees them. A field that the form does
not have, or that nobody saw, is not shown, nor a choice without words: no code of ours reaches the page.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import resolve
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config import moments
from config.account.acts import ACTS, ANY, ELSEWHERE, Act
from interactions.console.typed_fields import OWN, control_of
from interactions.domain import catalogue, search
from interactions.domain.fields import Field
from interactions.models import Approval, Interaction, InteractionType, RequestDraft
from partners.domain import fence
from partners.domain.interruptions import Interruption
from partners.domain.translations import translated
from partners.models import Credential, Invitation, Membership, Partner, PartnerRole, SignOnIdentity
from partners.payloads import Actor

MOST_SHOWN = 200
MOST_DIGITS = 18
ROW = re.compile(r"(?P<row>(?:line|new)-(?P<number>\d+))-(?P<name>\w+)")  # of several alike in one form
Posted = Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Said:
    """An act in words: the button, of whom or what, and each field with what stands in it."""

    button: str
    about: str
    filled: list[tuple[str, str]]


def said(put_aside: Interruption, actor: Actor) -> Said:
    """As the actor who began it sees it."""
    match = resolve(put_aside.address)
    act = ACTS.get(match.view_name, ELSEWHERE)
    posted: dict[str, list[str]] = {}
    for name, value in put_aside.fields:
        posted.setdefault(name, []).append(value)
    with fence.standing_for(fence.side_of(actor)):
        return Said(
            button=button(act, posted, match.kwargs),
            about=" · ".join(about(match.kwargs, actor)),
            filled=list(filled(act, posted, match.kwargs, actor)),
        )


def button(act: Act, posted: Posted, parameters: Mapping[str, Any]) -> str:
    for name, words in act.buttons.items():
        sent = posted.get(name, [parameters.get(name)])[-1]
        if sent is not None and (found := words.get(sent, words.get(ANY))):
            return str(found)
    return str(act.words)


def about(parameters: Mapping[str, Any], actor: Actor) -> Iterator[str]:
    for name, words in ABOUT.items():
        if name in parameters and (found := words(parameters[name], actor)):
            yield found


def filled(act: Act, posted: Posted, parameters: Mapping[str, Any], actor: Actor) -> Iterator[tuple[str, str]]:
    fields = {name: field for form in act.forms for name, field in form.base_fields.items()}
    if any(name.startswith(OWN) for name in posted):
        asked = asked_by_type(parameters, actor)
        fields |= {OWN + field["name"]: control_of(field, asked) for field in asked}
    for sent, values in posted.items():
        row = ROW.fullmatch(sent)
        name = row["name"] if row else sent
        field = fields.get(name)
        is_empty_row = row is not None and posted.get(f"{row['row']}-what") == [""]
        if field is None or not field.label or field.widget.is_hidden or is_empty_row:
            continue
        words = ", ".join(filter(None, (word(field, name, value, actor, parameters) for value in values if value)))
        if words:
            yield f"{field.label} {row['number']}" if row else str(field.label), words[:MOST_SHOWN]


def word(field: forms.Field, name: str, value: str, actor: Actor, parameters: Mapping[str, Any]) -> str:
    """What was chosen or written, or nothing."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        row = chosen(field.queryset.model, value, actor)
        return field.label_from_instance(row) if row else ""
    if isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        known: dict[str, str] = {str(key): str(words) for key, words in flatten_choices(offered)}  # type: ignore[var-annotated]  # the stubs cannot tell
        return known.get(value) or (CHOSEN[name](value, actor, parameters) if name in CHOSEN else "")
    if isinstance(field, forms.BooleanField):
        return _("Yes")
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return moment(field, value)
    return "" if isinstance(field, forms.FileField) else value


def moment(field: forms.DateField | forms.DateTimeField, value: str) -> str:
    try:
        found: date | datetime | None = field.to_python(value)
    except ValidationError:
        return value
    if isinstance(found, datetime):
        return moments.exact(found)
    return date_format(found, _("j M Y")) if found else ""


def chosen(model: type[Model], key: str, actor: Actor) -> Any:
    """The row that was chosen, if the actor may see it."""
    rows = model._default_manager.all()
    if actor.is_partner_side:
        is_own = model is PartnerRole and actor.partner_id is not None
        rows = rows.filter(partner=actor.partner_id) if is_own else rows.none()
    return rows.filter(pk=key).first() if fits(key) else None


def one(rows: "QuerySet[Any]", key: object) -> Any:
    """One of them by its number."""
    number = str(key)
    return rows.filter(pk=number).first() if fits(number) else None


def fits(number: str) -> bool:
    return number.isdecimal() and len(number) <= MOST_DIGITS


def interaction(number: object, actor: Actor) -> Interaction | None:
    found: Interaction | None = one(Interaction.objects.visible_to(actor), search.number_in(str(number)))
    return found


def asked_by_type(parameters: Mapping[str, Any], actor: Actor) -> list[Field]:
    """What the type of the matter asks, and its steps."""
    if matter := interaction(parameters["number"], actor) if "number" in parameters else None:
        steps = [field for step in matter.steps.order_by("position") for field in step.form]
        return [*catalogue.version_of(matter).fields, *steps]
    listing = catalogue.LISTED.get(str(parameters.get("code", "")))
    return list(listing.version.fields) if listing else []


def matter(number: object, actor: Actor) -> str:
    found = interaction(number, actor)
    return f"{found.number} {found.subject}" if found else ""


def person(key: object, actor: Actor) -> str:
    found = one(Membership.objects.visible_to(actor).select_related("user"), key)
    return found.user.name if found else ""


def colleague(key: str, actor: Actor, _parameters: object) -> str:
    """Somebody of the partner, by the number of their account."""
    if not fits(key):
        return ""
    found = Membership.objects.visible_to(actor).filter(user_id=int(key)).select_related("user").first()
    return found.user.name if found else ""


def resolution(code: str, actor: Actor, parameters: Mapping[str, Any]) -> str:
    found = interaction(parameters.get("number", ""), actor)
    codes = catalogue.version_of(found).resolution_codes if found else []
    return next((translated(one["label"]) for one in codes if one["code"] == code), "")


def named(found: Any) -> str:
    return str(found.name) if found else ""


# Whom or what an act is about, by the parameters of its address.
ABOUT: Mapping[str, Callable[[Any, Actor], str]] = {
    "number": matter,
    "membership_id": person,
    "credential_id": lambda key, actor: named(one(Credential.objects.visible_to(actor), key)),
    "invitation_id": lambda key, actor: getattr(one(Invitation.objects.visible_to(actor), key), "address", ""),
    "identity_id": lambda key, actor: named(
        getattr(one(SignOnIdentity.objects.visible_to(actor).select_related("user"), key), "user", None)
    ),
    "draft_id": lambda key, actor: getattr(one(RequestDraft.objects.visible_to(actor), key), "subject", ""),
    "approval_id": lambda key, actor: getattr(one(Approval.objects.visible_to(actor), key), "payee", ""),
    "partner_id": lambda key, actor: named(one(Partner.objects.visible_to(actor), key)),
    "code": lambda code, _actor: named(InteractionType.objects.active().filter(code=code).first()),
}

# What was chosen from a list that differs from one form to the next, by the name of the field.
CHOSEN: Mapping[str, Callable[[str, Actor, Mapping[str, Any]], str]] = {
    "readers": colleague,
    "resolution_code": resolution,
    "type": lambda code, _actor, _parameters: translated(named(InteractionType.objects.filter(code=code).first())),
    "partner": lambda key, actor, _parameters: named(one(Partner.objects.visible_to(actor), key)),
    "role": lambda key, actor, _parameters: translated(named(getattr(chosen(PartnerRole, key, actor), "kind", None))),
}
