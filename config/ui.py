"""What every page is given: who is signed in, where they may go, how the page is to look, and the icons."""

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from zipfile import ZipFile

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config import preferences
from partners.domain import access, interruptions
from partners.enums import Permission
from partners.payloads import NOBODY, Actor

PRODUCT_NAME = _("Partner Interactions")
SURFACE = {"light": "#ffffff", "dark": "#15181e"}  # --surface of tokens/colour.css, which a phone draws around the page
AVATAR_HUES = 6
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class FormRenderer(TemplatesSetting):
    """Forms are drawn from our own templates under templates/django/forms."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a navigation; `letter` is what follows `g` on the keyboard."""

    label: str | Promise
    name: str
    icon: str
    letter: str = ""
    group: str | Promise = ""
    staff_only: bool = False
    needs: Permission = Permission.READ_MATTERS


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry whose page exists, seen from the page that is open."""

    entry: Entry
    url: str
    is_current: bool


class Places(list[Place]):
    """The entries that somebody may open, in order."""

    @property
    def key(self) -> str:
        """The same for whoever is offered the same on the same page: what is drawn of it can be remembered by it."""
        return " ".join(f"{place.entry.name}{'*' if place.is_current else ''}" for place in self)


CONSOLE = (
    Entry(label=_("My work"), name="console-interactions:my_work", icon="inbox", letter="m", needs=Permission.WORK),
    Entry(label=_("Queue"), name="console-interactions:queue", icon="list", letter="q"),
    Entry(label=_("Mentions"), name="console-interactions:mentions", icon="at-sign", letter="e", needs=Permission.WORK),
    Entry(label=_("Triage"), name="console-interactions:triage", icon="mail-question-mark", letter="t"),
    Entry(
        label=_("Log a call"),
        name="console-interactions:log_call",
        icon="phone-call",
        letter="c",
        group=_("Start"),
        needs=Permission.WORK,
    ),
    Entry(
        label=_("Raise to a partner"),
        name="console-interactions:raise",
        icon="send",
        letter="n",
        group=_("Start"),
        needs=Permission.WORK,
    ),
    Entry(label=_("Partners"), name="console-partners:list", icon="building-2", letter="p", group=_("Look up")),
    Entry(label=_("Search"), name="console-interactions:search", icon="search", letter="s", group=_("Look up")),
    Entry(
        label=_("Reports"),
        name="console-reporting:overview",
        icon="chart-column",
        letter="r",
        group=_("Look up"),
        needs=Permission.READ_REPORTS,
    ),
    Entry(label=_("Approvals"), name="console-interactions:approvals", icon="badge-check", letter="v", group=_("Run")),
    Entry(
        label=_("Absences"),
        name="console-interactions:absences",
        icon="calendar-off",
        letter="b",
        group=_("Run"),
        needs=Permission.WORK,
    ),
    Entry(
        label=_("Deliveries"),
        name="console-notifications:deliveries",
        icon="mail-check",
        letter="d",
        group=_("Run"),
    ),
    Entry(label=_("Admin"), name="admin:index", icon="settings", letter="a", group=_("Run"), staff_only=True),
)
PORTAL = (
    Entry(label=_("Home"), name="portal-interactions:home", icon="house", letter="h"),
    Entry(label=_("Requests"), name="portal-interactions:list", icon="messages-square", letter="r"),
    Entry(label=_("Documents"), name="portal-interactions:documents", icon="files", letter="d"),
    Entry(label=_("Company"), name="portal-partners:organisation", icon="building-2", letter="o"),
    Entry(label=_("New request"), name="portal-interactions:types", icon="plus", letter="n"),
)


def places(request: HttpRequest, entries: tuple[Entry, ...], *, is_staff: bool) -> Places:
    """The entries whose page exists and this person may open, with the one that is open now."""
    actor = getattr(request, "actor", NOBODY)
    found = [(entry, address(entry.name)) for entry in entries if is_open(entry, actor, is_staff=is_staff)]
    match = request.resolver_match
    here = match.view_name if match else ""
    current = max(
        (url for entry, url in found if url and (entry.name == here or request.path.startswith(url))),
        key=len,
        default="",
    )
    return Places(Place(entry=entry, url=url, is_current=url == current) for entry, url in found if url)


def is_open(entry: Entry, actor: Actor, *, is_staff: bool) -> bool:
    if entry.staff_only:
        return is_staff
    return not actor.is_of_ours or access.may(actor, entry.needs)


def onward(request: HttpRequest) -> str:
    """Where somebody goes on who has just set something up: to what waited for it, else to the start page."""
    key = interruptions.newest(request.session, user_id=request.user.pk, at=timezone.now())
    return reverse("step_up", args=[key]) if key else reverse("home")


@lru_cache
def address(name: str) -> str:
    """The address of a page by its name, or nothing if that page is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, object]:
    """The context of every page; lists are made only when a page shows them."""
    is_staff = bool(getattr(request, "user", None) and request.user.is_staff)
    actor = getattr(request, "actor", NOBODY)
    return {
        "enterprise_name": settings.ENTERPRISE_NAME,
        "product_name": PRODUCT_NAME,
        "surface": SURFACE,
        "preferences": preferences.of(request),
        "preference_choices": preferences.CHOICES,
        "actor": actor,
        "acting": getattr(request, "acting", None),
        "only_looks": access.only_looks(actor),
        "console_places": SimpleLazyObject(lambda: places(request, CONSOLE, is_staff=is_staff)),
        "portal_places": SimpleLazyObject(
            lambda: places(request, PORTAL if actor.partner_id else (), is_staff=is_staff)
        ),
        "account_shell": "console/base.html" if actor.is_of_ours else "portal/base.html",
        "search_url": address("console-interactions:search") if actor.is_representative else "",
        "switch_url": address("portal-partners:act_as"),
        "onward_url": SimpleLazyObject(lambda: onward(request)),
        "bypass_code": settings.MFA_TOTP_INSECURE_BYPASS_CODE,
    }


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16, classes: str = "") -> SafeString:
    """An icon as inline SVG, hidden from assistive technology; the words beside it carry the meaning."""
    drawn = _drawings().read(f"{name}.svg").decode()
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" class="{1}">{2}</svg>',
        size,
        f"icon {classes}".strip(),
        mark_safe(drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")]),  # noqa: S308  the package's own drawing
    )


@cache
def _drawings() -> ZipFile:
    """The icons of the package, opened once: to read the list of all takes longer than to draw those of a page."""
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


def initials(name: str) -> str:
    """The first letters of the first and the last word: "Rosa Lind" is RL."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def hue(name: str) -> int:
    """Which of the avatar colours a name has, always the same one."""
    return zlib.crc32(name.encode()) % AVATAR_HUES + 1


def browser(agent: str) -> str:
    """A browser and its system by the words in its user agent: "Firefox on Windows"."""
    name = next((shown for sign, shown in BROWSERS if sign in agent), _("Unknown browser"))
    system = next((shown for sign, shown in SYSTEMS if sign in agent), "")
    return gettext("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else str(name)
