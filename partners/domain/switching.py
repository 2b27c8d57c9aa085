"""Somebody who acts for several partners, or in several roles, chooses for which and in which."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from partners.domain import access, fence, record, sign_ins
from partners.domain.assurance import Proof
from partners.enums import AccessEvent
from partners.errors import ChoiceNotOffered
from partners.models import User
from partners.payloads import Actor, Fact


@fence.standing_for(fence.ENTERPRISE)  # from one partner to another
@transaction.atomic
def act_as(user: User | AnonymousUser, chosen: str, *, proof: Proof, actor: Actor, at: datetime) -> access.Acting:
    """Who the user is from now on, and at the next sign-in; recorded with the partner that is chosen.

    A role whose credentials are not met is refused, with what is missing as the shortfall.
    Raises ChoiceNotOffered.
    """
    acting = access.acting(user, chosen=chosen, proof=proof)
    if acting.membership is None or access.choice_key(acting.membership, acting.role) != chosen:
        raise ChoiceNotOffered
    if acting.shortfall is not None:
        sign_ins.refused(acting, at=at)
        return acting
    User.objects.filter(pk=acting.membership.user_id).update(acting_as=chosen)
    if (acting.actor.partner_id, acting.actor.role_id) != (actor.partner_id, actor.role_id):
        record.append(
            Fact(
                stream=acting.membership.partner.stream,
                event=AccessEvent.SWITCHED,
                actor=acting.actor,
                at=at,
                partner_id=acting.actor.partner_id,
                facts={"membership": acting.membership.pk, "role": acting.actor.role_id},
                quiet=True,
            )
        )
    return acting
