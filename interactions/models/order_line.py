from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import LineState
from interactions.models.interaction import Interaction

OPEN_STATES = (LineState.ACKNOWLEDGED, LineState.IN_PROGRESS, LineState.HELD)
EXPLAINED = (LineState.HELD, LineState.CANCELLED, LineState.FAILED)


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def in_order(self) -> Self:
        return self.order_by("interaction_id", "number")


class OrderLine(models.Model):
    """One thing of several that an order asks for, delivered by itself; the whole shows the sum."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="order_lines", db_index=False, verbose_name=_("interaction")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    what = models.CharField(_("what"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    reference = models.CharField(_("id elsewhere"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=LineState, default=LineState.ACKNOWLEDGED)
    requested_date = models.DateField(_("wanted on"), null=True, blank=True)
    expected_date = models.DateField(_("expected on"), null=True, blank=True)
    done_date = models.DateField(_("done on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    changed_at = models.DateTimeField(_("last change"))

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["interaction", "number"], name="one_order_line_per_number"),
            models.CheckConstraint(name="order_line_asks_for_some", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="completed_order_line_has_its_day",
                condition=models.Q(state=LineState.COMPLETED, done_date__isnull=False)
                | ~models.Q(state=LineState.COMPLETED) & models.Q(done_date=None),
            ),
            models.CheckConstraint(
                name="order_line_says_why_it_stops",
                condition=~models.Q(state__in=EXPLAINED) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def counted(self) -> str:
        """What and how many, such as “250 pieces SIM card”."""
        return " ".join(filter(None, [f"{self.quantity.normalize():f}", self.unit, self.what]))
