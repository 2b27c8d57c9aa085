"""The fence beneath the queries: whatever is asked for, PostgreSQL shows a partner its own rows and nothing else.

Every statement runs for a side. `standing_for(side)` says for which: the enterprise, one partner, or nobody. The side
is told to the database with the BEGIN of the transaction it holds for and ends with that transaction, so that no
pooled connection carries it to the next request; a statement outside of any transaction gets one of its own. A process
that says nothing works for nobody and sees nothing, but for those whose entry point says that they work for the
enterprise.

What each side reaches of each table is written in `config/fence.py`.
"""

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import ExecStatus, TransactionStatus

from partners.payloads import Actor

Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]

EXPLANATION = (
    "This ran for {side}, which the fence keeps from this row. What the enterprise does in somebody's request, "
    "such as finding out who somebody is, belongs into `with fence.standing_for(fence.ENTERPRISE)`; what a partner "
    "reaches of each table is written in config/fence.py."
)


@dataclass(frozen=True, kw_only=True)
class Side:
    """For whom statements run; `person_id` is whose own account may be reached besides the partner's rows."""

    is_enterprise: bool = False
    partner_id: int | None = None
    person_id: int | None = None

    def __str__(self) -> str:
        if self.is_enterprise:
            return "the enterprise"
        return f"partner {self.partner_id}" if self.partner_id is not None else "nobody"

    @property
    def statement(self) -> str:
        """What tells the database, until the end of the transaction."""
        role = f'"{settings.DATABASE_ENTERPRISE_ROLE}"' if self.is_enterprise else "NONE"
        partner = "" if self.partner_id is None else int(self.partner_id)
        person = "" if self.person_id is None else int(self.person_id)
        return f"SET LOCAL ROLE {role}; SET LOCAL bpim.partner = '{partner}'; SET LOCAL bpim.person = '{person}'"


ENTERPRISE = Side(is_enterprise=True)
NOBODY = Side()
UNKNOWN = object()

current: ContextVar[Side | None] = ContextVar("side", default=None)  # None: what the process is by itself
told: MutableMapping[BaseDatabaseWrapper, object] = WeakKeyDictionary()  # by connection the side of its transaction


def side_of(actor: Actor) -> Side:
    """A partner's people and machines stand on its side alone, ourselves on the enterprise's, others on none.

    Somebody of ours who may not look at matters reaches no more than their own account.
    """
    if actor.partner_id is not None:
        return Side(partner_id=actor.partner_id, person_id=actor.user_id)
    if actor.is_of_ours and not actor.is_representative:
        return Side(person_id=actor.user_id)
    return NOBODY if actor.is_partner_side else ENTERPRISE


@contextmanager
def standing_for(side: Side) -> Iterator[None]:
    """Every statement inside runs for this side, also within a transaction that began for another."""
    before = current.get()
    try:
        turn_to(side)
        yield
    finally:
        turn_to(before)


def turn_to(side: Side | None) -> None:
    """From here to the end of the surrounding block, statements run for this side.

    The next one tells the database; to fetch on from an open cursor is none.
    """
    current.set(side)


def kept(content: Iterable[bytes], side: Side) -> Iterator[bytes]:
    """An answer that is made while it is sent, made for this side."""
    pieces = iter(content)
    while True:
        with standing_for(side):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def present() -> Side:
    return current.get() or (ENTERPRISE if settings.WORKS_FOR_ENTERPRISE else NOBODY)


def status() -> TransactionStatus:
    held = connection.connection
    return TransactionStatus.UNKNOWN if held is None else TransactionStatus(held.pgconn.transaction_status)


def guard(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receives `connection_created`: from now on every statement of this connection passes `with_side`."""
    if connection.alias == DEFAULT_DB_ALIAS and with_side not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, with_side)


def with_side(execute: Execute, statement: Any, given: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement for the side that stands."""
    side, state = current.get(), status()
    try:
        if side is not None and state == TransactionStatus.IDLE and connection.get_autocommit():
            return alone(side, execute, statement, given, many, context)
        tell(side, state, context["connection"])
        return execute(statement, given, many, context)
    except ProgrammingError as error:
        if "row-level security" in str(error):
            error.add_note(EXPLANATION.format(side=present()))
        raise
    finally:
        if str(statement).startswith("ROLLBACK TO"):  # it takes back what was told since
            told[context["connection"]] = UNKNOWN


def tell(side: Side | None, state: TransactionStatus, held: BaseDatabaseWrapper) -> None:
    """Tell a transaction the side with its BEGIN, or before the first statement that runs for another one."""
    if state == TransactionStatus.IDLE:
        if side is not None:
            at_once(f"BEGIN; {side.statement}")  # in place of the BEGIN that the driver would send now
        told[held] = side
    elif state == TransactionStatus.INTRANS and told.get(held, UNKNOWN) != side:
        at_once(present().statement)
        told[held] = side


def alone(side: Side, execute: Execute, statement: Any, given: Any, many: bool, context: dict[str, Any]) -> Any:
    """A statement outside of any transaction, in one of its own."""
    at_once(f"BEGIN; {side.statement}")
    try:
        answer = execute(statement, given, many, context)
    except BaseException:
        if status() != TransactionStatus.IDLE:
            at_once("ROLLBACK")
        raise
    at_once("COMMIT")
    return answer


def at_once(statements: str) -> None:
    """Plain statements in one message, past Django and the driver: they are ours and hold nothing from outside."""
    answer = connection.connection.pgconn.exec_(statements.encode())
    if answer.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        raise OperationalError(answer.error_message.decode("utf-8", "replace"))
