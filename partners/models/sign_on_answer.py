from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.encryption import EncryptedTextField
from partners.models.single_sign_on import SingleSignOn


class SignOnAnswer(models.Model):
    """A SAML assertion that arrived, kept until it has run out: it counts once.

    A provider posts it from its own site, where the browser brings no session along. The browser is sent on with a
    ticket, of which only a digest is kept, and comes back with its session to collect what the assertion said.
    """

    sign_on = models.ForeignKey(
        SingleSignOn, on_delete=models.CASCADE, related_name="answers", verbose_name=_("sign on")
    )
    assertion = models.CharField(_("assertion"), max_length=255)
    in_response_to = models.CharField(_("in response to"), max_length=255, blank=True)
    identity = EncryptedTextField(_("identity"))
    ticket_digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"))
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    collected_at = models.DateTimeField(_("collected"), null=True)

    class Meta:
        verbose_name = _("answer of a single sign-on")
        verbose_name_plural = _("answers of single sign-ons")
        constraints = [models.UniqueConstraint(fields=["sign_on", "assertion"], name="an_assertion_counts_once")]

    def __str__(self) -> str:
        return self.assertion
