"""Failed sign-ins, counted in the database so that every process knows of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from unbroken.kit.db import put_if_absent, rows_changed
from unbroken.kit.errors import TooMany
from unbroken.people.models import SignInTry
from unbroken.people.rules.tries import Limit, TryLimits

KEPT = timedelta(days=1)


def require_tries_left(
    session: Session, counted: Iterable[Limit], *, limits: TryLimits, at: datetime
) -> None:
    """Pass where each of ``counted`` may fail once more in the window around ``at``.

    A first look: what is tried at the same moment is not counted yet.

    Raises:
        TooMany: with the seconds until the window is over.
    """
    query = select(SignInTry).where(*_counters(counted, limits=limits, at=at))
    _require_left(session.exec(query), counted, wait=limits.seconds_left(at))


def hold_tries(
    session: Session, counted: Iterable[Limit], *, limits: TryLimits, at: datetime
) -> None:
    """Pass as ``require_tries_left``, and make rivals for the same count wait for this transaction.

    So that guesses sent at once do not pass the limit together.

    Raises:
        TooMany: with the seconds until the window is over.
    """
    window = limits.window_of(at)
    for limit in _in_order(counted):
        first = {"subject": limit.subject, "window_start_at": window, "failures": 0}
        put_if_absent(session, SignInTry, first)
    query = select(SignInTry).where(*_counters(counted, limits=limits, at=at))
    # SQLite ignores FOR UPDATE; there BEGIN IMMEDIATE already lets one writer in at a time.
    held = query.order_by(col(SignInTry.subject)).with_for_update()
    _require_left(session.exec(held), counted, wait=limits.seconds_left(at))


def count_failure(
    session: Session, counted: Iterable[Limit], *, limits: TryLimits, at: datetime
) -> None:
    """Add one failure to each of ``counted``, which are held; forget windows older than a day."""
    session.execute(delete(SignInTry).where(col(SignInTry.window_start_at) < at - KEPT))
    rows_changed(
        session,
        update(SignInTry)
        .where(*_counters(counted, limits=limits, at=at))
        .values(failures=col(SignInTry.failures) + 1),
    )


def _require_left(rows: Iterable[SignInTry], counted: Iterable[Limit], *, wait: int) -> None:
    most = {limit.subject: limit.most for limit in counted}
    if any(row.failures >= most[row.subject] for row in rows):
        raise TooMany(
            "Too many tries; wait {seconds} seconds.",
            seconds=wait,
            remedy="Then try once more, or ask for a new password.",
        )


def _counters(
    counted: Iterable[Limit], *, limits: TryLimits, at: datetime
) -> tuple[ColumnElement[bool], ...]:
    subjects = [limit.subject for limit in counted]
    window = limits.window_of(at)
    return col(SignInTry.subject).in_(subjects), col(SignInTry.window_start_at) == window


def _in_order(counted: Iterable[Limit]) -> list[Limit]:
    # Two writers that take both rows in one order cannot wait for each other.
    return sorted(counted, key=lambda limit: limit.subject)
