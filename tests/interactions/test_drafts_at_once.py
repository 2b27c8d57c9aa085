"""One person in two windows, or one window that still saves while it already sends: nothing is lost or doubled."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from interactions.domain import drafts, outgoing
from interactions.domain.drafts import Wording
from interactions.models import Draft, DraftMode, Interaction
from partners.payloads import Actor
from tests.factories.world import a_representative, an_actor_for, an_interaction

NOW = timezone.now()
SOON = NOW + timedelta(seconds=10)


@pytest.fixture
def us(committed_db: dict[str, str]) -> Actor:
    return an_actor_for(a_representative())


@pytest.fixture
def matter(us: Actor) -> Interaction:
    return an_interaction(actor=us)


@pytest.fixture
def saving(matter: Interaction, us: Actor) -> Iterator[threading.Event]:
    """A save of half a sentence that is on its way; it is through once the event is set."""
    began, may_end = threading.Event(), threading.Event()

    def save() -> None:
        with transaction.atomic():
            drafts.keep(matter, DraftMode.REPLY, Wording(text="The port is"), actor=us, at=NOW, version=0)
            began.set()
            may_end.wait(timeout=20)
        connection.close()

    thread = threading.Thread(target=save)
    thread.start()
    assert began.wait(timeout=20)
    yield may_end
    may_end.set()
    thread.join()


def test_a_reply_waits_for_the_save_that_it_overtook(saving: threading.Event, matter: Interaction, us: Actor) -> None:
    threading.Timer(0.3, saving.set).start()

    wording = Wording(text="The port is free.")
    outgoing.send(matter, wording, [], leaves_at=SOON, actor=us, at=NOW + timedelta(seconds=1))

    draft = Draft.objects.get()
    assert (draft.text, draft.send_at) == ("The port is free.", SOON)
