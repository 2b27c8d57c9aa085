"""What was found, marked where it stands; everything else of a text is text."""

import re
from collections.abc import Iterable

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from interactions.domain.matching import holding
from interactions.models import Interaction, Item
from partners.domain import lookup

BEGIN, END = "\ue000", "\ue001"  # no text holds these: they mark what was found until it is escaped
MOST_ITEMS = 500


def lines(interactions: Iterable[Interaction], wanted: str) -> dict[int, SafeString]:
    """The place in what was said where the words stand, marked; the newest item of each interaction wins."""
    ids = [interaction.pk for interaction in interactions]
    if not ids or not wanted:
        return {}
    words = SearchQuery(wanted, config="simple", search_type="websearch")
    headline = SearchHeadline("text", words, config="simple", start_sel=BEGIN, stop_sel=END, max_words=28, min_words=12)
    items = Item.objects.filter(holding(words), interaction__in=ids).annotate(headline=headline)
    return {
        interaction_id: marked(line)
        for interaction_id, line in items.order_by("id").values_list("interaction_id", "headline")[:MOST_ITEMS]
    }


def mark(text: str, wanted: str) -> SafeString:
    """A name or a subject with the words in it marked, wherever they begin."""
    words = [re.escape(word) for word in sorted(lookup.words_in(wanted), key=len, reverse=True)]
    clean = text.replace(BEGIN, "").replace(END, "")
    if not words:
        return marked(clean)
    return marked(re.sub("|".join(words), lambda found: f"{BEGIN}{found[0]}{END}", clean, flags=re.IGNORECASE))


def marked(line: str) -> SafeString:
    """A line with what was found between <mark> and </mark>, and everything else as text."""
    shown = escape(line).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return mark_safe(shown)  # noqa: S308  escaped in the line above
