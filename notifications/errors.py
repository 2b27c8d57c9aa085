"""What can go wrong in notifications, named for what happened."""

from django.utils.translation import gettext as _


class TransportDown(Exception):
    """The way out could not be opened; none of the letters was sent, and none of them is to blame."""


class CallbackNotAccepted(Exception):
    """Events cannot be posted to this address; the message says why."""


class QueryNotAccepted(Exception):
    """A query of a subscription names something that there is not."""


class TooManySubscriptions(Exception):
    """The role has as many webhook endpoints as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(_("There are %(most)d webhook endpoints already; end one first.") % {"most": most})


class SubscriptionEnded(Exception):
    """Nothing can be changed in what has ended."""

    def __init__(self) -> None:
        super().__init__(_("This webhook endpoint has ended."))


class SubscriptionMade(Exception):
    """The form was sent twice; the first one made it."""

    def __init__(self, subscription_id: int) -> None:
        super().__init__(_("This endpoint was added already; its secret was shown then."))
        self.subscription_id = subscription_id
