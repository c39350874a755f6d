"""Reading as of one moment: what another saves meanwhile moves none of the figures that are read after each other."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import IsolationLevel
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

ATTEMPTS = 5
BEGINNING_AGAIN = 0x53494B45  # the advisory lock of those who do
ANOTHER_WAS_FIRST = (SerializationFailure, DeadlockDetected, UniqueViolation)


def one_snapshot(act: Callable) -> Callable:
    """Run it in a transaction of its own that reads as of one moment (REPEATABLE READ), and again from the start where
    another transaction was first with the same rows. Within a transaction that has begun it is a part of that one.

    On a view it stands below `@may`, and `@transaction.non_atomic_requests` above: a request's own transaction would
    have begun, and one that has begun reads each figure as of its own moment.
    """

    @functools.wraps(act)
    def run(*args, **kwargs):
        if connection.in_atomic_block:
            with transaction.atomic():
                return act(*args, **kwargs)
        for left in reversed(range(ATTEMPTS)):
            try:
                with nullcontext() if left == ATTEMPTS - 1 else _in_turn():
                    return _once(act, *args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                if not left or not isinstance(error.__cause__, ANOTHER_WAS_FIRST):
                    raise
        raise AssertionError("the last attempt returns or raises")

    return run


@contextmanager
def _in_turn() -> Iterator[None]:
    """Those who begin again do so one after another, or of many at once the last would be out of attempts. The lock is
    the session's: it is taken before the transaction, whose view is of the moment of its first statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [BEGINNING_AGAIN])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BEGINNING_AGAIN])


def _once(act: Callable, *args, **kwargs):
    connection.ensure_connection()
    server = connection.connection
    usual, server.isolation_level = server.isolation_level, IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            return act(*args, **kwargs)
    finally:
        if not server.closed:
            server.isolation_level = usual
