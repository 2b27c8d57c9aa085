"""The list of views beside the queue: the usual ones and the saved ones, each with how much it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.console import filters, shown
from interactions.console.shown import Shown
from interactions.domain import queues
from interactions.domain.desks import Arrangement, Saved
from interactions.domain.queues import BY_CODE, VIEWS, Reader
from interactions.models.interaction import InteractionQuerySet
from partners.domain.remembered import Remembered
from partners.domain.translations import translated

OWN = _("Saved")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One view in the list: its count in words, "999+" where there are more, or None if it is not counted."""

    code: str
    name: str | Promise
    icon: str
    group: str | Promise
    address: str
    count: str | None
    is_shown: bool


def lines(reader: Reader, arrangement: Arrangement, now: Shown) -> list[Line]:
    return [*saved_lines(reader, arrangement, now), *usual_lines(queues.counts(reader), now)]


def usual_lines(counts: Mapping[str, int], now: Shown) -> list[Line]:
    return [
        Line(
            code=view.code,
            name=view.name,
            icon=view.icon,
            group=view.group,
            address=f"?view={view.code}",
            count=queues.told(counts[view.code]) if view.code in counts else None,
            is_shown=now.saved is None and view == now.view,
        )
        for view in VIEWS
    ]


def saved_lines(reader: Reader, arrangement: Arrangement, now: Shown) -> list[Line]:
    if not arrangement.views:
        return []
    counts = COUNTED.get((queues.lately(reader), arrangement.views))
    return [
        Line(
            code=str(saved.id),
            name=saved.name,
            icon="house" if saved == arrangement.first else "users" if saved.team else "bookmark",
            group=translated(saved.team) or OWN,
            address=shown.address(saved),
            count=queues.told(counts[str(saved.id)]) if str(saved.id) in counts else None,
            is_shown=now.saved == saved,
        )
        for saved in arrangement.views
    ]


def counted(asked: tuple[Reader, Sequence[Saved]]) -> Mapping[str, int]:
    """What is unread is not counted: it is another one for everybody, and looked for only when somebody wants it."""
    reader, views = asked
    queries = {str(saved.id): QueryDict(saved.query) for saved in views}
    return queues.count(
        {code: interactions_of(query, reader) for code, query in queries.items() if not query.get("unread")}
    )


COUNTED = Remembered(counted)


def interactions_of(query: QueryDict, reader: Reader) -> InteractionQuerySet:
    """What an address shows to this reader, on all pages; a filter that fits nothing any more narrows nothing."""
    view = BY_CODE.get(query.get("view", ""), VIEWS[0])
    found, _form = filters.narrowed(queues.interactions_in(view, reader), query, actor=reader.actor)
    return found
