from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from partners.domain import exports


class Command(BaseCommand):
    help = "Write the track record with its checkpoints to a folder, where verify_record --export can check it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--stream", help="only this stream, such as interaction:42")

    def handle(self, *args: Any, **options: Any) -> None:
        written = exports.write(options["folder"], stream=options["stream"], checkpoint_folder=settings.CHECKPOINT_DIR)
        key = exports.installation_key(settings.CHECKPOINT_KEY_FILE)
        self.stdout.write(f"{written:,} entries written to {options['folder']}.")
        if key:
            self.stdout.write(f"The installation's public key is {key.hex()}.")
