"""Somebody who acts for several partners, or in several roles, chooses for which and in which."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from partners.domain import access, record
from partners.errors import ChoiceNotOffered
from partners.models import User
from partners.payloads import Actor, Fact

EVENT = "role.switched"


@transaction.atomic
def act_as(user: User | AnonymousUser, chosen: str, *, actor: Actor, at: datetime) -> access.Acting:
    """Who the user is from now on; recorded with the partner that is chosen. Raises ChoiceNotOffered."""
    acting = access.acting(user, chosen=chosen, level=actor.level)
    if acting.membership is None or access.choice_key(acting.membership, acting.role) != chosen:
        raise ChoiceNotOffered
    if (acting.actor.partner_id, acting.actor.role_id) != (actor.partner_id, actor.role_id):
        record.append(
            Fact(
                stream=acting.membership.partner.stream,
                event=EVENT,
                actor=acting.actor,
                at=at,
                partner_id=acting.actor.partner_id,
                facts={"membership": acting.membership.pk, "role": acting.actor.role_id, "from_role": actor.role_id},
                quiet=True,
            )
        )
    return acting
