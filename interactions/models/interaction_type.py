from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import Comparison, Direction, FieldKind, Subject
from interactions.models.team import Skill, Team
from partners.enums import MONEY, ActorKind, AssuranceLevel, Vertical
from partners.payloads import Actor
from partners.validators import validate_permission

FIELD_KEYS = {"name", "label", "kind", "required", "choices", "currencies", "refers_to", "help", "when"}


def validate_fields(fields: object) -> None:
    """Raise ValidationError unless `fields` is a list of fields, each asked for after what its condition is about.

    A field is {name, label, kind, required?, help?, when?}; a choice has choices, an amount may have currencies, a
    reference may say what it refers to.
    """
    if not isinstance(fields, list):
        raise ValidationError(_("Give a list of fields."))
    names: set[str] = set()
    for field in fields:
        if not isinstance(field, dict) or not {"name", "label", "kind"} <= field.keys() <= FIELD_KEYS:
            raise ValidationError(
                _("Each field needs name, label and kind; nothing else is known but what they allow.")
            )
        name = {"name": field["name"]}
        if not str(field["name"]).isidentifier() or field["name"] in names:
            raise ValidationError(_("“%(name)s” is not a usable field name, or is used twice.") % name)
        if field["kind"] not in FieldKind.values:
            raise ValidationError(_("“%(kind)s” is not a kind of field.") % {"kind": field["kind"]})
        if field["kind"] == FieldKind.CHOICE and not field.get("choices"):
            raise ValidationError(_("The choice “%(name)s” needs its choices.") % name)
        if field.get("refers_to", Subject.ORDER) not in Subject.values:
            raise ValidationError(_("“%(name)s” refers to something unknown.") % name)
        if (when := field.get("when")) is not None and not is_condition(when, names):
            raise ValidationError(_("“%(name)s” depends on a field that is not asked before it.") % name)
        names.add(field["name"])


def is_condition(when: object, names: set[str]) -> bool:
    """Whether it is {field, comparison, value} about one of the names."""
    if not isinstance(when, dict) or not {"field", "comparison"} <= when.keys() <= {"field", "comparison", "value"}:
        return False
    return when["field"] in names and when["comparison"] in Comparison.values


class InteractionTypeQuerySet(models.QuerySet["InteractionType"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def allowing(self, direction: Direction) -> Self:
        return self.filter(directions__contains=[direction])

    def closed_to(self, actor: Actor) -> Self:
        """What moves money, for those whose role does not allow it, and for machines, which prove no more than once."""
        closed = models.Q(permission__in=MONEY - actor.permissions)
        if actor.kind == ActorKind.MACHINE:
            closed |= models.Q(minimum_level__gt=actor.level)
        return self.filter(closed)

    def raised_by_partners(self) -> Self:
        return self.active().allowing(Direction.INBOUND).filter(partner_may_raise=True)


class InteractionType(models.Model):
    """A kind of matter: whose it is and who may raise it. What it asks for and its rules are in its versions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, help_text=_("Shown to partners when they choose."))
    vertical = models.CharField(_("vertical"), max_length=20, choices=Vertical)
    directions = ArrayField(models.CharField(max_length=10, choices=Direction), verbose_name=_("allowed directions"))
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="types", verbose_name=_("team"), help_text=_("Who owns it.")
    )
    skill = models.ForeignKey(
        Skill,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("skill"),
        help_text=_("What the owner must be able to do, where the team gives work to its people."),
    )
    partner_may_raise = models.BooleanField(_("partners may raise it"), default=True)
    login_needed = models.BooleanField(_("login needed"), default=True)
    minimum_level = models.PositiveSmallIntegerField(
        _("minimum assurance level"),
        choices=AssuranceLevel,
        default=AssuranceLevel.SINGLE,
        help_text=_("How strongly a partner must have proven who acts, to raise such a matter or work on it."),
    )
    permission = models.CharField(
        _("permission"),
        max_length=60,
        blank=True,
        validators=[validate_permission],
        help_text=_("What a role must allow, beside raising matters at all, to raise such a matter or work on it."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = InteractionTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction type")
        verbose_name_plural = _("interaction types")

    def __str__(self) -> str:
        return self.name

    @property
    def is_guarded(self) -> bool:
        """Whether what is said in such a matter is for those who proved more than once who they are: not for mails."""
        return self.minimum_level > AssuranceLevel.SINGLE
