"""Story 5, its half by mail: a matter begins, waits, and goes on by mail alone; what is forged changes nothing."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from interactions.enums import ClockKind, ItemKind, Side, Status
from interactions.models import Clock, Interaction
from tests.factories.world import PASSWORD, a_partner, a_person_of, a_representative, a_team
from tests.journeys import mails
from tests.journeys.system import System
from tests.journeys.windows import Windows

SUBJECT = "Bestellung 4711: Übergabepunkt Köln"
TEXT = "Grüße aus Zürich: bitte „zweimal 10G“ in Köln, Straße 5. 你好"
PLAN = b"%PDF-1.4 a plan of the site"


def test_a_matter_by_mail_waits_for_the_partner_and_goes_on_with_the_answer_by_mail(
    product: System, windows: Windows
) -> None:
    rosa = a_representative(team=a_team("front-desk"), password=PASSWORD)
    zoe = a_person_of(a_partner("Acme Wholesale"), "Zoë Grün", email="zoe@acme.example.org")
    first = mails.new(TEXT, sender="Zoë Grün <zoe@acme.example.org>", subject=SUBJECT, files={"Plan Köln.pdf": PLAN})
    product.send_mail(first)

    received = product.mail_to(zoe.email, "We received your request")
    assert str(first["Message-ID"]) in f"{received['In-Reply-To']} {received['References']}"
    product.mail_to(rosa.email, "nobody has taken it yet")
    page = windows.sign_in(rosa)
    page.get_by_role("list", name="For my teams").get_by_role("link", name=SUBJECT).click()
    said = entry(page, "Grüße aus Zürich")
    expect(said).to_contain_text(TEXT)
    assert downloaded(said, "Plan Köln.pdf") == PLAN
    assert original_of(said) == (TEXT, first["Message-ID"])
    ask_for(page, "The building's access code")
    expect(page.get_by_role("complementary", name="Context")).to_contain_text("Paused with")
    expect(page.get_by_role("complementary", name="Context")).to_contain_text("The building's access code")
    assert [clock.due_at for clock in running_clocks()] == [None]

    asked = product.mail_to(zoe.email, "The building's access code")
    product.send_mail(mails.reply_to(asked, "Der Code ist 0815.", sender="zoe@acme.example.org"))
    product.mail_to(rosa.email, "Der Code ist 0815.")
    page.reload()
    expect(page.get_by_role("article").first).to_contain_text("In progress")
    answer = entry(page, "Der Code ist 0815.")
    assert "To go on with" not in answer.inner_text()  # the quoted notice is folded
    assert "> To go on with" in original_of(answer)[0]
    assert [clock.due_at is not None for clock in running_clocks()] == [True]
    items = Interaction.objects.get().items.exclude(kind=ItemKind.NOTIFICATION).filter(side=Side.PARTNER)
    assert list(items.order_by("sequence").values_list("text", flat=True)) == [TEXT, "Der Code ist 0815."]


def test_a_reply_that_somebody_forged_waits_in_triage_and_changes_nothing(product: System, windows: Windows) -> None:
    rosa = a_representative(team=a_team("front-desk"), password=PASSWORD)
    zoe = a_person_of(a_partner("Acme Wholesale"), "Zoë Grün", email="zoe@acme.example.org")
    a_person_of(a_partner("Mallory Networks"), "Mallory Marsh", email="mallory@elsewhere.example.org")
    product.send_mail(mails.new(TEXT, sender="zoe@acme.example.org", subject=SUBJECT))
    received = product.mail_to(zoe.email, "We received your request")

    forged = mails.reply_to(received, "Cancel it all!", sender="Zoë Grün <mallory@elsewhere.example.org>")
    product.send_mail(forged)

    page = windows.sign_in(rosa)
    page.get_by_role("link", name="Triage").first.click()
    doubtful = page.get_by_role("list", name="Messages").get_by_role("listitem").filter(has_text="mallory@")
    expect(doubtful).to_contain_text("of another partner")
    doubtful.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("Cancel it all!")
    page.get_by_label("Reason").fill("Not one of their people.")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("The message was refused.")).to_be_visible()
    expect(page.get_by_text("Nothing waits for a decision")).to_be_visible()
    matter = Interaction.objects.get()
    assert matter.status == Status.RECEIVED
    assert not matter.items.filter(text__contains="Cancel it all!").exists()
    assert product.subjects("mallory@elsewhere.example.org") == []
    assert len(product.subjects(zoe.email)) == 1


def entry(page: Page, text: str) -> Locator:
    """The one thing said in which these words stand."""
    found = page.get_by_role("list", name=re.compile("Conversation of")).get_by_role("article").filter(has_text=text)
    expect(found).to_have_count(1)
    return found


def downloaded(place: Locator, name: str) -> bytes:
    place.get_by_role("link", name=re.compile(name)).click()
    sheet = place.page.get_by_role("dialog")
    with place.page.expect_download() as saving:
        sheet.get_by_role("link", name="Download").first.click()
    sheet.get_by_role("link", name="Close").click()
    return saving.value.path().read_bytes()


def original_of(said: Locator) -> tuple[str, str]:
    """Text and Message-ID of the mail as it was received."""
    mail = mails.read(downloaded(said, "Original as received"))
    return mails.plain(mail).strip(), str(mail["Message-ID"])


def ask_for(page: Page, what: str) -> None:
    page.get_by_text("Reply to partner").click()
    page.get_by_label("Your text").fill("Gladly. To enter the building we need one thing more.")
    page.get_by_role("radio", name="wait for an answer").check()
    page.get_by_label("What do we need").fill(what)
    page.get_by_label("By when").first.fill(f"{timezone.now() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name=re.compile("Send to 1 person at Acme")).click()
    expect(page.get_by_text("now we wait for the answer")).to_be_visible()


def running_clocks() -> list[Clock]:
    """The promise of a solution; that of a first answer is kept by then."""
    return list(Interaction.objects.get().clocks.filter(stopped_at=None, kind=ClockKind.RESOLUTION))
