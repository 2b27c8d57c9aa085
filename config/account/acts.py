"""What each form of portal and console does, in the words of its button or clearer ones, and what is filled in.

Whoever has to confirm what they were about to do reads these words; a door that takes a form and is not here fails a
test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.console import (
    approvals,
    belonging,
    bulk,
    calls,
    composer,
    newcomers,
    order_line_forms,
    raising,
    saved_views,
    triage,
    wishes,
)
from interactions.console import forms as matters
from interactions.enums import Move
from interactions.models import DraftMode
from interactions.portal import bank_account, order_lines, shared_form
from interactions.portal import forms as requests
from interactions.portal import wishes as wanted
from notifications import forms as webhooks
from partners.enums import PersonAct
from partners.forms import keys, people

Words = str | Promise
ANY = ""  # whatever else the button sends


@dataclass(frozen=True, kw_only=True)
class Act:
    """The words of the button; where the form has several, or the address says which act it is, `buttons` knows them
    by the name of the field or parameter and its value."""

    words: Words
    forms: tuple[type[Form], ...] = ()
    buttons: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)


MOVES: Mapping[str, Words] = {
    Move.CONFIRM: _("Yes, it is solved"),
    Move.REOPEN: _("Reopen it"),
    Move.CANCEL: _("Cancel the request"),
}
OF_DRAFTS: Mapping[str, Mapping[str, Words]] = {"save": {ANY: _("Save for later")}, "remove": {ANY: _("Take away")}}
OF_ENDPOINTS: Mapping[str, Words] = {
    "test": _("Send a test event"),
    "pause": _("Pause"),
    "resume": _("Resume"),
    "end": _("End it"),
}
REQUEST = (requests.RequestForm, order_lines.LineForm)

OF_PEOPLE: Mapping[str, Act] = {  # the same in portal and console
    "invite": Act(words=_("Send the invitation"), forms=(people.InvitationForm,)),
    "open_invitation": Act(words=_("Send again"), buttons={"act": {"withdraw": _("Withdraw")}}),
    "person": Act(words=_("Save"), forms=(people.PersonActForm,), buttons={"act": dict(PersonAct.choices)}),
    "new_key": Act(words=_("Make it and show the secret"), forms=(keys.KeyForm,)),
    "key": Act(words=_("Change the key"), forms=(keys.ChangeForm,)),
    "rotate_key": Act(words=_("Make a new secret"), forms=(keys.RotationForm,)),
    "revoke_key": Act(words=_("Revoke")),
}

OF_PARTNERS: Mapping[str, Act] = {
    "answer": Act(
        words=_("Send message"),
        forms=(requests.MessageForm,),
        buttons={"verdict": {requests.MessageForm.YES: _("Approve"), requests.MessageForm.NO: _("Do not approve")}},
    ),
    "ask_change": Act(words=_("Ask for the change"), forms=(wanted.WishForm,)),
    "bank_account": Act(words=_("Propose a bank account"), forms=(bank_account.AccountForm,)),
    "discard_draft": Act(words=_("Discard the draft")),
    "keep_draft": Act(words=_("Save for later"), forms=REQUEST, buttons=OF_DRAFTS),
    "move": Act(words=_("Save"), forms=(requests.MoveForm,), buttons={"move": MOVES}),
    "new": Act(words=_("Send request"), forms=REQUEST, buttons=OF_DRAFTS),
    "share": Act(words=_("Change who sees it"), forms=(shared_form.SharingForm,)),
    "withdraw_account": Act(words=_("Withdraw the proposed bank account")),
    "withdraw_change": Act(words=_("Withdraw this wish")),
}

OF_MATTERS: Mapping[str, Act] = {
    "absences": Act(words=_("Add the absence"), forms=(matters.AbsenceForm,)),
    "accept": Act(words=_("Let it in"), forms=(triage.AcceptForm,)),
    "add_lines": Act(words=_("Add to the order"), forms=(order_line_forms.NewLineForm,)),
    "approval": Act(words=_("Decide"), forms=(approvals.DecisionForm,)),
    "assign": Act(words=_("Assign"), forms=(matters.AssignForm,)),
    "marking": Act(words=_("Mark"), buttons={"mark": {"unread": _("Mark as unread"), "read": _("Mark as read")}}),
    "bulk": Act(words=_("Change several at once"), forms=(bulk.WantedForm,)),
    "change_lines": Act(words=_("Save the lines"), forms=(order_line_forms.LineForm,)),
    "decide_change": Act(words=_("Decide"), forms=(wishes.DecisionForm,)),
    "details": Act(words=_("Save the details")),
    "draft": Act(words=_("Save the draft"), forms=(composer.WrittenForm,)),
    "draft_files": Act(words=_("Save the draft")),
    "end_part": Act(words=_("Let it stand for itself")),
    "finish_step": Act(words=_("Finish the step"), forms=(matters.FinishForm,)),
    "hand_over": Act(words=_("Hand over"), forms=(matters.HandOverForm,)),
    "join": Act(
        words=_("Save"),
        forms=tuple(way.form for way in belonging.WAYS.values()),
        buttons={"name": {name: way.title for name, way in belonging.WAYS.items()}},
    ),
    "log_call": Act(words=_("Log a call"), forms=(calls.CallForm,)),
    "move": Act(words=_("Save"), forms=(matters.MoveForm,), buttons={"code": dict(Move.choices)}),
    "move_date": Act(words=_("Move the date"), forms=(matters.DateForm,)),
    "new_view": Act(words=_("Save the view"), forms=(saved_views.ViewForm,)),
    "newcomer": Act(
        words=_("Refuse"),
        forms=(newcomers.JoinForm, newcomers.RegisterForm, newcomers.RefuseForm),
        buttons={"act": {"join": _("It belongs there"), "register": _("Register and invite")}},
    ),
    "pass_on": Act(words=_("Pass on"), forms=(matters.PassOnForm,)),
    "priority": Act(words=_("Change the priority"), forms=(matters.PriorityForm,)),
    "queue_look": Act(words=_("Arrange the queue")),
    "raise": Act(words=_("Raise to a partner"), forms=(raising.RaiseForm,)),
    "reject": Act(words=_("Refuse"), forms=(triage.RejectForm,)),
    "remove_draft_file": Act(words=_("Take away")),
    "say": Act(
        words=_("Send message"),
        forms=(composer.ComposerForm,),
        buttons={"mode": {DraftMode.REPLY: _("Send message"), DraftMode.NOTE: _("Add internal note")}},
    ),
    "see_batch": Act(words=_("Put this away")),
    "seen": Act(words=_("Seen")),
    "take_back": Act(words=_("Take back")),
    "take_back_batch": Act(words=_("Take back")),
    "take_step": Act(words=_("Take it")),
    "verify_caller": Act(words=_("Verify the caller"), forms=(calls.CallForm,)),
    "view": Act(words=_("Save the view"), forms=(saved_views.ViewForm,)),
    "view_act": Act(words=_("Save the view"), buttons={"verb": {"remove": _("Remove the view")}}),
    "watch": Act(words=_("Watch"), buttons={"watch": {"no": _("Stop watching")}}),
    "withdraw_absence": Act(words=_("Withdraw the absence")),
}

ACTS: Mapping[str, Act] = {
    **{f"portal-partners:{name}": act for name, act in OF_PEOPLE.items()},
    **{f"console-partners:{name}": act for name, act in OF_PEOPLE.items()},
    **{f"portal-interactions:{name}": act for name, act in OF_PARTNERS.items()},
    **{f"console-interactions:{name}": act for name, act in OF_MATTERS.items()},
    "portal-partners:unlink": Act(words=_("Unlink")),
    "portal-notifications:new_webhook": Act(words=_("Add it and show the secret"), forms=(webhooks.EndpointForm,)),
    "portal-notifications:rotate_webhook": Act(words=_("Make a new secret"), forms=(webhooks.NewSecretForm,)),
    "portal-notifications:act_on_webhook": Act(words=_("Change the endpoint"), buttons={"act": OF_ENDPOINTS}),
    "portal-notifications:webhook_again": Act(words=_("Send again")),
    "console-notifications:redrive": Act(words=_("Send again")),
    "console-notifications:preview": Act(words=_("Preview"), forms=(composer.ComposerForm,)),
}

ELSEWHERE = Act(words=_("A form that you sent; what you filled in is kept, and not shown here."))
