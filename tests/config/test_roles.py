"""The application's database roles may read and write rows, and on the track record only add them."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import ProgrammingError

from config import checks
from partners.models.record import APPEND_ONLY

ROLES = ("bpim_app", "bpim_enterprise")


@pytest.mark.django_db
@pytest.mark.parametrize("forbidden", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("role", ROLES)
def test_the_record_only_grows(role: str, table: str, forbidden: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s, %s), has_table_privilege(%s, %s, 'INSERT')",
            [role, table, forbidden, role, table],
        )
        assert cursor.fetchone() == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine ()", "DROP TABLE partners_partner", "ALTER TABLE partners_partner DISABLE TRIGGER ALL"],
)
def test_the_application_may_not_change_the_schema(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_application_works_on_every_other_table(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%s)"
            " AND NOT has_table_privilege(%s, pg_class.oid, needed)",
            [list(APPEND_ONLY), role],
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_a_humble_role_passes_the_check() -> None:
    assert checks.application_role_is_humble(databases=["default"]) == []


@pytest.mark.parametrize(
    ("role", "reason"), [("bpim_owner", "owns tables and may create tables"), ("postgres", "is a superuser")]
)
def test_web_and_worker_refuse_a_powerful_role(committed_db: dict[str, str], role: str, reason: str) -> None:
    environment = committed_db | {"DATABASE_URL": committed_db["DATABASE_URL"].replace("bpim_app", role)}
    for process in (
        ["-c", "import config.wsgi"],
        ["-m", "celery", "--app", "config.celery", "worker", "--pool", "solo"],
    ):
        done = subprocess.run([sys.executable, *process], check=False, env=environment, capture_output=True, text=True)

        assert done.returncode == 1
        complaint = done.stderr.strip().splitlines()[-1]
        assert complaint.startswith(f"The database role {role} of DATABASE_URL {reason}")


def test_migrating_again_repairs_the_rights(committed_db: dict[str, str]) -> None:
    with connections["owner"].cursor() as owner:
        owner.execute("GRANT UPDATE, DELETE ON partners_recordentry TO bpim_enterprise")
        owner.execute("REVOKE SELECT ON partners_partner FROM bpim_enterprise")

    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('partners_recordentry', 'UPDATE'),"
            " has_table_privilege('partners_partner', 'SELECT')"
        )
        assert cursor.fetchone() == (False, True)
