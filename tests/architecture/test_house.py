"""The rules of the house, checked against its source."""

import ast
import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Manager, Model

from interactions.enums import Event
from tests.architecture import sources

OUR_MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in sources.APPS]

# Where the status of an interaction may be assigned, or a new one be made with its first.
WRITERS_OF_STATUS = {"interactions/domain/lifecycle.py"}
MAKERS_OF_INTERACTIONS = {"interactions/domain/intake.py"}
# Rows by the hundred thousand, for demonstrations and measurements: never in a request.
BULK_MAKERS = {"config/demo"}


def assigned_statuses() -> set[str]:
    """Files that assign to `interaction.status`, alone or among other targets."""
    found = set()
    for path, node in sources.nodes():
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        for part in parts:
            is_status = isinstance(part, ast.Attribute) and part.attr == "status" and isinstance(part.value, ast.Name)
            if is_status and "interaction" in part.value.id:  # type: ignore[union-attr]  # narrowed just above
                found.add(str(path))
    return found


def test_one_module_assigns_the_status_of_an_interaction() -> None:
    assert assigned_statuses() == WRITERS_OF_STATUS


def test_one_module_makes_interactions() -> None:
    made = {str(path) for path, name, _ in sources.calls() if name == "Interaction"}
    made |= {
        str(path)
        for path, name, call in sources.calls()
        if name in {"create", "bulk_create", "get_or_create", "update_or_create"}
        and ast.unparse(call.func).startswith("Interaction.objects")
    }

    assert {path for path in made if not path.startswith(tuple(BULK_MAKERS))} == MAKERS_OF_INTERACTIONS


def test_no_query_sets_the_status_of_interactions() -> None:
    setters = {
        str(path)
        for path, name, call in sources.calls()
        if name == "update"
        and "Interaction.objects" in ast.unparse(call.func)
        and "status" in {keyword.arg for keyword in call.keywords}
    }

    assert setters == set()


def test_no_model_signals() -> None:
    listeners = {str(path) for path, module in sources.imports() if module.startswith("django.db.models.signals")}
    receivers = {str(path) for path, module in sources.imports() if module == "django.dispatch.receiver"}

    assert listeners | receivers == set()


@pytest.mark.parametrize("model", OUR_MODELS)
def test_a_model_saves_and_deletes_as_django_does(model: type[Model]) -> None:
    ours = [name for name in ("save", "delete", "save_base") if name in vars(model)]

    assert ours == []
    assert not model._meta.ordering


@pytest.mark.parametrize("model", OUR_MODELS)
def test_no_manager_narrows_what_its_model_is(model: type[Model]) -> None:
    manager = model._default_manager

    assert type(manager).get_queryset is Manager.get_queryset


def test_only_tasks_speak_to_celery() -> None:
    speakers = {path for path, module in sources.imports() if module.split(".")[0] == "celery"}
    allowed = {path for path in speakers if path.name == "tasks.py"} | {
        Path("config/celery.py"),
        Path("config/clock.py"),
    }

    assert speakers <= allowed
    assert Path("interactions/tasks.py") in speakers


DELAYS = {"eta", "countdown", "retry_backoff", "autoretry_for", "max_retries"}


def test_no_work_is_kept_in_the_broker() -> None:
    """Later and again are rows: a message that waits in the broker is repeated or lost."""
    delayed = {(str(path), keyword.arg) for path, _, call in sources.calls() for keyword in call.keywords}
    retried = {
        str(path) for path, name, call in sources.calls() if name == "retry" and path.name == "tasks.py" and call
    }

    assert {(path, word) for path, word in delayed if word in DELAYS and not path.startswith("config/")} == set()
    assert retried == set()


def used_events() -> set[str]:
    return {
        node.attr
        for path, node in sources.nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Event"
        and path != Path("interactions/enums/events.py")
    }


def test_every_event_is_used_and_has_words() -> None:
    assert {event.name for event in Event} - used_events() == set()
    assert all(str(event.label).strip() for event in Event)
    assert len({event.value for event in Event}) == len(Event)


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_what_the_clock_calls_exists(name: str) -> None:
    module, _, task = str(settings.CELERY_BEAT_SCHEDULE[name]["task"]).rpartition(".")

    assert callable(getattr(importlib.import_module(module), task))


def test_every_task_is_called_by_somebody() -> None:
    ours = {
        f"{path.parts[0]}.tasks.{node.name}"
        for path, node in sources.nodes()
        if path.name == "tasks.py" and isinstance(node, ast.FunctionDef) and "shared_task" in decorators(node)
    }
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    source = "".join((sources.ROOT / path).read_text() for path in sources.files())

    assert ours
    assert {task for task in ours - scheduled if f"{task.rpartition('.')[2]}.delay" not in source} == set()


def decorators(function: ast.FunctionDef) -> str:
    return " ".join(ast.unparse(decorator) for decorator in function.decorator_list)


@pytest.mark.parametrize("name", ["Interaction", "Partner", "RecordEntry"])
def test_what_partners_read_is_fenced(name: str) -> None:
    model = next(model for model in OUR_MODELS if model.__name__ == name)

    assert callable(getattr(model._default_manager, "visible_to", None))


LARGEST_FILE, LARGEST_FUNCTION = 320, 60


def test_files_and_functions_stay_small() -> None:
    """House style asks for 250 and 25; what is far beyond was not thought through."""
    files = {str(path): len((sources.ROOT / path).read_text().splitlines()) for path in sources.files()}
    functions = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, node in sources.nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {path: size for path, size in files.items() if size > LARGEST_FILE} == {}
    assert {name: size for name, size in functions.items() if size > LARGEST_FUNCTION} == {}


def test_every_module_begins_with_what_it_is_for() -> None:
    silent = {
        str(path)
        for path in sources.files()
        if "domain" in path.parts
        and path.name != "__init__.py"
        and not ast.get_docstring(sources.tree(sources.ROOT / path))
    }

    assert silent == set()
