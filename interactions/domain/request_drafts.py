"""A request that is being written: kept while its author types, the same on every device, gone once it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import draft_files, drafts, files
from interactions.errors import DraftChanged, NotAccepted
from interactions.models import InteractionType, RequestDraft, RequestDraftFile
from interactions.payloads import File
from partners.domain import fence
from partners.payloads import Actor

MOST_DRAFTS = 20  # of one person for one partner
MOST_TEXT = 100_000
MOST_FILES = 20
MOST_BYTES = 50_000_000
SEVERAL = {"attachment"}  # fields that take more than one file
KEPT = timedelta(days=60)

Filled = Mapping[str, Sequence[str]]
Uploads = Mapping[str, Sequence[File]]


def mine(actor: Actor) -> list[RequestDraft]:
    """What somebody has begun, the latest first."""
    return list(RequestDraft.objects.visible_to(actor).select_related("type").order_by("-saved_at", "-pk"))


@transaction.atomic
def keep(
    type_: InteractionType, key: str, filled: Filled, uploads: Uploads, *, version: int, actor: Actor, at: datetime
) -> RequestDraft | None:
    """Save what is filled in so far, and add files; None while there is nothing to keep.

    `version` is the one that the page was given, 0 for none. Raises DraftChanged when there is another one by now, and
    NotAccepted for more than we keep.
    """
    draft = held(key, actor)
    if (draft.version if draft else 0) != version:
        raise DraftChanged
    said = {name: [texts.clean(one, most=MOST_TEXT) for one in values] for name, values in filled.items()}
    if draft is None:
        if not any(uploads.values()) and not any(one.strip() for values in said.values() for one in values):
            return None
        draft = begin(type_, key, actor, at=at)
    else:
        draft.version += 1
    draft.filled, draft.saved_at = said, at
    draft.save(update_fields=["filled", "version", "saved_at"])
    add_files(draft, uploads)
    return draft


def held(key: str, actor: Actor) -> RequestDraft | None:
    """The draft of a form, held until the transaction ends."""
    drafts = RequestDraft.objects.visible_to(actor).filter(key=key)
    return drafts.select_for_update(of=("self",), no_key=True).first()


def begin(type_: InteractionType, key: str, actor: Actor, *, at: datetime) -> RequestDraft:
    """A new draft; raises DraftChanged when another window began it at the same moment."""
    if RequestDraft.objects.visible_to(actor).count() >= MOST_DRAFTS:
        raise NotAccepted("", _("You have %(most)d drafts. Send or discard one of them first.") % {"most": MOST_DRAFTS})
    partner_id, author_id = actor.partner_id, drafts.person(actor)
    if partner_id is None:
        raise LookupError("only people of a partner write drafts of requests")
    draft = RequestDraft(partner_id=partner_id, author_id=author_id, type=type_, key=key, saved_at=at)
    RequestDraft.objects.bulk_create([draft], ignore_conflicts=True)
    found = held(key, actor)
    if found is None or found.saved_at != at:
        raise DraftChanged
    return found


def add_files(draft: RequestDraft, uploads: Uploads) -> None:
    """All are looked at before the first is stored. Raises NotAccepted."""
    added = [(field, upload) for field, chosen in uploads.items() for upload in chosen]
    if not added:
        return
    replaced = [field for field, chosen in uploads.items() if chosen and field not in SEVERAL]
    forget_files(draft.files.filter(field__in=replaced))
    there = list(draft.files.values_list("size", flat=True))
    if len(there) + len(added) > MOST_FILES:
        raise NotAccepted("attachment", _("At most %(most)d files at once.") % {"most": MOST_FILES})
    if sum(there) + sum(len(upload.content) for _field, upload in added) > MOST_BYTES:
        raise NotAccepted("attachment", _("Together at most %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    for _field, upload in added:
        files.refuse_large(upload)
    RequestDraftFile.objects.bulk_create(
        [draft_files.filled(RequestDraftFile(draft=draft, field=field), upload) for field, upload in added]
    )


@transaction.atomic
def detach(draft: RequestDraft, file_id: int) -> None:
    """Take a file away; nothing when it is gone already."""
    forget_files(draft.files.filter(pk=file_id))


@transaction.atomic
def drop(key: str, *, actor: Actor) -> bool:
    """Forget a draft with its files, because it was sent or is not wanted; False when it is gone already."""
    draft = held(key, actor)
    if draft is None:
        return False
    forget_files(draft.files.all())
    draft.delete()
    return True


def forget_files(kept: QuerySet[RequestDraftFile]) -> None:
    draft_files.forget(kept)
    kept.delete()


@fence.standing_for(fence.ENTERPRISE)
@transaction.atomic
def forget(*, at: datetime) -> int:
    """Remove drafts that nobody went on with for long; returns how many."""
    old = RequestDraft.objects.filter(saved_at__lt=at - KEPT).select_for_update(skip_locked=True)
    ids = [draft.pk for draft in old[:500]]
    forget_files(RequestDraftFile.objects.filter(draft__in=ids))
    RequestDraft.objects.filter(pk__in=ids).delete()
    return len(ids)
