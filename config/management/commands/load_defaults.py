from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from interactions.domain import defaults as interaction_defaults
from partners.domain import defaults as partner_defaults


class Command(BaseCommand):
    """Run it after every migration: it adds what is missing and changes nothing that is there."""

    help = "Adds the role kinds, calendars, policies, teams, plans and types that an installation starts with."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            added = partner_defaults.load() | interaction_defaults.load()
        if options["verbosity"] > 0:
            told = ", ".join(f"{count} {what}" for what, count in added.items() if count)
            self.stdout.write(f"Added {told}." if told else "Nothing to add.")
