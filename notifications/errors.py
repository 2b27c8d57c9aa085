"""What can go wrong in notifications, named for what happened."""


class TransportDown(Exception):
    """The way out could not be opened; none of the letters was sent, and none of them is to blame."""
