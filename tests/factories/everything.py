"""A partner with a row in every table that can hold something of it, and one word in every text of them."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from interactions.domain import bank_details, changes, conversation, intake, orchestration, order_lines, ownership
from interactions.domain.changes import Wish
from interactions.domain.conversation import Saying
from interactions.enums import CallState, ChangeKind, LinkKind, MessageState, SegmentState, Side
from interactions.models import (
    Attachment,
    Batch,
    BatchAction,
    BatchRow,
    Call,
    CallerCheck,
    ClockSegment,
    ClockWarning,
    Desk,
    Draft,
    DraftFile,
    DraftMode,
    Enquiry,
    EnquiryFile,
    ExternalIdentifier,
    Interaction,
    Link,
    Mention,
    Note,
    Reader,
    Reference,
    RequestDraft,
    RequestDraftFile,
    SavedView,
    Snippet,
    Turn,
    Visit,
    Watcher,
)
from interactions.payloads import File, NewLine
from notifications.domain import preferences, subscriptions
from notifications.domain.preferences import Wishes
from notifications.enums import HubEvent, Medium, Pace, Topic
from notifications.models import Delivery, Subscription
from partners.domain import absences, fence, idempotency, onboarding, record
from partners.domain.fence import Side as FenceSide
from partners.domain.idempotency import Answer
from partners.enums import Channel
from partners.models import Checkpoint, Partner, RecordEntry, SignOnAnswer, SignOnIdentity, User
from partners.payloads import SYSTEM, Actor, Fact
from reporting.domain import periods, snapshots
from tests.factories.machines import a_client_of, a_device_of, a_token_for
from tests.factories.partners import AgreementFactory
from tests.factories.receivers import a_subscription
from tests.factories.sign_ons import a_sign_on
from tests.factories.world import (
    a_contact,
    a_person_of,
    a_policy,
    a_representative,
    a_team,
    a_type,
    an_actor_for,
    an_intake,
    an_interaction,
)

HOUR = timedelta(hours=1)
SEALS = ("root", "previous", "signature", "public_key")


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What there is of one partner."""

    partner: Partner
    person: User
    actor: Actor
    matter: Interaction
    token: str
    device_key: str
    endpoint: Subscription
    files: list[Attachment] = field(default_factory=list)

    @property
    def side(self) -> FenceSide:
        return fence.side_of(self.actor)


def everything_of(partner: Partner, word: str = "canary") -> Everything:
    """A person who administers the partner, its machines, and a matter with every part that a matter can have."""
    rosa = a_representative(f"Rosa {partner.pk}", team=a_team("front-desk"))
    person = a_person_of(partner, f"Olga {word}", email=f"olga-{partner.pk}@{word}.example.org", is_administrator=True)
    actor = an_actor_for(person)
    a_contact(partner, f"{word}-{partner.pk}@example.org")
    AgreementFactory.create(partner=partner, reference=f"{word}-{partner.pk}", title=f"Agreement {word}")
    a_policy(partner=partner, name=f"Promise {word}")
    account(person, word)
    sign_on(partner, person, word)
    absences.announce(
        person,
        first_date=timezone.now().date(),
        last_date=timezone.now().date(),
        substitute=None,
        actor=actor,
        at=timezone.now(),
    )
    roles = list(partner.roles.all())
    address = f"nina-{partner.pk}@{word}.example.org"
    onboarding.invite(partner, address, roles=roles, title=word, actor=actor, at=timezone.now())
    client, device = a_client_of(partner, f"System {word}"), a_device_of(partner, f"Device {word}")
    answer = Answer(status=201, body=word)
    idempotency.keep(f"client:{client.identifier}", f"key-{partner.pk}", bytes(32), answer)
    endpoint = a_subscription(partner, f"https://hooks.{word}.example/{partner.pk}").subscription
    matter = a_matter(partner, actor, an_actor_for(rosa), word)
    told(matter, endpoint, word)
    times(matter, word)
    remains(partner, person, rosa, matter, word)
    unsaid(matter, rosa, word)
    return Everything(
        partner=partner,
        person=person,
        actor=actor,
        matter=matter,
        token=a_token_for(client),
        device_key=device.key,
        endpoint=endpoint,
        files=list(Attachment.objects.filter(interaction=matter)),
    )


def account(person: User, word: str) -> None:
    """What the person's own account consists of."""
    person.groups.add(Group.objects.get_or_create(name="Readers")[0])
    person.user_permissions.add(Permission.objects.order_by("pk")[0])
    address = EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key=f"{word}-{person.pk}")
    RecoveryCodes.activate(person)
    preferences.choose(person, Wishes(paces={Topic.SAID: Pace.DAILY}))
    UserSession.objects.create(user=person, ip="192.0.2.7", session_key=f"{word}-{person.pk}"[:40], user_agent=word)


def sign_on(partner: Partner, person: User, word: str) -> None:
    """The partner's own identity provider, and what it said of the person."""
    provider = a_sign_on(partner, slug=f"{word}-{partner.pk}", client_id=word, roles={word: "dealer"})
    now = timezone.now()
    SignOnIdentity.objects.create(sign_on=provider, subject=word, user=person, used_at=now)
    digest = f"{word}-{partner.pk}"
    SignOnAnswer.objects.create(
        sign_on=provider, assertion=word, identity=word, ticket_digest=digest, received_at=now, ends_at=now
    )


def a_matter(partner: Partner, olga: Actor, rosa: Actor, word: str) -> Interaction:
    """One that was written into at every place."""
    now = timezone.now()
    front_desk, billing = a_team("front-desk"), a_team("billing")
    a_type("canary-query", plan=[("Check", front_desk)], has_lines=True)
    file = File(name=f"{word}.txt", content=word.encode(), content_type="text/plain")
    earlier = an_interaction(partner, subject=f"Earlier {word}", actor=olga)
    matter = an_interaction(partner, subject=f"Subject {word}", actor=olga, type="canary-query", files=(file,))
    conversation.note(matter, f"Note {word}", actor=rosa, at=now)
    saying = Saying(text=f"Reply {word}", side=Side.ENTERPRISE, channel=Channel.EMAIL, files=(file,))
    conversation.say(matter, saying, actor=rosa, at=now)
    orchestration.finish(matter.steps.get(), outcome=f"Outcome {word}", actor=rosa, at=now)
    matter.refresh_from_db()
    ownership.hand_over(matter, billing, reason=f"Reason {word}", actor=rosa, at=now)
    Link.objects.create(interaction=matter, other=earlier, kind=LinkKind.FOLLOW_UP)
    order_lines.add(matter, [NewLine(what=f"Line {word}")], actor=rosa, at=now)
    Reference.objects.create(interaction=matter, kind="Order", value=f"order-{word}", name=f"Order {word}")
    ExternalIdentifier.objects.create(interaction=matter, partner=partner, owner=word, value=f"external-{word}")
    matter.refresh_from_db()
    wish = Wish(kind=ChangeKind.CONTENT, wanted=f"Wanted {word}", reason=f"Wish {word}")
    changes.ask(matter, wish, actor=olga, at=now)
    matter.refresh_from_db()
    return matter


def told(matter: Interaction, endpoint: Subscription, word: str) -> None:
    """What one of its systems was told."""
    entry, now = RecordEntry.objects.filter(stream=matter.stream).order_by("pk")[0], timezone.now()
    given = subscriptions.delivery_of(endpoint, entry, HubEvent.CREATE, json.dumps({"told": word}), at=now)
    Delivery.objects.create(**given, interaction=matter, next_at=now, answer_code=500, answer=word)


def times(matter: Interaction, word: str) -> None:
    """What was counted of its promises, and whose turn it was."""
    clock, now = matter.clocks.order_by("pk")[0], timezone.now()
    while_ = {"began_at": now - HOUR, "ended_at": now, "counted": HOUR}
    ClockSegment.objects.create(clock=clock, state=SegmentState.PAUSED, reason=f"Paused {word}", **while_)
    ClockWarning.objects.create(clock=clock, round=9, share=50, told=[], at=now)
    Turn.objects.create(interaction=matter, side=Side.PARTNER, **while_)


def unsaid(matter: Interaction, rosa: User, word: str) -> None:
    """What we have written and not sent, with what we write again and again."""
    draft = Draft.objects.create(
        interaction=matter, author=rosa, mode=DraftMode.REPLY, text=word, saved_at=timezone.now()
    )
    DraftFile.objects.create(draft=draft, file=f"{word}.txt", name=word, content_type="text/plain", size=1)
    view = SavedView.objects.create(owner=rosa, name=f"View {word}", query="view=mine", created_at=timezone.now())
    Desk.objects.create(user=rosa, first_view=view)
    batch = Batch.objects.create(actor=rosa, level=1, action=BatchAction.CLOSE, words=word, asked_at=timezone.now())
    BatchRow.objects.create(batch=batch, interaction=matter, version=1, reason=word)
    Snippet.objects.create(name=f"{word}-{matter.pk}", text=word)
    Visit.objects.create(interaction=matter, user=rosa, at=timezone.now())
    Watcher.objects.create(interaction=matter, user=rosa, since=timezone.now())
    Mention.objects.create(note=Note.objects.filter(interaction=matter)[0], user=rosa)


def remains(partner: Partner, person: User, rosa: User, matter: Interaction, word: str) -> None:
    """What lies beside the matter: calls, mails as they came, notices on their way, traces of the admin, figures."""
    now = timezone.now()
    Reader.objects.create(interaction=matter, user=person)
    begun = RequestDraft.objects.create(
        partner=partner, author=person, type=matter.type, key=word, filled={"subject": [word]}, saved_at=now
    )
    RequestDraftFile.objects.create(draft=begun, file=word, name=word, size=1)
    bank_details.propose(partner, holder=word, iban="DE89370400440532013000", actor=an_actor_for(person), at=now)
    Call.objects.create(
        external_id=f"{word}-{partner.pk}", state=CallState.ENDED, caller=word, partner=partner, updated_at=now
    )
    CallerCheck.objects.create(partner=partner, representative=rosa, caller=word, code_address=word, started_at=now)
    enquiry = Enquiry.objects.create(
        type_version=matter.type_version,
        address=f"nadia@{word}.example.org",
        name=word,
        subject=word,
        asked_at=now,
        expires_at=now,
    )
    EnquiryFile.objects.create(enquiry=enquiry, file=word, name=word)
    mail = an_intake(
        f"Mail {word}", channel=Channel.EMAIL, external_id=f"{word}-{partner.pk}", sender=f"{word}@example.com"
    )
    intake.set_aside(mail, MessageState.QUARANTINED, reason=f"Reason {word}", actor=SYSTEM, at=now)
    Delivery.objects.create(
        entry=RecordEntry.objects.filter(partner=partner).order_by("pk")[0],
        interaction=matter,
        medium=Medium.EMAIL,
        address=f"{word}-{partner.pk}@example.org",
        subject=word,
        text=word,
        next_at=now,
        created_at=now,
    )
    fact = Fact(
        stream=partner.stream, event="partner.met", actor=SYSTEM, at=now, partner_id=partner.pk, texts={"name": word}
    )
    record.append(fact)
    LogEntry.objects.create(
        user=rosa,
        content_type=ContentType.objects.get_for_model(Partner),
        object_id=str(partner.pk),
        object_repr=word,
        action_flag=ADDITION,
    )
    Checkpoint.objects.create(number=partner.pk, at=now, heads=[], **dict.fromkeys(SEALS, b""))
    snapshots.rebuild(*periods.ending(now, 1), at=now)
