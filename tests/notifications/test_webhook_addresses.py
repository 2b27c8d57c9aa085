"""Webhooks reach no inner address, however it is written, named or answered for."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from notifications.errors import CallbackNotAccepted
from notifications.transports import callbacks, webhook
from partners.models import Partner
from partners.transports import addresses
from partners.transports.addresses import HostUnknown
from tests.factories.receivers import Receiver, a_certificate, a_receiver, a_subscription, run, webhooks
from tests.factories.world import (
    a_partner,
    an_interaction,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


INSIDE = (
    *("https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1:8443/x", "https://169.254.169.254/latest"),
    *("https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/", "https://0/"),
    *("https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[::]/"),
    *("https://[64:ff9b::a00:1]/", "https://[2002:7f00:1::]/", "https://100.64.0.1/", "https://224.0.0.1/"),
    *("https://localhost/", "http://example.org/", "ftp://example.org/", "https://user@example.org/", "https:///x"),
    *("https://example.org/#part", "https://exa mple.org/", "https://example.org:0/", "javascript:alert(1)", ""),
)


@pytest.mark.parametrize("callback", INSIDE)
def test_an_address_inside_is_refused_by_itself(settings: Any, callback: str) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False

    with pytest.raises(CallbackNotAccepted):
        callbacks.parts_of(callback)


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(
    acme: Partner, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch, found: Sequence[str]
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    a_subscription(acme, "https://hooks.acme.example/")
    an_interaction(acme)
    asked: list[str] = []

    def behind(host: str, port: int, *, flags: int = 0) -> list[str]:
        if flags or not found:  # it is no number
            raise HostUnknown(host)
        asked.append(host)
        return list(found)

    monkeypatch.setattr(addresses, "behind", behind)
    monkeypatch.setattr(webhook, "told", lambda *_: pytest.fail("something was sent"))

    assert run() == 0
    assert asked == ["hooks.acme.example"] * bool(found)
    assert "address" in webhooks().get().error or "unknown" in webhooks().get().error


def test_a_name_is_looked_up_once_and_keeps_its_host(
    acme: Partner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = receiver.url.rpartition(":")[2]
    a_subscription(acme, f"http://localhost:{port}/hook")
    an_interaction(acme)
    answers = iter([[], ["127.0.0.1"]])  # it is no number; and it leads here, this once

    monkeypatch.setattr(addresses, "behind", lambda *_, **__: next(answers))

    assert run() == 1
    assert receiver.taken[0].headers["host"] == f"localhost:{port}"


def test_the_certificate_is_of_the_name_and_not_of_the_address(
    acme: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path, "hooks.acme.example")
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(addresses, "trust", lambda: trusted)
    monkeypatch.setattr(addresses, "written_in", lambda _host: [])
    monkeypatch.setattr(addresses, "behind", lambda *_, **__: ["127.0.0.1"])
    with a_receiver(certificate=certificate) as receiver:
        port = receiver.url.rpartition(":")[2]
        for name in ("hooks.acme.example", "other.acme.example"):
            a_subscription(acme, f"https://{name}:{port}/hook")
        an_interaction(acme)

        assert run() == 1

        assert [one.headers["host"] for one in receiver.taken] == [f"hooks.acme.example:{port}"]
        assert "certificate" in webhooks().get(address__contains="other").error.lower()
