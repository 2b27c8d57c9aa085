"""What an installation says in its configuration, in the language of whoever reads it."""

from django.utils.translation import gettext


def translated(text: str) -> str:
    """The name, description, label or choice of something configured; as it was entered where nothing else is known.

    What every installation starts with is in the catalogues, marked with `gettext_noop`.
    """
    return gettext(text) if text else ""
