"""Files as received: bounded, named by us, typed by what they are."""

import hashlib
import re
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from interactions.domain import conversation
from interactions.domain.conversation import Saying
from interactions.enums import Side
from interactions.errors import NotAccepted
from interactions.models import Attachment, Interaction
from interactions.payloads import File
from partners.enums import Channel
from tests.interactions.stages import MONDAY, a_matter, rosa, stored

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


def sent(interaction: Interaction, *files: File, text: str = "See the files.") -> list[Attachment]:
    saying = Saying(text=text, side=Side.PARTNER, channel=Channel.WEB, files=files)
    item = conversation.say(interaction, saying, actor=rosa(), at=MONDAY)
    return list(item.attachments.order_by("id"))


def test_a_file_is_kept_as_it_came() -> None:
    (kept,) = sent(a_matter(), File(name="plan.png", content=PNG, content_type="text/html"))

    assert (kept.name, kept.size, kept.content_type) == ("plan.png", len(PNG), "image/png")
    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    with kept.file.open("rb") as stored_file:
        assert stored_file.read() == PNG


def test_the_type_is_what_the_content_shows_else_what_was_told() -> None:
    kept = sent(
        a_matter(),
        File(name="a.pdf", content=PNG, content_type="application/pdf"),
        File(name="b.csv", content=b"a;b\n1;2\n", content_type="text/csv"),
        File(name="c", content=b"x", content_type="text/\x00plain\r\nX: y" + "z" * 500),
        File(name="empty", content=b""),
    )

    assert [file.content_type for file in kept][:2] == ["image/png", "text/csv"]
    assert re.fullmatch(r"[^\x00-\x1f]{1,100}", kept[2].content_type)
    assert (kept[3].size, kept[3].content_type) == (0, "application/octet-stream")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\paul\\bill.pdf", "bill.pdf"),
        ("/", "file"),
        ("", "file"),
        ("..", ".."),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("\ud800.pdf", "\ufffd.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ("x" * 1000, "x" * 255),
    ],
)
def test_a_name_is_shown_without_its_path_and_never_used_as_one(told: str, shown: str) -> None:
    (kept,) = sent(a_matter(), File(name=told, content=b"x"))

    assert kept.name == shown
    assert re.fullmatch(r"attachments/([0-9a-f]{2})/\1[0-9a-f]{30}", str(kept.file.name))


def test_a_file_alone_is_enough_to_say() -> None:
    assert len(sent(a_matter(), File(name="a", content=b"x"), text="")) == 1


def test_a_file_too_large_is_refused_and_none_before_it_is_left(settings: Settings, tmp_path: Path) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1_000_000
    interaction = a_matter()
    before = stored(interaction)

    with pytest.raises(NotAccepted, match=r"“big.bin” is larger than 1 MB") as refused:
        sent(interaction, File(name="small", content=b"x"), File(name="../big.bin", content=bytes(1_000_001)))

    assert refused.value.attribute == "attachment"
    assert stored(interaction) == before
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_of_the_largest_size_is_kept(settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1_000

    assert sent(a_matter(), File(name="a", content=bytes(1_000)))[0].size == 1_000


def test_too_many_files_are_refused() -> None:
    interaction = a_matter()

    with pytest.raises(NotAccepted, match="At most 50 files"):
        sent(interaction, *[File(name=str(n), content=b"x") for n in range(51)])

    assert not Attachment.objects.exists()


def test_no_row_is_left_of_files_whose_transaction_is_undone() -> None:
    interaction = a_matter()

    with transaction.atomic():
        sent(interaction, File(name="a", content=b"x"))
        transaction.set_rollback(True)

    assert not Attachment.objects.exists()
    assert interaction.items.count() == 1


def test_the_original_is_kept_apart() -> None:
    interaction = a_matter(
        channel=Channel.EMAIL, original=File(name="mail.eml", content=b"From: a"), files=[File(name="a", content=b"x")]
    )

    assert sorted(interaction.attachments.values_list("name", "is_original")) == [("a", False), ("mail.eml", True)]
