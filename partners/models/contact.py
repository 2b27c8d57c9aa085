from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from partners.enums import ContactMedium, ContactPurpose
from partners.models.partner import Partner


class ContactQuerySet(models.QuerySet["Contact"]):
    def in_force(self, on: date) -> Self:
        return self.filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=on),
            models.Q(valid_from=None) | models.Q(valid_from__lte=on),
        )

    def reached_at(self, medium: ContactMedium, key: str) -> Self:
        """Contacts with this address; `key` is a lower-case e-mail address or a number in E.164."""
        return self.filter(medium=medium, key=key)


class Contact(models.Model):
    """A way to reach a partner or one of its people, for a purpose and a period."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("partner"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    medium = models.CharField(_("medium"), max_length=10, choices=ContactMedium)
    value = models.CharField(_("address or number"), max_length=500)
    key = models.CharField(max_length=254, editable=False, help_text=_("The value in its one comparable form."))
    purpose = models.CharField(_("purpose"), max_length=20, choices=ContactPurpose, default=ContactPurpose.GENERAL)
    is_preferred = models.BooleanField(_("preferred"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["medium", "key"], name="contact_by_address"),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("key"), name="gin_trgm_ops"),
                name="contact_trigrams",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "medium", "key", "purpose"],
                name="one_contact_per_address_and_purpose",
                violation_error_message=_("This contact is already listed for this purpose."),
            ),
            models.CheckConstraint(
                name="contact_ends_after_it_starts",
                condition=models.Q(valid_until=None)
                | models.Q(valid_from=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("A contact cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.value
