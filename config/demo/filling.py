"""Many interactions fast: rows in portions through COPY, by as many processes as there are cores."""

import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context

import django
from django.db import connection, models, transaction
from psycopg import sql

from config.demo import bulk_rows, indexing, matters
from config.demo.bulk_record import COLUMNS as ENTRY
from config.demo.bulk_record import Row
from config.demo.bulk_rows import Batch, Case, Cast, Person
from interactions.models import Clock, Interaction, Item, Participant, TypeVersion
from partners.domain import calendars
from partners.models import Membership, PolicyVersion, RecordEntry, RecordStream, User

AT_ONCE = 4_000
WORTH_A_PROCESS = 20_000
DAYS = 90
STREAM = ("name", "length", "digest", "checkpointed_length")


def fill(count: int, *, items: int | None, now: datetime) -> float:
    """Add `count` interactions with `items` items each, or one to four; returns the seconds it took."""
    begun = time.monotonic()
    cast = gather(items=items, now=now)
    portions = [(first, min(AT_ONCE, count - first), count, cast) for first in range(0, count, AT_ONCE)]
    if count < WORTH_A_PROCESS:
        for portion in portions:
            write(*portion)
        return time.monotonic() - begun
    spawned = get_context("spawn")
    with (
        indexing.in_bulk(),
        ProcessPoolExecutor(max_workers=os.cpu_count() or 1, mp_context=spawned, initializer=django.setup) as processes,
    ):
        for done in [processes.submit(write, *portion) for portion in portions]:
            done.result()
    return time.monotonic() - begun


def gather(*, items: int | None, now: datetime) -> Cast:
    """Who takes part; the demo world must be there."""
    people = [
        Person(
            user_id=membership.user_id,
            name=membership.user.name,
            partner_id=membership.partner_id,
            role_id=role.pk,
            role=role.kind.code,
        )
        for membership in Membership.objects.select_related("user").prefetch_related("roles__kind").order_by("pk")
        for role in membership.roles.all()
    ]
    # the oldest first, so that the newest version of each type is what stays
    led = TypeVersion.objects.filter(self_service="")
    versions = led.order_by("number").values_list("type__code", "type", "pk", "type__team")
    types = {code: (type_, version, team) for code, type_, version, team in versions}
    policy = PolicyVersion.objects.order_by("pk")[0]
    return Cast(
        people=people,
        representatives=list(
            User.objects.filter(is_representative=True, teams__isnull=False).distinct().values_list("pk", "name")
        ),
        matters=[matter for matter in matters.stock() if matter.type in types],
        types=types,
        policy_id=policy.pk,
        calendar_id=calendars.current(policy.calendar_id).pk,
        now=now,
        items=items,
    )


@transaction.atomic
def write(first: int, count: int, total: int, cast: Cast) -> None:
    """One portion: the interactions from `first` on of `total`, each a little later than the one before."""
    chance = random.Random(first)  # noqa: S311  nothing secret is drawn
    batch = Batch()
    for place, case in enumerate(cases(first, count, total, cast, chance)):
        bulk_rows.add(batch, case, particulars_of(place, cast, chance))
    copy(Interaction, bulk_rows.INTERACTION, batch.interactions)
    copy(Item, bulk_rows.ITEM, batch.items)
    copy(Participant, bulk_rows.PARTICIPANT, batch.participants)
    copy(Clock, bulk_rows.CLOCK, batch.clocks)
    copy(RecordStream, STREAM, batch.streams)
    copy(RecordEntry, ENTRY, batch.entries)


def cases(first: int, count: int, total: int, cast: Cast, chance: random.Random) -> Iterator[Case]:
    step = timedelta(days=DAYS) / total
    for place, pk in enumerate(new_ids(count)):
        yield Case(
            pk=pk,
            at=cast.now - timedelta(days=DAYS + 4) + step * (first + place),
            matter=chance.choice(cast.matters),
            person=chance.choice(cast.people),
            ours=chance.choice(cast.representatives),
            cast=cast,
            chance=chance,
        )


def new_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Interaction._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def particulars_of(place: int, cast: Cast, chance: random.Random) -> dict[str, str]:
    return matters.particulars(
        chance, number=place + chance.randrange(1_000_000), at=cast.now, currency="EUR", agreement="AG-2024-017"
    )


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY into a table of the moment and from there: PostgreSQL copies into no table that has policies."""
    names = {"table": sql.Identifier(model._meta.db_table), "columns": sql.SQL(", ").join(map(sql.Identifier, columns))}
    begin = sql.SQL("CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
    end = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM copied")
    with connection.cursor() as cursor:
        cursor.execute(begin.format(**names))
        with cursor.copy(sql.SQL("COPY copied FROM STDIN")) as stream:
            for row in rows:
                stream.write_row(row)
        cursor.execute(end.format(**names))
        cursor.execute("DROP TABLE copied")
