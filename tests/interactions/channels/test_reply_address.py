"""Only we can make an address or a message id that leads into an interaction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.channels import reply_address

SECRET = b"a secret of this installation"
DOMAIN = "care.example.org"


@given(interaction_id=st.integers(1, 10**18 - 1), delivery_id=st.integers(0, 10**18 - 1))
def test_what_was_made_is_read_back(interaction_id: int, delivery_id: int) -> None:
    address = reply_address.make(interaction_id, SECRET, DOMAIN)
    message_id = reply_address.make_message_id(interaction_id, delivery_id, SECRET, DOMAIN)

    assert reply_address.read([address], SECRET, DOMAIN) == interaction_id
    assert reply_address.read_references([message_id], SECRET, DOMAIN) == interaction_id
    assert len(address.split("@")[0]) <= 64


def test_mail_systems_may_change_case_and_add_brackets() -> None:
    address = reply_address.make(4711, SECRET, DOMAIN)
    message_id = reply_address.make_message_id(4711, 15, SECRET, DOMAIN)

    assert reply_address.read(["care@example.org", f" <{address.upper()}> "], SECRET, "Care.Example.ORG") == 4711
    assert reply_address.read_references(["x@y", message_id.strip("<>").upper()], SECRET, DOMAIN) == 4711


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4711.", "4712."),
        ("@care.", "@other."),
        ("4711", "04711"),
        ("4711", "٤٧١١"),
        ("reply+", "answer+"),
        (".", ".."),
    ],
)
def test_a_changed_address_leads_nowhere(old: str, new: str) -> None:
    address = reply_address.make(4711, SECRET, DOMAIN)

    assert reply_address.read([address.replace(old, new, 1)], SECRET, DOMAIN) is None


def test_a_changed_token_or_another_secret_leads_nowhere() -> None:
    address = reply_address.make(4711, SECRET, DOMAIN)
    local, _, domain = address.partition("@")
    changed = local[:-1] + ("a" if local[-1] != "a" else "b")

    assert reply_address.read([f"{changed}@{domain}", f"{local[:-1]}@{domain}"], SECRET, DOMAIN) is None
    assert reply_address.read([address], b"another secret", DOMAIN) is None


def test_the_token_of_a_message_id_opens_no_address_and_that_of_one_delivery_no_other() -> None:
    message_id = reply_address.make_message_id(4711, 15, SECRET, DOMAIN)
    token = message_id.split("@")[0].rsplit(".", 1)[1]

    assert reply_address.read([f"reply+4711.{token}@{DOMAIN}"], SECRET, DOMAIN) is None
    assert reply_address.read_references([message_id.replace(".15.", ".16.")], SECRET, DOMAIN) is None


@given(names=st.lists(st.text(max_size=120), max_size=20))
def test_any_text_leads_nowhere(names: list[str]) -> None:
    assert reply_address.read(names, SECRET, DOMAIN) is None
    assert reply_address.read_references(names, SECRET, DOMAIN) is None
