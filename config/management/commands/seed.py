from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import accounts, filling, making
from config.demo.world import PASSWORD
from reporting.domain import periods, snapshots

COUNTED_DAYS = 100  # the stories reach back 90 days, and a little further where they begin


class Command(BaseCommand):
    """Every person of it has the same password, which is printed: never for an installation that others can reach."""

    requires_system_checks: list[str] = []
    help = "Makes a believable demo world, once; with --interactions N it adds N more interactions fast."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stories", type=int, default=making.STORIES, help="how many matters of the last 90 days")
        parser.add_argument("--interactions", type=int, default=0, help="how many further interactions, made in bulk")
        parser.add_argument("--items", type=int, default=0, help="items of each of these; 1 to 4 if not given")
        parser.add_argument("--force", action="store_true", help="also where DEVELOPMENT is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEVELOPMENT or options["force"]):
            raise CommandError(
                "This makes accounts with a known password. It is for development (DEVELOPMENT=true); "
                "add --force if this really is a place for that."
            )
        call_command("load_defaults", verbosity=0)
        told = options["verbosity"] > 0
        is_new = making.make(stories=options["stories"], now=timezone.now())
        making.tell_how_to_get_in(at=timezone.now())
        self.tell(told, "The demo world is made." if is_new else "The demo world is there already.")
        self.tell(told, f"All its people have the password {PASSWORD}; see {accounts.file()}.")
        if options["interactions"]:
            seconds = filling.fill(options["interactions"], items=options["items"] or None, now=timezone.now())
            self.tell(told, f"Added {options['interactions']:,} interactions in {seconds:.0f} s.")
        if is_new or options["interactions"]:
            snapshots.rebuild(*periods.ending(timezone.now(), COUNTED_DAYS), at=timezone.now())

    def tell(self, told: bool, text: str) -> None:
        if told:
            self.stdout.write(text)
