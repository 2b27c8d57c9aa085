"""What the fields of a type hold, and how a condition looks at them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What a field of an interaction type holds."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    CHOICE = "choice", _("Choice")
    DATE = "date", _("Date")
    AMOUNT = "amount", _("Amount")
    REFERENCE = "reference", _("Reference")
    FILE = "file", _("File")


class Comparison(models.TextChoices):
    """How a condition looks at the value of a field."""

    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    ONE_OF = "one_of", _("is one of")
    FILLED = "filled", _("is filled in")
    EMPTY = "empty", _("is empty")
    AT_LEAST = "at_least", _("is at least")
    BELOW = "below", _("is below")


class Subject(models.TextChoices):
    """What a reference leads to in another system."""

    ORDER = "order", _("Order")
    BILL = "bill", _("Bill")
    SERVICE = "service", _("Service")
    TICKET = "ticket", _("Ticket")
    AGREEMENT = "agreement", _("Agreement")
