"""Which calls a proven machine may make at all; what it sees there is fenced by `visible_to`."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from partners.domain import credentials
from partners.domain.proofs import Grant
from partners.enums import CredentialKind


class IsKnown(BasePermission):
    """A client whose token has the scope: reading or writing."""

    def has_permission(self, request: Request, _view: object) -> bool:
        grant = request.auth
        if not isinstance(grant, Grant) or grant.kind != CredentialKind.CLIENT:
            return False
        needed = credentials.READ if request.method in SAFE_METHODS else credentials.WRITE
        if needed not in grant.scopes:
            raise PermissionDenied(f"The access token lacks the scope {needed}.")
        return True


class IsDevice(BasePermission):
    """A device with its own key."""

    def has_permission(self, request: Request, _view: object) -> bool:
        return isinstance(request.auth, Grant) and request.auth.kind == CredentialKind.DEVICE_KEY
