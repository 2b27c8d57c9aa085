"""The second factors somebody has set up."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from partners.enums import CredentialKind

KINDS = {
    Authenticator.Type.TOTP: CredentialKind.TOTP,
    Authenticator.Type.WEBAUTHN: CredentialKind.PASSKEY,
}


def of(user_id: int | None) -> frozenset[CredentialKind]:
    found = Authenticator.objects.filter(user_id=user_id, type__in=KINDS).values_list("type", flat=True)
    return frozenset(KINDS[Authenticator.Type(kind)] for kind in found)


def of_each(reference: str) -> Exists:
    """For a query over people: whether whoever `reference` leads to has one."""
    return Exists(Authenticator.objects.filter(user=OuterRef(reference), type__in=KINDS))
