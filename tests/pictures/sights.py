"""What there is to see: each page in its situations, and who looks at it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.urls import resolve
from django.utils import timezone

from interactions.domain import request_drafts
from interactions.enums import Direction, Status, StepStatus
from interactions.models import Attachment, Interaction, InteractionType, RequestDraft, Step
from interactions.payloads import File
from partners.enums import AssuranceLevel
from partners.models import Partner, User
from tests.factories import world
from tests.journeys.walking import page_names

AUDIENCES = ("console-", "portal-", "account_", "account-company:", "ask:", "invitation", "mfa_", "usersessions_")


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One page in one situation; `viewer` is None for somebody who is not signed in, else proven at `level`."""

    path: str
    situation: str
    viewer: User | None
    level: AssuranceLevel = AssuranceLevel.RESISTANT

    @property
    def name(self) -> str:
        return resolve(self.path.partition("?")[0]).view_name

    @property
    def file(self) -> str:
        return f"{self.name.replace(':', '.')}.{self.situation}"


def all_of(only: str = "") -> list[Sight]:
    """Every sight whose page's name begins so."""
    return [sight for sight in [*outside(), *console(), *portal()] if sight.name.startswith(only)]


def missing(sights: Iterable[Sight]) -> set[str]:
    """Named pages for people that no sight shows; addresses that only act are among them."""
    return {name for name in page_names() if name.startswith(AUDIENCES)} - {sight.name for sight in sights}


def outside() -> Iterator[Sight]:
    for path in ("/account/login/", "/account/password/reset/", "/account/password/reset/done/"):
        yield Sight(path=path, situation="normal", viewer=None)


def console() -> Iterator[Sight]:
    rosa = User.objects.filter(is_representative=True, is_superuser=True).earliest("pk")
    newcomer = newcomer_of_ours()
    for path in ("/console/work/", "/console/queue/", "/console/triage/", "/console/partners/"):
        yield Sight(path=path, situation="normal", viewer=rosa)
    yield Sight(path="/console/work/", situation="empty", viewer=newcomer)
    yield from arranged_and_led(rosa, newcomer)
    yield Sight(path="/console/queue/?view=mine", situation="empty", viewer=newcomer)
    yield Sight(path="/console/queue/?text=nothing+like+this", situation="filtered", viewer=rosa)
    yield Sight(path="/console/queue/?view=all&status=in_progress&filters=1", situation="full", viewer=rosa)
    for words, situation in (("invoice", "full"), ("acme", "names"), ("nothing like this", "empty")):
        yield Sight(path=f"/console/search/?q={words.replace(' ', '+')}", situation=situation, viewer=rosa)
    for situation, interaction in matters().items():
        yield Sight(path=f"/console/interactions/{interaction.number}/", situation=situation, viewer=rosa)
    long = matters()["long"]
    for part in ("peek/", "sheets/hand-over/", "record/", "history/status/", "snippets/"):
        yield Sight(path=f"/console/interactions/{long.number}/{part}", situation="normal", viewer=rosa)
    if file := Attachment.objects.filter(is_original=True).order_by("-pk").first():
        yield Sight(path=f"/console/files/{file.pk}/look/", situation="mail", viewer=rosa)
    for step in Step.objects.filter(status=StepStatus.OPEN).order_by("-pk")[:1]:
        path = f"/console/interactions/{step.interaction.number}/steps/{step.position}/pass-on/"
        yield Sight(path=path, situation="normal", viewer=rosa)
    busy = partners_by_matters()[0]
    for path in (
        f"/console/partners/{busy.pk}/",
        f"/console/calls/new/?partner={busy.pk}",
        f"/console/raise/?partner={busy.pk}",
    ):
        yield Sight(path=path, situation="full", viewer=rosa)
    for path in (
        "/console/mentions/",
        "/console/calls/new/",
        "/console/raise/",
        "/console/reports/",
        "/console/deliveries/",
        "/console/absences/",
    ):
        yield Sight(path=path, situation="normal", viewer=rosa)
    yield Sight(path="/console/components/", situation="normal", viewer=rosa)
    yield from account(rosa, "representative")


def portal() -> Iterator[Sight]:
    by_matters = partners_by_matters()
    viewers = {
        "empty": newcomer_of_a_partner(),
        "normal": administrator_of(by_matters[len(by_matters) // 2]),
        "full": administrator_of(by_matters[0]),
    }
    for situation, viewer in viewers.items():
        for path in (
            "/portal/",
            "/portal/interactions/",
            "/portal/interactions/new/",
            "/portal/documents/",
            "/portal/organisation/",
            "/portal/organisation/people/",
        ):
            yield Sight(path=path, situation=situation, viewer=viewer)
    yield Sight(path="/offline/", situation="normal", viewer=None)
    draft = begin_drafts_of(viewers["normal"])
    path = f"/portal/interactions/new/general-query/?draft={draft.pk}"
    yield Sight(path=path, situation="draft", viewer=viewers["normal"])
    for code in ("general-query", "fault-report"):
        yield Sight(path=f"/portal/interactions/new/{code}/", situation=code, viewer=viewers["full"])
    for situation, interaction in matters().items():
        viewer = administrator_of(interaction.partner)
        yield Sight(path=f"/portal/interactions/{interaction.number}/", situation=situation, viewer=viewer)
    long = matters()["long"]
    path = f"/portal/interactions/{long.number}/record/"
    yield Sight(path=path, situation="normal", viewer=administrator_of(long.partner))
    yield Sight(path="/portal/documents/?q=nothing+like+this", situation="filtered", viewer=viewers["full"])
    yield from account(viewers["normal"], "partner")


def begin_drafts_of(person: User) -> RequestDraft:
    """Two requests that are not sent yet, one with a file."""
    photo, actor, now = File(name="plug.jpg", content=b"\xff\xd8\xff"), world.an_actor_for(person), timezone.now()
    for code, subject, files in (("general-query", "Line 8 as well", [photo]), ("fault-report", "", [])):
        type_ = InteractionType.objects.get(code=code)
        if not RequestDraft.objects.visible_to(actor).filter(key=code).exists():
            filled = {"subject": [subject], "text": ["It crackles."]}
            request_drafts.keep(type_, code, filled, {"attachment": files}, version=0, actor=actor, at=now)
    return RequestDraft.objects.visible_to(actor).get(key="general-query")


def arranged_and_led(rosa: User, newcomer: User) -> Iterator[Sight]:
    """The queue as somebody arranged it, and the pages of a day and of a team."""
    for path in ("/console/work/day/", "/console/work/board/", "/console/work/load/"):
        yield Sight(path=path, situation="normal", viewer=leader_of_ours())
        yield Sight(path=path, situation="empty", viewer=newcomer)
    columns = "&".join(f"column={code}" for code in ("number", "status", "partner", "subject", "due", "team"))
    yield Sight(path=f"/console/queue/?view=all&{columns}&density=compact", situation="columns", viewer=rosa)
    yield Sight(path="/console/queue/look/", situation="normal", viewer=rosa)
    yield Sight(path="/console/queue/views/new/?view=open&channel=email", situation="normal", viewer=rosa)


def leader_of_ours() -> User:
    """Whoever leads a team."""
    return User.objects.filter(team_places__is_lead=True, is_active=True).earliest("pk")


def newcomer_of_ours() -> User:
    """A representative in no team, with nothing to do."""
    email = "nora.newcomer@example.org"
    return User.objects.filter(email=email).first() or world.a_representative("Nora Newcomer", email=email)


def newcomer_of_a_partner() -> User:
    """The administrator of a partner with whom nothing ever happened."""
    email = "fiona.fresh@fresh-start.example.org"
    found = User.objects.filter(email=email).first()
    partner = Partner.objects.filter(name="Fresh Start").first() or world.a_partner("Fresh Start")
    return found or world.a_person_of(partner, "Fiona Fresh", email=email, is_administrator=True)


def account(viewer: User, situation: str) -> Iterator[Sight]:
    for path in ("/account/2fa/", "/account/password/change/", "/account/sessions/", "/account/notices/"):
        yield Sight(path=path, situation=situation, viewer=viewer)


def matters() -> dict[str, Interaction]:
    """One interaction in each situation; the long one has been talked about most."""
    found = {str(status): Interaction.objects.filter(status=status).order_by("-pk").first() for status in Status}
    found["raised-by-us"] = Interaction.objects.filter(direction=Direction.OUTBOUND).order_by("-pk").first()
    talked_about = Interaction.objects.exclude(status=Status.ANNULLED).annotate(size=Count("items"))
    found["long"] = talked_about.order_by("-size", "-pk").first()
    with_steps = Interaction.objects.filter(status=Status.IN_PROGRESS).annotate(size=Count("steps"))
    found["steps"] = with_steps.order_by("-size", "-pk").first()
    hidden = str(Status.ANNULLED)
    return {situation: one for situation, one in found.items() if one is not None and situation != hidden}


def partners_by_matters() -> list[Partner]:
    """Partners with people of their own, the busiest first."""
    with_people = Partner.objects.filter(memberships__is_administrator=True).distinct()
    return sorted(with_people, key=lambda partner: -partner.interactions.count())


def administrator_of(partner: Partner) -> User:
    membership = partner.memberships.filter(user__is_active=True).order_by("-is_administrator", "pk").first()
    return membership.user if membership else world.a_person_of(partner)
