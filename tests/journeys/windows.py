"""Browser windows that listen: what a page complains of, and what it asks of anybody else, is noted."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Response

from partners.models import User
from tests.factories.world import PASSWORD, signed_in

PATIENCE = 20_000  # milliseconds that a page may take on a busy machine
TRACED = "TRACE" in os.environ  # each act with the page before and after it: doubles what a journey costs the browser
HARMLESS = (
    "the document's frame is sandboxed",  # the trace looks into every frame, and a mail's refuses it
    "cannot be parsed, or is out of range",  # what was typed into a number field and refused
    "ERR_INTERNET_DISCONNECTED",  # a journey cut the line
    *("htmx:sendError", "htmx:sendAbort", "htmx:afterRequest"),  # the same, and what was not waited for any more
    "status of 422",  # a form that was refused and is shown again
)
OF_BROWSER = ("data:", "blob:", "chrome:", "chrome-extension:")  # its own viewer of PDF among them
LOCAL = {"localhost", "127.0.0.1", ""}


@dataclass
class Windows:
    """All windows of one journey; each person has one of their own."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, **options: Any) -> Page:
        """A fresh window without a session; `options` are Playwright's, such as java_script_enabled."""
        context = self.browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(PATIENCE)
        if TRACED:
            context.tracing.start(snapshots=True)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.note(said.text, page) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.note(str(error), page))
        page.on("request", lambda asked: self.refuse_stranger(asked.url, page))
        page.on("response", lambda answer: self.refuse_failure(answer, page))
        return page

    def sign_in(self, user: User, **options: Any) -> Page:
        """A window in which somebody has signed in through the form."""
        page = self.open(**options)
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(re.compile(r"/(console|portal)/"))
        return page

    def enter(self, user: User, *, level: int, **options: Any) -> Page:
        """A window in which somebody is signed in as strongly as `level` says, without the way there."""
        page = self.open(**options)
        session = signed_in(user, level=level).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        return page

    def note(self, complaint: str, page: Page) -> None:
        if not any(harmless in complaint for harmless in HARMLESS):
            self.complaints.append(f"{urlsplit(page.url).path}: {complaint}")

    def refuse_stranger(self, url: str, page: Page) -> None:
        if urlsplit(url).hostname not in LOCAL and not url.startswith(OF_BROWSER):
            self.note(f"asks another host: {url}", page)

    def refuse_failure(self, answer: Response, page: Page) -> None:
        if answer.status >= 500:
            self.note(f"{answer.status} from {answer.url}", page)

    def keep_evidence(self, folder: Path) -> None:
        """A picture of every window; with TRACE set, also what happened in it, for `playwright show-trace`."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(self.contexts, start=1):
            for page in context.pages:
                page.screenshot(path=folder / f"window-{number}.png", full_page=True)
                (folder / f"window-{number}.html").write_text(page.content())
            if TRACED:
                context.tracing.stop(path=folder / f"window-{number}.zip")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
