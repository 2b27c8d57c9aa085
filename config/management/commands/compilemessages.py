"""Django's own command asks for gettext's tools; this one needs only Python."""

from typing import Any

from django.core.management.base import BaseCommand

from config import catalogues


class Command(BaseCommand):
    help = "Compiles the translations that are newer than what is there."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for compiled in catalogues.compile_new():
            if options["verbosity"]:
                self.stdout.write(f"Compiled {compiled.relative_to(catalogues.LOCALE)}")
