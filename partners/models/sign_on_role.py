from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.role_kind import RoleKind
from partners.models.single_sign_on import SingleSignOn


class SignOnRole(models.Model):
    """What one word in the provider's claim of roles means here; a word that stands nowhere means nothing."""

    sign_on = models.ForeignKey(
        SingleSignOn, on_delete=models.CASCADE, related_name="meanings", verbose_name=_("sign on")
    )
    value = models.CharField(_("value"), max_length=200, help_text=_("As the provider sends it, letter by letter."))
    role_kind = models.ForeignKey(RoleKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))

    class Meta:
        verbose_name = _("role by single sign-on")
        verbose_name_plural = _("roles by single sign-on")
        constraints = [
            models.UniqueConstraint(
                fields=["sign_on", "value", "role_kind"],
                name="one_meaning_per_value_and_role",
                violation_error_message=_("This value means this role already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} → {self.role_kind}"
