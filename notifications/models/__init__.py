from notifications.models.delivery import Delivery
from notifications.models.preference import Preference, Rhythm
from notifications.models.subscription import Subscription

__all__ = ["Delivery", "Preference", "Rhythm", "Subscription"]
