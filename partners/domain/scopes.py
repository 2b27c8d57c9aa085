"""What a machine's token may be used for: chosen for each key, and never more than its role allows."""

from collections.abc import Collection, Iterable, Mapping

from partners.enums import Permission, Scope
from partners.errors import ScopeBeyondRole

# a scope is to be had in a role that allows any of these; reading is what every role may, and so is being told
OPENED_BY: Mapping[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset(),
    Scope.SUBSCRIBE: frozenset(),
    Scope.WRITE: frozenset({Permission.RAISE, Permission.ANSWER, Permission.CONFIRM, Permission.CANCEL}),
}


def within(permissions: Collection[str]) -> frozenset[Scope]:
    """The scopes that a role with these permissions reaches to."""
    return frozenset(scope for scope, any_of in OPENED_BY.items() if not any_of or not any_of.isdisjoint(permissions))


def check(scopes: Iterable[str], permissions: Collection[str]) -> list[Scope]:
    """The scopes in their order, each once; raises ScopeBeyondRole for one that is unknown or too much."""
    asked, allowed = set(scopes), within(permissions)
    if beyond := sorted(asked - allowed):
        raise ScopeBeyondRole(beyond[0])
    return [scope for scope in Scope if scope in asked]
