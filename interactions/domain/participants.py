"""Who takes part in an interaction."""

from collections.abc import Sequence

from interactions.domain.senders import Sender
from interactions.enums import ParticipantRole, Side
from interactions.models import Interaction, Participant
from partners.models import User


def note_parts(interaction: Interaction, sender: Sender, recipients: Sequence[str]) -> None:
    """Note who takes part: the sender as requester, whom it is addressed to as contacts, our own author as owner."""
    parts: dict[tuple[int | None, str], Participant] = {}

    def add(user: User | None, name: str, address: str, side: Side, role: ParticipantRole) -> None:
        if user or address:
            key = (user.pk, "") if user else (None, address)
            parts.setdefault(
                key, Participant(interaction=interaction, user=user, name=name, address=address, side=side, role=role)
            )

    if sender.person or sender.address:
        add(sender.person, sender.name, sender.address, Side.PARTNER, ParticipantRole.REQUESTER)
    known = {user.email: user for user in User.objects.filter(email__in=recipients)} if recipients else {}
    for address in recipients:
        person = known.get(address)
        add(person, person.name if person else "", address, Side.PARTNER, ParticipantRole.CONTACT)
    if sender.actor.is_representative and sender.actor.user_id:
        parts[(sender.actor.user_id, "")] = Participant(
            interaction=interaction,
            user_id=sender.actor.user_id,
            name=sender.actor.label,
            side=Side.ENTERPRISE,
            role=ParticipantRole.OWNER,
        )
    Participant.objects.bulk_create(parts.values())
