"""Checks of single values, shared by models and forms."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

VARIABLE = re.compile(r"\{(\w*)\}")
VARIABLES = ("partner", "person", "number", "subject", "type", "due", "me", "team", "enterprise")


def validate_snippet(text: str) -> None:
    """Raise ValidationError when a text names a variable that nothing fills in."""
    unknown = sorted({name for name in VARIABLE.findall(text) if name not in VARIABLES})
    if unknown:
        raise ValidationError(
            _("Nothing fills in %(unknown)s. There are: %(known)s."),
            params={
                "unknown": ", ".join(f"{{{name}}}" for name in unknown),
                "known": ", ".join(f"{{{name}}}" for name in VARIABLES),
            },
        )
