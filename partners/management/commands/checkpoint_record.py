from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from partners.domain import checkpoints


class Command(BaseCommand):
    help = "Sign what changed in the track record since the last checkpoint and write it outside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        written = checkpoints.catch_up(
            checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE), settings.CHECKPOINT_DIR, at=timezone.now()
        )
        self.stdout.write(f"{written} checkpoint files written to {settings.CHECKPOINT_DIR}.")
