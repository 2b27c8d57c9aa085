"""Keys come to their end: who administers them is warned in time, and the end itself is on the record."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from partners.domain import credentials, record
from partners.enums import PartnerEvent
from partners.models import Credential
from partners.models.credential import CredentialQuerySet
from partners.payloads import SYSTEM

WARNED_BEFORE = timedelta(days=14)
AT_ONCE = 200


def sweep(*, at: datetime) -> int:
    """Warn of ends that are near, and note those that came; returns how many. Safe to run beside itself."""
    return sweep_all(warn_some, at=at) + sweep_all(note_some, at=at)


def sweep_all(some: Callable[..., int], *, at: datetime) -> int:
    done = 0
    while portion := some(at=at):
        done += portion
    return done


@transaction.atomic
def warn_some(*, at: datetime) -> int:
    """Tell the partner's administrators, once for each end."""
    near = held().filter(warned_at=None, expires_at__gt=at, expires_at__lte=at + WARNED_BEFORE)
    return tell(list(near[:AT_ONCE]), PartnerEvent.CREDENTIAL_EXPIRING, "warned_at", at=at)


@transaction.atomic
def note_some(*, at: datetime) -> int:
    over = held().filter(expired_at=None, expires_at__lte=at)
    return tell(list(over[:AT_ONCE]), PartnerEvent.CREDENTIAL_EXPIRED, "expired_at", at=at)


def held() -> CredentialQuerySet:
    # skip_locked: a second sweep, or whoever changes a key just now, is not waited for
    usable = Credential.objects.usable().select_for_update(of=("self",), skip_locked=True)
    return usable.select_related("role").order_by("expires_at", "id")


def tell(found: list[Credential], event: PartnerEvent, noted_in: str, *, at: datetime) -> int:
    Credential.objects.filter(pk__in=[credential.pk for credential in found]).update(**{noted_in: at})
    record.append_all(
        [
            credentials.told(credential, event, actor=SYSTEM, at=at, quiet=False, **credentials.terms(credential))
            for credential in found
        ]
    )
    return len(found)
