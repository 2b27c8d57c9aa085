"""The form of the composer: a reply to the partner with what follows from it, or an internal note; never mixed up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.console.forms import MOST_REASON, MOST_TEXT, Codes, choices_of
from interactions.console.widgets import AddressesField, FilesField, MomentField
from interactions.domain import snippets
from interactions.domain.drafts import Wording
from interactions.domain.lifecycle import MOST_WAITING_FOR, Words
from interactions.models import Draft, DraftMode, Following, Interaction
from interactions.models.interaction import Needed
from partners.payloads import Actor

LATEST = timedelta(days=366)
MOST_TYPED = 500


class WrittenForm(forms.Form):
    """What is written so far; nothing is required. Each mode has a text of its own, so that none becomes the other."""

    mode = forms.ChoiceField(choices=DraftMode)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=MOST_TEXT, required=False)  # of the chosen mode
    reply = forms.CharField(label=gettext_lazy("Reply to partner"), max_length=MOST_TEXT, required=False)
    note = forms.CharField(label=gettext_lazy("Internal note"), max_length=MOST_TEXT, required=False)
    to = AddressesField(label=gettext_lazy("To"), required=False)
    to_more = forms.CharField(  # names or addresses, with commas between them
        label=gettext_lazy("Add by name or address"), max_length=MOST_TYPED, required=False
    )
    following = forms.ChoiceField(choices=Following, required=False, initial=Following.KEEP)
    waiting_for = forms.CharField(label=gettext_lazy("What do we need"), max_length=MOST_WAITING_FOR, required=False)
    waiting_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Needed.choices, initial=Needed.QUESTION, required=False
    )
    waiting_until = MomentField(label=gettext_lazy("By when"), required=False)
    resolution_code = forms.ChoiceField(label=gettext_lazy("How it was resolved"), required=False)
    resolution = forms.CharField(label=gettext_lazy("Resolution in short"), max_length=MOST_REASON, required=False)

    def __init__(self, *args: Any, codes: Codes = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["resolution_code"].choices = choices_of(codes)  # type: ignore[attr-defined]
        self.has_codes = bool(codes)

    def wording(self) -> Wording:
        filled = self.cleaned_data
        words = Words(
            waiting_for=filled.get("waiting_for", ""),
            waiting_kind=Needed(filled.get("waiting_kind") or Needed.QUESTION),
            waiting_until=filled.get("waiting_until"),
            resolution=filled.get("resolution", ""),
            resolution_code=filled.get("resolution_code", ""),
        )
        text = filled.get(filled.get("mode", "")) or filled.get("text", "")
        recipients = self.recipients if filled.get("mode") == DraftMode.REPLY else None
        following = Following(filled.get("following") or Following.KEEP)
        return Wording(text=text, recipients=recipients, following=following, words=words)

    @property
    def recipients(self) -> Sequence[str] | None:
        """The addresses that were ticked; None for whoever usually hears."""
        if not self.is_bound:
            return self.initial.get("to")
        ticked: list[str] = self.fields["to"].clean(self["to"].value())
        return ticked if "to_shown" in self.data else None

    def text_of(self, mode: str) -> str:
        """What stands in the field of a mode, whoever put it there."""
        own = self[mode].value() or ""
        return str(own or (self["text"].value() if self["mode"].value() == mode else "") or "")

    @property
    def reply_text(self) -> str:
        return self.text_of(DraftMode.REPLY)

    @property
    def note_text(self) -> str:
        return self.text_of(DraftMode.NOTE)


class ComposerForm(WrittenForm):
    """What is to be said now, or at a chosen moment."""

    attachments = FilesField(label=gettext_lazy("Files"), required=False)
    send_at = MomentField(label=gettext_lazy("Send at"), required=False)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if filled.get("mode") == DraftMode.REPLY:
            self.refuse_half_said(filled)
        elif filled.get("attachments"):
            self.add_error("attachments", _("Files go with a reply; a note is text alone."))
        is_said = filled.get(filled.get("mode", "")) or filled.get("text") or filled.get("attachments")
        if not is_said and not self.data.get("has_files") and not self.errors:
            self.add_error("text", _("Write something first."))
        return filled

    def refuse_half_said(self, filled: Mapping[str, Any]) -> None:
        following = filled.get("following")
        if following == Following.WAIT and not filled.get("waiting_for") and "waiting_for" not in self.errors:
            self.add_error("waiting_for", _("Say what is needed of the partner."))
        if following == Following.RESOLVE and not filled.get("resolution"):
            self.add_error("resolution", _("Say in short what solved it."))
        if following == Following.RESOLVE and self.has_codes and not filled.get("resolution_code"):
            self.add_error("resolution_code", _("Say how it was resolved."))
        send_at = filled.get("send_at")
        if send_at and send_at <= timezone.now():
            self.add_error("send_at", _("Choose a moment that is still to come."))
        elif send_at and send_at > timezone.now() + LATEST:
            self.add_error("send_at", _("Choose a moment within a year."))


def resumed(drafts: Mapping[str, Draft], chosen: Mapping[str, str], codes: Codes) -> ComposerForm:
    """The form with what was written before, in the mode of the newest draft; else a note, unless a reply is asked for.

    `chosen` is the address of the page: `reply` chooses that mode.
    """
    newest = max(drafts.values(), key=lambda draft: draft.saved_at, default=None)
    mode = DraftMode.REPLY if "reply" in chosen else newest.mode if newest else DraftMode.NOTE
    initial: dict[str, object] = {"mode": mode, "following": Following.KEEP}
    initial |= {name: draft.text for name, draft in drafts.items()}
    if reply := drafts.get(DraftMode.REPLY):
        names = ("following", "waiting_for", "waiting_kind", "waiting_until", "resolution", "resolution_code")
        initial |= {name: getattr(reply, name) for name in names} | {"to": reply.recipients}
    return ComposerForm(initial=initial, codes=codes)


def with_snippet(form: ComposerForm, text: str, interaction: Interaction, *, actor: Actor) -> None:
    """Put a chosen snippet beneath what is there: how it is done without script."""
    found = next((one for one in snippets.offered(interaction, actor=actor) if str(one.id) == text), None)
    if found is not None:
        mode = found.mode or form.initial["mode"]
        before = form.initial.get(mode, "")
        form.initial.update({"mode": mode, mode: "\n\n".join(filter(None, [str(before), found.text]))})


def seconds_left(leaves_at: datetime, at: datetime) -> int:
    return max(round((leaves_at - at).total_seconds()), 0)
