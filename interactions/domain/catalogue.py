"""The catalogue of types: what can be raised now, and by which version each interaction is led."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from interactions.models import Interaction, InteractionType, TypeVersion
from partners.domain.remembered import Remembered

VERSIONED = (
    *("fields", "plan_id", "self_service", "asks_confirmation", "close_after_days", "reopen_within_days"),
    *("resolution_codes", "cancel_consequence", "has_survey", "has_lines", "when_unanswered", "unanswered_after_days"),
)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """An active type with the version that counts for what begins now."""

    type: InteractionType
    version: TypeVersion


def newest(type_: InteractionType) -> TypeVersion | None:
    return TypeVersion.objects.filter(type=type_).select_related("plan", "type").newest_first().first()


def listed(code: str) -> Listing | None:
    found = InteractionType.objects.active().select_related("team").filter(code=code).first()
    version = newest(found) if found is not None else None
    return Listing(type=found, version=version) if found is not None and version is not None else None


def version_by_id(version_id: int) -> TypeVersion | None:
    return TypeVersion.objects.select_related("plan").filter(pk=version_id).first()


LISTED = Remembered(listed)
VERSIONS = Remembered(version_by_id)


def current(type_: InteractionType) -> TypeVersion:
    """The version that counts for what begins now."""
    version = newest(type_)
    if version is None:
        raise TypeVersion.DoesNotExist(type_.code)
    return version


def version_of(interaction: Interaction) -> TypeVersion:
    """The version that the interaction started with, and is led by to its end."""
    version = VERSIONS.get(interaction.type_version_id)
    if version is None:
        raise TypeVersion.DoesNotExist(interaction.type_version_id)
    return version


@transaction.atomic
def publish(type_: InteractionType, *, by: int | None = None, at: datetime, **content: Any) -> TypeVersion:
    """Make what `content` says the type's next version; what it does not say stays as it was.

    The same content again makes no version.
    """
    InteractionType.objects.select_for_update(of=("self",), no_key=True).get(pk=type_.pk)  # two never get one number
    before = newest(type_)
    known = {name: getattr(before, name) for name in VERSIONED} if before is not None else {}
    if "plan" in content:
        plan = content.pop("plan")
        content["plan_id"] = plan.pk if plan is not None else None
    wanted = known | content
    if before is not None and wanted == known:
        return before
    return TypeVersion.objects.create(
        type=type_,
        number=before.number + 1 if before is not None else 1,
        published_at=at,
        published_by_id=by,
        **wanted,
    )
