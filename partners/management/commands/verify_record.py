from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.domain import exports, verification
from partners.errors import RecordBroken


class Command(BaseCommand):
    help = "Check that the track record is complete and unchanged; names the first bad entry and exits with 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", help="only this stream, such as interaction:42")
        parser.add_argument("--export", type=Path, metavar="FOLDER", help="check an export, without the database")
        parser.add_argument("--checkpoints", type=Path, default=settings.CHECKPOINT_DIR, metavar="FOLDER")
        parser.add_argument("--public-key", metavar="HEX", help="the installation's public key; read from its key file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self.verify(options)
        except RecordBroken as broken:
            raise CommandError(f"The record is broken. {broken}.", returncode=1) from broken
        self.stdout.write(
            f"The record is complete and unchanged: {found.entries:,} entries in {found.streams:,} streams, "
            f"{found.promised:,} of them confirmed by signed checkpoints."
        )

    def verify(self, options: dict[str, Any]) -> verification.Verified:
        key = public_key(options["public_key"])
        if options["export"]:
            return exports.verify(options["export"], public_key=key)
        return verification.verify(stream=options["stream"], folder=options["checkpoints"], public_key=key)


def public_key(told: str | None) -> bytes | None:
    """The key named, or the installation's; raises CommandError for one that is not 32 bytes in hex."""
    if told is None:
        return exports.installation_key(settings.CHECKPOINT_KEY_FILE)
    try:
        key = bytes.fromhex(told)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise CommandError("A public key is 64 hexadecimal digits.")
    return key
