"""A way out that leads nowhere, for measuring what stands before it."""

from collections.abc import Sequence

from notifications.payloads import Letter, Outcome


class NullTransport:
    """Everything counts as sent."""

    def send(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return [Outcome(key=letter.key) for letter in letters]
