"""The track record: appended in order, never changed, and found out when somebody does."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from config import embedded
from partners.domain import chain, checkpoints, exports, record, verification
from partners.enums import ActorKind
from partners.errors import RecordBroken
from partners.models import OutboxMessage, RecordEntry, RecordStream
from partners.payloads import SYSTEM, Actor, Fact
from tests import database

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROSA = Actor(kind=ActorKind.REPRESENTATIVE, user_id=7, label="Rosa Lindqvist", role="representative", level=2)

ENABLE = sql.SQL("ALTER TABLE partners_recordentry ENABLE ALWAYS TRIGGER {}")


def a_fact(stream: str = "interaction:1", **changes: object) -> Fact:
    told = {"event": "item.added", "actor": ROSA, "at": NOW, "facts": {"item": 1}, "texts": {"text": "Hello, Zoë"}}
    return Fact(stream=stream, **(told | changes))  # type: ignore[arg-type]


def fill() -> None:
    """Three streams: five entries, three entries, one entry."""
    for number in range(5):
        record.append(a_fact("interaction:1", facts={"item": number}))
    for number in range(3):
        record.append(a_fact("interaction:2", facts={"item": number}))
    record.append(a_fact("partner:9"))


def tamper(statement: str) -> None:
    """What somebody with all rights on the server could do, with the triggers switched off."""
    with embedded.superuser(database.run_dir()) as server:
        uri = server.info.dsn.replace(f"dbname={server.info.dbname}", f"dbname={database.NAME}")
        with psycopg.connect(uri, host=server.info.host, autocommit=True) as connection_:
            connection_.execute("ALTER TABLE partners_recordentry DISABLE TRIGGER USER")
            connection_.execute(sql.SQL(statement))
            for trigger in ("append_only", "no_truncate"):
                connection_.execute(ENABLE.format(sql.Identifier(f"partners_recordentry_{trigger}")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.mark.django_db
def test_nothing_to_record_is_no_error() -> None:
    assert record.append_all([]) == []
    assert not RecordEntry.objects.exists()


@pytest.mark.django_db
def test_entries_follow_each_other_in_their_stream() -> None:
    fill()

    entries = list(RecordEntry.objects.of_stream("interaction:1"))

    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert bytes(entries[0].previous) == chain.GENESIS
    assert [bytes(entry.previous) for entry in entries[1:]] == [bytes(entry.digest) for entry in entries[:-1]]
    assert RecordStream.objects.get(pk="interaction:1").length == 5


@pytest.mark.django_db
def test_several_facts_of_one_stream_are_appended_in_the_order_given() -> None:
    entries = record.append_all([a_fact(facts={"n": 1}), a_fact("partner:9"), a_fact(facts={"n": 2})])

    assert [(entry.stream, entry.sequence) for entry in entries] == [
        ("interaction:1", 1),
        ("partner:9", 1),
        ("interaction:1", 2),
    ]


@pytest.mark.django_db
def test_a_quiet_fact_is_recorded_and_not_announced() -> None:
    quiet, loud = record.append_all([a_fact(quiet=True), a_fact()])

    assert list(OutboxMessage.objects.values_list("entry", flat=True)) == [loud.pk]
    assert quiet.pk != loud.pk


@pytest.mark.django_db
def test_personal_text_is_not_in_the_hashed_document() -> None:
    entry = record.append(a_fact())

    hashed = json.dumps(record.document_of(entry))

    assert "Rosa" not in hashed
    assert "Zoë" not in hashed
    assert entry.actor_label == "Rosa Lindqvist"


@pytest.mark.django_db
def test_the_same_text_has_another_digest_each_time() -> None:
    first, second = record.append_all([a_fact(), a_fact()])

    assert first.text_digests["text"] != second.text_digests["text"]


@pytest.mark.django_db
def test_a_change_that_fails_leaves_neither_entry_nor_announcement() -> None:
    class Failure(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            record.append(a_fact())
            raise Failure

    with pytest.raises(Failure):
        change()

    assert not RecordEntry.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert not RecordStream.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_recordentry SET event = 'forged'",
        "DELETE FROM partners_recordentry",
        "TRUNCATE partners_recordentry CASCADE",
        "UPDATE partners_checkpoint SET number = 7",
        "DELETE FROM partners_checkpoint",
        "ALTER TABLE partners_recordentry DISABLE TRIGGER ALL",
        "ALTER TABLE partners_recordentry DROP COLUMN digest",
        "DROP TABLE partners_recordentry",
        "DROP TRIGGER partners_recordentry_append_only ON partners_recordentry",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_applications_role_cannot_touch_the_record(statement: str) -> None:
    record.append(a_fact())

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_triggers_refuse_even_the_owner(committed_db: dict[str, str]) -> None:
    record.append(a_fact())

    with psycopg.connect(committed_db["DATABASE_OWNER_URL"]) as owner:
        for statement in ("UPDATE partners_recordentry SET event = 'forged'", "DELETE FROM partners_recordentry"):
            with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
                owner.execute(statement)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute("TRUNCATE partners_recordentry CASCADE")


def test_parallel_writers_leave_no_gap_and_no_fork(committed_db: dict[str, str], folder: Path) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            record.append_all(
                [a_fact("interaction:2", facts={"by": number}), a_fact("interaction:1", facts={"n": turn})]
            )
        connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = verification.verify(folder=folder, public_key=None)
    assert (found.streams, found.entries) == (2, 80)


SWAP = """
    UPDATE partners_recordentry AS one SET facts = other.facts, texts = other.texts, text_digests = other.text_digests
    FROM partners_recordentry AS other
    WHERE (one.stream, one.sequence, other.stream, other.sequence)
        IN (('interaction:1', 2, 'interaction:1', 3), ('interaction:1', 3, 'interaction:1', 2))
"""
RESEQUENCE = """
    UPDATE partners_recordentry SET sequence = CASE sequence WHEN 2 THEN 1003 WHEN 3 THEN 1002 END
    WHERE stream = 'interaction:1' AND sequence IN (2, 3)
"""
INSERT = """
    INSERT INTO partners_recordentry (stream, sequence, event, at, channel, actor_kind, actor_role, actor_level,
        actor_client, facts, texts, text_digests, previous, digest)
    SELECT stream, 6, event, at, channel, actor_kind, actor_role, actor_level, actor_client, facts, texts, text_digests,
        digest, digest FROM partners_recordentry WHERE stream = 'interaction:1' AND sequence = 5
"""
TEXT = """UPDATE partners_recordentry SET texts = jsonb_set(texts, '{text,text}', '"Other"')
    WHERE stream = 'interaction:1' AND sequence = 3"""


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE partners_recordentry SET event = 'x' WHERE stream = 'interaction:1' AND sequence = 3"], (1, 3)),
        (["UPDATE partners_recordentry SET actor_id = 8 WHERE stream = 'interaction:1' AND sequence = 4"], (1, 4)),
        (["UPDATE partners_recordentry SET at = now() WHERE stream = 'interaction:1' AND sequence = 1"], (1, 1)),
        ([TEXT], (1, 3)),
        (["DELETE FROM partners_recordentry WHERE stream = 'interaction:1' AND sequence = 3"], (1, 3)),
        (["DELETE FROM partners_recordentry WHERE stream = 'interaction:1' AND sequence = 1"], (1, 1)),
        (["DELETE FROM partners_recordentry WHERE stream = 'interaction:1' AND sequence = 5"], (1, 4)),
        (["DELETE FROM partners_recordentry WHERE stream = 'interaction:2'"], (2, 1)),
        ([SWAP], (1, 2)),
        ([RESEQUENCE, "UPDATE partners_recordentry SET sequence = sequence - 1000 WHERE sequence > 1000"], (1, 2)),
        ([INSERT], (1, 6)),
        (["DELETE FROM partners_recordstream WHERE name = 'interaction:1'"], (1, 5)),
        (["UPDATE partners_recordstream SET length = 4 WHERE name = 'interaction:1'"], (1, 5)),
    ],
)
def test_tampering_is_found_and_named(
    committed_db: dict[str, str], folder: Path, statements: list[str], named: tuple[int, int]
) -> None:
    fill()
    allow_removal_from_outbox()
    verification.verify(folder=folder, public_key=None)

    for statement in statements:
        tamper(statement)

    with pytest.raises(RecordBroken) as broken:
        verification.verify(folder=folder, public_key=None)
    assert (broken.value.stream, broken.value.sequence) == (f"interaction:{named[0]}", named[1])


def allow_removal_from_outbox() -> None:
    """The outbox points at entries; it is empty once relayed."""
    OutboxMessage.objects.all().delete()


CUT = [
    "DELETE FROM partners_recordentry WHERE stream = 'interaction:1' AND sequence > 3",
    """UPDATE partners_recordstream SET length = 3, digest = (SELECT digest FROM partners_recordentry
        WHERE stream = 'interaction:1' AND sequence = 3) WHERE name = 'interaction:1'""",
]


def test_a_cut_tail_with_a_forged_head_is_found_by_the_checkpoint(committed_db: dict[str, str], folder: Path) -> None:
    fill()
    allow_removal_from_outbox()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)

    for statement in CUT:
        tamper(statement)

    verification.verify(folder=folder / "none", public_key=None)  # the chain alone cannot see it
    with pytest.raises(RecordBroken, match="a checkpoint signed 5 entries") as broken:
        verification.verify(folder=folder, public_key=exports.public_bytes(key))
    assert (broken.value.stream, broken.value.sequence) == ("interaction:1", 4)


def test_a_chain_written_anew_is_found_by_the_checkpoint(committed_db: dict[str, str], folder: Path) -> None:
    fill()
    allow_removal_from_outbox()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)
    tamper("DELETE FROM partners_recordentry WHERE stream = 'interaction:2'")
    tamper("DELETE FROM partners_recordstream WHERE name = 'interaction:2'")
    for _ in range(3):
        record.append(a_fact("interaction:2", facts={"item": "forged"}))

    verification.verify(folder=folder / "none", public_key=None)
    with pytest.raises(RecordBroken, match="not the entry that a checkpoint signed") as broken:
        verification.verify(folder=folder, public_key=exports.public_bytes(key))
    assert (broken.value.stream, broken.value.sequence) == ("interaction:2", 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["heads"][0].__setitem__(1, 99), "heads that its root does not cover"),
        (lambda told: told.__setitem__("signature", "00" * 64), "not signed by the installation's key"),
        (lambda told: told.__setitem__("previous", "11" * 32), "does not follow"),
        (lambda told: told.__setitem__("number", 5), "is missing"),
        (lambda told: told.pop("root"), "cannot be read"),
    ],
)
def test_a_forged_checkpoint_is_found(folder: Path, change: object, said: str) -> None:
    fill()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)
    path = next(folder.glob("*.json"))
    told = json.loads(path.read_text())
    change(told)  # type: ignore[operator]
    path.write_text(json.dumps(told))

    with pytest.raises(RecordBroken, match=said):
        verification.verify(folder=folder, public_key=exports.public_bytes(key))


@pytest.mark.django_db
def test_a_checkpoint_signed_with_another_key_is_not_believed(folder: Path, tmp_path: Path) -> None:
    fill()
    mallorys = checkpoints.signing_key(tmp_path / "mallory.key")
    checkpoints.catch_up(mallorys, folder, at=NOW)
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)

    with pytest.raises(RecordBroken, match="not signed by the installation's key"):
        verification.verify(folder=folder, public_key=exports.public_bytes(key))


@pytest.mark.django_db
def test_checkpoints_cover_only_what_changed_and_a_missing_one_is_found(folder: Path) -> None:
    fill()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)
    record.append(a_fact("partner:9"))
    checkpoints.catch_up(key, folder, at=NOW)
    first, second = checkpoints.exported(folder)

    assert (len(first.heads), [head[:2] for head in second.heads]) == (3, [["partner:9", 2]])
    assert checkpoints.catch_up(key, folder, at=NOW) == 0

    next(folder.glob("*1.json")).unlink()
    with pytest.raises(RecordBroken, match="is missing; the next one found is 2"):
        verification.verify(folder=folder, public_key=exports.public_bytes(key))


@pytest.mark.django_db
def test_one_stream_can_be_verified_alone(folder: Path) -> None:
    fill()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)

    found = verification.verify(stream="interaction:2", folder=folder, public_key=exports.public_bytes(key))

    assert (found.streams, found.entries, found.promised) == (1, 3, 1)


@pytest.mark.django_db
def test_an_export_is_verified_without_the_database(tmp_path: Path, folder: Path) -> None:
    fill()
    key = checkpoints.signing_key(settings.CHECKPOINT_KEY_FILE)
    checkpoints.catch_up(key, folder, at=NOW)
    export = tmp_path / "export"
    exports.write(export, stream=None, checkpoint_folder=folder)
    RecordStream.objects.all().delete()

    assert exports.verify(export, public_key=exports.public_bytes(key)).entries == 9

    lines = (export / exports.ENTRIES).read_text().splitlines()
    (export / exports.ENTRIES).write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(RecordBroken, match="partner:9 entry 1"):
        exports.verify(export, public_key=exports.public_bytes(key))


@pytest.mark.django_db
def test_an_erased_text_leaves_the_chain_valid(folder: Path) -> None:
    entry = record.append(a_fact())
    erased = chain.Sealed(
        document=record.document_of(entry), texts={}, previous=bytes(entry.previous), digest=bytes(entry.digest)
    )

    assert [head.length for head in chain.check([erased])] == [1]


@pytest.mark.django_db
def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    record.append(a_fact("partner:9", actor=SYSTEM))

    call_command("verify_record")

    assert "complete and unchanged: 1 entries in 1 streams" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_fails_naming_the_first_bad_entry() -> None:
    record.append(a_fact("partner:9"))
    RecordStream.objects.update(length=2)

    with pytest.raises(CommandError, match="partner:9 entry 1") as failed:
        call_command("verify_record")

    assert failed.value.returncode == 1


def test_the_merkle_root_changes_with_any_leaf() -> None:
    leaves = [bytes([number]) for number in range(7)]

    roots = {chain.merkle_root([*leaves[:n], b"x", *leaves[n + 1 :]]) for n in range(7)}

    assert len(roots | {chain.merkle_root(leaves)}) == 8
