"""Dates that no page spells out itself, as in the admin, read as everywhere else."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import formats
from django.utils.translation import override


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "30 Nov 2026", "30 Nov 2026, 13:20"), ("de", "30. Nov. 2026", "30. Nov. 2026, 13:20")],
)
def test_the_day_comes_first_in_what_is_read_and_entered(language: str, day: str, moment: str) -> None:
    with override(language):
        assert formats.localize(date(2026, 11, 30)) == day
        assert formats.localize(datetime(2026, 11, 30, 13, 20, tzinfo=UTC)) == moment
        for entered in ("2026-11-30", "30.11.2026"):
            assert forms.DateField().clean(entered) == date(2026, 11, 30)
        with pytest.raises(forms.ValidationError):
            forms.DateField().clean("11/30/2026")
