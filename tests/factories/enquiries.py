"""What somebody without an account has written and not confirmed yet."""

from datetime import datetime
from typing import Any

from interactions.domain import catalogue, enquiries
from interactions.domain.enquiries import Asking
from interactions.models import Enquiry
from tests.factories.world import a_type


def an_enquiry(*, at: datetime, type: str = "general-query", **fields: Any) -> Enquiry:  # noqa: A002  the field's word
    """By default Nadia of a company that nobody here knows asks a general question."""
    version = fields.pop("version", None) or catalogue.current(a_type(type, login_needed=False))
    given: dict[str, Any] = {
        "version": version,
        "address": "nadia@newcomer.example",
        "name": "Nadia Rahman",
        "organisation": "Newcomer Mobile",
        "subject": "May we resell?",
        "text": "We have forty shops.",
        "values": {},
        "files": [],
        "language": "en",
    }
    enquiries.ask(Asking(**(given | fields)), at=at)
    return Enquiry.objects.latest("pk")


def link_of(enquiry: Enquiry, *, at: datetime) -> str:
    """Where the letter leads."""
    return f"/ask/confirm/{enquiries.token_to_send(enquiry.pk, at=at)}/"
