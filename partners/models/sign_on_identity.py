from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.single_sign_on import SingleSignOn
from partners.payloads import Actor


class SignOnIdentityQuerySet(models.QuerySet["SignOnIdentity"]):
    def visible_to(self, actor: Actor) -> Self:
        """As far as the sign-ons that know them."""
        return self.filter(sign_on__in=SingleSignOn.objects.visible_to(actor))


class SignOnIdentity(models.Model):
    """Whom a provider means by its lasting name for a person; found by it from the second sign-in on."""

    sign_on = models.ForeignKey(
        SingleSignOn, on_delete=models.CASCADE, related_name="identities", verbose_name=_("sign on")
    )
    subject = models.CharField(_("name at the provider"), max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="identities", verbose_name=_("person")
    )
    created_at = models.DateTimeField(_("first sign-in"), auto_now_add=True)
    used_at = models.DateTimeField(_("last sign-in"))

    objects = SignOnIdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of a single sign-on")
        verbose_name_plural = _("people of single sign-ons")
        constraints = [
            models.UniqueConstraint(fields=["sign_on", "subject"], name="one_person_per_subject"),
            models.UniqueConstraint(fields=["sign_on", "user"], name="one_subject_per_person"),
        ]

    def __str__(self) -> str:
        return self.subject
