"""What a representative must know around an interaction: the partner, its people, its other matters, its promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from interactions.domain import catalogue, fields, order_lines, recipients
from interactions.domain.fields import Field
from interactions.domain.recipients import Circle, Recipient
from interactions.domain.sentences import Names
from interactions.enums import LinkKind
from interactions.models import (
    ChangeRequest,
    Clock,
    ExternalIdentifier,
    Interaction,
    Link,
    Mention,
    OrderLine,
    Participant,
    Reference,
    Step,
    Team,
    TeamMember,
    Watcher,
)
from interactions.models.clock import ONCE
from partners.domain.translations import translated
from partners.enums import AgreementStatus, ContactMedium
from partners.models import Agreement, Contact, Membership, PartnerRole, RecordStream, User
from partners.payloads import Actor

OTHERS_SHOWN = 5
PEOPLE_SHOWN = 12
STAFF_SHOWN = 300
TIES_SHOWN = 50
FROM_HERE: Mapping[LinkKind, Promise] = {
    LinkKind.PARENT: gettext_lazy("Part of"),
    LinkKind.HANDOVER: gettext_lazy("Taken over from"),
    LinkKind.RESPONSE_TO: gettext_lazy("Response to"),
    LinkKind.FOLLOW_UP: gettext_lazy("Follows up"),
    LinkKind.MERGED_INTO: gettext_lazy("Merged into"),
}
TO_HERE: Mapping[LinkKind, Promise] = {
    LinkKind.PARENT: gettext_lazy("Its part"),
    LinkKind.HANDOVER: gettext_lazy("Passed on as"),
    LinkKind.RESPONSE_TO: gettext_lazy("Its response"),
    LinkKind.FOLLOW_UP: gettext_lazy("Followed up by"),
    LinkKind.MERGED_INTO: gettext_lazy("Merged here"),
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the partner; `local_at` is the time on his watch."""

    name: str
    detail: str
    address: str
    local_at: datetime | None = None

    @property
    def local_words(self) -> str:
        return f"{self.local_at:%H:%M} {self.local_at.tzname()}" if self.local_at else ""


@dataclass(frozen=True, kw_only=True)
class Tie:
    """How this matter belongs to another one."""

    kind: LinkKind
    is_from_here: bool
    other: Interaction

    @property
    def words(self) -> str:
        return str((FROM_HERE if self.is_from_here else TO_HERE)[self.kind])

    @property
    def leads_here(self) -> bool:
        """Whether whoever comes to the other is led to this one, in which it goes on."""
        return (self.kind, self.is_from_here) in {(LinkKind.MERGED_INTO, False), (LinkKind.HANDOVER, True)}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How long the record of an interaction is, and its last digest in hex."""

    length: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Everything that the page of an interaction shows beside its conversation."""

    roles: Sequence[PartnerRole]
    agreements: Sequence[Agreement]
    people: Sequence[Person]
    circle: Circle
    others: Sequence[Interaction]
    participants: Sequence[Participant]
    wishes: Sequence[ChangeRequest]
    lines: Sequence[OrderLine]
    clocks: Sequence[Clock]
    steps: Sequence[Step]
    ties: Sequence[Tie]
    references: Sequence[Reference]
    external_ids: Sequence[ExternalIdentifier]
    proof: Proof | None
    asked: Sequence[Field]
    teams: Sequence[Team]
    staff: Sequence[User]
    places: Sequence[TeamMember]
    watchers: Sequence[User]
    is_called: bool

    @cached_property
    def recipients(self) -> Sequence[Recipient]:
        """Whom a reply usually goes to."""
        return self.circle.usual()

    @property
    def steps_left(self) -> Sequence[Step]:
        return [step for step in self.steps if step.status in {"pending", "open"}]

    @property
    def parts(self) -> Sequence[Interaction]:
        """What is a part of this matter."""
        return [tie.other for tie in self.ties if tie.kind == LinkKind.PARENT and not tie.is_from_here]

    @property
    def parts_ended(self) -> int:
        return sum(not part.is_open for part in self.parts)

    @property
    def goes_on_in(self) -> Interaction | None:
        """The matter in which this one, which has ended, goes on."""
        onward = {(LinkKind.MERGED_INTO, True), (LinkKind.HANDOVER, False)}
        return next((tie.other for tie in self.ties if (tie.kind, tie.is_from_here) in onward), None)

    def names(self) -> Names:
        return Names(
            people={user.pk: user.name for user in self.staff},
            teams={team.code: translated(team.name) for team in self.teams},
            steps={step.position: translated(step.name) for step in self.steps},
            fields={field["name"]: fields.label_of(field) for field in self.asked},
        )


def of(interaction: Interaction, *, actor: Actor, at: datetime) -> Surroundings:
    """Read what stands around an interaction; the number of reads does not depend on how much there is."""
    on = at.date()
    others = Interaction.objects.visible_to(actor).open().filter(partner_id=interaction.partner_id)
    agreements = Agreement.objects.filter(partner_id=interaction.partner_id, status=AgreementStatus.IN_FORCE)
    participants = list(
        Participant.objects.filter(interaction=interaction).select_related("user").order_by("id")[:STAFF_SHOWN]
    )
    # of what we owe again and again only what we owe now
    shown = Q(stopped_at=None) | Q(kind__in=ONCE)
    clocks = Clock.objects.filter(shown, interaction=interaction, step=None)
    clocks = clocks.select_related("policy__policy", "calendar__calendar")
    return Surroundings(
        roles=list(PartnerRole.objects.in_force(on).filter(partner_id=interaction.partner_id).select_related("kind")),
        agreements=list(agreements.order_by("reference")[:OTHERS_SHOWN]),
        people=people_of(interaction.partner_id, at=at),
        circle=recipients.around(interaction, at=at, participants=participants),
        others=list(others.exclude(pk=interaction.pk).order_by("-id")[: OTHERS_SHOWN + 1]),
        participants=participants,
        wishes=list(ChangeRequest.objects.open().filter(interaction=interaction).order_by("asked_at")),
        lines=order_lines.of(interaction),
        clocks=list(clocks.order_by("started_at", "kind")),
        steps=list(Step.objects.filter(interaction=interaction).select_related("team", "assignee", "clock").in_order()),
        ties=ties_of(interaction),
        references=list(Reference.objects.filter(interaction=interaction).order_by("id")[:PEOPLE_SHOWN]),
        external_ids=list(ExternalIdentifier.objects.filter(interaction=interaction).order_by("id")[:PEOPLE_SHOWN]),
        proof=proof_of(interaction),
        asked=catalogue.version_of(interaction).fields,
        teams=list(Team.objects.order_by("name")),
        places=list(
            TeamMember.objects.filter(Q(team_id=interaction.team_id) | Q(user_id=actor.user_id))
            .select_related("user")
            .order_by("user__name")[:STAFF_SHOWN]
        ),
        watchers=[one.user for one in watchers_of(interaction)],
        is_called=Mention.objects.unread_by(actor.user_id).filter(note__interaction=interaction).exists(),
        staff=list(User.objects.at_work().order_by("name")[:STAFF_SHOWN]),
    )


def names_in(interaction: Interaction) -> Names:
    """What the record of an interaction knows by id or code, by its name."""
    staff = User.objects.at_work().order_by("name")
    return Names(
        people=dict(staff.values_list("pk", "name")[:STAFF_SHOWN]),
        teams=dict(Team.objects.values_list("code", "name")),
        steps=dict(Step.objects.filter(interaction=interaction).values_list("position", "name")),
    )


def people_of(partner_id: int, *, at: datetime) -> list[Person]:
    """People with an account first, then addresses of nobody in particular."""
    members = (
        Membership.objects.in_force(at.date())
        .filter(partner_id=partner_id)
        .select_related("user")
        .order_by("user__name")[:PEOPLE_SHOWN]
    )
    people = [
        Person(
            name=member.user.name,
            detail=member.title,
            address=member.user.email,
            local_at=at.astimezone(ZoneInfo(member.user.time_zone)),
        )
        for member in members
    ]
    return people + [
        Person(name=contact.name or contact.value, detail=contact.get_purpose_display(), address=contact.value)
        for contact in contacts_of(partner_id, at=at)
    ]


def contacts_of(partner_id: int, *, at: datetime) -> list[Contact]:
    """Addresses and numbers of the company itself."""
    contacts = Contact.objects.in_force(at.date()).filter(partner_id=partner_id, user=None)
    reachable = contacts.filter(medium__in=[ContactMedium.EMAIL, ContactMedium.PHONE])
    return list(reachable.order_by("-is_preferred", "purpose", "id")[:PEOPLE_SHOWN])


def ties_of(interaction: Interaction) -> list[Tie]:
    """Links in force in both directions."""
    around = Q(interaction=interaction) | Q(other=interaction)
    links = Link.objects.in_force().filter(around).select_related("interaction", "other")
    return [
        Tie(kind=LinkKind(link.kind), is_from_here=True, other=link.other)
        if link.interaction_id == interaction.pk
        else Tie(kind=LinkKind(link.kind), is_from_here=False, other=link.interaction)
        for link in links.order_by("id")[:TIES_SHOWN]
    ]


def ties_seen_by(actor: Actor, interaction: Interaction) -> list[Tie]:
    """Those to matters that the actor may know of; a part may be another partner's."""
    ties = ties_of(interaction)
    seen = Interaction.objects.visible_to(actor).filter(pk__in=[tie.other.pk for tie in ties]) if ties else []
    known = {other.pk for other in seen}
    return [tie for tie in ties if tie.other.pk in known]


def watchers_of(interaction: Interaction) -> list[Watcher]:
    found = Watcher.objects.filter(interaction=interaction).select_related("user").order_by("user__name")
    return list(found[:PEOPLE_SHOWN])


def proof_of(interaction: Interaction) -> Proof | None:
    stream = RecordStream.objects.filter(name=interaction.stream).first()
    return Proof(length=stream.length, digest=bytes(stream.digest).hex()) if stream else None
