"""Which calls a proven machine may make at all; what it sees there is fenced by `visible_to`."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from partners.domain.proofs import Grant
from partners.enums import CredentialKind, Scope


class IsKnown(BasePermission):
    """A client whose token has the scope: reading or writing."""

    reads, writes = Scope.READ, Scope.WRITE

    def has_permission(self, request: Request, _view: object) -> bool:
        grant = request.auth
        if not isinstance(grant, Grant) or grant.kind != CredentialKind.CLIENT:
            return False
        needed = self.reads if request.method in SAFE_METHODS else self.writes
        if needed not in grant.scopes:
            raise PermissionDenied(f"The access token lacks the scope {needed}.")
        return True


class IsListener(IsKnown):
    """A client whose token may register where events are sent."""

    reads = writes = Scope.SUBSCRIBE


class IsDevice(BasePermission):
    """A device with its own key."""

    def has_permission(self, request: Request, _view: object) -> bool:
        return isinstance(request.auth, Grant) and request.auth.kind == CredentialKind.DEVICE_KEY
