"""May we have that bill again? The files that were exchanged about it are sent once more."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.domain import references
from interactions.domain.actions import NotPossible, Outcome, Task, action
from interactions.enums import Subject
from interactions.models import Attachment
from interactions.payloads import File

MOST_FILES = 10


@action("bill-copy", "Send a copy of a bill", asks=("bill",))
def bill_copy(task: Task) -> Outcome:
    bill = task.value("bill")
    matters = references.matters_about(Subject.BILL, bill, partner_id=task.interaction.partner_id, actor=task.actor)
    said = Attachment.objects.filter(
        interaction__in=matters.order_by().values("pk"), item__isnull=False, is_original=False
    )
    attachments = list(said.exclude(interaction=task.interaction).order_by("-id")[:MOST_FILES])
    if not attachments:
        raise NotPossible(_("We hold no file about the bill %(bill)s.") % {"bill": bill})
    words = ngettext(
        "Here is the file that we hold about the bill %(bill)s.",
        "Here are the %(count)d files that we hold about the bill %(bill)s.",
        len(attachments),
    )
    return Outcome(
        text=words % {"bill": bill, "count": len(attachments)},
        files=tuple(copy_of(attachment) for attachment in attachments),
    )


def copy_of(attachment: Attachment) -> File:
    """Its own copy, so that the one can be disposed of while the other is kept."""
    try:
        with attachment.file.open("rb") as content:
            return File(name=attachment.name, content=content.read(), content_type=attachment.content_type)
    except FileNotFoundError as error:
        raise NotPossible(_("The file “%(name)s” is not there any more.") % {"name": attachment.name}) from error
