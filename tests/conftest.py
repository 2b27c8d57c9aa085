import gc
import math
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import database

OFTEN = 50_000  # objects made until the collector looks for circles among them
gc.set_threshold(OFTEN, 20, 20)  # from here on: what is loaded below stays

database.prepare()  # at import: before the settings are read and another conftest imports a model

FLUSHING = {"transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


@pytest.hookimpl(trylast=True)  # once all are in their random order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys begin, as the longest group; those that want the product with other variables are its last."""
    items.sort(key=lambda item: ("journeys" not in item.path.parts, "test_way_in.py" in item.path.parts))


def pytest_collection_finish() -> None:
    """What was loaded by now stays; a tenth of a test's time went into walking through it again and again."""
    no_translations()
    import_module(settings.ROOT_URLCONF)  # and with it the admin, as in a process of the web
    gc.collect()
    gc.freeze()


def no_translations() -> None:
    """No test but those of translations finds any, and none asks for them."""
    from partners.domain import translations

    translations.OWN.found = {language: (math.inf, {}) for language, _name in settings.LANGUAGES}


@pytest.fixture
def with_own_translations() -> Iterator[None]:
    """For a test that enters some."""
    from partners.domain import translations

    translations.OWN.forget()
    yield
    no_translations()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """pytest-django's transactional tests empty tables with TRUNCATE, which the application's role may not."""
    translation.deactivate()  # a request of an earlier test leaves its language, as in every process of the web
    marker = item.get_closest_marker("django_db")
    transactional = marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    if transactional or FLUSHING & set(getattr(item, "fixturenames", ())):
        pytest.fail("use the fixture `committed_db` (real commits, fresh database afterwards)", pytrace=False)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's: this process's database is a copy of the migrated template."""
    database.create()
    yield
    with django_db_blocker.unblock():
        database.disconnect()


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """A database in which commits are real: for threads, processes and triggers.

    Yields the environment for subprocesses that are to work on the same database and broker.
    """
    if request.node.get_closest_marker("django_db"):
        pytest.fail("`committed_db` replaces the mark `django_db`; leave the mark out", pytrace=False)
    with django_db_blocker.unblock(), database.committed() as environment:
        yield environment
