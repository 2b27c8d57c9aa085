"""How and when somebody hears is theirs to say; the promised longest silence, and what is theirs to answer, are not."""

import threading
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.enums import Event, Side
from interactions.models import Interaction, Item
from notifications.domain import announcing, deliveries, preferences, relay
from notifications.domain.people import Directory
from notifications.domain.preferences import Wishes
from notifications.domain.timing import UNWANTED
from notifications.enums import DeliveryState, Manner, Pace, Topic
from notifications.models import Delivery
from notifications.payloads import Outcome
from partners.enums import Channel
from partners.models import OutboxMessage, User
from tests.factories.partners import moment
from tests.factories.world import a_person_of, a_policy, a_representative, an_actor_for, an_interaction, signed_in
from tests.notifications.conftest import NOON, Office, Postman, an_office

DAILY = {Topic.SAID: Pace.DAILY, Topic.STATUS: Pace.DAILY}
LONG_AGO = timedelta(days=400)


def wishes_of(person: User, paces: Mapping[Topic, Pace], zone: str = "Europe/Berlin", **hours: Any) -> None:
    User.objects.filter(pk=person.pk).update(time_zone=zone)
    preferences.choose(person, Wishes(paces=paces, **hours))


def unpromised(office: Office) -> None:
    """Nothing limits the silence."""
    Interaction.objects.update(policy=None)


def say(interaction: Interaction, office: Office, text: str) -> None:
    saying = Saying(text=text, side=Side.ENTERPRISE, channel=Channel.WEB)
    interaction.refresh_from_db()
    conversation.say(interaction, saying, actor=an_actor_for(office.rosa), at=NOON)


def make_due() -> None:
    Delivery.objects.unsent().update(next_at=Now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("hours", "at", "leaves"),
    [
        ({"quiet_from": time(20), "quiet_until": time(7)}, "2026-06-01 17:59", "2026-06-01 17:59"),
        ({"quiet_from": time(20), "quiet_until": time(7)}, "2026-06-01 18:00", "2026-06-02 05:00"),
        ({"quiet_from": time(20), "quiet_until": time(7)}, "2026-06-02 04:59", "2026-06-02 05:00"),
        ({"quiet_from": time(12), "quiet_until": time(13)}, "2026-06-01 10:30", "2026-06-01 11:00"),
        ({"quiet_from": time(12), "quiet_until": time(13)}, "2026-06-01 11:00", "2026-06-01 11:00"),
        ({"quiet_from": time(1), "quiet_until": time(2, 30)}, "2026-03-29 00:30", "2026-03-29 01:30"),  # clocks go on
        ({"quiet_from": time(1), "quiet_until": time(4)}, "2026-10-25 00:30", "2026-10-25 03:00"),  # and back
    ],
)
def test_quiet_hours_end_by_the_clock_of_their_reader(hours: dict[str, Any], at: str, leaves: str) -> None:
    assert Wishes(**hours).after_quiet(moment(at), "Europe/Berlin") == moment(leaves)


def test_a_daily_mail_leaves_at_the_next_such_hour() -> None:
    wishes = Wishes(daily_hour=8)

    assert wishes.next_daily(moment("2026-06-01 05:00"), "Europe/Berlin") == moment("2026-06-01 06:00")
    assert wishes.next_daily(moment("2026-06-01 06:00"), "Europe/Berlin") == moment("2026-06-02 06:00")


def test_news_of_a_day_are_one_mail_with_a_part_for_each_matter_and_its_answer_leads_into_none(
    office: Office, postman: Postman
) -> None:
    unpromised(office)
    other = an_interaction(office.acme, subject="Wrong total", actor=an_actor_for(office.paul), at=NOON)
    relay.relay_all(NOON)
    deliveries.send_all(NOON, Postman())
    unpromised(office)
    wishes_of(office.paul, DAILY)
    for interaction, text in (
        (office.interaction, "We are on it."),
        (other, "Here it is."),
        (office.interaction, "It is repaired."),
    ):
        say(interaction, office, text)
        office.tell()
    deliveries.send_all(NOON, postman)
    assert [one.recipient for one in postman.letters if one.recipient == office.paul.email] == []

    make_due()
    postman.letters.clear()
    assert deliveries.send_all(NOON, postman) == 3
    assert deliveries.send_all(NOON, postman) == 0

    (letter,) = postman.letters
    assert letter.recipient == office.paul.email
    assert letter.subject.startswith("3 pieces of news")
    places = [letter.text.index(text) for text in ("We are on it.", "It is repaired.", "Here it is.")]
    assert places == sorted(places)
    assert letter.text.count(f"/portal/interactions/{office.interaction.number}/") == 1
    assert "Wrong total" in letter.html
    assert "Reply-To" not in letter.headers
    assert set(Delivery.objects.filter(gist__gt="").values_list("state", flat=True)) == {DeliveryState.COMPLETED}


def test_what_is_urgent_does_not_wait_behind_what_is_gathered_and_a_single_piece_of_news_is_an_ordinary_mail(
    office: Office, postman: Postman
) -> None:
    unpromised(office)
    wishes_of(office.paul, DAILY)
    say(office.interaction, office, "We are on it.")
    office.tell()
    office.happens(Event.RESOLVED)
    office.tell()

    deliveries.send_all(NOON, postman)
    to_paul = [one for one in postman.letters if one.recipient == office.paul.email]
    assert [Delivery.objects.get(pk=one.key).entry.event for one in to_paul] == [Event.RESOLVED]

    make_due()
    postman.letters.clear()
    deliveries.send_all(NOON, postman)
    (letter,) = postman.letters
    assert letter.subject.startswith(f"[{office.interaction.number}]")
    assert "Reply-To" in letter.headers


def test_who_wants_no_mail_finds_it_on_the_page_and_the_delivery_says_why(office: Office) -> None:
    for person in (office.paul, office.petra):
        wishes_of(person, {Topic.PROGRESS: Pace.OFF})
    before = Item.objects.count()
    entry = office.happens(Event.PROGRESS_TOLD)

    made = [one for one in office.tell() if one.item_id is not None]
    OutboxMessage.objects.create(entry=entry)

    assert office.tell() == []
    assert {(one.state, one.error) for one in made} == {(DeliveryState.CANCELLED, UNWANTED)}
    (item,) = Item.objects.order_by("pk")[before:]
    assert (item.interaction, item.channel) == (office.interaction, Channel.WEB)


def test_a_moment_with_words_and_an_end_leaves_as_the_more_urgent_of_them(office: Office) -> None:
    wishes_of(office.paul, {Topic.STATUS: Pace.OFF})
    office.happens(Event.CLOSED)
    (closed,) = [one for one in office.tell() if one.address == office.paul.email]
    assert closed.state == DeliveryState.CANCELLED

    directory = Directory([office.interaction], [], NOON)
    said: dict[str, Any] = {"side": Side.ENTERPRISE, "kind": "response", "texts": {"text": "Done."}}
    moment_of = [office.happens(Event.ITEM_ADDED, **said), office.happens(Event.CLOSED)]
    (chosen,) = announcing.choose(moment_of, office.interaction, directory)
    assert chosen.topics[office.paul.email] == {Topic.SAID, Topic.STATUS}
    assert announcing.timings_of([chosen], NOON)[0][office.paul.email].is_unwanted is False


@pytest.mark.parametrize(
    ("heard_before", "hours_left"),
    [
        (timedelta(hours=1), 7),  # the policy's limit is eight hours
        (timedelta(hours=7, minutes=30), 0.5),
        (timedelta(hours=9), 0),
    ],
)
def test_no_wish_makes_the_silence_longer_than_promised(
    office: Office, heard_before: timedelta, hours_left: float
) -> None:
    now = announcing.database_now()
    policy = a_policy(partner=office.acme, silence_limit=timedelta(hours=8), effective_from=NOON.date())
    Interaction.objects.update(policy=policy, calendar=None)  # counted round the clock
    Delivery.objects.filter(interaction=office.interaction).update(sent_at=now - LONG_AGO)
    last = Delivery.objects.filter(interaction=office.interaction, item__isnull=False)[:1].get()
    Delivery.objects.filter(pk=last.pk).update(sent_at=now - heard_before)
    far = (now.hour + 20) % 24
    wishes_of(office.paul, DAILY, zone="UTC", daily_hour=far)
    say(office.interaction, office, "We are on it.")

    (made,) = [one for one in office.tell() if one.address == office.paul.email]

    left = (made.next_at - now).total_seconds() / 3600
    assert abs(left - hours_left) < 0.1
    assert made.manner == (Manner.GATHERED if hours_left else Manner.AT_ONCE)


def test_who_left_meanwhile_does_not_get_what_waited(office: Office, postman: Postman) -> None:
    unpromised(office)
    wishes_of(office.paul, DAILY)
    say(office.interaction, office, "Between us.")
    office.tell()
    deliveries.send_all(NOON, postman)
    office.paul.memberships.update(valid_until=NOON.date() - timedelta(days=1))
    make_due()
    postman.letters.clear()

    assert deliveries.send_all(NOON, postman) == 0

    assert postman.letters == []
    waited = Delivery.objects.get(manner=Manner.GATHERED)
    assert (waited.state, waited.error) == (DeliveryState.CANCELLED, deliveries.GONE)


def test_two_workers_send_one_daily_mail_and_a_killed_one_leaves_it_to_the_next(committed_db: dict[str, str]) -> None:
    office = an_office()
    relay.relay_all(NOON)
    deliveries.send_all(NOON, Postman())
    unpromised(office)
    wishes_of(office.paul, DAILY)
    for number in range(60):
        say(office.interaction, office, f"News {number}")
    relay.relay_all(NOON)
    make_due()
    lost = deliveries.claim()
    while any(one.manner == Manner.AT_ONCE for one in lost.deliveries) and len(lost.deliveries) < 60:
        lost = deliveries.claim()  # Petra's come first, one by one
    held = Delivery.objects.filter(manner=Manner.GATHERED)
    assert set(held.values_list("state", flat=True)) == {DeliveryState.IN_PROGRESS}

    make_due()  # the leases of the killed one have ended
    postmen = [Postman() for _ in range(3)]
    start = threading.Barrier(len(postmen))

    def work(postman: Postman) -> None:
        start.wait()
        deliveries.send_all(NOON, postman)
        connection.close()

    threads = [threading.Thread(target=work, args=[postman]) for postman in postmen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (letter,) = [one for postman in postmen for one in postman.letters if one.recipient == office.paul.email]
    assert letter.subject.startswith("60 pieces of news")
    assert set(held.values_list("state", "attempts")) == {(DeliveryState.COMPLETED, 2)}


def test_a_daily_mail_that_is_refused_is_given_up_as_a_whole(office: Office, postman: Postman) -> None:
    unpromised(office)
    wishes_of(office.paul, DAILY)
    for text in ("One", "Two"):
        say(office.interaction, office, text)
        office.tell()
    make_due()
    postman.refuses[office.paul.email] = Outcome(key=0, error="550 No such mailbox", is_final=True)

    deliveries.send_all(NOON, postman)

    gathered = Delivery.objects.filter(manner=Manner.GATHERED)
    assert list(gathered.values_list("state", "error")) == [(DeliveryState.FAILED, "550 No such mailbox")] * 2


@pytest.mark.django_db
def test_both_sides_choose_on_one_page_and_cannot_choose_what_nobody_may() -> None:
    paul, rosa = a_person_of(an_office().acme, "Pat Acheson"), a_representative("Rita Lind")
    given: dict[str, str] = {"daily_hour": "7", "quiet_from": "20:00", "quiet_until": "06:30"}
    plain: dict[str, str] = {topic: Pace.AT_ONCE for topic in Topic if topic != Topic.SECURITY}

    for person in (paul, rosa):
        client = signed_in(person)
        refused = client.post("/account/notices/", {**given, **plain, Topic.YOUR_TURN: Pace.OFF})
        half = client.post("/account/notices/", {**given, **plain, "quiet_until": ""})
        saved = client.post("/account/notices/", {**given, **plain, Topic.SAID: Pace.DAILY, Topic.SECURITY: Pace.OFF})
        assert (refused.status_code, half.status_code, saved.status_code) == (422, 422, 302)
        kept = preferences.of(person)
        assert (kept.paces, kept.daily_hour) == ({Topic.SAID: Pace.DAILY}, 7)
        assert (kept.quiet_from, kept.quiet_until) == (time(20), time(6, 30))
    late = given | plain | {Topic.PROMISES: Pace.OFF}
    assert signed_in(rosa).post("/account/notices/", late).status_code == 422
    assert signed_in(paul).post("/account/notices/", late).status_code == 302
