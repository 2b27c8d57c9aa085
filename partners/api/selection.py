"""`fields=a,b`: which first-level attributes come back."""

from collections.abc import Collection, Mapping

from partners.api.errors import query

ALWAYS = ("id", "href", "@type")


def read(parameters: Mapping[str, list[str]], known: Collection[str]) -> frozenset[str]:
    """The attributes asked for, or all of them; id, href and @type always come, `none` asks for these alone."""
    told = [name.strip() for given in parameters.get("fields", []) for name in given.split(",")]
    names = {name.split(".", 1)[0] for name in told if name}
    if not names:
        return frozenset(known)
    for name in sorted(names - {"none"}):
        if name not in known:
            raise query("fields", f"There is no attribute “{name[:60]}”.")
    return frozenset(names - {"none"}) | frozenset(ALWAYS)
