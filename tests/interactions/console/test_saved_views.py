"""Views that people save, and how they arrange the queue."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.domain import desks
from interactions.models import Interaction, SavedView, Team
from partners.enums import Channel, Priority
from partners.models import Partner, User
from tests.factories.interactions import TeamMemberFactory
from tests.factories.world import a_representative, a_team, an_interaction, signed_in
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

QUEUE = "/console/queue/"
BY_MAIL = "view=all&channel=email&sort=newest&column=number&column=subject"


def save(browser: Client, name: str = "By mail", query: str = BY_MAIL, **fields: object) -> SavedView:
    answer = browser.post(f"{QUEUE}views/new/", {"name": name, "query": query, **fields})
    view = SavedView.objects.latest("pk")
    assert answer.headers["Location"] == f"{QUEUE}?{view.query}&saved={view.pk}"
    return view


def lines(browser: Client, query: str = "?view=open") -> dict[str, str | None]:
    return {str(line.name): line.count for line in browser.get(f"{QUEUE}{query}").context["views"]}


def test_a_saved_view_is_a_link_with_its_count_beside_the_usual_ones(browser: Client, acme: Partner) -> None:
    an_interaction(acme, subject="By phone", channel=Channel.PHONE)
    an_interaction(acme, subject="By mail", channel=Channel.EMAIL)

    view = save(browser, query=f"{BY_MAIL}&after=.7&filters=1&nonsense=1")

    assert view.query == BY_MAIL
    page = browser.get(f"{QUEUE}?{view.query}&saved={view.pk}")
    assert [row.subject for row in page.context["page"].rows] == ["By mail"]
    assert '<h1 class="pane__title">By mail</h1>' in text_of(page)
    assert lines(browser)["By mail"] == "1"
    save(browser, name="News", query="view=open&unread=on")
    assert lines(browser)["News"] is None
    changed = browser.get(f"{QUEUE}?{view.query}&priority=1&saved={view.pk}")
    assert changed.context["now"].is_another


def test_what_cannot_be_shown_again_is_not_saved(browser: Client) -> None:
    for query in ("view=mine&status=lost", "view=mine&" + "&".join(["column=number"] * 300)):
        answer = browser.post(f"{QUEUE}views/new/", {"name": "Odd", "query": query})
        assert answer.status_code == 422
    assert browser.post(f"{QUEUE}views/new/", {"name": "", "query": BY_MAIL}).status_code == 422
    assert not SavedView.objects.exists()


def test_a_view_is_renamed_shared_opened_first_removed_and_brought_back(
    browser: Client, front_desk: Team, rosa: User
) -> None:
    view = save(browser)
    address = f"{QUEUE}views/{view.pk}/"

    browser.post(address, {"name": "Mails", "team": front_desk.pk})
    browser.post(f"{address}first/")
    assert browser.get(QUEUE).headers["Location"] == f"{QUEUE}?{view.query}&saved={view.pk}"
    browser.post(f"{address}replace/", {"query": "view=mine&priority=1"})
    view.refresh_from_db()
    assert (view.name, view.team, view.query) == ("Mails", front_desk, "view=mine&priority=1")

    removed = browser.post(f"{address}remove/", follow=True)
    assert "Mails” was removed" in text_of(removed)
    assert "Mails" not in lines(browser)
    assert browser.get(QUEUE).status_code == 200
    browser.post(f"{address}restore/")
    assert "Mails" in lines(browser)
    browser.post(f"{address}usual/")
    assert browser.get(QUEUE).status_code == 200

    browser.post(f"{address}remove/")
    assert desks.forget(at=timezone.now() + timedelta(days=8)) > 0
    assert not SavedView.objects.exists()


def test_a_team_sees_what_is_shared_with_it_and_its_lead_may_change_it(browser: Client, front_desk: Team) -> None:
    own, shared = save(browser), save(browser, "Ours", team=front_desk.pk)
    tom, mia, mallory = (a_representative(name) for name in ("Tom Berger", "Mia Berg", "Mallory Fenn"))
    TeamMemberFactory.create(team=front_desk, user=tom, is_lead=True)
    TeamMemberFactory.create(team=front_desk, user=mia)

    found = {
        user.name: (
            lines(signed_in(user)).get("Ours"),
            *(signed_in(user).get(f"{QUEUE}views/{view.pk}/").status_code for view in (own, shared)),
        )
        for user in (tom, mia, mallory)
    }

    assert found == {"Tom Berger": ("0", 404, 200), "Mia Berg": ("0", 404, 403), "Mallory Fenn": (None, 404, 404)}
    team = a_team("billing").pk
    assert browser.post(f"{QUEUE}views/new/", {"name": "Theirs", "query": "", "team": team}).status_code == 422


def test_the_queue_of_a_team_opens_with_what_its_lead_chose_where_a_member_did_not_choose_otherwise(
    browser: Client, front_desk: Team
) -> None:
    tom, billing = a_representative("Tom Berger"), a_team("billing")
    TeamMemberFactory.create(team=front_desk, user=tom, is_lead=True)
    lead = signed_in(tom)
    own, ours, other = (save(browser, name, team=front_desk.pk) for name in ("Own", "Ours", "Other"))

    def choose(who: Client, view: SavedView, verb: str) -> int:
        return int(who.post(f"{QUEUE}views/{view.pk}/{verb}/").status_code)

    def first(who: Client = browser) -> str:
        """The name of what the queue opens with, which is what bears the house in the list."""
        address = who.get(QUEUE).headers.get("Location", f"{QUEUE}?view=open")
        shown = who.get(address).context
        houses = [str(line.name) for line in shown["views"] if line.icon == "house"]
        assert houses == ([shown["now"].name] if shown["is_first"] else [])
        return houses[0] if houses else ""

    assert choose(browser, ours, "team-first") == 403
    choose(lead, other, "team-first")
    choose(lead, ours, "team-first")
    assert (first(), first(lead)) == ("Ours", "Ours")
    assert "Opens first for Front desk, and for you." in text_of(browser.get(QUEUE, follow=True))
    choose(browser, own, "first")
    assert first() == "Own"
    choose(browser, own, "usual")
    assert first() == "Ours"
    choose(browser, ours, "usual")
    assert first() == ""
    choose(browser, ours, "first")
    choose(lead, other, "team-first")
    assert first() == "Other"  # the team is followed

    lead.post(f"{QUEUE}views/{other.pk}/remove/")
    assert first() == ""
    choose(lead, ours, "team-first")
    lead.post(f"{QUEUE}views/{other.pk}/restore/")
    assert first() == "Ours"
    desks.change(SavedView.objects.get(pk=ours.pk), name="Ours", team=billing)
    assert first() == ""


def test_columns_are_chosen_moved_and_kept(browser: Client, acme: Partner) -> None:
    an_interaction(acme, subject="Urgent", priority=Priority.URGENT)
    form = {"column": ["number", "due", "subject", "nonsense"], "density": "compact", "query": "view=all&channel=web"}

    assert browser.post(f"{QUEUE}look/", {**form, "do": "show"}).headers["Location"] == (
        f"{QUEUE}?view=all&channel=web&column=number&column=due&column=subject&density=compact"
    )
    moved = browser.post(f"{QUEUE}look/", {**form, "do": "up:due"}).context["columns"]
    assert [line["column"].code for line in moved][:3] == ["due", "number", "subject"]
    kept = browser.post(f"{QUEUE}look/", {**form, "do": "keep"})
    assert (kept.headers["Location"], kept.cookies["density"].value) == (f"{QUEUE}?view=all&channel=web", "compact")

    page = browser.get(f"{QUEUE}?view=open")
    assert [head["column"].code for head in page.context["heads"]] == ["number", "due", "subject"]
    assert page.context["heads"][0]["address"] == "?view=open&sort=newest"
    assert 'class="cell cell--due"' in text_of(page)
    assert not browser.get(f"{QUEUE}?view=open&column=usual").context["heads"]


def test_every_column_is_drawn_for_as_many_queries_as_the_usual_row(
    browser: Client, acme: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for subject in ("One", "Two"):
        an_interaction(acme, subject=subject)
    Interaction.objects.update(assignee=None)
    columns = "&".join(f"column={code}" for code in ("changed", "team", "type", "assignee", "status", "priority"))
    rest = "&column=channel&column=partner&column=reason&column=due&column=began&column=number"
    browser.get(QUEUE)

    with django_assert_num_queries(7):  # one less: by deadline a page is read in two parts
        page = browser.get(f"{QUEUE}?{columns}{rest}&sort=priority")

    assert text_of(page).count('class="cell cell--team"') == 3
    assert browser.get(f"{QUEUE}?view=all&sort=priority").context["now"].order == "newest"
