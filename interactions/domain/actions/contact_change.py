"""Our contact changes: from now on we write to, or call, the one that was named."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from interactions.domain.actions import NotPossible, Outcome, Task, action
from partners.domain import contact_changes, contacts
from partners.domain.contact_changes import NewContact
from partners.enums import ActorKind, ContactMedium, ContactPurpose, in_sentence


@action("contact-change", "Take over a new contact", asks=("contact_name", "contact_address"))
def contact_change(task: Task) -> Outcome:
    if task.actor.kind != ActorKind.PARTNER or task.actor.user_id is None:
        raise NotPossible(_("Nobody of the partner is signed in: ask back before the contact is changed."))
    address = task.value("contact_address")
    purpose = purpose_in(task.value("contact_purpose"))
    change = NewContact(name=task.value("contact_name"), medium=medium_of(address), value=address, purpose=purpose)
    contact_changes.take_over(task.interaction.partner, change, actor=task.actor, at=task.at)
    told = {"name": change.name, "address": change.value, "purpose": in_sentence(purpose.label)}
    return Outcome(text=_("Noted: for “%(purpose)s” we now turn to %(name)s, %(address)s.") % told)


def medium_of(address: str) -> ContactMedium:
    """An address with an @ is for mail, everything else must be a number that can be called."""
    if "@" not in address:
        if not contacts.phone_key(address).startswith("+"):
            raise NotPossible(_("“%(address)s” is neither an e-mail address nor a number.") % {"address": address})
        return ContactMedium.PHONE
    try:
        validate_email(address)
    except ValidationError as error:
        raise NotPossible(_("“%(address)s” is no e-mail address.") % {"address": address}) from error
    return ContactMedium.EMAIL


def purpose_in(label: str) -> ContactPurpose:
    """The purpose with this label; general when none is named."""
    return next(
        (one for one in ContactPurpose if label.casefold() in {one.value, str(one.label).casefold()}),
        ContactPurpose.GENERAL,
    )
