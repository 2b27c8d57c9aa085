from notifications.models.delivery import Delivery
from notifications.models.preference import Preference, Rhythm

__all__ = ["Delivery", "Preference", "Rhythm"]
