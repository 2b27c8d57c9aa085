"""What can go wrong with partners, access and the record, named for what happened."""


class RecordBroken(Exception):
    """The record does not verify; says where it breaks first."""

    def __init__(self, stream: str, sequence: int, what: str) -> None:
        super().__init__(f"{stream} entry {sequence}: {what}")
        self.stream = stream
        self.sequence = sequence
        self.what = what
