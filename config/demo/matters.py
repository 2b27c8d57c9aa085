"""What is talked about in the demo world: the stock of matters, and the particulars that make each one its own."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from interactions.enums import Direction, ItemKind
from partners.enums import Channel, Priority

HERE = Path(__file__).parent / "matters"
SITES = ["BER-014", "FRA-002", "HAM-131", "LON-007", "AMS-022", "NYC-018", "ZRH-005", "OSL-011", "MUC-047", "CGN-009"]
CITIES = ["Leipzig", "Rotterdam", "Bristol", "Graz", "Lyon", "Malmö", "Bergen", "Basel"]
COUNTRIES = ["Morocco", "Vietnam", "Peru", "Georgia", "Kenya", "Croatia", "Norway", "Chile"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a script: who does what, with which words; `waiting_for` where an answer is awaited."""

    who: str
    text: str
    waiting_for: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing that partners and we talk about, with its course from the opening to the resolution."""

    type: str
    kinds: list[str]
    channels: list[Channel]
    subject: str
    opening: str
    script: list[Line]
    resolution: str
    direction: Direction = Direction.INBOUND
    kind: ItemKind = ItemKind.REQUEST
    priority: Priority = Priority.NORMAL
    quick: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    references: list[list[str]] = field(default_factory=list)


def stock() -> list[Matter]:
    """Every matter there is, in a fixed order."""
    files = sorted(HERE.glob("*.toml"))
    return [matter_of(given) for file in files for given in tomllib.loads(file.read_text())["matter"]]


def matter_of(given: dict[str, Any]) -> Matter:
    is_ours = given["type"].startswith("enterprise-")
    return Matter(
        **(
            given
            | {
                "channels": [Channel(channel) for channel in given["channels"]],
                "script": [line_of(text) for text in given["script"]],
                "direction": Direction(given.get("direction", Direction.OUTBOUND if is_ours else Direction.INBOUND)),
                "kind": ItemKind(given.get("kind", ItemKind.REQUEST)),
                "priority": Priority(given.get("priority", Priority.NORMAL)),
            }
        )
    )


def line_of(text: str) -> Line:
    """“we: …”, “they: …”, “note: …”, “ask: what is awaited | …”, “await: what is awaited”."""
    who, _, said = text.partition(": ")
    if who == "await":
        return Line(who=who, text="", waiting_for=said)
    if who == "ask":
        waiting_for, _, question = said.partition(" | ")
        return Line(who=who, text=question, waiting_for=waiting_for)
    return Line(who=who, text=said)


def particulars(chance: random.Random, *, number: int, at: datetime, currency: str, agreement: str) -> dict[str, str]:
    """The numbers, places and dates of one matter; `number` makes those unique that must be."""
    month = at.replace(day=1) - timedelta(days=1)
    site, other = chance.sample(SITES, 2)
    day = at + timedelta(days=chance.randint(6, 15))
    return {
        "agreement": agreement,
        "amount": f"{chance.choice([840, 3_950, 12_400, 48_100, 161_000]) * chance.uniform(0.7, 1.4):.2f}",
        "bill": f"{chance.choice(['INV', 'RE', 'F', 'SI'])}-{month:%Y}-{20_000 + number * 7}",
        "circuit": f"IPL-{site[:3]}-{other[:3]}-{chance.randint(100, 999)}",
        "city": chance.choice(CITIES),
        "clock": f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
        "country": chance.choice(COUNTRIES),
        "currency": currency,
        "date": f"{day.day} {day:%B}",
        "isodate": f"{day:%Y-%m-%d}",
        "month": f"{month:%B}",
        "number": f"+49 30 23125 {chance.randint(200, 999)}",
        "order": f"PO-{45_000 + number * 3}",
        "period": f"{month:%Y-%m}",
        "quantity": f"{chance.choice([400, 1_200, 5_000, 20_000]):,}",
        "quarter": f"Q{(month.month - 1) // 3 + 1} {month:%Y}",
        "short": f"{chance.randint(100, 999)}",
        "site": site,
        "site2": other,
        "tap": f"CDXXX01NWT01{chance.randint(10_000, 99_999)}",
        "ticket": f"TT-{300_000 + number}",
        "trunk": f"TG-{site[:3]}-{chance.randint(1, 24):02}",
    }
