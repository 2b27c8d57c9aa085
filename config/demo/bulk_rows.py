"""One interaction made in bulk, as rows for COPY: from first contact to where it stands, with its whole record."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.demo.bulk_record import Row, Stream
from config.demo.matters import Matter
from interactions.enums import Direction, Event, ItemKind, Jeopardy, ParticipantRole, Side, Status
from interactions.models import Interaction
from partners.domain import business_time, calendars
from partners.enums import ActorKind, AssuranceLevel, Priority
from partners.payloads import Actor

OPEN_SHARE = 0.1
STANDARD = {"status": Status.CLOSED, "priority": int(Priority.NORMAL), "values": "{}", "acting_level": 1}
BLANK = {field.attname: None if field.null else field.get_default() for field in Interaction._meta.concrete_fields}
INTERACTION = [field.attname for field in Interaction._meta.concrete_fields if not field.generated]
ITEM = (
    "interaction_id", "sequence", "kind", "channel", "side", "author_id", "author_label", "text", "quoted_text", "at",
)  # fmt: skip
PARTICIPANT = ("interaction_id", "user_id", "name", "address", "side", "role")
CLOCK = (
    "interaction_id",
    "kind",
    "policy_id",
    "calendar_id",
    "within",
    "started_at",
    "since",
    "due_at",
    "next_at",
    "next_share",
    "told_share",
    "paused_why",
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of a partner, with the role they act in; plain values, so that it travels to another process."""

    user_id: int
    name: str
    partner_id: int
    role_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who and what interactions are made of; the same for every process."""

    people: Sequence[Person]
    representatives: Sequence[tuple[int, str]]
    matters: Sequence[Matter]
    types: dict[str, tuple[int, int, int]]
    policy_id: int
    calendar_id: int
    now: datetime
    items: int | None


@dataclass
class Batch:
    """Rows by table, in the order of each table's columns."""

    interactions: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    participants: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    streams: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)


@dataclass
class Case:
    """One interaction while it is being made."""

    pk: int
    at: datetime
    matter: Matter
    person: Person
    ours: tuple[int, str]
    cast: Cast
    chance: random.Random

    def __post_init__(self) -> None:
        self.is_ours = self.matter.direction == Direction.OUTBOUND
        self.channel = self.chance.choice(self.matter.channels)
        self.us = Actor(
            kind=ActorKind.REPRESENTATIVE,
            user_id=self.ours[0],
            label=self.ours[1],
            role="representative",
            level=AssuranceLevel.DOUBLE,
        )
        self.them = Actor(
            kind=ActorKind.PARTNER,
            user_id=self.person.user_id,
            label=self.person.name,
            partner_id=self.person.partner_id,
            role_id=self.person.role_id,
            role=self.person.role,
            level=AssuranceLevel.SINGLE,
        )
        self.raiser = self.us if self.is_ours else self.them
        self.stream = Stream(name=f"interaction:{self.pk}", partner_id=self.person.partner_id)
        self.known: dict[str, Any] = {"interaction": self.pk}


def add(batch: Batch, case: Case, particulars: dict[str, str]) -> None:
    """Make one interaction: what was said, how it went, and everything the record says of it."""
    subject = case.matter.subject.format_map(particulars)
    texts = [case.matter.opening, *(line.text for line in case.matter.script if line.text)]
    wanted = case.cast.items or case.chance.randint(1, 4)
    said = [texts[place % len(texts)].format_map(particulars) for place in range(wanted)]
    is_open = case.chance.random() < OPEN_SHARE
    add_items(batch, case, subject, said)
    ended_at = None if is_open else case.at + timedelta(hours=case.chance.uniform(1, 90))
    add_moves(case, ended_at, case.matter.resolution.format_map(particulars))
    columns = columns_of(case, subject, said[0], ended_at, particulars)
    if is_open:
        add_clocks(batch, case, columns)
    batch.interactions.append(tuple(columns[name] for name in INTERACTION))
    add_participants(batch, case)
    batch.streams.append((case.stream.name, case.stream.length, case.stream.digest, 0))
    batch.entries.extend(case.stream.rows)


def add_items(batch: Batch, case: Case, subject: str, said: Sequence[str]) -> None:
    """What was said in turn; the opening belongs to the first fact, the others each have their own."""
    for place, text in enumerate(said):
        is_ours = case.is_ours == (place % 2 == 0)
        actor, side = (case.us, Side.ENTERPRISE) if is_ours else (case.them, Side.PARTNER)
        kind = case.matter.kind if place == 0 else ItemKind.RESPONSE
        at = case.at + timedelta(minutes=11 * place)
        batch.items.append((
            case.pk, place + 1, str(kind), str(case.channel), str(side), actor.user_id, actor.label, text, "", at,
        ))  # fmt: skip
        told: dict[str, Any] = {"item": place + 1, "kind": str(kind), "side": str(side)}
        if place > 0:
            event, texts = Event.ITEM_ADDED, {"text": text}
        else:
            event, texts = Event.RAISED if case.is_ours else Event.RECEIVED, {"subject": subject, "text": text}
            told |= {
                "direction": str(case.matter.direction),
                "type": case.matter.type,
                "status": str(Status.RECEIVED),
                "priority": int(Priority.NORMAL),
                "started_at": case.at.isoformat(),
                "role": case.person.role_id,
            }
        case.stream.append(event, case.known | told, actor=actor, at=at, channel=str(case.channel), texts=texts)


def add_moves(case: Case, ended_at: datetime | None, resolution: str) -> None:
    """Started, and if it ended, resolved and closed."""
    moves = [(Event.STARTED, Status.RECEIVED, Status.IN_PROGRESS, case.at + timedelta(minutes=50), "")]
    if ended_at is not None:
        moves += [
            (Event.RESOLVED, Status.IN_PROGRESS, Status.RESOLVED, ended_at - timedelta(minutes=9), resolution),
            (Event.CLOSED, Status.RESOLVED, Status.CLOSED, ended_at, ""),
        ]
    for version, (event, came_from, status, at, words) in enumerate(moves, start=2):
        facts = {"came_from": str(came_from), "status": str(status), "version": version}
        case.stream.append(event, case.known | facts, actor=case.us, at=at, texts={"resolution": words})


def columns_of(
    case: Case, subject: str, opening: str, ended_at: datetime | None, particulars: dict[str, str]
) -> dict[str, Any]:
    """The interaction's row by column."""
    type_id, version_id, team_id = case.cast.types[case.matter.type]
    started = case.at + timedelta(minutes=50)
    changed = ended_at or started
    return {
        **BLANK,
        **STANDARD,
        **times_of(case, started, ended_at),
        "id": case.pk,
        "type_id": type_id,
        "type_version_id": version_id,
        "team_id": team_id,
        "partner_id": case.person.partner_id,
        "role_id": case.person.role_id,
        "direction": str(case.matter.direction),
        "channel": str(case.channel),
        "status": str(Status.CLOSED if ended_at else Status.IN_PROGRESS),
        "status_changed_at": changed,
        "subject": subject,
        "description": opening,
        "ball": str(Side.ENTERPRISE),
        "resolution": case.matter.resolution.format_map(particulars) if ended_at else "",
        "assignee_id": case.ours[0],
        "started_at": case.at,
        "ended_at": ended_at,
        "created_at": case.at,
        "updated_at": changed,
        "first_response_at": None if case.is_ours else started,
        "resolved_at": ended_at - timedelta(minutes=9) if ended_at else None,
        "partner_told_at": changed,
        "enterprise_told_at": changed,
        "created_by_id": case.raiser.user_id,
        "acting_role": case.raiser.role,
        "reopen_count": 0,
        "version": 4 if ended_at else 2,
    }


def times_of(case: Case, started: datetime, ended_at: datetime | None) -> dict[str, Any]:
    """Whose turn it was, and for how long: ours until the solution, then the partner's until the end."""
    resolved_at = ended_at - timedelta(minutes=9) if ended_at else None
    hours = calendars.working(case.cast.calendar_id)
    found: dict[str, Any] = {"calendar_id": case.cast.calendar_id, "ball_since": None if ended_at else case.at}
    for name, begin, end in (
        ("response", case.at, None if case.is_ours else started),
        ("resolution", case.at, resolved_at),
        ("enterprise", case.at, resolved_at),
        ("partner", resolved_at, ended_at),
    ):
        spent = begin is not None and end is not None
        empty = None if name in {"response", "resolution"} else 0
        found[f"{name}_elapsed"] = int((end - begin).total_seconds()) if spent else empty  # type: ignore[operator]
        counted = business_time.elapsed(begin, end, hours) if spent else None  # type: ignore[arg-type]
        found[f"{name}_seconds"] = int(counted.total_seconds()) if counted is not None else empty
    for name in ("third_party", "paused"):
        found |= {f"{name}_elapsed": 0, f"{name}_seconds": 0}
    return found


def add_clocks(batch: Batch, case: Case, columns: dict[str, Any]) -> None:
    """An open matter has promises that end in the next days, so that a sweep finds nothing to do at once."""
    cast, hours = case.cast, calendars.working(case.cast.calendar_id)
    due_at = cast.now + timedelta(hours=case.chance.uniform(2, 240))
    columns.update(due_at=due_at, policy_id=cast.policy_id, silence_due_at=due_at - timedelta(hours=1))
    for kind, until in (("resolution", due_at + timedelta(days=1)), ("next_response", due_at)):
        within = business_time.elapsed(case.at, until, hours)
        warned_at = business_time.due(case.at, within * 0.75, hours)
        is_warned = warned_at < cast.now
        if is_warned:
            columns["jeopardy"] = str(Jeopardy.AT_RISK)
        following = (until, 100, 75) if is_warned else (warned_at, 75, 0)
        batch.clocks.append((
            case.pk, kind, cast.policy_id, cast.calendar_id, within, case.at, case.at, until, *following, "",
        ))  # fmt: skip


def add_participants(batch: Batch, case: Case) -> None:
    role = ParticipantRole.CONTACT if case.is_ours else ParticipantRole.REQUESTER
    batch.participants += [
        (case.pk, case.person.user_id, case.person.name, "", str(Side.PARTNER), str(role)),
        (case.pk, case.ours[0], case.ours[1], "", str(Side.ENTERPRISE), str(ParticipantRole.OWNER)),
    ]
