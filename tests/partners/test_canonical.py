"""What we hash is the canonical JSON of RFC 8785, however it is written: the library is the judge."""

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partners.domain import canonical
from partners.enums import Channel, Priority

patient = settings(deadline=None)  # other tests run beside these

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=20)  # half characters too
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | TEXTS
    | st.sampled_from([*Channel, *Priority])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4) | st.tuples(inner),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=6)


def outcome(dumps: Any, document: dict[str, Any]) -> bytes | str:
    """The bytes, or that there are none; which words a refusal has does not matter."""
    try:
        return bytes(dumps(document))
    except (ValueError, rfc8785.CanonicalizationError):
        return "refused"


@patient
@given(DOCUMENTS)
@example({"b": 1, "a": None, "c": {"z": "ü€😀", "y": '"\\/\b\f\n\r\t\x01\x1f\x7f', "x": [1, "2", {}]}, "d": True})
@example({"most": 2**53 - 1, "least": -(2**53) + 1, "line": "\u2028"})
@example({"more": 2**53})
@example({"whole": 1.0, "large": 1e21, "small": 1e-7, "zero": -0.0})
@example({"no number": float("nan")})
@example({"\ufb33": 1, "😀": 2})  # in UTF-16, which counts, the second comes first
@example({"half": "\ud83d"})
def test_our_spelling_is_that_of_the_library(document: dict[str, Any]) -> None:
    assert outcome(canonical.dumps, document) == outcome(rfc8785.dumps, document)


@pytest.mark.parametrize("name", [1, None, True, ("a",)])
def test_a_name_that_is_no_text_is_refused(name: Any) -> None:
    assert outcome(canonical.dumps, {name: 1}) == outcome(rfc8785.dumps, {name: 1}) == "refused"


def test_what_the_record_holds_takes_the_quick_way() -> None:
    facts = {"interaction": 42, "status": "received", "channel": Channel.API, "users": [1, 2], "item": None}

    assert canonical.is_plain({"stream": "interaction:42", "sequence": 1, "facts": facts, "texts": {"actor": "ab12"}})
    assert not canonical.is_plain({"share": 0.5})
