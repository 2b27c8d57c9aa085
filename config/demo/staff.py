"""How the demo world's teams share their work: who can do what, who has room for how much, and who is away."""

from datetime import datetime, timedelta

from config.demo.world import World
from interactions.enums import AssignmentRule
from interactions.models import Skill, Snippet, Team, TeamMember
from partners.domain import absences
from partners.models import User
from partners.payloads import SYSTEM

# team, rule, to which team it escalates
RULES = [
    ("assurance", AssignmentRule.MOST_SPECIAL, None),
    ("fulfilment", AssignmentRule.LEAST_LOADED, "front-desk"),
    ("billing", AssignmentRule.ROUND_ROBIN, "front-desk"),
]
SKILLS = [("fibre", "Fibre"), ("radio", "Radio access"), ("roaming", "Roaming"), ("french", "French")]
ROOM = 12
# name, for whom, text
SNIPPETS = [
    (
        "We look into it",
        "reply",
        "Dear {person},\n\nthank you for your message. We look into it and tell you by {due}.\n\n{me}",
    ),
    (
        "Ask for the contract",
        "reply",
        "Dear {person},\n\nplease send us the contract that “{subject}” is about.\n\n{me}",
    ),
    ("Solved", "reply", "Dear {person},\n\nthis is done. If anything is still open, simply answer here.\n\n{me}"),
    ("Called back", "note", "Called back about {number}; agreed:\n- "),
]


def organise(world: World, *, now: datetime) -> None:
    """After the past was made up: from now on, work is given by rule."""
    skills = [Skill.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in SKILLS]
    for code, rule, above in RULES:
        lead_team = Team.objects.get(code=above) if above else None
        Team.objects.filter(code=code).update(assignment=rule, escalates_to=lead_team)
    for number, place in enumerate(TeamMember.objects.order_by("pk")):
        place.capacity = ROOM
        place.save(update_fields=["capacity"])
        place.skills.set([skills[number % len(skills)], skills[(number + 2) % len(skills)]])
    send_on_holiday(world, now=now)
    Snippet.objects.bulk_create(Snippet(name=name, mode=mode, text=text) for name, mode, text in SNIPPETS)


def send_on_holiday(world: World, *, now: datetime) -> None:
    """Somebody who leads no team is away next week, and a colleague stands in."""
    leads = {lead.pk for lead in world.leads}
    people: list[User] = [user for user in world.representatives if user.pk not in leads]
    absent, substitute = people[0], people[1] if len(people) > 1 else None
    monday = now.date() + timedelta(days=7 - now.weekday())
    absences.announce(
        absent, first_date=monday, last_date=monday + timedelta(days=4), substitute=substitute, actor=SYSTEM, at=now
    )
