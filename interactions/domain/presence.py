"""Who reads or writes in an interaction at this moment: kept in the cache's server, gone by itself after 30 seconds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from interactions.models import Interaction
from partners.payloads import Actor

LASTS = 30  # seconds without a heartbeat
PLACES = "bpim:present"  # where anybody is, by when that is over
SOON = 2.0  # seconds that the server may take: presence is worth no waiting


@dataclass(frozen=True, kw_only=True, order=True)
class Present:
    """Somebody of ours, and whether they write."""

    name: str
    user_id: int
    is_writing: bool


@cache
def server() -> "redis.Redis":
    """One client for the process; it keeps its own connections."""
    return redis.Redis.from_url(
        settings.CACHES["default"]["LOCATION"],
        socket_timeout=SOON,
        socket_connect_timeout=SOON,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def key(interaction_id: int) -> str:
    return f"bpim:present:{interaction_id}"


def beat(interaction_id: int, actor: Actor, *, is_writing: bool, now: float) -> None:
    """Note that somebody is there; `now` in seconds. Without the server nobody is seen, and nothing else happens."""
    told = json.dumps([actor.label, is_writing, now + LASTS])
    try:
        with server().pipeline(transaction=False) as steps:
            steps.hset(key(interaction_id), str(actor.user_id), told)
            steps.expire(key(interaction_id), LASTS)
            steps.zadd(PLACES, {str(interaction_id): now + LASTS})
            steps.zremrangebyscore(PLACES, "-inf", now)
            steps.execute()
    except redis.RedisError:
        return


def leave(interaction_id: int, actor: Actor) -> None:
    try:
        server().hdel(key(interaction_id), str(actor.user_id))
    except redis.RedisError:
        return


def of(interaction_ids: Iterable[int], *, now: float) -> Mapping[int, Sequence[Present]]:
    """Who is in each of the interactions, in one round trip."""
    wanted = list(interaction_ids)
    try:
        with server().pipeline(transaction=False) as steps:
            for interaction_id in wanted:
                steps.hgetall(key(interaction_id))
            found = steps.execute() if wanted else []
    except redis.RedisError:
        found = [{} for _ in wanted]
    return {number: people_in(kept, now) for number, kept in zip(wanted, found, strict=True)}


def everywhere(*, now: float) -> Mapping[int, Sequence[Present]]:
    """Where anybody is, and who: two round trips, however many interactions there are."""
    try:
        places = cast("list[str]", server().zrangebyscore(PLACES, now, "+inf"))
    except redis.RedisError:
        return {}
    return {number: people for number, people in of([int(one) for one in places], now=now).items() if people}


def others(interaction_id: int, actor: Actor, *, now: float) -> Sequence[Present]:
    """Who is there besides the actor."""
    return others_in([interaction_id], actor, now=now)[interaction_id]


def others_in(interaction_ids: Iterable[int], actor: Actor, *, now: float) -> Mapping[int, Sequence[Present]]:
    """Who is in each of them besides the actor."""
    return {
        number: [one for one in people if one.user_id != actor.user_id]
        for number, people in of(interaction_ids, now=now).items()
    }


def mark(interactions: Iterable[Interaction], actor: Actor, *, now: float) -> None:
    """Set `present` of each: who is in it besides the actor."""
    shown = {one.pk: one for one in interactions}
    for number, people in others_in(shown, actor, now=now).items():
        shown[number].present = tuple(people)  # type: ignore[attr-defined]


def people_in(kept: Mapping[str, str], now: float) -> list[Present]:
    there = [(int(user_id), *json.loads(told)) for user_id, told in kept.items()]
    return sorted(
        Present(user_id=user_id, name=name, is_writing=is_writing)
        for user_id, name, is_writing, until in there
        if until > now
    )
