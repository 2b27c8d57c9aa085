"""Who may see figures: the enterprise's own people; a partner's own report is another matter."""

from partners.payloads import Actor


def can_see_reports(actor: Actor) -> bool:
    return actor.is_representative
