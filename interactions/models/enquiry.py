import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction import Interaction
from interactions.models.type_version import TypeVersion
from partners.payloads import Actor


def generated_name(_file: "EnquiryFile", _name: str) -> str:
    """Where a file waits: never under a name somebody else chose."""
    return f"enquiries/{uuid.uuid4().hex}"


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see what waits, nobody else."""
        return self if actor.is_representative else self.none()


class Enquiry(models.Model):
    """What somebody who is not signed in hands in; nothing comes of it until the address it names is confirmed.

    Of the link in the letter only a nonce is kept, which is worth nothing without our secret. Once confirmed, the
    words and files are in the interaction and no longer here.
    """

    type_version = models.ForeignKey(TypeVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("type"))
    address = models.CharField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    organisation = models.CharField(_("company"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    values = models.JSONField(_("fields"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    nonce = models.CharField(max_length=32, editable=False)
    asked_at = models.DateTimeField(_("handed in"))
    expires_at = models.DateTimeField(_("ends"), db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    interaction = models.OneToOneField(
        Interaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiry",
        verbose_name=_("interaction"),
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("unconfirmed request")
        verbose_name_plural = _("unconfirmed requests")
        constraints = [
            models.CheckConstraint(
                name="confirmed_enquiry_is_an_interaction",
                condition=models.Q(confirmed_at=None, interaction=None)
                | models.Q(confirmed_at__isnull=False, interaction__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class EnquiryFile(models.Model):
    """A file that waits with its enquiry."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="files", verbose_name=_("enquiry"))
    file = models.FileField(_("file"), upload_to=generated_name, max_length=200)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("content type"), max_length=100)

    class Meta:
        verbose_name = _("file of an unconfirmed request")
        verbose_name_plural = _("files of unconfirmed requests")

    def __str__(self) -> str:
        return self.name
