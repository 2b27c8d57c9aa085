from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from config import privileges


class Command(migrate.Command):
    """Migrations belong to the owner's role; afterwards the application's role gets its rights, and no more."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        only_looks = options["plan"] or options["check_unapplied"]
        if options["database"] == "owner" and not only_looks:
            privileges.grant("owner", privileges.application_role())
