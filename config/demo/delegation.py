"""What is delegated in the demo world: keys, invitations, substitutes, approvals, and a caller who was verified."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.demo.work import answers, first_open, representative, steps_of
from config.demo.world import Company, World
from interactions.domain import bank_details, caller_checks, caller_facts, intake, orchestration
from interactions.enums import Direction, StepKind, Visibility
from interactions.payloads import Intake
from partners.domain import absences, credentials, onboarding
from partners.enums import AssuranceLevel, Channel
from partners.models import User
from partners.payloads import SYSTEM

SOON, LATER = timedelta(days=9), timedelta(days=200)


def arrange(world: World, *, now: datetime) -> None:
    """Everything that somebody looks after in the portal or the console, in each state once."""
    acme = company(world, "Acme Wholesale")
    invite(acme, now=now)
    make_keys(acme, company(world, "Bluebird Towers"), now=now)
    keep_and_share(acme, now=now)
    pay_to(world, company(world, "Globex Networks"), acme, now=now)
    await_approval(world, company(world, "Sunny Mobile"), now=now)
    verify_a_caller(world, acme, now=now)
    send_away(world, now=now)


def company(world: World, name: str) -> Company:
    return next(one for one in world.companies if one.partner.name == name)


def invite(acme: Company, *, now: datetime) -> None:
    """Somebody new is invited by the administrator, and has not come yet."""
    invitation = onboarding.invite(
        acme.partner,
        f"nina.acheson@{acme.domain}",
        name="Nina Acheson",
        title="Capacity planning",
        roles=list(acme.roles.values()),
        actor=acme.actor(acme.people[0], next(iter(acme.roles))),
        at=now - timedelta(days=2),
    )
    invitation.next_at, invitation.sent_at = None, now - timedelta(days=2)
    invitation.save(update_fields=["next_at", "sent_at"])


def make_keys(acme: Company, towers: Company, *, now: datetime) -> None:
    """One that ends soon, and one that was revoked; those whose secrets are told are made apart."""
    role, site = acme.roles["wholesaler"], towers.roles["infrastructure-provider"]
    credentials.issue_client(role, "Invoice dispatch", actor=SYSTEM, at=now, expires_at=now + SOON)
    old = credentials.issue_client(role, "Old billing system", actor=SYSTEM, at=now, expires_at=now + LATER)
    credentials.revoke(old.credential, actor=SYSTEM, at=now)
    credentials.issue_device_key(site, "Site monitor HAM-131", actor=SYSTEM, at=now, expires_at=now + LATER)


def keep_and_share(acme: Company, *, now: datetime) -> None:
    """A matter that one person keeps, and one shared with a colleague."""
    paul, grace = acme.people[0], acme.people[1]
    for person, subject, visibility, readers in (
        (grace, "Change of the person who signs for us", Visibility.OWN, ()),
        (grace, "Draft terms for next year, before we show them around", Visibility.NAMED, (paul.pk,)),
    ):
        matter = Intake(
            channel=Channel.WEB,
            direction=Direction.INBOUND,
            subject=subject,
            text=f"{subject}. Please keep it among us for now.",
            happened_at=now - timedelta(days=1),
            type_code="general-query",
            visibility=visibility,
            readers=readers,
        )
        intake.receive(matter, actor=acme.actor(person, "wholesaler"), at=now - timedelta(days=1))


def pay_to(world: World, globex: Company, acme: Company, *, now: datetime) -> None:
    """One company is paid to an account that was approved, another proposed a new one."""
    administrator = world.administrator
    for one, iban, is_approved in (
        (globex, "GB82 WEST 1234 5698 7654 32", True),
        (acme, "DE89 3704 0044 0532 0130 00", False),
    ):
        actor = replace(one.actor(one.people[0], next(iter(one.roles))), level=AssuranceLevel.DOUBLE)
        account = bank_details.propose(
            one.partner, holder=one.partner.legal_name, iban=iban, actor=actor, at=now - timedelta(days=3)
        )
        if is_approved:
            approval = account.approvals.get()
            said = "Called Harriet back on the number we have."
            actor = representative(administrator)
            bank_details.decide(approval, approves=True, reason=said, actor=actor, at=now - timedelta(days=2))


def await_approval(world: World, sunny: Company, *, now: datetime) -> None:
    """A settlement and a credit that were prepared and wait for a second person."""
    actor = representative(world.teams["billing"][0])
    settlement = Intake(
        channel=Channel.WEB,
        direction=Direction.OUTBOUND,
        subject="Settlement of the last quarter: statement for your approval",
        text="Enclosed is the statement: traffic both ways, net amount 48,112.40 EUR in your favour.",
        happened_at=now - timedelta(days=1),
        type_code="settlement-approval",
        partner_id=sunny.partner.pk,
        values={"amount": "48112.40 EUR", "period": "last quarter"},
    )
    credit = replace(
        settlement,
        subject="Credit for the outage of the route to Porto",
        text="For the fourteen hours in which the route was down we credit 1,250.00 EUR, as agreed.",
        type_code="credit",
        values={"bill": "2026-0417", "cause": "Promise not kept", "amount": "1250.00 EUR"},
    )
    for matter, said in ((settlement, "The traffic of both sides agrees."), (credit, "The outage is in the record.")):
        interaction = intake.receive(matter, actor=actor, at=now - timedelta(days=1)).interaction
        while interaction is not None and (step := first_open(steps_of(interaction))) and step.kind == StepKind.WORK:
            orchestration.finish(step, outcome=said, values=answers(step, said), actor=actor, at=now)


def verify_a_caller(world: World, acme: Company, *, now: datetime) -> None:
    """Somebody called, was called back at a number on file, and asked about a matter."""
    rosa = representative(world.representatives[1])
    at = now - timedelta(hours=3)
    caller = acme.people[1]
    check = caller_checks.begin(acme.partner, caller=caller.name, actor=rosa, at=at)
    lines = caller_facts.phones(acme.partner, at=at)
    if not lines:
        return
    check = caller_checks.call_back(check, lines[0].key, is_reached=True, actor=rosa, at=at)
    call = Intake(
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        subject="When is the next invoice run?",
        text="She asked when the next invoice run is; told her the 3rd.",
        happened_at=at,
        ended_at=at + timedelta(minutes=4),
        type_code="general-query",
        partner_id=acme.partner.pk,
        sender_name=caller.name,
        is_closed_at_once=True,
        resolution="Told her the 3rd.",
    )
    received = intake.receive(call, actor=rosa, at=at + timedelta(minutes=4))
    if received.interaction is not None and received.item is not None:
        caller_checks.attach(check, received.interaction, received.item, actor=rosa, at=at + timedelta(minutes=4))


def send_away(world: World, *, now: datetime) -> None:
    """Somebody is away just now, and a colleague does the work for them."""
    absent, substitute = (user_named(world, name) for name in ("Jonas Feld", "Tom Okafor"))
    today = now.date()
    absences.announce(
        absent, first_date=today, last_date=today + timedelta(days=2), substitute=substitute, actor=SYSTEM, at=now
    )


def user_named(world: World, name: str) -> User:
    return next(user for user in world.representatives if user.name == name)
