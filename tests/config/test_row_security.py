"""What PostgreSQL itself shows to whom, asked in plain SQL and as the application's own database role."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import include, path
from psycopg import sql
from rest_framework.request import Request
from rest_framework.response import Response

from config import checks, embedded, fence
from interactions.models import Interaction
from partners.api.views import ApiView
from partners.domain import fence as sides
from partners.domain.fence import ENTERPRISE, NOBODY, Side
from partners.models import Partner
from tests import database
from tests.factories.everything import Everything, everything_of
from tests.factories.machines import Machine
from tests.factories.world import a_partner, a_person_of, a_representative, an_administrator, an_interaction, signed_in

SHARED = {
    "partners_user": "is_representative",  # whom of ours a partner deals with
    "partners_policyversion": "partner_id IS NULL",  # what we promise to everybody
    "partners_servicepolicy": "id IN (SELECT policy_id FROM partners_policyversion WHERE partner_id IS NULL)",
}
REACHED = {table for table, line in fence.TABLES.items() if isinstance(line, fence.Fence) and line.reads}
APPENDED = {"partners_recordentry", "partners_checkpoint"}  # nobody has the right to change these


@pytest.fixture
def acme() -> Everything:
    return everything_of(a_partner("Acme Wholesale"))


@pytest.fixture
def globex() -> Everything:
    return everything_of(a_partner("Globex"))


def rows(table: str) -> dict[str, str]:
    """Every row of a table that is to be seen as JSON, by its place on disk; without those that all may see."""
    statement = "SELECT ctid::text, to_jsonb(it)::text FROM {} AS it WHERE NOT coalesce({}, false)"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(table), sql.SQL(SHARED.get(table, "false"))))
        return dict(cursor.fetchall())


@pytest.mark.django_db
class TestTables:
    def test_every_table_of_the_database_has_its_line_in_the_map(self) -> None:
        with connection.cursor() as cursor:
            there = fence.standing(cursor)

        assert set(there) == set(fence.TABLES)
        assert {table for table, digest in there.items() if digest} == set(fence.FENCED)

    def test_whoever_says_nothing_sees_nothing(self, acme: Everything) -> None:
        with sides.standing_for(NOBODY):
            seen = {table for table in fence.FENCED if rows(table)}

        assert seen == set()
        assert acme.matter.pk

    def test_two_partners_reach_no_row_in_common(self, acme: Everything, globex: Everything) -> None:
        with sides.standing_for(acme.side):
            theirs = {table: rows(table) for table in fence.FENCED}
        with sides.standing_for(globex.side):
            ours = {table: rows(table) for table in fence.FENCED}

        assert {table for table in fence.FENCED if set(theirs[table]) & set(ours[table])} == set()
        assert {table for table in fence.FENCED if ours[table]} == REACHED, "`everything_of` lacks a row"

    @pytest.mark.usefixtures("globex")
    def test_a_partner_neither_changes_nor_removes_nor_adds_what_is_another_s(self, acme: Everything) -> None:
        with sides.standing_for(acme.side):
            own = {table: rows(table) for table in fence.FENCED}
        foreign = {
            table: {place: row for place, row in rows(table).items() if place not in own[table]}
            for table in fence.FENCED
        }

        with sides.standing_for(acme.side), connection.cursor() as cursor:
            touched = {table: touch(cursor, table, foreign[table]) for table in fence.FENCED}
            added = {table for table in fence.FENCED if could_add(cursor, table, foreign[table].values())}

        assert {table for table in fence.FENCED if not foreign[table]} == set()
        assert touched == dict.fromkeys(fence.FENCED, (0, 0)) | dict.fromkeys(APPENDED, ("refused", "refused"))
        assert added == {"partners_outboxmessage"}

    def test_nobody_of_a_partner_makes_themselves_one_of_ours(self, acme: Everything) -> None:
        statement = "UPDATE partners_user SET is_representative = true WHERE id = %s"

        with sides.standing_for(acme.side), connection.cursor() as cursor, pytest.raises(ProgrammingError) as refused:
            cursor.execute(statement, [acme.person.pk])

        assert "row-level security" in str(refused.value)
        assert "ran for partner" in str(refused.value.__notes__)


def touch(cursor: CursorWrapper, table: str, foreign: dict[str, str]) -> tuple[Any, Any]:
    """How many of these rows could be changed and removed."""
    update = sql.SQL("UPDATE {} SET {column} = {column} WHERE ctid = ANY(%s::tid[])")
    delete = sql.SQL("DELETE FROM {} WHERE ctid = ANY(%s::tid[])")
    first = sql.Identifier(columns(cursor, table)[0])
    changed, removed = (
        count(cursor, statement.format(sql.Identifier(table), column=first), list(foreign))
        for statement in (update, delete)
    )
    return changed, removed


def count(cursor: CursorWrapper, statement: sql.Composed, places: list[str]) -> int | str:
    try:
        with transaction.atomic():
            cursor.execute(statement, [places])
    except ProgrammingError:
        return "refused"
    return int(cursor.rowcount)


def could_add(cursor: CursorWrapper, table: str, foreign: Iterable[str]) -> bool:
    """Whether one of these rows gets past the fence; what else it would break is looked at later than that."""
    insert = sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(null::{table}, %s)")
    names = sql.SQL(", ").join(map(sql.Identifier, columns(cursor, table)))
    statement = insert.format(table=sql.Identifier(table), names=names)
    for row in foreign:
        try:
            with transaction.atomic():
                cursor.execute(statement, [row])
        except DatabaseError as error:
            if "row-level security" in str(error):
                continue
        return True
    return False


def columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def told() -> tuple[str, str]:
    """The database role that statements run as, and the partner they are for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, coalesce(current_setting('bpim.partner', true), '')")
        role, partner = cursor.fetchone()
        return str(role), str(partner)


OURS, CLOSED = ("bpim_enterprise", ""), ("bpim_app", "")


@pytest.mark.django_db
class TestWithinATransaction:
    def test_a_side_holds_inside_and_the_one_before_holds_again_afterwards(self) -> None:
        seen = [told()]
        with sides.standing_for(Side(partner_id=7)):
            seen.append(told())
            with sides.standing_for(ENTERPRISE):
                seen.append(told())
            seen.append(told())
            sides.turn_to(NOBODY)
            seen.append(told())
        seen.append(told())

        assert seen == [OURS, ("bpim_app", "7"), OURS, ("bpim_app", "7"), CLOSED, OURS]

    def test_a_failure_that_is_caught_leaves_the_side_as_it_was(self) -> None:
        with sides.standing_for(Side(partner_id=7)):
            with pytest.raises(LookupError), sides.standing_for(ENTERPRISE):
                raise LookupError
            assert told() == ("bpim_app", "7")

    @pytest.mark.parametrize("is_savepoint_outside", [True, False])
    def test_a_statement_that_fails_leaves_the_side_as_it_was(self, is_savepoint_outside: bool) -> None:
        def fail() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

        def outside() -> None:
            with transaction.atomic(), sides.standing_for(ENTERPRISE):
                fail()

        def inside() -> None:
            with sides.standing_for(ENTERPRISE), transaction.atomic():
                fail()

        with sides.standing_for(Side(partner_id=7)):
            with pytest.raises(DatabaseError):
                (outside if is_savepoint_outside else inside)()
            assert told() == ("bpim_app", "7")

    def test_what_a_savepoint_took_back_is_told_again(self) -> None:
        with sides.standing_for(Side(partner_id=7)):
            told()
            with transaction.atomic():
                sides.turn_to(ENTERPRISE)
                told()
                transaction.set_rollback(True)

            assert told() == OURS

    def test_a_side_for_which_nothing_is_asked_costs_no_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told()
        with monkeypatch.context() as patched:
            patched.setattr(sides, "at_once", pytest.fail)
            with sides.standing_for(Side(partner_id=7)):
                pass
            told()


@pytest.mark.usefixtures("committed_db")
class TestWithoutATransaction:
    """With real commits, as a web process works: every statement takes the side along."""

    def test_no_connection_keeps_a_side(self) -> None:
        with sides.standing_for(Side(partner_id=7, person_id=3)):
            seen = [told(), told()]
            with transaction.atomic():
                seen += [told(), told()]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('bpim.partner', true), current_setting('bpim.person', true)")
            left = cursor.fetchone()

        assert seen == [("bpim_app", "7")] * 4
        assert told() == OURS
        assert left == ("", "")

    def test_what_cannot_share_a_message_takes_the_side_along_too(self) -> None:
        acme, globex = a_partner("Acme Wholesale"), a_partner("Globex")

        with sides.standing_for(Side(partner_id=acme.pk)):
            found = list(Partner.objects.iterator())
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE partners_partner SET country = %s", [["AT"], ["CH"]])

        countries = dict(Partner.objects.filter(pk__in=[acme.pk, globex.pk]).values_list("name", "country"))
        assert found == [acme]
        assert countries == {"Acme Wholesale": "CH", "Globex": "DE"}

    def test_a_web_process_is_closed_until_a_request_says_whose_it_is(self, committed_db: dict[str, str]) -> None:
        acme = a_partner("Acme Wholesale")
        look = f"""
import config.wsgi
from partners.domain import fence
from partners.models import Partner
print(Partner.objects.count())
with fence.standing_for(fence.Side(partner_id={acme.pk})):
    print(Partner.objects.count())
try:
    with fence.standing_for(fence.ENTERPRISE):
        print(Partner.objects.count() > 0)
        raise LookupError
except LookupError:
    print(Partner.objects.count())
"""

        printed = subprocess.check_output([sys.executable, "-c", look], env=committed_db, text=True)

        assert printed.split() == ["0", "1", "True", "0"]

    def test_requests_leave_the_pool_as_they_found_it(self) -> None:
        acme, globex = a_partner("Acme Wholesale"), a_partner("Globex")
        paul, machine = signed_in(a_person_of(acme, "Paul Acheson")), Machine(globex)
        an_interaction(acme, subject="Of Acme")
        an_interaction(globex, subject="Of Globex")

        texts = []
        for _ in range(3):
            texts += [paul.get("/portal/interactions/").content.decode(), machine.get().content.decode()]
            connection.close()  # back into the pool, from which the next request may get the same one
            assert told() == OURS
            connection.close()

        assert ["Of Acme" in text for text in texts] == [True, False] * 3
        assert ["Of Globex" in text for text in texts] == [False, True] * 3


def careless(request: HttpRequest) -> HttpResponseBase:
    """A page that forgot `visible_to`."""
    if "stream" in request.GET:
        return StreamingHttpResponse(f"{one.subject}\n".encode() for one in Interaction.objects.iterator())
    return JsonResponse(sorted(Interaction.objects.values_list("subject", flat=True)), safe=False)


class Careless(ApiView):
    def get(self, _request: Request) -> Response:
        return Response(sorted(Interaction.objects.values_list("subject", flat=True)))


urlpatterns = [path("careless/", careless), path("api/careless", Careless.as_view()), path("", include("config.urls"))]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestRequests:
    @pytest.fixture(autouse=True)
    def matters(self) -> None:
        for name in ("Acme Wholesale", "Globex"):
            an_interaction(a_partner(name), subject=f"Of {name}")

    @pytest.fixture
    def paul(self) -> Client:
        return signed_in(a_person_of(Partner.objects.get(name="Acme Wholesale"), "Paul Acheson"))

    def test_a_page_that_forgot_the_fence_shows_a_partner_its_own(self, paul: Client) -> None:
        rosa = signed_in(a_representative("Rosa Lind"))

        assert rosa.get("/careless/").json() == ["Of Acme Wholesale", "Of Globex"]
        assert paul.get("/careless/").json() == ["Of Acme Wholesale"]
        assert rosa.get("/careless/").json() == ["Of Acme Wholesale", "Of Globex"]

    def test_what_is_made_while_it_is_sent_is_fenced_too(self, paul: Client) -> None:
        assert b"".join(paul.get("/careless/?stream")) == b"Of Acme Wholesale\n"

    def test_somebody_who_acts_for_nobody_sees_nothing(self) -> None:
        former = a_person_of(Partner.objects.get(name="Globex"), "Former Member")
        former.memberships.all().delete()

        assert signed_in(former).get("/careless/").json() == []

    def test_a_token_reaches_its_partner_s_rows_whoever_s_cookie_comes_along(self) -> None:
        ada, machine = signed_in(an_administrator()), Machine(Partner.objects.get(name="Globex"))
        machine.client = ada

        assert machine.get("/api/careless").json() == ["Of Globex"]
        assert ada.get("/api/careless").status_code == 401


class TestStart:
    @pytest.mark.usefixtures("committed_db")
    def test_a_process_does_not_start_without_the_fence(self) -> None:
        with connections["owner"].cursor() as owner:
            owner.execute("ALTER TABLE interactions_item DISABLE ROW LEVEL SECURITY")

        (found,) = checks.application_role_is_humble(databases=["default"])

        assert (found.id, found.msg) == ("bpim.E005", "Row-level security is not enabled on interactions_item.")

    @pytest.mark.usefixtures("committed_db")
    def test_migrating_again_repairs_the_fence(self) -> None:
        with connections["owner"].cursor() as owner:
            owner.execute("ALTER TABLE interactions_item DISABLE ROW LEVEL SECURITY")
            owner.execute("DROP POLICY enterprise ON interactions_note")
            owner.execute("ALTER TABLE interactions_team ENABLE ROW LEVEL SECURITY")
            owner.execute("COMMENT ON POLICY enterprise ON interactions_step IS 'an older one'")

        call_command("migrate", verbosity=0)

        assert checks.application_role_is_humble(databases=["default"]) == []
        with connection.cursor() as cursor:
            standing = fence.standing(cursor)
        assert standing["interactions_team"] == ""
        assert {standing["interactions_note"], standing["interactions_step"]}.isdisjoint({"", "-", "an older one"})

    @pytest.mark.usefixtures("committed_db")
    def test_migrating_asks_for_a_role_that_is_not_there_before_it_changes_anything(self, settings: Any) -> None:
        settings.DATABASE_ENTERPRISE_ROLE = "somebody_else"

        with pytest.raises(CommandError, match="The database role somebody_else is not there"):
            call_command("migrate", verbosity=0)

    @pytest.mark.django_db
    def test_a_process_does_not_start_when_it_cannot_become_the_enterprise(self, settings: Any) -> None:
        settings.DATABASE_ENTERPRISE_ROLE = "somebody_else"

        (found,) = checks.application_role_is_humble(databases=["default"])

        assert (found.id, found.msg) == ("bpim.E004", "The database role bpim_app may not become somebody_else.")

    @pytest.mark.django_db
    def test_a_process_does_not_start_when_it_is_the_enterprise_without_saying_so(
        self, settings: Any, always: str
    ) -> None:
        settings.DATABASE_ENTERPRISE_ROLE = always

        (found,) = checks.application_role_is_humble(databases=["default"])

        assert (found.id, found.msg) == ("bpim.E004", f"The database role bpim_app always is {always}.")

    @pytest.fixture
    def always(self) -> Iterator[str]:
        """A role that the application's inherits from."""
        role = f"always_{database.WORKER}"
        with embedded.superuser(database.run_dir()) as superuser:
            superuser.execute(f"CREATE ROLE {role}; GRANT {role} TO bpim_app WITH INHERIT TRUE")
            yield role
            superuser.execute(f"DROP ROLE {role}")
