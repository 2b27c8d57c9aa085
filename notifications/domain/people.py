"""The people behind an audience: everybody who may hear of a batch of interactions, read at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from interactions.domain import recipients
from interactions.domain.recipients import TOLD, Circle, Recipient
from interactions.enums import Event, Side
from interactions.models import Interaction, Participant, Reader, Team, TeamMember, Watcher
from notifications.domain.rendering import Reading
from notifications.domain.routing import Rule, is_by_machine
from notifications.enums import Audience
from notifications.models import Delivery
from partners.enums import MONEY, ActorKind, ContactMedium, ContactPurpose
from partners.models import Contact, Membership, Partner, RecordEntry, User
from partners.models.membership import MembershipQuerySet

OF_STEP = {Audience.STEP_LEADS, Audience.STEP_ABOVE}
OF_TEAM_ABOVE = {Audience.ABOVE, Audience.STEP_ABOVE}
OF_LEADS = {Audience.LEADS, Audience.STEP_LEADS, *OF_TEAM_ABOVE}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is told: at an address, in a time zone and a language."""

    address: str
    time_zone: str
    language: str
    user_id: int | None = None
    is_partner_side: bool = False

    @property
    def reading(self) -> Reading:
        """What the words depend on; people who read alike get the same words."""
        return Reading(
            time_zone=self.time_zone,
            language=self.language,
            is_partner_side=self.is_partner_side,
            has_account=self.user_id is not None,
        )


class Directory:
    """Who is who around some interactions; made with a fixed number of queries, whatever their number."""

    def __init__(self, interactions: Collection[Interaction], entries: Iterable[RecordEntry], at: datetime) -> None:
        partner_ids = {interaction.partner_id for interaction in interactions}
        on = at.date()
        memberships = Membership.objects.in_force(on).filter(partner__in=partner_ids).select_related("user")
        contacts = Contact.objects.in_force(on).filter(partner__in=partner_ids, medium=ContactMedium.EMAIL)
        participants = Participant.objects.filter(interaction__in=interactions, side=Side.PARTNER)
        codes = {code for entry in entries if isinstance(code := entry.facts.get("team"), str)}
        teams = {interaction.team_id for interaction in interactions}
        concerned = Q(team__in=teams) | Q(team__code__in=codes)
        above = Team.objects.filter(Q(pk__in=teams) | Q(code__in=codes)).values("escalates_to")
        places = TeamMember.objects.filter(user__in=User.objects.at_work())
        places = places.filter(concerned | Q(team__in=above)).select_related("user", "team")

        self.members = grouped(memberships.order_by("id"), "partner_id")
        self.seeing = seeing_of(interactions, memberships, on=on)
        self.contacts = grouped(contacts.order_by("-is_preferred", "id"), "partner_id")
        kept = [interaction.pk for interaction in interactions if not interaction.is_company_wide]
        self.readers = grouped(Reader.objects.filter(interaction__in=kept), "interaction_id") if kept else {}
        self.participants = grouped(participants.order_by("id"), "interaction_id")
        self.places = grouped(places.order_by("id"), "team_id")
        self.places_by_code: dict[str, list[TeamMember]] = defaultdict(list)
        for place in places:
            self.places_by_code[place.team.code].append(place)
        actors = {entry.actor_id for entry in entries if entry.actor_id}
        given_to = {entry.facts["assignee"] for entry in entries if entry.facts.get("assignee")}
        called = {user_id for entry in entries for user_id in entry.facts.get("mentioned", ())}
        self.holders = User.objects.filter(is_active=True).in_bulk(given_to | called) if given_to | called else {}
        watchers = Watcher.objects.filter(interaction__in=interactions, user__in=User.objects.at_work())
        self.watchers = grouped(watchers.select_related("user").order_by("id"), "interaction_id")
        self.addresses = dict(User.objects.filter(pk__in=actors).values_list("pk", "email"))

    def hearers(
        self, rule: Rule, entry: RecordEntry, interaction: Interaction, chosen: Collection[str] = ()
    ) -> list[Person]:
        """Whom the rule reaches with this entry: the audience without whoever acted, and never ourselves.

        With `chosen` addresses a message to the partner's people goes to those alone.
        """
        tells_actor = rule.tells_actor is not None and rule.tells_actor(entry, interaction)
        own = self.addresses.get(entry.actor_id or 0, "").lower()
        return [
            person
            for person in self.audience(rule.audience, entry, interaction, chosen)
            if (tells_actor or (person.address != own and not is_unknown_actor(entry, person)))
            and not recipients.is_our_own(person.address)
        ]

    def audience(
        self, audience: Audience, entry: RecordEntry, interaction: Interaction, chosen: Collection[str]
    ) -> list[Person]:
        if audience == Audience.PARTNER_PEOPLE:
            return self.partner_people(entry, interaction, chosen)
        if audience == Audience.PARTNER_ESCALATION:
            return self.escalation_people(interaction)
        if audience == Audience.WATCHERS:
            return [colleague(watcher.user) for watcher in self.watchers.get(interaction.pk, [])]
        if audience == Audience.MENTIONED:
            called = (self.holders.get(user_id) for user_id in entry.facts.get("mentioned", ()))
            return [colleague(user) for user in called if user is not None]
        if audience == Audience.STEP_TEAM:
            return self.step_people(entry)
        if audience == Audience.OWNER and (owner := interaction.assignee) is not None and owner.is_active:
            return [colleague(owner)]
        places = self.places_for(audience, entry, interaction)
        return [colleague(place.user) for place in places if place.is_lead or audience not in OF_LEADS]

    def places_for(self, audience: Audience, entry: RecordEntry, interaction: Interaction) -> Sequence[TeamMember]:
        """The places in the team that an audience speaks of: the step's or the interaction's, or the one above it."""
        own = self.places.get(interaction.team_id, [])
        if audience in OF_STEP:
            own = self.places_by_code.get(entry.facts.get("team", ""), [])
        if audience not in OF_TEAM_ABOVE:
            return own
        team = own[0].team if audience in OF_STEP and own else interaction.team
        return self.places.get(team.escalates_to_id or 0, [])

    def escalation_people(self, interaction: Interaction) -> list[Person]:
        """Whom the partner named for escalations, or else, and for what is not shared with all, its administrators."""
        circle = self.circle(interaction)
        named = [recipients.of_contact(one) for one in circle.contacts if one.purpose == ContactPurpose.ESCALATION]
        return [reached(one, interaction.partner) for one in circle.told(named) or circle.administrators()]

    def step_people(self, entry: RecordEntry) -> list[Person]:
        """Who was given the step; the whole team where nobody was."""
        holder = self.holders.get(entry.facts.get("assignee") or 0)
        places = self.places_by_code.get(entry.facts.get("team", ""), [])
        return [colleague(user) for user in ([holder] if holder else [place.user for place in places])]

    def partner_people(self, entry: RecordEntry, interaction: Interaction, chosen: Collection[str]) -> list[Person]:
        """Those chosen, or the partner's participants; without any, whoever the partner named for this."""
        circle = self.circle(interaction)
        found = circle.chosen(chosen) if chosen else circle.taking_part()
        # a machine that reports was answered with the number: its company is not told of each report
        if not found and not chosen and not (is_by_machine(entry) and entry.event == Event.RECEIVED):
            found = circle.named()
        return [reached(one, interaction.partner) for one in found]

    def circle(self, interaction: Interaction) -> Circle:
        """Everybody of the partner around one of the interactions; of what moves money, whoever may see it."""
        members = self.members.get(interaction.partner_id, [])
        seeing = self.seeing.get(interaction.type.permission)
        return Circle(
            interaction=interaction,
            members=members if seeing is None else [place for place in members if place.pk in seeing],
            contacts=self.contacts.get(interaction.partner_id, []) if recipients.is_for_all(interaction) else [],
            participants=self.participants.get(interaction.pk, []),
            readers={reader.user_id for reader in self.readers.get(interaction.pk, [])},
        )


def grouped(rows: Iterable[Any], field: str) -> dict[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return dict(found)


def seeing_of(
    interactions: Iterable[Interaction], members: MembershipQuerySet, *, on: date
) -> Mapping[str, Collection[int]]:
    """By permission, of what moves money: which of the memberships have a role that lets them see it."""
    guarded = {interaction.type.permission for interaction in interactions} & MONEY
    return {one: set(members.permitted(one, on).values_list("pk", flat=True)) for one in guarded}


def still_told(waited: Collection[Delivery], *, on: date) -> set[int]:
    """Of messages that waited, those whose reader still works here, or for the partner, and may know of the matter."""
    interactions = Interaction.objects.select_related("type")
    about = interactions.in_bulk({one.interaction_id for one in waited if one.interaction_id})
    users = User.objects.filter(is_active=True).in_bulk({one.user_id for one in waited if one.user_id})
    partners = {one.partner_id for one in about.values()}
    places = Membership.objects.in_force(on).filter(user__in=users, partner__in=partners, partner__status__in=TOLD)
    held = {(place.user_id, place.partner_id): place for place in places}
    seeing = seeing_of(about.values(), places, on=on)
    kept = [one.pk for one in about.values() if not one.is_company_wide]
    readers = set(Reader.objects.filter(interaction__in=kept).values_list("interaction_id", "user_id"))

    def is_told_of(delivery: Delivery) -> bool:
        interaction, user = about.get(delivery.interaction_id or 0), users.get(delivery.user_id or 0)
        if interaction is None or user is None:
            return False
        if delivery.item_id is None:
            return user.is_representative
        place = held.get((user.pk, interaction.partner_id))
        if place is None or place.pk not in seeing.get(interaction.type.permission, {place.pk}):
            return False
        is_among = interaction.created_by_id == user.pk or (interaction.pk, user.pk) in readers
        return interaction.is_company_wide or place.is_administrator or is_among

    return {delivery.pk for delivery in waited if is_told_of(delivery)}


def colleague(user: User) -> Person:
    return Person(address=user.email.lower(), time_zone=user.time_zone, language=user.language, user_id=user.pk)


def of_partner(user: User) -> Person:
    return Person(
        address=user.email.lower(),
        time_zone=user.time_zone,
        language=user.language,
        user_id=user.pk,
        is_partner_side=True,
    )


def outsider(address: str, partner: Partner) -> Person:
    """Somebody we know only the address of; the partner's own zone and language are the best guess."""
    return Person(address=address.lower(), time_zone=partner.time_zone, language=partner.language, is_partner_side=True)


def reached(recipient: Recipient, partner: Partner) -> Person:
    return of_partner(recipient.user) if recipient.user else outsider(recipient.address, partner)


def is_unknown_actor(entry: RecordEntry, person: Person) -> bool:
    """Who acted without an account is one of those without an account."""
    return entry.actor_kind == ActorKind.UNKNOWN and person.user_id is None
