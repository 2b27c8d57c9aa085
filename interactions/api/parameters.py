"""What can be asked for, and what the headers of an answer say."""

from drf_spectacular.types import OpenApiTypes

from interactions.api.searching import FILTERS, SORTABLE
from partners.api.filters import Kind
from partners.api.schema import answered, in_header, in_query

FIELDS = in_query("fields", "First-level attributes to answer, separated by commas; id, href and @type always come.")
IDEMPOTENCY_KEY = in_header("Idempotency-Key", "The same key and request again replay the first answer.")
SIGNED = [
    in_header("X-Signature-Timestamp", "Seconds since 1970.", required=True),
    in_header("X-Signature", "HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal.", required=True),
]
HELP = {
    Kind.MOMENT: "A date or time; also with .gt, .gte, .lt, .lte.",
    Kind.NUMBER: "A whole number; also with .gt, .gte, .lt, .lte.",
}
LIST = [
    FIELDS,
    in_query("offset", "How many rows to skip, at most 10000.", OpenApiTypes.INT),
    in_query("limit", "How many rows to answer, at most 100; 20 when absent.", OpenApiTypes.INT),
    in_query("after", "A cursor: the X-Next-Cursor of the page before."),
    in_query("before", "A cursor, as the link to the previous page has it."),
    in_query("sort", f"Attributes to sort by, descending with a -: {', '.join(SORTABLE)}."),
    *(in_query(name, HELP.get(one.kind, "Equals.")) for name, one in FILTERS.items()),
    answered("X-Total-Count", "How many match, counted to 10000.", 200, 206, kind=OpenApiTypes.INT),
    answered("X-Result-Count", "How many are in this answer.", 200, 206, kind=OpenApiTypes.INT),
    answered("Link", "self, first, next, prev, last.", 200, 206),
]
CREATED = [
    IDEMPOTENCY_KEY,
    answered("Location", "The address of the new resource.", 201),
    answered("ETag", "Its version.", 201),
]
ONE = [
    FIELDS,
    in_header("If-None-Match", "Versions held; 304 when one of them is current."),
    answered("ETag", "Its version.", 200),
]
