"""Chromium as the system has it, and what a page notes of how it was drawn."""

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Playwright

# the one without windows of its own first: its pages are the same, and it needs a fifth less of the processor
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# a script for the begin of every page: the sum of what moved without being asked to, and when the largest piece came
NOTED = """
    window.noted = {shift: 0, largest: 0};
    new PerformanceObserver((list) => list.getEntries().forEach((one) => {
        if (!one.hadRecentInput) window.noted.shift += one.value;
    })).observe({type: "layout-shift", buffered: true});
    new PerformanceObserver((list) => list.getEntries().forEach((one) => {
        window.noted.largest = one.startTime;
    })).observe({type: "largest-contentful-paint", buffered: true});
"""
SHIFT, LARGEST = "window.noted.shift", "window.noted.largest"


@contextlib.contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    assert CHROMIUM, "a browser is needed: apt-get install chromium"
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()
