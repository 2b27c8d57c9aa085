from typing import Any

from django.core.management.base import BaseCommand

from partners.domain import secrecy


class Command(BaseCommand):
    help = "Encrypt every stored secret with the first of ENCRYPTION_KEYS; afterwards the other keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in secrecy.renew_all().items():
            self.stdout.write(f"{count} {name}")
