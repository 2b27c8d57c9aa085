"""How long our files and functions are: `make sizes`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

APPS = ("config", "partners", "interactions", "notifications", "reporting")
SHOWN = 8
Sizes = list[tuple[int, str]]


def python_files(root: Path) -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (root / app).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}"


def line(title: str, sizes: Sizes) -> str:
    ordered = sorted(size for size, _ in sizes) or [0]
    tenth = ordered[len(ordered) * 9 // 10]
    return f"{title:<11} {len(ordered):>5}   median {median(ordered):>4.0f}   p90 {tenth:>4}   largest {ordered[-1]:>4}"


def main() -> None:
    root = Path()
    of_files = [(len(path.read_text().splitlines()), str(path)) for path in python_files(root)]
    of_functions = [found for path in python_files(root) for found in functions(path)]
    of_templates = [(len(path.read_text().splitlines()), str(path)) for path in (root / "templates").rglob("*.html")]
    measured = {"files": [size for size in of_files if size[0]], "functions": of_functions, "templates": of_templates}
    for title, sizes in measured.items():
        sys.stdout.write(line(title, sizes) + "\n")
        for size, where in sorted(sizes, reverse=True)[:SHOWN]:
            sys.stdout.write(f"  {size:>5}  {where}\n")


if __name__ == "__main__":
    main()
