"""Who may see figures: the enterprise's own people; a partner's own report is another matter."""

from partners.enums import Permission
from partners.payloads import Actor


def can_see_reports(actor: Actor) -> bool:
    return actor.is_of_ours and Permission.READ_REPORTS in actor.permissions
