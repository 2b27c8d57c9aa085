"""One request with one Idempotency-Key has one effect."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from interactions.models import Interaction
from partners.domain import idempotency
from partners.domain.idempotency import Answer
from partners.errors import KeyInFlight
from partners.models import IdempotencyKey
from tests.factories.machines import Machine, minimal
from tests.factories.world import a_partner


def send(machine: Machine, key: str = "key-1", **attributes: Any) -> Any:
    return machine.post(minimal(**attributes), **{"Idempotency-Key": key})


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture
    def machine(self) -> Machine:
        return Machine(a_partner())

    def test_the_first_answer_is_replayed(self, machine: Machine) -> None:
        first, second = send(machine), send(machine)

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert first["Location"] == second["Location"]
        assert first["ETag"] == second["ETag"]
        assert first["Content-Type"] == second["Content-Type"]
        assert "Idempotency-Replayed" not in first
        assert second["Idempotency-Replayed"] == "true"
        assert Interaction.objects.count() == 1

    def test_another_body_with_the_same_key_is_refused(self, machine: Machine) -> None:
        send(machine)

        answer = send(machine, reason="Something else")

        assert answer.status_code == 422
        assert answer.json()["attribute"] == "Idempotency-Key"
        assert Interaction.objects.count() == 1

    def test_keys_belong_to_their_caller(self, machine: Machine) -> None:
        send(machine)
        other = send(Machine(a_partner("Globex")))

        assert other.status_code == 201
        assert "Idempotency-Replayed" not in other
        assert Interaction.objects.count() == 2

    def test_without_a_key_each_request_acts(self, machine: Machine) -> None:
        machine.create()
        machine.create()

        assert Interaction.objects.count() == 2

    def test_a_refused_request_leaves_its_key_free(self, machine: Machine) -> None:
        assert send(machine, reason="").status_code == 400

        assert send(machine).status_code == 201
        assert IdempotencyKey.objects.count() == 1

    @pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\x00b", "schlüssel"])
    def test_a_key_that_cannot_be_kept_is_refused(self, machine: Machine, key: str) -> None:
        answer = send(machine, key)

        assert answer.status_code == 400
        assert answer.json()["attribute"] == "Idempotency-Key"

    def test_old_keys_are_forgotten(self, machine: Machine) -> None:
        send(machine)

        assert idempotency.forget(before=timezone.now() - timedelta(days=1)) == 0
        assert idempotency.forget(before=timezone.now() + timedelta(days=1)) == 1
        assert send(machine)["Location"] != ""


@pytest.mark.django_db
def test_what_was_kept_first_stays() -> None:
    first = Answer(status=201, body='{"id": "BPI-0000001"}', headers={"ETag": '"1"'})
    idempotency.keep("client:acme", "key-1", b"one", first)

    with pytest.raises(KeyInFlight):
        idempotency.keep("client:acme", "key-1", b"one", Answer(status=201, body="{}"))

    assert idempotency.claim("client:acme", "key-1", b"one") == first


def test_fifty_copies_at_once_have_one_effect(committed_db: dict[str, str]) -> None:
    machine = Machine(a_partner())
    answers: list[Any] = []
    gate = threading.Barrier(10)

    def copy() -> None:
        gate.wait()
        answers.extend(send(machine) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=copy) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = Counter(answer.status_code for answer in answers)
    assert set(counted) <= {201, 409}
    assert len(answers) == 50
    assert Interaction.objects.count() == 1
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers if answer.status_code == 201) == 1
    assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)


def test_a_copy_is_told_to_wait_while_the_first_is_being_answered(committed_db: dict[str, str]) -> None:
    machine = Machine(a_partner())
    answers: list[Any] = []

    def copy() -> None:
        answers.append(send(machine))
        connection.close()

    with transaction.atomic():
        assert idempotency.claim(f"client:{machine.issued.identifier}", "key-1", b"") is None
        thread = threading.Thread(target=copy)
        thread.start()
        thread.join()

    assert answers[0].status_code == 409
    assert answers[0]["Retry-After"] == "1"
    assert not Interaction.objects.exists()


def test_a_crash_between_effect_and_answer_frees_the_key_and_undoes_the_effect(
    committed_db: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(a_partner())

    def crash(*_args: object) -> None:
        assert Interaction.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "keep", crash)
        failed = send(machine)

    connection.close()
    assert failed.status_code == 503
    assert not Interaction.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert send(machine).status_code == 201
