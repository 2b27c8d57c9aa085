from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate

from config import fence, privileges


class Command(migrate.Command):
    """Migrations belong to the owner's role; afterwards the application's roles get their rights, and no more."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        gives_rights = options["database"] == "owner" and not (options["plan"] or options["check_unapplied"])
        application = privileges.application_role()
        if gives_rights and (absent := privileges.absent_roles("owner", application)):
            raise CommandError(
                f"The database role {' and '.join(absent)} is not there; docs/fence.md says how to make it."
            )
        super().handle(*args, **options)
        if gives_rights:
            privileges.grant("owner", application)
            fence.build("owner", application)
