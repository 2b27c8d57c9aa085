"""How an entry of the track record is said on a page."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from config import signs
from interactions.enums import Event
from partners.domain.translations import words_of
from partners.enums import AccessEvent, AssuranceLevel, CredentialKind, PartnerEvent, SignOnRefusal, in_sentence
from partners.models import RecordEntry

register = template.Library()

WORDS = {event.value: event.label for events in (Event, PartnerEvent, AccessEvent) for event in events}
OF_SOMEBODY = frozenset(PartnerEvent.values)
OF_ACCESS = frozenset(AccessEvent.values)
KINDS = {kind.value: kind.label for kind in CredentialKind} | {"webauthn": CredentialKind.PASSKEY.label}
ICONS = {
    "access": "log-in",
    "role": "users",
    "person": "user",
    "credential": "key-round",
    "bank_account": "landmark",
    "single_sign_on": "building-2",
}
NO_NAMES: Mapping[str, str] = MappingProxyType({})
SPOKEN = ("text", "reason", "resolution", "waiting_for", "subject", "outcome")


@register.filter
def said(entry: RecordEntry) -> str | Promise:
    """`{{ entry|said }}`: what happened, in words."""
    return WORDS.get(entry.event) or entry.event.replace(".", " ").replace("_", " ").capitalize()


@register.filter
def detail(entry: RecordEntry, role_names: Mapping[str, str] = NO_NAMES) -> str:
    """`{{ entry|detail }}`: whom or what the entry is of, and its first personal text worth showing.

    With the names of roles also which role was given or taken.
    """
    of_whom = (entry.text("name") or entry.text("address")) if entry.event in OF_SOMEBODY else ""
    spoken = next((text for name in SPOKEN if (text := words_of(entry, name))), "") or " · ".join(way_in(entry))
    spoken = spoken or role_names.get(entry.facts.get("kind", ""), "")
    return ": ".join(text for text in (of_whom, spoken) if text)


def way_in(entry: RecordEntry) -> Iterator[str]:
    """Of an entry about how somebody came in, or did not: by what, why not, and from where."""
    facts = entry.facts
    if (reason := facts.get("reason")) in SignOnRefusal.values:
        yield str(SignOnRefusal(reason).label)
    if entry.event not in OF_ACCESS:
        return
    shown = facts.get("credentials") or [facts.get("credential") or facts.get("method") or ""]
    yield from (str(KINDS[kind]) for kind in shown if kind in KINDS)
    if missing := [lacked(code) for code in facts.get("missing", [])]:
        yield gettext("missing: %(what)s") % {"what": ", ".join(missing)}
    yield from (text for place in ("tried", "address") if (text := entry.text(place)))


def lacked(code: str) -> str:
    """What was missing for a role, as `Shortfall.codes` says it: a kind of credential, or a level."""
    return in_sentence(KINDS.get(code) or AssuranceLevel(int(code.removeprefix("level "))).label)


@register.filter
def acted_as(entry: RecordEntry, role_names: Mapping[str, str]) -> str:
    """`{{ entry|acted_as:role_names }}`: who acted, in which role, and how strongly proven."""
    level = in_sentence(AssuranceLevel(entry.actor_level).label) if entry.actor_level else ""
    return ", ".join(part for part in (entry.actor_label, role_names.get(entry.actor_role, ""), level) if part)


@register.filter
def matter(entry: RecordEntry) -> str:
    """`{{ entry|matter }}`: the number of the interaction that an entry is about, or nothing."""
    kind, _, number = entry.stream.partition(":")
    return f"BPI-{int(number):07d}" if kind == "interaction" else ""


@register.filter
def matter_url(entry: RecordEntry) -> str:
    number = matter(entry)
    try:
        return reverse("console-interactions:page", args=[number]) if number else ""
    except NoReverseMatch:
        return ""


@register.filter
def entry_icon(entry: RecordEntry) -> str:
    if entry.channel:
        return signs.sign("channel", entry.channel)
    return ICONS.get(entry.event.partition(".")[0], "dot")
