"""The hub as the OpenAPI document describes it."""

from rest_framework import serializers

from notifications.domain.queries import COMPARED, MOMENTS, MOST_QUERY, NUMBERS
from notifications.enums import HubEvent, SubscriptionState
from partners.api.schema import resource

QUERY = (
    f"Such as eventType={HubEvent.STATUS}&status=completed&fields=status. Events: {', '.join(HubEvent.values)}. "
    f"Values can be asked of {', '.join(COMPARED)}; "
    f"also with .gt, .gte, .lt, .lte of {', '.join([*MOMENTS, *NUMBERS])}."
)
STATES = [str(state) for state in SubscriptionState if state != SubscriptionState.ENDED]

EventSubscriptionInput = resource(
    "EventSubscriptionInput",
    {
        "callback": serializers.CharField(max_length=500, help_text="An https address of the internet."),
        "query": serializers.CharField(required=False, allow_blank=True, max_length=MOST_QUERY, help_text=QUERY),
    },
)
EventSubscription = resource(
    "EventSubscription",
    {
        "@type": serializers.CharField(),
        "id": serializers.CharField(),
        "href": serializers.CharField(),
        "callback": serializers.CharField(),
        "query": serializers.CharField(allow_blank=True),
        "state": serializers.ChoiceField(STATES),
    },
)
NewEventSubscription = resource(
    "NewEventSubscription",
    {
        **EventSubscription().get_fields(),
        "secret": serializers.CharField(help_text="What verifies signatures; it is answered this once."),
    },
)
