from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        """Absences that hold a date."""
        return self.filter(first_date__lte=day, last_date__gte=day)


class Absence(models.Model):
    """Dates on which somebody is away, and who stands in: may act for the other, which the record says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stands_in_during",
        verbose_name=_("substitute"),
        help_text=_("Sees the work of the absent person and acts for him or her."),
    )
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=models.Q(last_date__gte=models.F("first_date")),
                violation_error_message=_("An absence cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves",
                condition=models.Q(substitute=None) | ~models.Q(substitute=models.F("user")),
                violation_error_message=_("Choose somebody else as the substitute."),
            ),
        ]
        indexes = [models.Index(fields=["last_date"], name="absence_by_end")]

    def __str__(self) -> str:
        return f"{self.user} {self.first_date} … {self.last_date}"
