"""After a change of keys everything secret is encrypted anew, so that the old key can be thrown away."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from partners.models import encryption
from partners.models.encryption import EncryptedTextField


def renew_all() -> dict[str, int]:
    """Encrypt every secret with the first key; how many of each kind there were.

    Sessions are left: they end by themselves, with their own time.
    """
    counts = {field.model._meta.verbose_name_plural or field.model.__name__: renew_column(field) for field in columns()}
    return {str(name): count for name, count in counts.items()} | {"second factors": renew_second_factors()}


def columns() -> Iterator[EncryptedTextField]:
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField))


@transaction.atomic
def renew_column(field: EncryptedTextField) -> int:
    """What is read is decrypted and what is written is encrypted, so that saving is all there is to do."""
    rows = list(field.model._base_manager.select_for_update().only("pk", field.name))
    field.model._base_manager.bulk_update(rows, [field.name])
    return len(rows)


@transaction.atomic
def renew_second_factors() -> int:
    """What allauth encrypts: the key of an authenticator app, the seed of recovery codes or the codes themselves."""
    factors = Authenticator.objects.select_for_update().filter(
        models.Q(data__has_key="secret") | models.Q(data__has_key="seed") | models.Q(data__has_key="migrated_codes")
    )
    for factor in factors:
        factor.data = renewed(factor.data)
        factor.save(update_fields=["data"])
    return len(factors)


def renewed(kept: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {name: encryption.renew(kept[name]) for name in ("secret", "seed") if name in kept}
    if "migrated_codes" in kept:
        changed["migrated_codes"] = [encryption.renew(code) for code in kept["migrated_codes"]]
    return kept | changed
