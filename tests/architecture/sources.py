"""The source of the product, as the tests of its architecture read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "partners", "interactions", "notifications", "reporting")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def files() -> list[Path]:
    """Every module of ours but the migrations, by its path from the root."""
    found = [path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in files():
        for node in ast.walk(tree(ROOT / path)):
            yield path, node


def imports() -> Iterator[tuple[Path, str]]:
    """Each imported module with the file that imports it."""
    for path, node in nodes():
        if isinstance(node, ast.Import):
            yield from ((path, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield path, node.module
            yield from ((path, f"{node.module}.{alias.name}") for alias in node.names)


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    """Each call by the last part of what is called."""
    for path, node in nodes():
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield path, name, node
