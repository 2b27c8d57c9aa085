"""What a partner is told of the record of its matter, and takes along to check by itself."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from interactions.domain import conversation, ownership
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Side
from interactions.models import Interaction
from partners.domain import seals
from partners.enums import Channel
from partners.models import User
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    a_team,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db
SECRET = "Quixotic customer, never offer a credit"


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


@pytest.fixture
def matter(paul: User) -> Interaction:
    """Something was said to both sides, and something among us."""
    rosa, now = an_actor_for(a_representative()), timezone.now()
    matter = an_interaction(paul.memberships.get().partner, subject="Line down", actor=an_actor_for(paul))
    saying = Saying(text="Grüße, wir sind dran.", side=Side.ENTERPRISE, channel=Channel.WEB)
    matter = conversation.ask(matter, saying, Words(waiting_for="A copy"), actor=rosa, at=now).interaction
    conversation.note(matter, SECRET, actor=rosa, at=now)
    ownership.hand_over(matter, a_team("billing"), reason=SECRET, actor=rosa, at=now)
    return matter


def check(download: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the program of the documentation says of a download; it knows nothing of us."""
    guide = (settings.BASE_DIR / "docs" / "checking-a-record.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    (folder / "record.jsonl").write_bytes(download)
    command = [sys.executable, "-I", "-c", program, "record.jsonl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_partner_takes_the_whole_chain_along_and_reads_only_its_own_part(
    paul: User, matter: Interaction, tmp_path: Path
) -> None:
    browser, seal = signed_in(paul), seals.check(matter.stream)
    assert seal is not None

    page = browser.get(f"/portal/interactions/{matter.number}/record/").content.decode()
    download = browser.get(f"/portal/interactions/{matter.number}/record/download/").content

    assert "Complete and unchanged" in page
    assert f"All {seal.length} entries" in page
    assert "Grüße, wir sind dran." in download.decode()
    assert "A copy" in download.decode()
    assert SECRET not in download.decode()
    entries = [json.loads(line) for line in download.splitlines()]
    events = {entry["document"]["event"] for entry in entries if "document" in entry}
    assert not [event for event in events if event.startswith(("note.", "step.", "clock."))]
    assert "interaction.handed_over" not in events
    assert {"interaction.received", "item.added", "interaction.waiting"} <= events
    assert (
        check(download, tmp_path).stdout
        == f"complete and unchanged: {seal.length} entries, the last is {seal.digest}\n"
    )
    for broken in (download.replace("Grüße".encode(), b"Adieu"), download.replace(b'"priority": 3', b'"priority": 1')):
        assert broken != download
        assert "was changed" in check(broken, tmp_path).stderr
    cut = b"".join(download.splitlines(keepends=True)[:-2]) + download.splitlines(keepends=True)[-1]
    assert "the end is missing" in check(cut, tmp_path).stderr


def test_a_record_that_was_touched_is_told_of_with_what_to_do_and_others_learn_nothing(
    paul: User, matter: Interaction, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_recordstream SET length = length + 1 WHERE name = %s", [matter.stream])
    mallory = signed_in(a_person_of(a_partner("Globex Mobile"), "Mallory Voss"))

    page = signed_in(paul).get(f"/portal/interactions/{matter.number}/record/").content.decode()

    assert "The record is not as it was written" in page
    assert "What to do now" in page
    assert f"The record of {matter.stream} is broken" in caplog.text
    for path in ("record/", "record/download/"):
        assert mallory.get(f"/portal/interactions/{matter.number}/{path}").status_code == 404
