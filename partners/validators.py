"""Checks of single values, shared by models and forms."""

import re
import zoneinfo

from cryptography import x509
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.enums import AssuranceLevel, Permission

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone such as Europe/Berlin."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/Berlin."), params={"name": name}
        )


def validate_permission(code: str) -> None:
    """Raise ValidationError unless code asks for a permission of this name.

    A validator and not choices, so that a new permission needs no migration.
    """
    if code not in Permission.values:
        raise ValidationError(_("“%(permission)s” is no permission.") % {"permission": code})


def validate_demands(demands: object) -> None:
    """Raise ValidationError unless `demands` says for permissions which assurance level they need."""
    if not isinstance(demands, dict):
        raise ValidationError(_("Give a level for each permission that needs one."))
    for permission, level in demands.items():
        validate_permission(permission)
        if level not in AssuranceLevel.values:
            raise ValidationError(_("“%(level)s” is no assurance level.") % {"level": level})


def validate_domain(name: str) -> None:
    """Raise ValidationError unless `name` is a domain in the one form that is compared: acme.example."""
    if not DOMAIN.fullmatch(name):
        raise ValidationError(
            _("“%(name)s” is not a domain. Use small letters, as in acme.example."), params={"name": name}
        )


def validate_certificates(text: str) -> None:
    """Raise ValidationError unless `text` holds one or more X.509 certificates in PEM."""
    try:
        x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise ValidationError(
            _("This is no certificate. Paste it whole, from BEGIN CERTIFICATE to END CERTIFICATE.")
        ) from error
