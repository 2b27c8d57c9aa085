from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.enums import Permission
from partners.models.staff_role import StaffRole
from partners.validators import validate_permission, validate_time_zone


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; the address is compared without regard to case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, is_representative=True, **fields)

    def at_work(self) -> models.QuerySet["User"]:
        """Representatives whom work may be given: neither gone, nor here only to look."""
        works = models.Q(staff_role=None) | models.Q(staff_role__permissions__contains=[Permission.WORK])
        return self.filter(works, is_representative=True, is_active=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: a representative of the enterprise, or somebody acting for partners."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    time_zone = models.CharField(_("time zone"), max_length=63, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    is_representative = models.BooleanField(
        _("representative"), default=False, help_text=_("Works for the enterprise and uses the console.")
    )
    staff_role = models.ForeignKey(
        StaffRole,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("here as"),
        help_text=_("Empty for a representative who works on matters."),
    )
    permissions = ArrayField(
        models.CharField(max_length=60, validators=[validate_permission]),
        verbose_name=_("may also"),
        default=list,
        blank=True,
        help_text=_("What a representative may do beyond everyday work: what moves money."),
    )
    acting_as = models.CharField(max_length=40, blank=True, default="", editable=False)  # `access.choice_key`
    panes = ArrayField(models.CharField(max_length=20), default=list, db_default=[], editable=False)  # folded or open
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="user_trigrams",
            )
        ]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
