"""What a rule reads, told by its statement: tables and columns, and what the day is compared with.

A rule only compares stored dates with the day. So what it finds can change in two ways alone: a row
that it reads is another one, or the day has reached or passed one of those dates.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Table
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate

from unbroken.gaps.rules.past import DAY
from unbroken.gaps.rules.scope import Scope, Statement, Union

Build = Callable[[Scope], Statement | Union]


@cache
def tables_of(build: Build) -> frozenset[str]:
    """Return the names of the tables that a rule's statement reads."""
    return frozenset(part.name for part in _parts(build) if isinstance(part, Table))


@cache
def columns_of(build: Build) -> frozenset[str]:
    """Return the columns that a rule's statement names, each as ``table.column``."""
    return frozenset(str(column) for part in _parts(build) for column in _columns(part))


@cache
def dates_of(build: Build) -> frozenset[Column[date]]:
    """Return the columns whose dates a rule's statement compares with the day."""
    compared = (_compared(part) for part in _parts(build))
    inside = (part for other in compared if other is not None for part in iterate(other))
    columns = (column for part in inside for column in _columns(part))
    return frozenset(column for column in columns if isinstance(column.type, Date))


def days_of(build: Build) -> tuple[int, int]:
    """Return how often a statement names the day, and in how many comparisons it is one side.

    Where both are the same, ``dates_of`` is all that the day can change.
    """
    parts = list(_parts(build))
    named = (part for part in parts if getattr(part, "key", None) in {"on", "end_of_on"})
    return len(list(named)), sum(_compared(part) is not None for part in parts)


def _parts(build: Build) -> Iterator[ExternallyTraversible]:
    return iterate(build(Scope(on=date.min)))


def _compared(part: ExternallyTraversible) -> ColumnElement[Any] | None:
    """Return what a part compares with the day; ``None`` where it does no such thing."""
    if not isinstance(part, BinaryExpression):
        return None
    sides = (part.left, part.right)
    return next((other for day, other in (sides, sides[::-1]) if day is DAY), None)


def _columns(part: ExternallyTraversible) -> Iterator[Column[Any]]:
    """Yield the stored columns that a part stands for, through aliases and subqueries."""
    if isinstance(part, ColumnElement):
        yield from (base for base in part.base_columns if isinstance(base, Column))
