"""Whether somebody has an account here is told to nobody: known or not, the same answer, page and number of mails."""

import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from partners.domain import invitations
from partners.enums import AssuranceLevel
from tests.config.test_sign_in import an_address
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    signed_in,
)

pytestmark = pytest.mark.django_db
OWN = re.compile(r'.*csrf.*|nonce=\S+|(datetime|title)="[^"]*"|invitations/\d+|"[\w-]*\d+"')  # of each page by itself
KNOWN, OURS, UNKNOWN = "known@globex.example", "rosa@ours.example", "nobody@nowhere.example"


@pytest.fixture
def _accounts() -> None:
    a_person_of(a_partner("Globex Mobile"), "Mallory Kerr", email=KNOWN)
    a_representative("Rosa Lindqvist", email=OURS)


def same(answer: Any, address: str) -> tuple[int, str, str]:
    """What can be seen of an answer, without the address that was typed and without what is new in every page."""
    text = OWN.sub("", answer.content.decode().replace(address, "ADDRESS"))
    return answer.status_code, answer.headers.get("Location", ""), text


@pytest.mark.usefixtures("_accounts")
def test_an_invitation() -> None:
    acme = a_partner("Acme Wholesale")
    desk = signed_in(a_person_of(acme, "Anna Acheson", is_administrator=True), level=AssuranceLevel.DOUBLE)
    seen = []
    for address in (KNOWN, OURS, UNKNOWN):
        filled = {"name": "Nina", "address": address, "roles": [acme.roles.get().pk], "language": "en"}
        answer = desk.post("/portal/organisation/people/invite/", filled)
        page = same(desk.get("/portal/organisation/people/"), address)
        mails = [sent.invitation.address for sent in invitations.take(at=timezone.now())]
        seen.append((answer.status_code, answer.headers["Location"], *page, mails == [address]))
        acme.invitations.all().delete()

    assert seen[0] == seen[1] == seen[2]
    assert "An invitation is on its way to ADDRESS." in seen[0][4]
    assert (seen[0][0], seen[0][5]) == (302, True)


@pytest.mark.parametrize(
    ("path", "field", "mails"),
    [
        ("/account/signup/", "email", 0),
        ("/account/password/reset/", "email", 1),
        ("/account/company/", "email", 0),
    ],
)
@pytest.mark.usefixtures("_accounts")
def test_what_a_stranger_can_send(path: str, field: str, mails: int, mailoutbox: list[EmailMessage]) -> None:
    seen = []
    for address in (KNOWN, OURS, UNKNOWN):
        mailoutbox.clear()
        answer = Client(REMOTE_ADDR=an_address()).post(path, {field: address, "password1": "x", "password2": "x"})
        seen.append((*same(answer, address), len(mailoutbox)))

    assert seen[0] == seen[1] == seen[2]
    assert seen[0][3] == mails
