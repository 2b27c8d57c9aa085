"""Who works with whom in the simulated year, and what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from interactions.models import Team
from interactions.models.type_version import Unanswered
from partners.models import Partner, PolicyVersion
from partners.payloads import Actor
from tests.factories.partners import LONG_AGO, OfficeCalendarFactory
from tests.factories.world import a_partner, a_person_of, a_policy, a_representative, a_team, a_type, an_actor_for

HOUR = timedelta(hours=1)
STEPS = ("Check", "Deliver", "Bill")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The team's people, and for each partner who acts for it; types by code."""

    policy: PolicyVersion
    staff: Sequence[Actor]
    partners: Sequence[tuple[Partner, Actor]]
    types: Sequence[str]


def build() -> Scene:
    """Office hours in Berlin, four people, three partners, four types that wait in different ways."""
    calendar = OfficeCalendarFactory.create()
    people = [a_representative(name) for name in ("Rosa Lindqvist", "Tom Okafor", "Ines Moreau", "Jonas Feld")]
    team = a_team("year", members=people)
    team.calendar = calendar
    team.save()
    policy = a_policy(
        name="The year's promise",
        calendar=calendar,
        effective_from=LONG_AGO,
        first_response=4 * HOUR,
        next_response=8 * HOUR,
        resolution=32 * HOUR,
        answer=16 * HOUR,
        silence_limit=20 * HOUR,
    )
    names = ("Acme Wholesale", "Globex Mobile", "Initech Carriers")
    partners = [a_partner(name) for name in names]
    return Scene(
        policy=policy,
        staff=[an_actor_for(person) for person in people],
        partners=[(partner, an_actor_for(a_person_of(partner, f"Paul of {partner.name}"))) for partner in partners],
        types=types(team),
    )


def types(team: Team) -> list[str]:
    rules = {"year-query": Unanswered.REMIND, "year-claim": Unanswered.CLOSE, "year-dispute": Unanswered.ESCALATE}
    for code, rule in rules.items():
        a_type(code, team=team, when_unanswered=rule, close_after_days=3)
    a_type("year-order", team=team, plan=[(name, team) for name in STEPS], close_after_days=3)
    return [*rules, "year-order"]
