from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from interactions.enums import PHASE_OF, Direction, Jeopardy, Phase, Side, Status, Visibility
from interactions.models.interaction_type import InteractionType
from interactions.models.reader import Reader
from interactions.models.slices import Slice
from interactions.models.team import Team
from interactions.models.type_version import TypeVersion
from partners.enums import ActorKind, AssuranceLevel, Channel, Permission, Priority
from partners.models import CalendarVersion, Partner, PartnerRole, PolicyVersion
from partners.payloads import Actor

MOST_INDEXED = 50_000  # characters: PostgreSQL refuses a search vector of more than 1 MB, and the row with it
BOUNCED = 3  # hand-overs from which on a matter bounces
REOPENED = 2  # or so many times reopened
HEARD_LAST = models.Q(partner_told_at=None) | models.Q(enterprise_told_at__gte=models.F("partner_told_at"))
ENDED = (Status.CLOSED, Status.CANCELLED, Status.ANNULLED)
DONE = (Status.RESOLVED, *ENDED)  # what needs nothing more of us


class Needed(models.TextChoices):
    """What the other side is asked for while we wait."""

    QUESTION = "question", _("An answer to a question")
    DOCUMENT = "document", _("A document")
    APPROVAL = "approval", _("An approval")


def administers(actor: Actor) -> bool:
    """Who administers a partner's people sees all of its matters, so that none is lost with who raised it."""
    return actor.kind == ActorKind.PARTNER and Permission.MANAGE_PEOPLE in actor.permissions


def shared_with(actor: Actor, place: str = "") -> models.Q:
    """Of a partner's matters those that the actor of the partner may know of; `place` leads to the interaction."""
    if administers(actor):
        return models.Q()
    shared = models.Q(**{f"{place}visibility": Visibility.COMPANY})
    if actor.user_id is not None:
        readers = Reader.objects.filter(interaction=models.OuterRef(f"{place}pk"), user=actor.user_id)
        shared |= models.Q(**{f"{place}created_by": actor.user_id})
        shared |= models.Q(**{f"{place}visibility": Visibility.NAMED}) & models.Q(models.Exists(readers))
    elif actor.client_id:
        shared |= models.Q(**{f"{place}created_by_client": actor.client_id})
    return shared


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def visible_to(self, actor: Actor) -> Self:
        """The data fence: representatives see all, a partner's side its own and nothing annulled, others nothing.

        What moves money is seen by those only whose role allows it, and what is not shared by whoever raised it.
        """
        if actor.is_representative:
            return self
        if actor.is_partner_side:
            return self.known_to(actor).exclude(status=Status.ANNULLED)
        return self.none()

    def known_to(self, actor: Actor) -> Self:
        """What somebody of a partner sees, with what was annulled since."""
        if not actor.is_partner_side or actor.partner_id is None:
            return self.none()
        own = self.filter(shared_with(actor), partner_id=actor.partner_id)
        return own.exclude(type__in=InteractionType.objects.closed_to(actor))

    def open(self) -> Self:
        return self.exclude(status__in=ENDED)

    def ended(self) -> Self:
        return self.filter(status__in=ENDED)

    def heard_last(self) -> Self:
        """In which the partner spoke last, and maybe more: silence that was broken by itself is told to both."""
        return self.filter(HEARD_LAST)

    def with_names(self) -> Self:
        """Everything a row of a list shows, in one query."""
        return self.select_related("partner", "type", "assignee", "team")


class Interaction(models.Model):
    """One matter between the enterprise and a partner, from first contact to formal close."""

    type = models.ForeignKey(
        InteractionType, on_delete=models.PROTECT, related_name="interactions", db_index=False, verbose_name=_("type")
    )
    type_version = models.ForeignKey(
        TypeVersion, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("version of the type")
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="interactions", db_index=False, verbose_name=_("partner")
    )
    role = models.ForeignKey(
        PartnerRole, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions", db_index=False,
        verbose_name=_("role"),
    )  # fmt: skip
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    channel = models.CharField(_("first channel"), max_length=10, choices=Channel)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.RECEIVED)
    status_changed_at = models.DateTimeField(_("status changed"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    subject = models.CharField(_("subject"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    values = models.JSONField(_("fields"), default=dict, blank=True)
    ball = models.CharField(_("whose turn"), max_length=20, choices=Side, default=Side.ENTERPRISE)
    ball_since = models.DateTimeField(_("whose turn since"), null=True)
    waiting_for = models.CharField(_("waiting for"), max_length=500, blank=True)
    waiting_kind = models.CharField(
        _("kind of what is needed"), max_length=20, choices=Needed, blank=True, default="", db_default=""
    )
    waiting_until = models.DateTimeField(_("answer expected by"), null=True, blank=True)
    unanswered_at = models.DateTimeField(_("silence of the partner is followed up"), null=True)
    unanswered_count = models.PositiveSmallIntegerField(_("times followed up"), default=0, db_default=0)
    resolution = models.TextField(_("resolution"), blank=True)
    resolution_code = models.CharField(_("kind of resolution"), max_length=60, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="interactions", db_index=False, verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned",
        db_index=False, verbose_name=_("assignee"),
    )  # fmt: skip
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("policy")
    )
    calendar = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text=_("What business time is counted on here, as it was when it began."),
        verbose_name=_("calendar"),
    )
    due_at = models.DateTimeField(_("due"), null=True, help_text=_("The nearest running promise."))
    jeopardy = models.CharField(
        _("jeopardy"), max_length=10, choices=Jeopardy, default=Jeopardy.ON_TRACK, db_default=Jeopardy.ON_TRACK
    )
    started_at = models.DateTimeField(_("started"), help_text=_("When it happened."))
    ended_at = models.DateTimeField(_("ended"), null=True)
    created_at = models.DateTimeField(_("recorded"))
    updated_at = models.DateTimeField(_("last change"))
    first_response_at = models.DateTimeField(_("first response"), null=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    close_due_at = models.DateTimeField(_("closes by itself"), null=True)
    partner_told_at = models.DateTimeField(_("partner last heard"), null=True)
    enterprise_told_at = models.DateTimeField(_("enterprise last heard"), null=True)
    silence_due_at = models.DateTimeField(_("silence broken by"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("created by"),
    )
    created_by_client = models.CharField(_("system that raised it"), max_length=100, blank=True)
    visibility = models.CharField(_("shared with"), max_length=10, choices=Visibility, default=Visibility.COMPANY)
    acting_role = models.CharField(_("role it was raised in"), max_length=100, blank=True)
    acting_level = models.PositiveSmallIntegerField(_("assurance level it was raised at"), default=0)
    response_seconds = models.PositiveBigIntegerField(_("to the first response, in business seconds"), null=True)
    response_elapsed = models.PositiveBigIntegerField(_("to the first response, in seconds"), null=True)
    resolution_seconds = models.PositiveBigIntegerField(_("to the solution, in business seconds"), null=True)
    resolution_elapsed = models.PositiveBigIntegerField(_("to the solution, in seconds"), null=True)
    enterprise_seconds = models.PositiveBigIntegerField(_("with us, in business seconds"), default=0, db_default=0)
    enterprise_elapsed = models.PositiveBigIntegerField(_("with us, in seconds"), default=0, db_default=0)
    partner_seconds = models.PositiveBigIntegerField(
        _("with the partner, in business seconds"), default=0, db_default=0
    )
    partner_elapsed = models.PositiveBigIntegerField(_("with the partner, in seconds"), default=0, db_default=0)
    third_party_seconds = models.PositiveBigIntegerField(
        _("with a third party, in business seconds"), default=0, db_default=0
    )
    third_party_elapsed = models.PositiveBigIntegerField(_("with a third party, in seconds"), default=0, db_default=0)
    paused_seconds = models.PositiveBigIntegerField(_("paused, in business seconds"), default=0, db_default=0)
    paused_elapsed = models.PositiveBigIntegerField(_("paused, in seconds"), default=0, db_default=0)
    hand_over_count = models.PositiveSmallIntegerField(_("times handed over"), default=0, db_default=0)
    reopen_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)
    phase = models.GeneratedField(
        expression=Case(
            *(When(status__in=[of for of in PHASE_OF if PHASE_OF[of] == phase], then=Value(phase)) for phase in Phase)
        ),
        output_field=models.CharField(max_length=20, choices=Phase),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=SearchVector("subject", Left("description", MOST_INDEXED), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [
            models.Index(fields=["partner", "-id"], name="interaction_of_partner"),
            # with what the fence of a partner asks for: a list is counted by this alone
            models.Index(
                fields=["partner", "phase", "-id"],
                include=["type", "status", "visibility", "created_by", "created_by_client"],
                name="interaction_of_partner_phase",
            ),
            models.Index(
                fields=["partner", "-partner_told_at", "-id"],
                condition=models.Q(partner_told_at__isnull=False),
                name="interaction_news_of_partner",
            ),
            models.Index(fields=["-enterprise_told_at"], condition=HEARD_LAST, name="interaction_heard_last"),
            models.Index(fields=["status", "-id"], name="interaction_by_status"),
            models.Index(fields=["updated_at", "id"], name="interaction_by_change"),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=~models.Q(status__in=ENDED),
                name="interaction_queue_of_team",
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=~models.Q(status__in=ENDED),
                name="interaction_queue_of_person",
            ),
            models.Index(fields=["due_at", "id"], condition=~models.Q(status__in=ENDED), name="interaction_queue"),
            models.Index(
                fields=["jeopardy", "due_at", "id"],
                condition=~models.Q(status__in=ENDED) & ~models.Q(jeopardy=Jeopardy.ON_TRACK),
                name="interaction_in_jeopardy",
            ),
            models.Index(fields=["silence_due_at"], condition=~models.Q(status__in=ENDED), name="interaction_silent"),
            models.Index(
                fields=["close_due_at"], condition=models.Q(close_due_at__isnull=False), name="interaction_to_close"
            ),
            models.Index(fields=["created_at"], condition=~models.Q(status__in=ENDED), name="interaction_ageing"),
            models.Index(
                fields=["updated_at"],
                condition=~models.Q(status__in=ENDED) & models.Q(ball=Side.ENTERPRISE),
                name="interaction_stuck",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=~models.Q(status__in=ENDED)
                & (models.Q(hand_over_count__gte=BOUNCED) | models.Q(reopen_count__gte=REOPENED)),
                name="interaction_bouncing",
            ),
            models.Index(
                fields=["unanswered_at"],
                condition=models.Q(unanswered_at__isnull=False),
                name="interaction_unanswered",
            ),
            models.Index(
                fields=["assignee", "-status_changed_at"],
                condition=models.Q(status__in=DONE, assignee__isnull=False),
                name="interaction_done_by_person",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=~models.Q(status__in=ENDED) & models.Q(assignee__isnull=True),
                name="interaction_of_nobody",
            ),
            GinIndex(Slice("id"), "search", name="interaction_words", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                name="ended_interaction_has_an_end",
                condition=~models.Q(status__in=ENDED) | models.Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_says_for_what", condition=~models.Q(status=Status.WAITING) | ~models.Q(waiting_for="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        """What people say on the phone; also the id in the API."""
        return f"BPI-{self.pk:07d}"

    @property
    def stream(self) -> str:
        """The interaction's stream in the track record."""
        return f"interaction:{self.pk}"

    @property
    def is_by_confirmed_address(self) -> bool:
        """Whether somebody who was not signed in handed it in on our pages, and then proved to read their mail."""
        is_inbound_on_web = self.channel == Channel.WEB and self.direction == Direction.INBOUND
        return is_inbound_on_web and self.acting_level == AssuranceLevel.NONE

    @property
    def is_company_wide(self) -> bool:
        """Whether everybody of the partner may know of it."""
        return self.visibility == Visibility.COMPANY

    def is_shared_with(self, actor: Actor) -> bool:
        """One matter, as `shared_with` says it of many; the partner is the same."""
        if self.is_company_wide or administers(actor):
            return True
        if actor.user_id is None:
            return bool(actor.client_id) and self.created_by_client == actor.client_id
        is_named = self.visibility == Visibility.NAMED and self.readers.filter(user=actor.user_id).exists()
        return self.created_by_id == actor.user_id or is_named

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED
