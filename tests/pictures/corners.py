"""What stands one click further: a day full of work, the sheets of a matter, people and keys, what was set aside."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from interactions.domain import batches, conversation, order_lines
from interactions.domain.batches import Wanted
from interactions.enums import Status
from interactions.models import BatchAction, Clock, InboundMessage, Interaction, Mention, SavedView
from interactions.payloads import NewLine
from notifications.domain import subscriptions
from notifications.models import Delivery, Subscription
from partners.domain import absences, credentials
from partners.enums import Priority
from partners.models import Absence, Partner, User
from partners.payloads import SYSTEM
from tests.factories import world
from tests.pictures.sights import Sight, administrator_of, leader_of_ours, matters, partners_by_matters

LONG_ENOUGH = 30  # seconds in which the worker has written the first mail


def all_of(only: str = "") -> list[Sight]:
    """Every sight of this kind whose page's name begins so; what is needed for it is made."""
    boss = User.objects.filter(is_representative=True, is_superuser=True).earliest("pk")
    found = [*busy(boss), *behind_a_matter(boss), *set_aside(boss), *administration(boss), *webhooks()]
    return [sight for sight in found if sight.name.startswith(only)]


def busy(boss: User) -> Iterator[Sight]:
    """Whoever has most to do was called by a colleague, and is away next week."""
    open_ones = Q(assigned__status__in=[Status.RECEIVED, Status.IN_PROGRESS])
    busiest = User.objects.annotate(work=Count("assigned", filter=open_ones)).order_by("-work", "pk")[0]
    if not Mention.objects.unread_by(busiest.pk).exists():
        for matter in Interaction.objects.open().order_by("-pk")[:3]:
            text = f"@{busiest.name}, could you look at this before the partner calls again?"
            conversation.note(matter, text, actor=world.an_actor_for(boss), at=timezone.now())
    if not Absence.objects.filter(user=busiest).exists():
        first = timezone.localdate() + timedelta(days=7)
        absences.announce(
            busiest,
            first_date=first,
            last_date=first + timedelta(days=4),
            substitute=leader_of_ours(),
            actor=world.an_actor_for(boss),
            at=timezone.now(),
        )
    for path in ("/console/work/", "/console/work/day/", "/console/mentions/"):
        yield Sight(path=path, situation="full", viewer=busiest)
    yield Sight(path="/console/absences/", situation="full", viewer=busiest)
    yield Sight(path="/console/work/board/?by=member", situation="members", viewer=leader_of_ours())
    yield Sight(path="/account/reading/", situation="representative", viewer=boss)


def behind_a_matter(boss: User) -> Iterator[Sight]:
    """An order with lines, and the sheets and pages that one matter leads to."""
    order = matters()["steps"]
    if not order_lines.of(order):
        lines = [
            NewLine(what="SIM card", quantity=Decimal(200), reference="L-1"),
            NewLine(what="Router with a spare power supply, for the shops in the north", quantity=Decimal(12)),
        ]
        order_lines.add(order, lines, actor=world.an_actor_for(boss), at=timezone.now())
    base = f"/console/interactions/{order.number}/"
    for part in ("", "belonging/", "lines/", "details/", "promises/"):
        yield Sight(path=base + part, situation="order", viewer=boss)
    for name in ("move-resolve", "move-ask", "move-cancel"):
        yield Sight(path=f"{base}sheets/{name}/", situation=name, viewer=boss)
    clock = Clock.objects.filter(interaction=order).latest("pk")
    yield Sight(path=f"{base}promises/{clock.pk}/", situation="order", viewer=boss)
    theirs = administrator_of(order.partner)
    yield Sight(path=f"/portal/interactions/{order.number}/", situation="order", viewer=theirs)
    yield Sight(path=f"/portal/interactions/{order.number}/sharing/", situation="order", viewer=theirs)


def set_aside(boss: User) -> Iterator[Sight]:
    """Mail that waits for a decision, somebody unknown, many at once, and a message that was sent."""
    message = InboundMessage.objects.filter(interaction=None).latest("pk")
    yield Sight(path=f"/console/triage/{message.pk}/", situation="normal", viewer=boss)
    unknown = Partner.objects.filter(status="prospect").earliest("pk")
    yield Sight(path=f"/console/triage/newcomers/{unknown.pk}/?q=Acme", situation="normal", viewer=boss)
    chosen = list(Interaction.objects.open().order_by("pk").values_list("pk", "version")[:3])
    rows = "&".join(f"row={pk}.{version}" for pk, version in chosen)
    yield Sight(path=f"/console/queue/bulk/?action=priority&{rows}", situation="asked", viewer=boss)
    wanted = Wanted(action=BatchAction.PRIORITY, priority=Priority.HIGH)
    batch = batches.ask(wanted, dict(chosen), actor=world.an_actor_for(boss), at=timezone.now())
    yield Sight(path=f"/console/queue/bulk/{batch.pk}/", situation="done", viewer=boss)
    fields = {"query": "view=mine", "created_at": timezone.now()}
    view, _ = SavedView.objects.get_or_create(owner=boss, name="Waits for us", defaults=fields)
    yield Sight(path=f"/console/queue/views/{view.pk}/", situation="normal", viewer=boss)
    if delivery := first_delivery():
        yield Sight(path=f"/console/deliveries/{delivery.pk}/", situation="normal", viewer=boss)


def first_delivery() -> Delivery | None:
    for _ in range(LONG_ENOUGH):
        if found := Delivery.objects.order_by("-pk").first():
            return found
        time.sleep(1)
    return None


def webhooks() -> Iterator[Sight]:
    """A partner's endpoints: one that is new, and what was sent to it."""
    partner = partners_by_matters()[0]
    theirs, role, now = administrator_of(partner), partner.roles.earliest("pk"), timezone.now()
    made = Subscription.objects.filter(role=role).first()
    if made is None:
        made = subscriptions.add(role, "https://hooks.example.com/bpi", actor=SYSTEM, at=now).subscription
        subscriptions.test(made, actor=SYSTEM, at=now)
    sent = made.deliveries.earliest("pk")
    for page in ("", "new/", f"{made.pk}/", f"{made.pk}/{sent.pk}/"):
        yield Sight(path=f"/portal/organisation/webhooks/{page}", situation="full", viewer=theirs)


def administration(boss: User) -> Iterator[Sight]:
    """People and keys of a partner, as both sides see them."""
    partner = partners_by_matters()[0]
    theirs = administrator_of(partner)
    place = partner.memberships.order_by("is_administrator", "pk")[0]
    role = partner.roles.earliest("pk")
    key = role.credentials.filter(name="Order system").first()
    if key is None:
        now = timezone.now()
        key = credentials.issue_client(
            role, "Order system", actor=SYSTEM, at=now, expires_at=now + timedelta(days=3)
        ).credential
    for base, viewer in ((f"/console/partners/{partner.pk}/", boss), ("/portal/organisation/", theirs)):
        pages = ("people/", "people/invite/", f"people/{place.pk}/", "access/", "access/new/", f"access/{key.pk}/")
        for page in pages:
            yield Sight(path=base + page, situation="full", viewer=viewer)
