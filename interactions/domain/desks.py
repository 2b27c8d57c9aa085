"""How somebody has arranged the queue: the views they saved or share with a team, which opens first, the columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.domain import workload
from interactions.errors import NotAccepted
from interactions.models import Batch, Desk, SavedView, Team, TeamMember, Visit
from interactions.models.saved_view import SavedViewQuerySet
from partners.domain.remembered import Remembered
from partners.models import User
from partners.payloads import Actor

MOST_RECENT = 8
MOST = 50  # views of one person
KEPT_FOR = timedelta(days=7)  # after it was removed


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A saved view, as lists show it; `team` is empty for one's own, `is_first` for what opens first for its team."""

    id: int
    name: str
    query: str
    team: str
    team_id: int | None
    owner_id: int
    is_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An interaction that was opened lately."""

    number: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """What is known of somebody when the queue is opened: whose work it is too, the teams, the views, the columns."""

    people: tuple[int, ...]
    teams: tuple[int, ...]
    led: tuple[int, ...] = ()
    views: tuple[Saved, ...] = ()
    first_id: int | None = None
    opens_with_all: bool = False
    columns: str = ""
    recent: tuple[Opened, ...] = ()
    has_batches: bool = False

    def view(self, view_id: int | None) -> Saved | None:
        return next((view for view in self.views if view.id == view_id), None)

    @property
    def first(self) -> Saved | None:
        """The view that opens first: the one chosen, else that of a team, unless all that is open was chosen."""
        return self.chosen or (None if self.opens_with_all else self.of_team)

    @property
    def chosen(self) -> Saved | None:
        """The view that somebody chose to be first, as long as they see it."""
        return self.view(self.first_id)

    @property
    def of_team(self) -> Saved | None:
        """What whoever leads a team chose for it; of several teams what stands first in the list."""
        return next((view for view in self.views if view.is_first and view.team_id in self.teams), None)


def of(actor: Actor, *, today: date, stamp: float = 0) -> Arrangement:
    """As of the last few seconds, but not older than `stamp`: another one whenever somebody has arranged anything."""
    return ARRANGED.get((actor.user_id or 0, today, stamp))


def arranged(somebody: tuple[int, date, float]) -> Arrangement:
    """One query tells the teams, and whether there is anything else to ask for."""
    user_id, today, _stamp = somebody
    views = SavedView.objects.kept().filter(Q(owner=OuterRef("pk")) | Q(team__places__user=OuterRef("pk")))
    visits = Visit.objects.filter(user=OuterRef("pk"), is_put_back=False).order_by("-at")[:MOST_RECENT]
    newest = visits.values(opened=JSONObject(id="interaction_id", subject="interaction__subject"))
    found = list(
        User.objects.filter(pk=user_id).values_list(
            "team_places__team",
            "team_places__is_lead",
            ArraySubquery(newest),
            Exists(views),
            Exists(Desk.objects.filter(user=OuterRef("pk"))),
            Exists(Batch.objects.to_be_told(timezone.now()).filter(actor=OuterRef("pk"))),
        )
    )
    places = sorted((team_id, is_lead) for team_id, is_lead, *_more in found if team_id is not None)
    recent, has_views, has_desk, has_batches = found[0][2:] if found else ([], False, False, False)
    desk = Desk.objects.filter(user=user_id).first() if has_desk else None
    return Arrangement(
        people=workload.people_of(user_id, on=today),
        teams=tuple(team_id for team_id, _is_lead in places),
        led=tuple(team_id for team_id, is_lead in places if is_lead),
        views=views_of(user_id) if has_views else (),
        first_id=desk.first_view_id if desk else None,
        opens_with_all=bool(desk and desk.opens_with_all),
        columns=desk.columns if desk else "",
        recent=tuple(Opened(number=f"BPI-{one['id']:07d}", subject=one["subject"]) for one in recent),
        has_batches=has_batches,
    )


ARRANGED = Remembered(arranged)


def views_of(user_id: int) -> tuple[Saved, ...]:
    """The own ones first, then those of each team, by name."""
    found = SavedView.objects.kept().seen_by(user_id).select_related("team").order_by("name", "pk")
    saved = [
        Saved(
            id=view.pk,
            name=view.name,
            query=view.query,
            team=view.team.name if view.team else "",
            team_id=view.team_id,
            owner_id=view.owner_id,
            is_first=view.is_first,
        )
        for view in found
    ]
    return tuple(sorted(saved, key=lambda view: view.team))


@transaction.atomic
def save(name: str, query: str, team: Team | None, *, actor: Actor, at: datetime) -> SavedView:
    """Name what is shown. Raises NotAccepted where there are too many already."""
    owner_id = owner_of(actor)
    User.objects.select_for_update(no_key=True).get(pk=owner_id)  # two at once do not get beyond the most
    if SavedView.objects.kept().filter(owner=owner_id).count() >= MOST:
        raise NotAccepted("name", _("You have %(most)d saved views; remove one first.") % {"most": MOST})
    return SavedView.objects.create(owner_id=owner_id, team=team, name=name, query=query, created_at=at)


def change(view: SavedView, *, name: str, team: Team | None) -> None:
    """Another name, or shared with others: then it opens first for nobody but those who chose it and still see it."""
    view.is_first = view.is_first and view.team == team
    view.name, view.team = name, team
    view.save(update_fields=["name", "team", "is_first"])


def show_instead(view: SavedView, query: str) -> None:
    """Let the view show something else."""
    view.query = query
    view.save(update_fields=["query"])


def remove(view: SavedView, *, at: datetime) -> None:
    """Take it from every list; for a while it can come back."""
    SavedView.objects.kept().filter(pk=view.pk).update(removed_at=at)


@transaction.atomic
def restore(view: SavedView) -> None:
    """Back in every list; first for its team no more where another view became that meanwhile."""
    another = first_views(view.team).exclude(pk=view.pk).exists()
    SavedView.objects.filter(pk=view.pk).update(removed_at=None, is_first=view.is_first and not another)


def begin_with(view: SavedView | None, *, actor: Actor, with_all: bool = False) -> None:
    """Which view opens first; None for that of the team, or `with_all` for all that is open whatever the team has."""
    chosen = {"first_view": view, "opens_with_all": with_all}
    Desk.objects.update_or_create(user_id=owner_of(actor), defaults=chosen)


@transaction.atomic
def begin_team_with(view: SavedView, *, is_first: bool) -> None:
    """Let the queue of a whole team open with a view shared with it, or no longer."""
    others = first_views(view.team).exclude(pk=view.pk)
    if is_first:
        others.update(is_first=False)
    SavedView.objects.kept().filter(pk=view.pk).update(is_first=is_first)


def first_views(team: Team | None) -> SavedViewQuerySet:
    """The view that opens first for a team, if there is one; the team is held, so that two leads choose in turn."""
    list(Team.objects.select_for_update(no_key=True).filter(pk=team.pk)) if team else []
    return SavedView.objects.kept().filter(team=team, is_first=True)


def arrange_columns(columns: str, *, actor: Actor) -> None:
    """The columns of every view that names none; empty for the usual ones."""
    Desk.objects.update_or_create(user_id=owner_of(actor), defaults={"columns": columns})


def forget(*, at: datetime) -> int:
    """Remove for good what was removed long ago; returns how many."""
    gone, _each = SavedView.objects.filter(removed_at__lt=at - KEPT_FOR).delete()
    return gone


def led_by(actor: Actor) -> Sequence[int]:
    """The ids of the teams that somebody leads."""
    return list(TeamMember.objects.filter(user=actor.user_id, is_lead=True).values_list("team", flat=True))


def owner_of(actor: Actor) -> int:
    if actor.user_id is None:
        raise ValueError("only people arrange their work")
    return actor.user_id
