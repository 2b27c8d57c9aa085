"""How an entry of the track record is said on a page."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from config import signs
from interactions.enums import Event
from partners.enums import AccessEvent, PartnerEvent
from partners.models import RecordEntry

register = template.Library()

WORDS = {event.value: event.label for events in (Event, PartnerEvent, AccessEvent) for event in events}
OF_SOMEBODY = frozenset(PartnerEvent.values)
SPOKEN = ("text", "reason", "resolution", "waiting_for", "subject", "outcome")


@register.filter
def said(entry: RecordEntry) -> str | Promise:
    """`{{ entry|said }}`: what happened, in words."""
    return WORDS.get(entry.event) or entry.event.replace(".", " ").replace("_", " ").capitalize()


@register.filter
def detail(entry: RecordEntry) -> str:
    """`{{ entry|detail }}`: whom or what the entry is of, and its first personal text worth showing."""
    of_whom = (entry.text("name") or entry.text("address")) if entry.event in OF_SOMEBODY else ""
    spoken = next((text for name in SPOKEN if (text := entry.text(name))), "")
    return ": ".join(text for text in (of_whom, spoken) if text)


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
    return signs.sign("channel", entry.channel) if entry.channel else "dot"
