"""The resources as the OpenAPI document describes them; `representation` and `creation` do what is said here."""

from typing import Any

from rest_framework import serializers

from interactions.channels.device import ReportKind
from interactions.domain import conversation, ledger
from interactions.domain.outward import words
from interactions.enums import CallState, Direction, ItemKind, LinkKind
from partners.api.schema import resource
from partners.enums import Channel

STATUSES = ["open", "inProgress", "completed"]


def text(**more: Any) -> serializers.CharField:
    return serializers.CharField(**{"required": False, "allow_blank": True} | more)


def always(**more: Any) -> serializers.CharField:
    return serializers.CharField(**more)


def one_of(known: Any, **more: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField([str(word) for word in known], **more)


def moment(**more: Any) -> serializers.DateTimeField:
    return serializers.DateTimeField(**more)


def typed(name: str, /, **fields: Any) -> Any:
    """A class of the standard."""
    return resource(name, {"@type": text(), **fields})


TimePeriod = typed("TimePeriod", startDateTime=moment(required=False), endDateTime=moment(required=False))
RelatedChannel = typed("RelatedChannel", id=one_of(Channel), href=always(), name=text())
RelatedChannelCreate = typed(
    "RelatedChannelCreate",
    id=always(max_length=100, help_text=f"{', '.join(words.CHANNEL_SPELLINGS)}; any other counts as api."),
)
RelatedParty = resource(
    "RelatedParty",
    {"@type": text(), "@referredType": text(), "id": always(), "href": text(), "name": text(), "role": text()},
)
Note = typed("Note", id=always(), author=text(), date=moment(), text=always())
NoteCreate = typed("NoteCreate", text=always(max_length=conversation.MOST_TEXT))
Quantity = resource("Quantity", {"amount": serializers.IntegerField(), "units": always()})
Attachment = typed(
    "Attachment", id=always(), href=always(), url=always(), name=text(), mimeType=text(), size=Quantity()
)
AttachmentCreate = typed(
    "AttachmentCreate",
    name=text(max_length=255),
    mimeType=text(max_length=100),
    content=text(help_text="The bytes in base64."),
    url=text(max_length=500, help_text="Kept as a reference when there is no content; never fetched."),
)
RelatedEntity = resource(
    "RelatedEntity",
    {"@type": text(), "@referredType": text(), "id": always(), "href": text(), "name": text(), "role": text()},
)
InteractionItem = typed(
    "InteractionItem",
    id=always(),
    creationDate=moment(required=False),
    itemDate=TimePeriod(required=False),
    reason=one_of(ItemKind, required=False),
    channel=RelatedChannel(many=True, required=False),
    note=Note(many=True, required=False),
    attachment=Attachment(many=True, required=False),
    resolution=text(),
    item=RelatedEntity(required=False, help_text="What it is about in another system."),
)
InteractionItemCreate = typed(
    "InteractionItemCreate",
    item=RelatedEntity(required=False),
    note=NoteCreate(many=True, required=False),
    attachment=AttachmentCreate(many=True, required=False),
    resolution=text(max_length=conversation.MOST_TEXT),
)
InteractionRelationship = typed(
    "InteractionRelationship", id=always(), href=text(), relationshipType=one_of(LinkKind, required=False)
)
ExternalIdentifier = typed("ExternalIdentifier", id=always(max_length=255), owner=text(), externalIdentifierType=text())
OrderItem = typed(
    "OrderItem",
    id=always(help_text="The number of the line."),
    name=always(),
    quantity=serializers.FloatField(),
    units=text(),
    externalId=text(help_text="What your system calls it."),
    state=one_of(words.LINE_STATES.values()),
    requestedCompletionDate=serializers.DateField(required=False),
    expectedCompletionDate=serializers.DateField(required=False),
    completionDate=serializers.DateField(required=False),
    stateReason=text(help_text="Why it is held, cancelled or failed, or why its date moved."),
)
OrderItemCreate = typed(
    "OrderItemCreate",
    name=always(max_length=200),
    quantity=serializers.FloatField(required=False, help_text="1 when absent; at most three decimals."),
    units=text(max_length=20),
    externalId=text(max_length=100),
    requestedCompletionDate=serializers.DateField(required=False),
)
Duration = resource(
    "Duration",
    {
        "businessSeconds": serializers.IntegerField(help_text="Within the hours that the promise counts."),
        "seconds": serializers.IntegerField(help_text="As time passes."),
    },
)
InteractionTiming = typed("InteractionTiming", **{name: Duration(required=False) for name in words.TIMINGS})
Characteristic = resource("Characteristic", {"name": always(), "value": text()})


def shared() -> dict[str, Any]:
    """What is both posted and answered in the same shape."""
    return {
        "interactionDate": TimePeriod(required=False),
        "relatedParty": RelatedParty(many=True, required=False),
        "interactionRelationship": InteractionRelationship(many=True, required=False),
        "externalIdentifier": ExternalIdentifier(many=True, required=False),
        "characteristic": Characteristic(many=True, required=False),
        "interactionType": text(max_length=60, help_text="The kind of matter; general-query when absent."),
    }


PartyInteraction = typed(
    "PartyInteraction",
    id=always(),
    href=always(),
    creationDate=moment(),
    description=text(),
    direction=one_of(Direction),
    reason=always(),
    status=one_of(STATUSES),
    statusChangeDate=moment(),
    channel=RelatedChannel(many=True),
    interactionItem=InteractionItem(many=True, required=False),
    note=Note(many=True, required=False),
    attachment=Attachment(many=True, required=False),
    orderItem=OrderItem(many=True, required=False, help_text="The lines of an order."),
    resolution=text(),
    waitingFor=text(help_text="What we wait for; empty when we do not."),
    timing=InteractionTiming(help_text="How long it took, and how long it was with each side."),
    reopenCount=serializers.IntegerField(help_text="How often it was reopened."),
    **shared(),
)
PartyInteractionCreate = typed(
    "PartyInteractionCreate",
    channel=RelatedChannelCreate(many=True),
    direction=one_of(words.DIRECTION_SPELLINGS),
    reason=always(max_length=ledger.MOST_SUBJECT),
    description=text(max_length=conversation.MOST_TEXT),
    status=one_of(words.STATUS_SPELLINGS, required=False),
    interactionItem=InteractionItemCreate(many=True, required=False),
    note=NoteCreate(many=True, required=False, help_text="Each becomes a message of the conversation."),
    attachment=AttachmentCreate(many=True, required=False),
    orderItem=OrderItemCreate(many=True, required=False, help_text="Of a type that has order lines."),
    **shared(),
)

DeviceReport = resource(
    "DeviceReport",
    {
        "id": always(max_length=100, help_text="The device's own; a repeat is harmless."),
        "at": moment(),
        "kind": one_of(ReportKind),
        "code": text(max_length=50),
        "text": text(max_length=10_000),
        "values": serializers.DictField(required=False),
    },
)
DeviceReportAnswer = resource(
    "DeviceReportAnswer",
    {"id": always(), "href": always(), "status": one_of(STATUSES), "isDuplicate": serializers.BooleanField()},
)

CallEvent = resource(
    "CallEvent",
    {
        "call_id": always(max_length=100),
        "event": one_of(CallState),
        "at": moment(),
        "from": text(),
        "to": text(),
        "direction": one_of(Direction, required=False),
        "agent": text(help_text="The e-mail address of who answers."),
        "duration": serializers.IntegerField(required=False, help_text="Seconds."),
    },
)
Call = resource("Call", {"id": always(), "state": one_of(CallState), "caller": text(), "called": text()})
CallingPartner = resource("CallingPartner", {"id": always(), "name": always()})
CallingPerson = resource("CallingPerson", {"id": always(), "name": always()})
OpenInteraction = resource(
    "OpenInteraction",
    {"id": always(), "href": always(), "reason": always(), "status": one_of(STATUSES), "statusChangeDate": moment()},
)
CallAnswer = resource(
    "CallAnswer",
    {
        "call": Call(),
        "partner": CallingPartner(allow_null=True),
        "person": CallingPerson(allow_null=True),
        "openInteractions": OpenInteraction(many=True),
    },
)
