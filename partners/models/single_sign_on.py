from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, SecondFactorClaim, SignOnKind
from partners.models.encryption import EncryptedTextField
from partners.models.partner import Partner
from partners.payloads import Actor
from partners.validators import validate_certificates, validate_domain


class SingleSignOnQuerySet(models.QuerySet["SingleSignOn"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side its own, anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        return self.none()

    def of_partners(self) -> Self:
        """Those whose partner has not ended, whether they are open or still being set up."""
        return self.exclude(partner__status=PartnerStatus.ENDED)

    def active(self) -> Self:
        return self.filter(is_active=True, partner__status=PartnerStatus.ACTIVE)

    def required(self) -> Self:
        """Those that are the only way in for people of their partner."""
        return self.filter(is_active=True, is_required=True)

    def speaking_for(self, domain: str) -> Self:
        """Those that staff let speak for addresses of a domain."""
        return self.active().filter(domains__contains=[domain])


class SingleSignOn(models.Model):
    """A partner's own identity provider, by which its people sign in; everything about it is the partner's data."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sign_ons", verbose_name=_("partner"))
    name = models.CharField(_("name"), max_length=100, help_text=_("As people see it: “Sign in with Acme”."))
    slug = models.SlugField(
        _("address"), max_length=60, unique=True, help_text=_("The end of the partner's own sign-in address.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SignOnKind)
    issuer = models.CharField(
        _("issuer"),
        max_length=500,
        help_text=_("Exactly as the provider names itself: the issuer of OpenID Connect, the entity id of SAML."),
    )
    client_id = models.CharField(_("client id"), max_length=200, blank=True)
    client_secret = EncryptedTextField(_("client secret"), blank=True)
    scopes = models.CharField(_("scopes"), max_length=200, blank=True, default="openid profile email")
    sign_in_url = models.URLField(
        _("sign-in address"), max_length=500, blank=True, help_text=_("Where SAML requests are sent by redirect.")
    )
    certificates = models.TextField(
        _("certificates"),
        blank=True,
        validators=[validate_certificates],
        help_text=_("What the provider signs with (PEM); several while it changes them."),
    )
    signing_key = EncryptedTextField(_("our private key"), blank=True, editable=False)
    signing_certificate = models.TextField(_("our certificate"), blank=True, editable=False)
    next_key = EncryptedTextField(_("our next private key"), blank=True, default="", editable=False)
    next_certificate = models.TextField(_("our next certificate"), blank=True, default="", editable=False)
    subject_claim = models.CharField(_("claim of the lasting name"), max_length=200, blank=True)
    email_claim = models.CharField(_("claim of the e-mail address"), max_length=200, blank=True)
    name_claim = models.CharField(_("claim of the person's name"), max_length=200, blank=True)
    roles_claim = models.CharField(_("claim of the roles"), max_length=200, blank=True)
    second_factor_claim = models.CharField(
        _("claim of two factors"), max_length=10, choices=SecondFactorClaim, blank=True, default=SecondFactorClaim.AMR
    )
    second_factor_values = ArrayField(
        models.CharField(max_length=300), verbose_name=_("values that mean two factors"), default=list, blank=True
    )
    domains = ArrayField(
        models.CharField(max_length=253, validators=[validate_domain]),
        verbose_name=_("domains"),
        default=list,
        blank=True,
        help_text=_("Whose e-mail addresses this provider may speak for. Enter one only after checking it is theirs."),
    )
    creates_people = models.BooleanField(
        _("makes accounts"), default=False, help_text=_("Somebody new with a role of theirs gets an account at once.")
    )
    accepts_unasked = models.BooleanField(
        _("may start by itself"), default=False, help_text=_("SAML answers that nobody asked for are taken as well.")
    )
    is_active = models.BooleanField(_("active"), default=False)
    is_required = models.BooleanField(
        _("the only way in"), default=False, help_text=_("People of this partner act for it through nothing else.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SingleSignOnQuerySet.as_manager()

    class Meta:
        verbose_name = _("single sign-on")
        verbose_name_plural = _("single sign-ons")
        indexes = [GinIndex(fields=["domains"], name="sign_on_by_domain")]
        constraints = [
            models.CheckConstraint(
                name="sign_on_knows_its_provider",
                condition=models.Q(kind=SignOnKind.OPENID) & ~models.Q(client_id="")
                | models.Q(kind=SignOnKind.SAML) & ~models.Q(sign_in_url="") & ~models.Q(certificates=""),
                violation_error_message=_(
                    "OpenID Connect needs a client id; SAML needs the sign-in address and a certificate."
                ),
            ),
            models.CheckConstraint(
                name="required_sign_on_is_active",
                condition=models.Q(is_required=False) | models.Q(is_active=True),
                violation_error_message=_("Only an active sign-on can be the only way in."),
            ),
            models.CheckConstraint(
                name="active_saml_has_our_key",
                condition=models.Q(is_active=False)
                | ~models.Q(kind=SignOnKind.SAML)
                | ~models.Q(signing_certificate=""),
                violation_error_message=_("SAML needs a key pair of ours."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether people come in by it now; until then its partner and staff can only try it."""
        return self.is_active and self.partner.status == PartnerStatus.ACTIVE

    @property
    def is_saml(self) -> bool:
        return self.kind == SignOnKind.SAML
