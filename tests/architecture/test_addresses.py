"""Every page that a template leads to is there, also from a state that no other test gets to."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import URLResolver, get_resolver

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMED = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']""")


def names_in(resolver: URLResolver, before: str = "") -> set[str]:
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found |= names_in(pattern, f"{before}{pattern.namespace}:" if pattern.namespace else before)
        elif pattern.name:
            found.add(before + pattern.name)
    return found


def test_every_address_that_a_template_names_is_there() -> None:
    known = names_in(get_resolver())

    unknown = [
        f"{path.relative_to(TEMPLATES)}: {name}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for name in NAMED.findall(path.read_text())
        if name not in known
    ]

    assert unknown == []
