"""Every table says which of its rows a partner reaches."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from config import fence
from interactions.models import Attachment, InteractionType
from partners.models import Contact, SignOnRole, User

HOW = """These tables have no line in TABLES of config/fence.py, which says what PostgreSQL shows of them to a partner:

{lines}

Of the lines proposed for each choose one. Where a partner reaches rows, or where it is NEVER, let `everything_of` in
tests/factories/everything.py make a row, and run tests/config/test_row_security.py. See docs/fence.md."""


def test_every_table_has_its_line_in_the_map_of_the_fence() -> None:
    tables = {
        model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    missing = sorted(set(tables) - set(fence.TABLES))

    if missing:
        pytest.fail(HOW.format(lines="\n".join(line for table in missing for line in proposals(tables[table]))))


def test_the_map_names_no_table_that_is_gone() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}

    assert set(fence.TABLES) - tables == {"django_migrations"}


def proposals(model: type[Model]) -> list[str]:
    """The lines that a table could need: by its partner, by what fenced table it belongs to, or neither."""
    table = model._meta.db_table
    found = []
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            found += belonging(str(field.column), field.related_model._meta.db_table)
    return [f'    "{table}": {fences},' for fences in [*found, "NEVER", 'Open("why no row is anybody\'s")']]


def belonging(column: str, other: str) -> list[str]:
    if other == "partners_partner":
        return ["of_partner()" if column == "partner_id" else f'of_partner("{column}")']
    if other == "interactions_interaction":
        return ["OF_INTERACTION"]
    if other == "partners_user" or other not in fence.FENCED:
        return []
    is_named_after = column == other.partition("_")[2] + "_id"
    return [f'within("{other}")' if is_named_after else f'within("{other}", "{column}")']


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (Contact, '    "partners_contact": of_partner(),'),
        (Attachment, '    "interactions_attachment": OF_INTERACTION,'),
        (SignOnRole, '    "partners_signonrole": within("partners_singlesignon", "sign_on_id"),'),
        (InteractionType, '    "interactions_interactiontype": NEVER,'),
        (User, '    "partners_user": NEVER,'),
    ],
)
def test_what_is_proposed_for_a_table_fits(model: type[Model], line: str) -> None:
    assert proposals(model)[0] == line
