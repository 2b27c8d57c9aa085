"""What an installation says in its configuration, in the language of whoever reads it.

What every installation starts with is in the catalogues, marked with `gettext_noop`; what it configures itself, or
wants to call otherwise, it translates in the admin.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext, override

from partners.domain.remembered import Remembered
from partners.enums import ActorKind
from partners.models import BusinessCalendar, RecordEntry, RoleKind, ServicePolicy, StaffRole, Translation

SECONDS = 30  # a page asks for a hundred texts: what a colleague entered may take so long to be read everywhere


def translated(text: str) -> str:
    """The name, description, label or choice of something configured; as it was entered where nothing else is known."""
    if not text:
        return ""
    return OWN.get(get_language() or settings.LANGUAGE_CODE).get(text) or gettext(text)


def words_of(entry: RecordEntry, name: str) -> str:
    """A text of the record: what the system wrote in the reader's language, what somebody wrote as they wrote it."""
    text = entry.text(name)
    return translated(text) if entry.actor_kind == ActorKind.SYSTEM else text


def country(code: str) -> str:
    """The name of a country by its code of ISO 3166; a code that nobody knows stays as it is."""
    return territory(code, get_language() or settings.LANGUAGE_CODE) if code else ""


@lru_cache
def territory(code: str, language: str) -> str:
    return str(Locale.parse(language, sep="-").territories.get(code.upper(), code))


def entered(language: str) -> Mapping[str, str]:
    """What was entered here, by text."""
    return dict(Translation.objects.filter(language=language).exclude(words="").values_list("text", "words"))


OWN = Remembered(entered, seconds=SECONDS)


def of_partners() -> Iterable[str]:
    for kind in (RoleKind, StaffRole):
        for name, description in kind.objects.values_list("name", "description"):
            yield from (name, description)
    for named in (BusinessCalendar, ServicePolicy):
        yield from named.objects.values_list("name", flat=True)


SOURCES: list[Callable[[], Iterable[str]]] = [of_partners]  # an app above adds its own


def configured() -> set[str]:
    """Every text of the configuration that people read."""
    return {text for source in SOURCES for text in source() if text}


@transaction.atomic
def gather() -> tuple[int, int]:
    """Make a row for each text that some language has no words for, and take away those that nobody filled or needs.

    Returns how many were added, and how many taken away.
    """
    texts = configured()
    wanted = [
        Translation(text=text, language=language)
        for language, _name in settings.LANGUAGES
        if language != settings.LANGUAGE_CODE
        for text in sorted(texts - known_in(language, texts))
    ]
    before = Translation.objects.count()
    Translation.objects.bulk_create(wanted, ignore_conflicts=True)
    added = Translation.objects.count() - before
    removed, _each = Translation.objects.filter(words="").exclude(text__in=texts).delete()
    return added, removed


def known_in(language: str, texts: Iterable[str]) -> set[str]:
    """Those that a catalogue has other words for."""
    with override(language):
        return {text for text in texts if gettext(text) != text}
