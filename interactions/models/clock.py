from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import ClockKind
from interactions.models.interaction import Interaction
from interactions.models.step import Step
from partners.models import CalendarVersion, PolicyVersion

PROMISED = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)  # by us to the partner
ANSWERS = (ClockKind.PARTNER_ANSWER, ClockKind.THIRD_PARTY_ANSWER)  # that we wait for
ONCE = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> Self:
        return self.filter(stopped_at=None, due_at__isnull=False)

    def paused(self) -> Self:
        return self.filter(stopped_at=None, due_at=None)

    def promised(self) -> Self:
        """What we promised the partner."""
        return self.filter(kind__in=PROMISED)

    def reaching(self, at: datetime) -> Self:
        """Clocks that have passed a threshold nobody was told of yet."""
        return self.filter(next_at__lt=at)


class Clock(models.Model):
    """A promise with a deadline, counted on one version of a business calendar; it can pause, with a reason.

    `counted` is the business time of its running segments that have ended; `since` is when the present segment began,
    running while there is a `due_at`, else paused. So `counted`, the open time from `since` to `due_at` and nothing
    else make up `within` and `extension`. `next_at` is when `next_share` per cent of that will have passed: 0 stands
    for the forecast, which says from then on that what is left to do takes longer than what is left of the time.
    """

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="clocks", db_index=False, verbose_name=_("interaction")
    )
    step = models.OneToOneField(Step, on_delete=models.CASCADE, null=True, related_name="clock", verbose_name=_("step"))
    kind = models.CharField(_("kind"), max_length=20, choices=ClockKind)
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("policy")
    )
    calendar = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("calendar")
    )
    within = models.DurationField(_("promised within"))
    extension = models.DurationField(_("moved by"), default=timedelta(0), db_default=timedelta(0))
    round = models.PositiveSmallIntegerField(_("times moved"), default=0, db_default=0)
    started_at = models.DateTimeField(_("started"))
    counted = models.DurationField(_("counted"), default=timedelta(0), db_default=timedelta(0))
    since = models.DateTimeField(_("since"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    paused_why = models.CharField(_("paused because"), max_length=500, blank=True)
    risk_at = models.DateTimeField(_("in jeopardy from"), null=True)
    is_forewarned = models.BooleanField(_("forecast told"), default=False, db_default=False)
    next_at = models.DateTimeField(_("next threshold"), null=True)
    next_share = models.PositiveSmallIntegerField(_("per cent then"), null=True)
    told_share = models.PositiveSmallIntegerField(_("per cent told"), default=0, db_default=0)
    breached_at = models.DateTimeField(_("breached"), null=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "kind"],
                condition=models.Q(step=None) & (models.Q(stopped_at=None) | models.Q(kind__in=ONCE)),
                name="one_clock_of_a_kind",
            ),
            models.CheckConstraint(
                name="clock_of_a_step_has_one",
                condition=models.Q(kind=ClockKind.STEP, step__isnull=False)
                | ~models.Q(kind=ClockKind.STEP) & models.Q(step=None),
            ),
            models.CheckConstraint(
                name="clock_runs_is_paused_or_stopped",
                condition=models.Q(stopped_at__isnull=False, since=None, next_at=None)
                | models.Q(stopped_at=None, since__isnull=False, due_at=None, next_at=None)
                | models.Q(stopped_at=None, since__isnull=False, due_at__isnull=False, paused_why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["interaction"], name="clock_of_interaction"),
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="clock_to_tell"),
        ]

    def __str__(self) -> str:
        return str(ClockKind(self.kind).label)

    @property
    def is_paused(self) -> bool:
        return self.stopped_at is None and self.due_at is None

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.due_at is not None

    @property
    def is_promised(self) -> bool:
        """Whether it is our promise to the partner."""
        return self.kind in PROMISED

    @property
    def is_answer(self) -> bool:
        """Whether it is the time that the other side has for an answer."""
        return self.kind in ANSWERS

    @property
    def warn_at(self) -> datetime | None:
        """From when on it is shown as at risk: since it is told of, else from its next threshold."""
        return self.started_at if self.told_share or self.is_forewarned else self.next_at

    @property
    def allowed(self) -> timedelta:
        return self.within + self.extension

    @property
    def left(self) -> timedelta:
        """Of the time allowed what the segments that have ended did not use; negative when they used more."""
        return self.allowed - self.counted
