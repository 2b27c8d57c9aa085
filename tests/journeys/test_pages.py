"""Every page, as somebody with a screen reader, in the dark, or behind a strict proxy meets it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.domain import bank_details, batches, changes, conversation, lifecycle
from interactions.domain.batches import Wanted
from interactions.domain.changes import Wish
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import ChangeKind, Move, Side
from interactions.models import Approval, Attachment, Batch, BatchAction, InboundMessage, Interaction, SavedView
from interactions.payloads import File, NewLine
from notifications.domain import subscriptions
from notifications.models import Delivery, Subscription
from partners.domain import credentials, onboarding
from partners.enums import MONEY, AssuranceLevel, Channel, Priority
from partners.models import Partner, User
from partners.payloads import SYSTEM
from tests.factories.partners import AgreementFactory
from tests.factories.world import (
    PASSWORD,
    a_contact,
    a_partner,
    a_person_of,
    a_team,
    a_type,
    an_actor_for,
    an_administrator,
    an_interaction,
)
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.targets import TOUCH, unfit_for_a_phone
from tests.journeys.walking import Walk
from tests.journeys.windows import Windows
from tests.journeys.zooming import ZOOMED, faults_of

DESK = {"width": 1440, "height": 900}
ACTS = {  # addresses that only act or lead on, and files
    *(
        f"console-interactions:{name}"
        for name in ("move", "say", "assign", "hand_over", "priority", "accept", "reject")
    ),
    *(f"console-interactions:{name}" for name in ("take_step", "finish_step", "withdraw_absence", "original", "file")),
    *(
        f"console-interactions:{name}"
        for name in ("decide_change", "move_date", "join", "end_part", "change_lines", "add_lines")
    ),
    *(
        f"console-interactions:{name}"
        for name in (
            "take_back",
            "watch",
            "seen",
            "view_act",
            "people",
            "recipients",
            "menu",
            "draft",
            "draft_files",
            "remove_draft_file",
            "presence",
            "marking",
        )
    ),
    *("console-interactions:view_act", "console-interactions:take_back_batch", "console-interactions:queue_changes"),
    *("console-interactions:see_batch", "console-interactions:batch_lines"),
    *(f"console-interactions:{name}" for name in ("file_image", "file_pdf", "file_mail", "record_download")),
    "console-notifications:preview",
    *("portal-interactions:ask_change", "portal-interactions:withdraw_change"),
    *(
        "console-interactions:verify_caller",
        "console-notifications:redrive",
        "console-reporting:download",
        "console-interactions:interactions",
    ),
    *("portal-interactions:answer", "portal-interactions:move", "portal-interactions:file", "portal-partners:act_as"),
    *("portal-interactions:withdraw_account", "portal-interactions:record_download"),
    *("portal-interactions:keep_draft", "portal-interactions:discard_draft"),
    "portal-partners:unlink",
    *(
        "portal-notifications:act_on_webhook",
        "portal-notifications:rotate_webhook",
        "portal-notifications:webhook_again",
    ),
    *(
        f"{door}-partners:{name}"
        for door in ("console", "portal")
        for name in ("open_invitation", "rotate_key", "revoke_key")
    ),
}


@dataclass(frozen=True, kw_only=True)
class Town:
    """Somebody of each side, and a matter in each situation."""

    rosa: User
    paul: User
    matters: dict[str, Interaction]

    def path(self, audience: str, situation: str) -> str:
        return f"/{audience}/interactions/{self.matters[situation].number}/"


@pytest.fixture
def town(product: System) -> Town:
    rosa = an_administrator(team=a_team("front-desk"), password=PASSWORD)
    acme = a_partner("Acme Wholesale", handling_notes="Calls back within the hour.")
    paul = a_person_of(acme, is_administrator=True, password=PASSWORD)
    a_contact(acme, "+49 30 901820", user=paul, is_preferred=True)
    AgreementFactory.create(partner=acme)
    steps = [("Check", a_team("front-desk")), ("Deliver", a_team("fulfilment"))]
    a_type("sim-order", name="SIM order", plan=steps, has_lines=True)
    plan = File(name="plan.pdf", content=b"%PDF-1.4", content_type="application/pdf")
    subjects = {"new": "Port is down", "asked": "Wrong total", "solved": "Slow line", "closed": "Old question"}
    matters = {
        situation: an_interaction(acme, subject=subject, actor=an_actor_for(paul), files=[plan])
        for situation, subject in subjects.items()
    }
    matters["steps"] = an_interaction(
        acme, subject="Two hundred cards", type="sim-order", actor=an_actor_for(paul), lines=[NewLine(what="SIM card")]
    )
    lead_on(matters, rosa, paul)
    product.send_mail(mails.new("I am Rosa.", sender=rosa.email, subject="Believe me"))
    product.send_mail(
        mails.new(
            "May we resell?",
            sender="nadia@newcomer.example.org",
            subject="Reselling your lines in three countries, and what we need for it",
        )
    )
    product.mail_to(paul.email, "Please confirm")
    return Town(rosa=rosa, paul=paul, matters=matters)


def lead_on(matters: dict[str, Interaction], rosa: User, paul: User) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    saying = Saying(text="Thank you; one thing more.", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.ask(matters["asked"], saying, Words(waiting_for="The invoice copy"), actor=actor, at=now)
    wish = Wish(kind=ChangeKind.CONTENT, wanted="A hundred more", reason="The shop grows.")
    changes.ask(matters["steps"], wish, actor=an_actor_for(paul), at=now)
    conversation.note(matters["asked"], "They are often late.", actor=actor, at=now)
    for situation in ("solved", "closed"):
        words = Words(resolution="It is repaired.")
        lifecycle.make_move(matters[situation], Move.RESOLVE, actor=actor, at=now, words=words)
    lifecycle.make_move(matters["closed"], Move.CONFIRM, actor=an_actor_for(paul), at=now)


def an_account_waits(town: Town) -> Approval:
    """Acme proposed a bank account, and Rosa may approve it."""
    User.objects.filter(pk=town.rosa.pk).update(permissions=sorted(MONEY))
    actor, partner = an_actor_for(town.paul), town.matters["new"].partner
    account = bank_details.propose(
        partner, holder="Acme Inc.", iban="DE89370400440532013000", actor=actor, at=timezone.now()
    )
    approval: Approval = account.approvals.get()
    return approval


def a_batch_of(town: Town) -> Batch:
    versions = {matter.pk: 1 for matter in town.matters.values()}
    wanted = Wanted(action=BatchAction.PRIORITY, priority=Priority.HIGH)
    return batches.ask(wanted, versions, actor=an_actor_for(town.rosa), at=timezone.now())


def a_view_of(rosa: User) -> SavedView:
    return SavedView.objects.create(owner=rosa, name="Waits for us", query="view=mine", created_at=timezone.now())


def endpoints(town: Town) -> list[str]:
    """The pages of Acme's webhook endpoints: one that fails, with an event and its answer."""
    base, now = "/portal/organisation/webhooks/", timezone.now()
    role = town.paul.memberships.get().roles.get()
    made = subscriptions.add(role, "https://hooks.acme.example/bpi", actor=SYSTEM, at=now).subscription
    Subscription.objects.filter(pk=made.pk).update(failing_since=now)
    sent = subscriptions.test(made, actor=SYSTEM, at=now)
    Delivery.objects.filter(pk=sent.pk).update(state="failed", error="500: no success", answer_code=500, answer="Oh no")
    return [base, f"{base}new/", f"{base}{made.pk}/", f"{base}{made.pk}/{sent.pk}/"]


def administration(town: Town, base: str) -> list[str]:
    """The pages of Acme's people and keys, with somebody invited and a key of each kind."""
    (place,), role = town.paul.memberships.all(), town.paul.memberships.get().roles.get()
    now = timezone.now()
    key = credentials.issue_client(role, "Order system", actor=SYSTEM, at=now, expires_at=now + timedelta(days=3))
    onboarding.invite(
        place.partner, "nina@acme.example.org", roles=[role], name="Nina Acheson", actor=an_actor_for(town.rosa), at=now
    )
    paths = (
        "people/",
        f"people/{place.pk}/",
        "people/invite/",
        "access/",
        f"access/{key.credential.pk}/",
        "access/new/",
    )
    return [f"{base}/{path}" for path in paths]


@pytest.mark.timeout(300)  # some sixty pages, each looked at twice
def test_every_page_of_the_console_is_accessible_in_light_and_dark(
    product: System, windows: Windows, town: Town
) -> None:
    walk = Walk(page=windows.enter(town.rosa, level=AssuranceLevel.DOUBLE, viewport=DESK))
    partner = town.matters["new"].partner_id
    for path in (
        "/console/work/",
        "/console/work/day/",
        "/console/work/board/?by=member",
        "/console/work/load/",
        "/console/queue/?view=open&status=waiting",
        "/console/queue/?q=nothing+like+this",
        "/console/queue/?view=all&column=number&column=subject&column=due&column=changed&density=compact",
        "/console/queue/look/?view=mine",
        "/console/queue/views/new/?view=mine&status=waiting",
        f"/console/queue/views/{a_view_of(town.rosa).pk}/",
        f"/console/queue/bulk/?action=resolve&row={town.matters['new'].pk}.1",
        f"/console/queue/bulk/{a_batch_of(town).pk}/",
        "/console/search/?q=total",
        f"/console/calls/new/?number=%2B4930901820&partner={partner}",
        "/console/raise/?q=Acme",
        f"/console/raise/?partner={partner}",
        "/console/triage/",
        f"/console/triage/{InboundMessage.objects.filter(interaction=None).latest('pk').pk}/",
        f"/console/triage/newcomers/{Partner.objects.get(contacts__key='nadia@newcomer.example.org').pk}/?q=Acme",
        *(town.path("console", situation) for situation in town.matters),
        "/console/partners/",
        f"/console/partners/{partner}/",
        "/console/deliveries/",
        "/console/absences/",
        "/console/mentions/",
        *(town.path("console", "steps") + more for more in ("steps/1/pass-on/", "belonging/", "lines/", "details/")),
        *(
            town.path("console", "new") + more
            for more in ("sheets/move-resolve/", "record/", "history/status/", "snippets/")
        ),
        *(
            town.path("console", "new") + more
            for more in ("peek/", "promises/", f"promises/{town.matters['new'].clocks.latest('pk').pk}/")
        ),
        f"/console/files/{Attachment.objects.latest('pk').pk}/look/",
        f"/console/deliveries/{Delivery.objects.latest('pk').pk}/",
        "/console/reports/",
        "/console/components/",
        *administration(town, f"/console/partners/{partner}"),
        "/console/approvals/",
        f"/console/approvals/{an_account_waits(town).pk}/",
    ):
        walk.look(path)
    walk.page.goto(town.path("console", "new"))
    walk.page.keyboard.press("Control+k")
    walk.page.keyboard.type("a")
    walk.page.locator("#command-found [role=option]").first.wait_for()
    walk.judge("the command menu")
    zoomed = windows.enter(town.rosa, level=AssuranceLevel.DOUBLE, **ZOOMED)
    for path in ("/console/queue/?view=open", town.path("console", "steps")):
        walk.faults += faults_of(zoomed, path)
    phone = windows.enter(town.rosa, level=AssuranceLevel.DOUBLE, **TOUCH)
    steps = town.path("console", "steps")
    for path in ("/console/queue/?view=open", steps, f"{steps}belonging/", "/console/work/", "/console/calls/new/"):
        walk.faults += unfit_for_a_phone(phone, path)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.not_looked_at("console") - ACTS == set()


@pytest.mark.timeout(300)  # some sixty pages, each looked at twice
def test_every_page_of_the_portal_and_of_sign_in_is_accessible_in_light_and_dark(
    product: System, windows: Windows, town: Town
) -> None:
    outside = Walk(page=windows.open(viewport=DESK))
    newest = next(iter(sorted((product.var_dir / "mail").glob("*.eml"), reverse=True)))
    for path in ("/account/login/", "/account/password/reset/", "/dev/mail/", f"/dev/mail/{newest.stem}/"):
        outside.look(path)
    walk = Walk(page=windows.sign_in(town.paul, viewport=DESK))
    for path in (
        "/portal/",
        "/portal/interactions/",
        "/portal/interactions/?tab=closed",
        "/portal/interactions/new/",
        "/portal/documents/",
        "/portal/interactions/new/fault-report/",
        *(town.path("portal", situation) for situation in town.matters),
        *(town.path("portal", "new") + more for more in ("sharing/", "record/")),
        "/portal/organisation/",
        "/portal/organisation/sign-on/",
        "/account/2fa/",
        "/account/password/change/",
        "/account/sessions/",
        "/account/reading/",
        "/account/notices/",
    ):
        walk.look(path)
    administering = Walk(page=windows.enter(town.paul, level=AssuranceLevel.DOUBLE), seen=walk.seen)
    an_account_waits(town)
    for path in (
        *administration(town, "/portal/organisation"),
        *endpoints(town),
        *(f"/portal/organisation/{name}/" for name in ("bank-account", "approvals")),
    ):
        administering.look(path)
    faults = outside.faults + walk.faults + administering.faults + faults_of(windows.open(**ZOOMED), "/account/login/")
    zoomed = windows.enter(town.paul, level=AssuranceLevel.SINGLE, **ZOOMED)
    for path in ("/portal/", town.path("portal", "asked")):
        faults += faults_of(zoomed, path)
    phone = windows.enter(town.paul, level=AssuranceLevel.SINGLE, **TOUCH)
    for path in (
        "/portal/",
        "/portal/interactions/",
        town.path("portal", "asked"),
        "/portal/interactions/new/fault-report/",
    ):
        faults += unfit_for_a_phone(phone, path)
    assert not faults, "\n".join(faults)
    assert walk.not_looked_at("portal") - ACTS == set()
