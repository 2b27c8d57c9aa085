"""The fields of a type, checked the same way for every channel."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from interactions.domain import fields
from interactions.enums import FieldKind
from interactions.errors import NotAccepted
from interactions.models.interaction_type import validate_fields
from partners.enums import Channel
from tests.factories.world import a_type
from tests.interactions.stages import a_matter


def of_kind(kind: FieldKind, **more: Any) -> list[dict[str, Any]]:
    return [{"name": "asked", "label": "What is asked", "kind": kind, **more}]


def checked(kind: FieldKind, value: Any, *, complete: bool = False, **more: Any) -> str | None:
    return fields.check(of_kind(kind, **more), {"asked": value}, complete=complete).get("asked")


GOOD = [
    (FieldKind.TEXT, " Two words\x00 ", "Two words"),
    (FieldKind.LONG_TEXT, "One\r\nTwo", "One\nTwo"),
    (FieldKind.CHOICE, "red", "red"),
    (FieldKind.DATE, "2024-02-29", "2024-02-29"),
    (FieldKind.AMOUNT, "1250.00", "1250.00"),
    (FieldKind.AMOUNT, "-17", "-17"),
    (FieldKind.AMOUNT, 12.5, "12.5"),
    (FieldKind.REFERENCE, "ORD/17", "ORD/17"),
]
BAD = [
    (FieldKind.CHOICE, "blue"),
    (FieldKind.CHOICE, "Red"),
    *((FieldKind.DATE, value) for value in ("2026-02-30", "20260531", "2026-W22-7", "31.5.2026", "tomorrow", 17)),
    *((FieldKind.AMOUNT, value) for value in ("much", "NaN", "Infinity", "1e9", "1_000", "1.250,00", "١٢", "1" * 400)),
    *((kind, value) for kind in FieldKind for value in ({"a": 1}, ["a"], ("a",), {"a"})),
]


@pytest.mark.parametrize(("kind", "value", "stored"), GOOD)
def test_what_fits_is_stored_in_one_form(kind: FieldKind, value: Any, stored: str) -> None:
    assert checked(kind, value, choices=["red", "green"]) == stored


@pytest.mark.parametrize(
    ("kind", "stored", "english", "german"),
    [
        (FieldKind.DATE, "2026-12-06", "6 Dec 2026", "6. Dez. 2026"),
        (FieldKind.AMOUNT, "1250.00 EUR", "1,250.00 EUR", "1.250,00 EUR"),
        (FieldKind.AMOUNT, "12.5", "12.5", "12,5"),
        (FieldKind.REFERENCE, "2026-12-06", "2026-12-06", "2026-12-06"),
    ],
)
def test_people_read_dates_and_amounts_in_their_language_and_write_amounts_so(
    kind: FieldKind, stored: str, english: str, german: str
) -> None:
    for language, words in (("en", english), ("de", german)):
        with override(language):
            assert fields.labelled(of_kind(kind), {"asked": stored}) == [("What is asked", words)]
            if kind == FieldKind.AMOUNT:
                assert fields.entered(of_kind(kind)[0], words) == fields.entered(of_kind(kind)[0], stored) == stored


@pytest.mark.parametrize("text", ["1.250 EUR", "-3.125"])
def test_a_point_that_may_mean_thousands_is_asked_about(text: str) -> None:
    amount = of_kind(FieldKind.AMOUNT)[0]

    assert fields.entered(amount, text) == text
    with override("de"), pytest.raises(NotAccepted, match=r"1250,00 .* 1,250|-3125,00 .* -3,125"):
        fields.entered(amount, text)
    with override("de"):
        assert [fields.entered(amount, one) for one in ("0.125", "1250", "1.5")] == ["0.125", "1250", "1.5"]


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_what_does_not_fit_names_the_field(kind: FieldKind, value: Any) -> None:
    with pytest.raises(NotAccepted, match="What is asked") as refused:
        checked(kind, value, choices=["red", "green"])

    assert refused.value.attribute == "asked"


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("value", [None, "", "  ", "\x00"])
def test_what_is_needed_is_asked_for_only_where_a_form_can_ask(kind: FieldKind, value: Any) -> None:
    assert checked(kind, value, required=True, choices=["red"]) is None
    with pytest.raises(NotAccepted, match="is needed"):
        checked(kind, value, required=True, choices=["red"], complete=True)


def test_unknown_names_are_dropped_and_long_values_cut() -> None:
    type_ = of_kind(FieldKind.TEXT)

    assert fields.check(type_, {"asked": "x" * 1_000_000, "other": "y"}, complete=True).keys() == {"asked"}
    assert len(str(checked(FieldKind.TEXT, "x" * 1_000_000))) == 10_000


@pytest.mark.django_db
def test_every_channel_stores_the_same() -> None:
    a_type("asking", fields=[{"name": "order", "label": "Order", "kind": "reference", "required": True}])

    by_web = a_matter(type="asking", values={"order": " 17 "})
    by_mail = a_matter(type="asking", channel=Channel.EMAIL)

    assert (by_web.values, by_mail.values) == ({"order": "17"}, {})
    with pytest.raises(NotAccepted) as refused:
        a_matter(type="asking")
    assert refused.value.attribute == "order"


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        [{"name": "a"}],
        ["a"],
        [{"name": "a b", "label": "A", "kind": "text"}],
        [{"name": "a", "label": "A", "kind": "number"}],
        [{"name": "a", "label": "A", "kind": "choice"}],
        [{"name": "a", "label": "A", "kind": "text", "colour": "red"}],
        [{"name": "a", "label": "A", "kind": "text"}] * 2,
    ],
)
def test_a_type_cannot_ask_for_nonsense(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        validate_fields(wrong)
