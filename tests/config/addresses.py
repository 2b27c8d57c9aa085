"""Every address of the system, made from the map of URLs; whoever adds one is seen by the tests of the doors."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")
PLAIN = {"uidb36": "1", "key": "abc"}

SOME_OF_ADMIN = ("/admin/partners/user/", "/admin/partners/recordstream/", "/admin/r/", "/admin/autocomplete/")

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Door:
    """A URL pattern: `door-app:page`, and the address with its parameters in angle brackets."""

    name: str
    route: str

    def addresses(self, values: Values, default: Sequence[str] = ("1",)) -> Iterator[str]:
        """The address with every combination of the values of its parameters, by name."""
        parameters = [match["name"] for match in PARAMETER.finditer(self.route)]
        for chosen in itertools.product(*(values.get(name, default) for name in parameters)):
            waiting = iter(chosen)
            yield PARAMETER.sub(lambda _: next(waiting), self.route)  # noqa: B023  used up at once


def doors() -> list[Door]:
    return list(walk(get_resolver(), "/", ""))


def walk(resolver: URLResolver, before: str, space: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        route = before + readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield Door(f"{space}{pattern.name or route}", route)


def readable(pattern: str) -> str:
    """The few regular expressions among the patterns as an address that they match."""
    if not pattern.startswith("^"):
        return pattern.removesuffix("$") if pattern.endswith("$") else pattern
    if pattern.startswith("^(?:tmf-api|api)"):
        return "api/nothing"
    pattern = GROUP.sub(lambda group: PLAIN.get(group["name"], "x"), pattern)
    return pattern.removeprefix("^").removesuffix("$").replace("\\Z", "")


def pages(values: Values | None = None, *, is_admin_whole: bool = False) -> Iterator[tuple[Door, str]]:
    """Every address once; the numbers in it name something that may be there. Of the admin's many alike, some."""
    for door in doors():
        if is_admin_whole or not door.route.startswith("/admin/") or door.route.startswith(SOME_OF_ADMIN):
            for address in door.addresses({"number": ["BPI-0000001"], **(values or {})}):
                yield door, address
