"""Conditions on whether a capacity, a transfer or a function in an area is covered on the day.

A signature that no longer fits what it signed counts as an offer until it is answered again; a
bridge never counts as cover; what one receiver declined or was withdrawn from it is forgiven where
another has a live capacity of the same dimension.
Source: resolution 2764 (2024), element H; domain judgement, 2026.
"""

from sqlalchemy import ColumnElement, Exists, FromClause, and_, exists, or_

from unbroken.gaps.rules.past import DAY
from unbroken.gaps.rules.scope import GREEN, Scope, function_area, timetable, transfer

SET_ASIDE = ("ended", "not-applicable")
GIVEN_ELSEWHERE = ("withdrawn", "declined")


def is_stale(capacity: FromClause) -> ColumnElement[bool]:
    """Return the condition that what was signed has changed since; false where nothing was."""
    signed, content = capacity.c.signed_hash, capacity.c.content_hash
    return and_(signed.is_not(None), signed != content)


def is_green(capacity: FromClause) -> ColumnElement[bool]:
    """Return the condition that a capacity is confirmed by a signature that still fits.

    On the last day of a time of cover it still is.
    """
    signed, content = capacity.c.signed_hash, capacity.c.content_hash
    fits = or_(signed.is_(None), signed == content)
    return and_(capacity.c.state.in_(GREEN), fits, ~is_over(capacity))


def is_over(capacity: FromClause) -> ColumnElement[bool]:
    """Return the condition that the time of a capacity has passed; false where it has no end."""
    until = capacity.c.cover_until_on
    return and_(until.is_not(None), until < DAY)


def is_asked(capacity: FromClause) -> ColumnElement[bool]:
    """Return the condition that a receiver is needed for the time of a capacity.

    Until the function's last day the giver is there itself; what has passed nobody can cover. What
    follows a confirmed time is a capacity of its own.
    """
    until = capacity.c.cover_until_on
    return or_(until.is_(None), and_(until >= DAY, until > timetable.c.last_day_on))


def has_begun(capacity: FromClause) -> ColumnElement[bool]:
    """Return the condition that the time of a capacity has begun, or the giver is still there."""
    first = capacity.c.cover_from_on
    return or_(first.is_(None), first <= DAY, timetable.c.last_day_on >= DAY)


def is_running(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a transfer is open and, if a bridge, has not ended."""
    lasts = or_(transfer.c.ends_on.is_(None), transfer.c.ends_on >= scope.day)
    return and_(scope.transfer_is_open(), or_(transfer.c.kind != "bridge", lasts))


def of_function(scope: Scope, *conditions: ColumnElement[bool]) -> Exists:
    """Return whether the function in the area has such a capacity in an open transfer.

    ``conditions`` are over ``scope.capacity`` and ``transfer``.
    """
    capacity = scope.capacity
    return exists().where(
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        capacity.c.transfer_id == transfer.c.id,
        *conditions,
    )


def has_receiver(scope: Scope) -> Exists:
    """Return whether a receiver that did not decline everything is named, or a bridge is running.

    What was withdrawn from a receiver is not received by it either.
    """
    capacity = scope.capacity
    return of_function(scope, is_running(scope), capacity.c.state.notin_(GIVEN_ELSEWHERE))


def is_bridged(scope: Scope) -> Exists:
    """Return whether a confirmed bridge is running."""
    is_bridge = transfer.c.kind == "bridge"
    return of_function(scope, is_bridge, is_running(scope), is_green(scope.capacity))


def lacks(scope: Scope, *conditions: ColumnElement[bool]) -> Exists:
    """Return whether a lasting transfer has a capacity that is meant and not confirmed."""
    capacity = scope.capacity
    return of_function(
        scope,
        transfer.c.kind != "bridge",
        capacity.c.state.notin_(SET_ASIDE),
        is_asked(capacity),
        ~is_green(capacity),
        ~_is_elsewhere(scope),
        *conditions,
    )


def has_cover(scope: Scope) -> Exists:
    """Return whether a lasting transfer has something confirmed, or ended by decision.

    All called not applicable is not cover: it is unknown.
    """
    capacity = scope.capacity
    settled = or_(is_green(capacity), capacity.c.state == "ended")
    return of_function(scope, transfer.c.kind != "bridge", settled)


def _is_elsewhere(scope: Scope) -> ColumnElement[bool]:
    capacity = scope.capacity
    return and_(capacity.c.state.in_(GIVEN_ELSEWHERE), elsewhere(scope))


def _spans(wide: FromClause, narrow: FromClause) -> ColumnElement[bool]:
    first, last = wide.c.cover_from_on, wide.c.cover_until_on
    return and_(
        or_(first.is_(None), first <= narrow.c.cover_from_on),
        or_(last.is_(None), last >= narrow.c.cover_until_on),
    )


def elsewhere(scope: Scope, *conditions: ColumnElement[bool]) -> Exists:
    """Return whether another lasting transfer of the function has as much of the dimension."""
    capacity = scope.capacity
    other, its = transfer.alias("other_transfer"), capacity.alias("other_capacity")
    enough = or_(capacity.c.quantity.is_(None), its.c.quantity >= capacity.c.quantity)
    return exists().where(
        other.c.function_area_id == transfer.c.function_area_id,
        other.c.id != transfer.c.id,
        other.c.kind != "bridge",
        scope.transfer_is_open(other),
        its.c.transfer_id == other.c.id,
        its.c.dimension == capacity.c.dimension,
        its.c.state.notin_((*SET_ASIDE, *GIVEN_ELSEWHERE)),
        enough,
        _spans(its, capacity),
        *conditions,
    )
