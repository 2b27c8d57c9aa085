"""Which parts of the workplace somebody has folded away; what nobody chose goes by the room there is."""

from django.db import transaction

from partners.models import User

PANES = ("views", "list", "context")
STATES = frozenset(f"{pane}-{state}" for pane in PANES for state in ("folded", "open"))


@transaction.atomic
def fold(state: str, *, user_id: int) -> None:
    """Keep one of STATES in place of the other of the same pane. The row is locked: two presses keep both panes."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    pane = state.partition("-")[0]
    user.panes = sorted({state, *(one for one in user.panes if one.partition("-")[0] != pane)})
    user.save(update_fields=["panes"])
