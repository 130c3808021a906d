"""The ambient, mandatory scope: no scope, no rows (kernel.md C).

A scope is one transaction in which PostgreSQL knows who reads and who writes. Row policies (row_policies.py) read the
three settings that stand here; they end with the transaction, so that nothing leaks over a kept connection.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """Who may write and read in this transaction.

    acting: the one organisation that writes go to; None writes nowhere.
    own: organisations whose organisation-wide rows are read (staff: the acting one; the public site: none).
    reach: reader tokens held: the person, units, networks, the region's circle, a phone's token.
    """

    acting: UUID | None
    own: frozenset[UUID] = frozenset()
    reach: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Work:
    order: str
    scope: Scope
    do: Callable[[], None]


@dataclass(slots=True)
class _Transaction:
    """What the outermost scope and all scopes inside it have in common."""

    left: list[_Work] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)
    failed: bool = False


@dataclass(slots=True)
class _Open:
    scope: Scope
    transaction: _Transaction


_open: ContextVar[_Open | None] = ContextVar("medskick_scope", default=None)


class NoScope(RuntimeError):
    """Something reads or writes scoped rows outside a scope."""


def current_scope() -> Scope:
    return _opened().scope


def reader_token(secret: str) -> UUID:
    """The reader token of a secret that somebody holds (a phone's cookie, a trace address).

    Only this value, from which the secret cannot be found, is stored in `readers` columns.
    """
    return UUID(bytes=hashlib.sha256(b"medskick reader:" + secret.encode()).digest()[:16])


@contextmanager
def scope(given: Scope) -> Iterator[Scope]:
    """Open a transaction in which rows are seen and written as `given`; nested calls restore what was."""
    outer = _open.get()
    opened = _Open(given, outer.transaction if outer else _Transaction())
    token = _open.set(opened)
    try:
        with transaction.atomic():
            _tell_database(given)
            yield given
            if outer is not None:
                _tell_database(outer.scope)
            elif opened.transaction.failed:
                transaction.set_rollback(True)
            else:
                _do_what_is_left(opened)
    finally:
        _open.reset(token)
        # Under the test runner's own outer transaction the settings would outlive the scope.
        if outer is None and connection.in_atomic_block and not connection.needs_rollback:
            _tell_database(Scope(None))


def set_scope(given: Scope) -> None:
    """Let the rest of the open scope read and write as `given`."""
    opened = _opened()
    if given != opened.scope:
        opened.scope = given
        _tell_database(given)


def widen_scope(tokens: Iterable[UUID]) -> None:
    """Let the rest of the open scope also read what the holders of these tokens may read."""
    now = current_scope()
    set_scope(replace(now, reach=now.reach | frozenset(tokens)))


def before_commit(work: Callable[[], None], *, once: object = None, order: str = "") -> None:
    """Run `work` as the last thing of the outermost scope, under the scope that is open now.

    once: only the first work with that key is run. order: works run in this order, so that two transactions that take
    the same locks take them alike and never wait for each other.
    """
    opened = _opened()
    if once is not None:
        if once in opened.transaction.keys:
            return
        opened.transaction.keys.add(once)
    opened.transaction.left.append(_Work(order, opened.scope, work))


def abandon() -> None:
    """Let the open scope, with all that it is inside of, end with a rollback, without raising."""
    opened = _open.get()
    if opened is not None:
        opened.transaction.failed = True


def _opened() -> _Open:
    opened = _open.get()
    if opened is None:
        raise NoScope("No scope is open. Wrap the work in scope(...).")
    return opened


def _do_what_is_left(opened: _Open) -> None:
    left = opened.transaction.left
    while left:
        left.sort(key=lambda work: work.order)
        work = left.pop(0)
        set_scope(work.scope)
        work.do()


def _tell_database(given: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('medskick.acting', %s, true), set_config('medskick.own', %s, true),"
            " set_config('medskick.reach', %s, true)",
            [str(given.acting or ""), _array(given.own), _array(given.reach)],
        )


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(sorted(str(one) for one in ids)) + "}"
