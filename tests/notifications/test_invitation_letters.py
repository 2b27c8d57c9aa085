"""An invitation as a mail: the same for everybody, with a token that is kept nowhere."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from notifications.domain import invitation_letters
from notifications.payloads import Letter, Outcome
from partners.domain import onboarding
from partners.models import Invitation
from tests.factories.partners import UserFactory
from tests.factories.world import a_partner, a_person_of, an_actor_for
from tests.notifications.conftest import Postman

pytestmark = pytest.mark.django_db
NINA = "nina@acme.example.org"
WITHIN = timedelta(seconds=20)


def invited(name: str = "Acme Wholesale", address: str = NINA) -> Invitation:
    acme = a_partner(name, time_zone="Europe/Berlin")
    anna = an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True, email=f"anna-{acme.pk}@example.org"))
    return onboarding.invite(
        acme, address, roles=list(acme.roles.all()), title="Controller", actor=anna, at=timezone.now()
    )


def sent(postman: Postman) -> list[Letter]:
    invitation_letters.send_all(timezone.now(), postman, within=WITHIN)
    return postman.letters


def token_in(letter: Letter) -> str:
    return letter.text.partition("/account/invitation/")[2].partition("/")[0]


def test_it_says_who_invites_to_what_until_when_and_leads_to_the_page(postman: Postman) -> None:
    invitation = invited()

    (letter,) = sent(postman)

    assert letter.recipient == NINA
    assert letter.subject == "You are invited to act for Acme Wholesale"
    for told in ("Anna Acheson", "Wholesaler", "as Controller", "CET", settings.ENTERPRISE_NAME):
        assert told in letter.text
    assert "answer this mail" not in letter.text
    assert letter.headers["Auto-Submitted"] == "auto-generated"
    assert Client().get(f"/account/invitation/{token_in(letter)}/").status_code == 200
    assert f"/account/invitation/{token_in(letter)}/" in letter.html
    invitation.refresh_from_db()
    assert (invitation.next_at, invitation.error) == (None, "")
    assert invitation.sent_at is not None
    assert sent(Postman()) == []


def test_it_reads_the_same_whether_there_is_an_account_or_not(postman: Postman) -> None:
    UserFactory.create(email="known@acme.example.org")
    invited("Acme Wholesale", "known@acme.example.org")
    invited("Acme Wholesale", "wknon@acme.example.org")

    first, second = sent(postman)

    def words(letter: Letter) -> str:
        return letter.text.replace(token_in(letter), "").replace(letter.recipient, "")

    assert words(first) == words(second)


def test_the_token_is_nowhere_in_the_database(postman: Postman) -> None:
    invited()

    token = token_in(sent(postman)[0])

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{token}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_a_refused_address_is_shown_and_not_tried_again(postman: Postman) -> None:
    invitation = invited()
    postman.refuses[NINA] = Outcome(key=0, error="550 no such user", is_final=True)

    sent(postman)

    invitation.refresh_from_db()
    assert (invitation.next_at, invitation.error, invitation.sent_at) == (None, "550 no such user", None)


def test_names_that_look_like_headers_or_markup_are_text(postman: Postman) -> None:
    invited("Acme\r\nBcc: all@example.org <script>x</script>")

    (letter,) = sent(postman)

    assert "\n" not in letter.subject
    assert "\nBcc:" not in letter.text
    assert "<script>" not in letter.html
