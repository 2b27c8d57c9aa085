import contextlib
import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from partners.domain import verification
from tests.journeys.browser import launched
from tests.journeys.shared import Shared
from tests.journeys.system import ROOT, System
from tests.journeys.windows import PATIENCE, Windows

expect.set_options(timeout=PATIENCE)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread; our queries do not use it

EVIDENCE = ROOT / "var" / "journeys"  # of what failed; the data of a test is gone afterwards
SHARED = Shared()
MOST_OUTPUT = 6000  # characters of each process that stand in the report of a failure


@pytest.hookimpl(tryfirst=True)  # before the plugin that reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one running product; one after the other leaves a core to the other tests."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed journey shows what the processes said, and leaves its windows to be looked at."""
    report = yield
    if call.when == "call" and report.failed:
        arguments = getattr(item, "funcargs", {})
        if isinstance(windows := arguments.get("windows"), Windows):
            folder = EVIDENCE / item.name
            with contextlib.suppress(Error):
                windows.keep_evidence(folder)
            report.sections.append(("windows", f"{folder}\n" + "\n".join(windows.complaints)))
        if isinstance(product := arguments.get("product"), System):
            report.sections += [(each.name, each.output()[-MOST_OUTPUT:]) for each in product.programs if each.output()]
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as chromium:
        yield chromium


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        yield
    finally:
        if nextitem is None or "journeys" not in nextitem.path.parts:
            SHARED.leave()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """A database in which commits are real, beneath a product that may be running already."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    with django_db_blocker.unblock(), SHARED.emptied():
        yield variables


@pytest.fixture
def environment(committed_db: dict[str, str]) -> dict[str, str]:
    """The variables that the product starts with; a journey may have its own."""
    return committed_db


@pytest.fixture(autouse=True)
def one_after_the_other(request: pytest.FixtureRequest) -> None:
    """In parallel runs the plugin names the group behind the test; silently without groups, each worker starts all."""
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@journeys")


@pytest.fixture
def product(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole product with nothing in it; at the end its record is whole, and no process met an error."""
    running = SHARED.product(environment, tmp_path_factory.mktemp("product"))
    yield running
    try:
        assert verification.verify(folder=running.var_dir / "checkpoints", public_key=None).entries
        stumbled = [program.output() for program in running.programs if "Traceback" in program.output()]
        assert not stumbled, "\n".join(stumbled)
    finally:
        SHARED.come_to_rest()


@pytest.fixture
def windows(product: System, browser: Browser) -> Iterator[Windows]:
    """Browser windows; a journey in which a page complained has failed."""
    opened = Windows(browser=browser, url=product.url)
    yield opened
    opened.close()
    assert not opened.complaints, "pages complained:\n" + "\n".join(opened.complaints)
