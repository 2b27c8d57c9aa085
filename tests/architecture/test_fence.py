"""Every table says which of its rows a partner reaches."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from config import fence
from interactions.models import Attachment, InteractionType
from partners.models import Contact, SignOnRole, User
from tests.architecture import sources

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


# Where a door of partners asks a fenced table without `visible_to`, and why no row of another comes of it.
ASKED_OTHERWISE = {
    "partners/portal/joining.py User": "whether the address of an invitation, whose link proves it, has an account",
    "interactions/portal/changes.py ChangeRequest": "of an interaction that was found visible",
    "interactions/api/attachments.py Attachment": "narrowed to the interactions that are visible",
    "config/account/ways.py SingleSignOn": "the one that opened this very session",
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
FETCHING = {"get_object_or_404", "get_list_or_404"}


def asked_without_a_fence() -> Iterator[str]:
    """Fenced tables that the doors of partners ask for otherwise than by `visible_to`."""
    fenced = {model.__name__ for model in apps.get_models() if model._meta.db_table in fence.FENCED}
    for path in sources.files():
        if not ({"portal", "api"} & set(path.parts) or path.parts[:2] == ("config", "account")):
            continue
        nodes = list(ast.walk(sources.tree(sources.ROOT / path)))
        narrowed = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "visible_to"}
        for node in nodes:
            asked: ast.AST | None = None
            if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in narrowed:
                asked = node.value
            elif isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in FETCHING:
                asked = node.args[0]
            if isinstance(asked, ast.Name) and asked.id in fenced:
                yield f"{path} {asked.id}"


def test_doors_of_partners_ask_for_what_is_visible() -> None:
    assert set(asked_without_a_fence()) == set(ASKED_OTHERWISE)
