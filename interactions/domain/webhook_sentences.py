"""What the record tells of events on their way to partners' systems, in words."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from interactions.enums import Event
from partners.models import RecordEntry


def failed(entry: RecordEntry, _names: object) -> str:
    """Of a mail as before."""
    if "subscription" not in entry.facts:
        return str(Event.NOTICE_FAILED.label)
    return _("Webhook to %(host)s: given up at try %(try)s, %(answer)s") % about(entry)


def not_taken(entry: RecordEntry, _names: object) -> str:
    return _("Webhook to %(host)s: try %(try)s of %(most)s, %(answer)s") % about(entry)


def so_far(latest: RecordEntry) -> str:
    """Where one try followed the other: how many there were, and what came of the latest."""
    return _("Webhook to %(host)s: not taken in %(try)s tries, the last one %(answer)s") % about(latest)


def of_one(tried: RecordEntry) -> str:
    """One of several, under a line that says where to."""
    return _("Try %(try)s: %(answer)s") % about(tried)


def taken(entry: RecordEntry, _names: object) -> str:
    return _("Webhook to %(host)s: taken at try %(try)s") % about(entry)


def sent_again(entry: RecordEntry, _names: object) -> str:
    if "subscription" not in entry.facts:
        return str(Event.NOTICE_REDRIVEN.label)
    return _("Webhook to %(host)s: sent again by hand") % about(entry)


def about(entry: RecordEntry) -> Mapping[str, object]:
    code, error = entry.facts.get("answer"), entry.text("error")
    return {
        "host": host_in(entry.text("address")),
        "try": entry.facts.get("try", "?"),
        "most": entry.facts.get("most", "?"),
        "answer": _("answered %(code)s") % {"code": code} if code else _("not answered (%(error)s)") % {"error": error},
    }


def host_in(address: str) -> str:
    """Where it went, without the path, which may hold a secret of the receiver."""
    return urlsplit(address).netloc or _("a system of the partner")


SENTENCES: Mapping[str, Callable[[RecordEntry, object], str]] = {
    Event.NOTICE_FAILED: failed,
    Event.NOTICE_NOT_TAKEN: not_taken,
    Event.NOTICE_RETRIED: not_taken,
    Event.NOTICE_TAKEN: taken,
    Event.NOTICE_REDRIVEN: sent_again,
}
