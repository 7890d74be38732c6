"""When findings may change although nobody acts: a stored date comes, or a ladder's next rung."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Date, FromClause, Select, bindparam, func, or_, select

from unbroken.gaps import models
from unbroken.gaps.rules.past import DAY
from unbroken.gaps.rules.reads import Build, dates_of
from unbroken.gaps.rules.rule import Finding, Rule
from unbroken.gaps.rules.scope import PLAN_IDS, revision
from unbroken.gaps.rules.settings import Ruling, settle
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
DAY_LONG = timedelta(days=1)
LATEST = timedelta(days=31)
"""A plan in which nothing comes is looked at again after so long: further no date is sought."""

UNTIL = bindparam("until", type_=Date())
OTHERS = (table("gap").c.waiver_asked_until_on,)
"""Dates after which a look writes something, though no rule compares them with the day.

A waiver that was granted keeps the day that was asked for.
"""

UNTOLD = frozenset({"form_source", "outside_source", "snapshot_link"})
"""Tables that change without an act: an outside system falls silent, or answers again.

What reads them has to be asked each time; no day need be sought for it.
"""

OF = {
    **dict.fromkeys(("timetable", "timetable_step"), "revision"),
    "capacity": "transfer",
    "item": "function_area",
    "contribution_figure": "contribution",
}
"""By table without a plan of its own: the table that has it."""

Coming = Select[*tuple[Any, ...]]


@lru_cache(maxsize=64)
def coming(builds: frozenset[Build], *, narrow: bool) -> tuple[Coming, ...]:
    """Return statements over the dates that come, today's included, within ``LATEST``.

    Each has the plan's number and the earliest date of each column of one table; plans in which
    none comes are absent. ``narrow`` asks for some plans only.
    """
    columns: dict[str, set[Column[date]]] = defaultdict(set)
    for column in (*OTHERS, *(each for build in builds for each in dates_of(build))):
        columns[column.table.name].add(column)
    ordered = {name: sorted(columns[name], key=str) for name in sorted(columns.keys() - UNTOLD)}
    return tuple(_coming(name, dates, narrow=narrow) for name, dates in ordered.items())


def turning_day(dates: Iterable[date | None], *, on: date) -> date | None:
    """Return the first day after ``on`` on which comparisons with these dates may come out anew.

    A date that comes turns something on its day or on the day after.
    """
    ahead = [day for day in dates if day is not None and day >= on]
    day = min(ahead, default=None)
    return on + DAY_LONG if day == on else day


@dataclass(frozen=True, slots=True)
class Ruled:
    """Rules by their codes, and how they are set."""

    rules: Mapping[str, Rule]
    ruling: Ruling

    def judge(self, finding: Finding, *, on: date) -> Severity:
        """Return how bad what was found is on a day, as the rule is set."""
        return settle(self.rules[finding.rule], finding.found, self.ruling, on=on).severity


def next_rung(findings: Iterable[Finding], ruled: Ruled, *, on: date, before: date) -> date:
    """Return the first day after ``on`` on which one of the findings is worse than on ``on``.

    ``before`` where none is by then; no setting of theirs ends before it. Nothing eases by time
    alone, so that two looks at a ladder tell whether there is a rung between them.
    """
    for finding in findings:
        before = _rung(ruled, finding, on=on, before=before)
    return before


def _rung(ruled: Ruled, finding: Finding, *, on: date, before: date) -> date:
    same, other = on, before - DAY_LONG
    if ruled.judge(finding, on=other) is finding.severity:
        return before
    while other - same > DAY_LONG:
        middle = same + (other - same) // 2
        if ruled.judge(finding, on=middle) is finding.severity:
            same = middle
        else:
            other = middle
    return other


def _coming(name: str, dates: list[Column[date]], *, narrow: bool) -> Coming:
    own, (source, plan_id) = table(name), _owned(name)
    within = [each.between(DAY, UNTIL) for each in dates]
    firsts = [func.min(each).filter(is_in) for each, is_in in zip(dates, within, strict=True)]
    statement = select(plan_id, *firsts).select_from(source).where(or_(*within)).group_by(plan_id)
    if "gone_on" in own.c and own.c.gone_on not in dates:
        statement = statement.where(own.c.gone_on.is_(None))
    if OF.get(name) == revision.name:
        ended = revision.c.superseded_on
        in_force = (revision.c.in_force_on <= DAY, or_(ended.is_(None), ended > DAY))
        statement = statement.where(*in_force)
    return statement.where(plan_id.in_(PLAN_IDS)) if narrow else statement


def _owned(name: str) -> tuple[FromClause, Column[int]]:
    own = table(name)
    if name == "plan":
        return own, own.c.id
    if name not in OF:
        return own, own.c.plan_id
    owner = table(OF[name])
    return own.join(owner), owner.c.plan_id
