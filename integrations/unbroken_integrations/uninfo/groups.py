"""Turns the rows of an overview of finances into groups. Anything else in them is passed over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    day,
    listing,
    mapping,
    maybe_listing,
    text,
    whole,
)

REQUIRED, AVAILABLE, SPENT = "required", "available", "spent"
METRICS: Mapping[int, str] = {5: REQUIRED, 6: AVAILABLE, 8: SPENT}
NAMES: Mapping[str, str] = {
    "total required resources": REQUIRED,
    "total available resources": AVAILABLE,
    "total expenditure": SPENT,
}
"""A metric is known by its name; by its number only where it has none."""

ENDS = ("endDate", "end_date", "end", "endYear")
LONGEST_IDENTITY = 100
FIRST_YEAR, LAST_YEAR = 1900, 2200
NO_GROUP = "Not assigned"
"""What the group is called that has no id and no name."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group; ``None`` in a figure is *not stated*, in ``identity`` the group of no goal."""

    identity: str | None
    name: str
    short: str
    count: int | None
    figures: Mapping[str, Number | None]
    code: str = ""
    ends_on: date | None = None


def group_of(record: object, at: str) -> Group:
    """Return the group that a row is.

    Raises:
        Fault: it is no row of an overview, or states one figure twice.
    """
    row = mapping(record, at=at)
    if "metrics" not in row and "id" not in row:
        raise Fault(at, "It has neither id nor metrics: no row of an overview of finances.")
    identity = _identity(row.get("id"), f"{at}.id")
    return Group(
        identity=identity,
        name=text(row.get("name")) or ("" if identity else NO_GROUP),
        short=text(row.get("short")),
        count=whole(row.get("count"), at=f"{at}.count"),
        figures=_figures(row.get("metrics"), f"{at}.metrics"),
        code=_code(row.get("code")),
        ends_on=_end(row, at),
    )


def latest_cycles(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Return the groups without those of an older framework, and those that were dropped.

    Rows of one code that end on different days are cycles that overlap; the latest end is kept.
    A row that lacks code or end stays.
    """
    newest: dict[str, date] = {}
    for each in groups:
        if each.code and each.ends_on:
            newest[each.code] = max(newest.get(each.code, each.ends_on), each.ends_on)
    old = [each for each in groups if each.ends_on and each.ends_on != newest.get(each.code)]
    old = [each for each in old if each.code]
    return [each for each in groups if each not in old], old


def repeated(groups: Iterable[Group]) -> list[str]:
    """Return the identities that more than one group has, in order; the nameless one is empty."""
    seen: defaultdict[str | None, int] = defaultdict(int)
    for each in groups:
        seen[each.identity] += 1
    return sorted(identity or "" for identity, times in seen.items() if times > 1)


def _identity(value: object, at: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Fault(at, "It is neither a number nor a text.")
    return text(str(value))[:LONGEST_IDENTITY] or None


def _code(value: object) -> str:
    is_plain = isinstance(value, int | str) and not isinstance(value, bool)
    return text(str(value)) if is_plain else ""


def _end(row: Mapping[str, object], at: str) -> date | None:
    """A year stands for its last day."""
    for name in ENDS:
        value = row.get(name)
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and FIRST_YEAR <= value <= LAST_YEAR
        ):
            return date(value, 12, 31)
        if isinstance(value, str) and value.strip():
            return day(value, at=f"{at}.{name}")
    return None


def _figures(value: object, at: str) -> Mapping[str, Number | None]:
    found: dict[str, Number | None] = dict.fromkeys((REQUIRED, AVAILABLE, SPENT))
    seen: set[str] = set()
    for number, each in enumerate(maybe_listing(value, at=at)):
        here = f"{at}[{number}]"
        metric = mapping(each, at=here)
        name = _metric(metric)
        if not name:
            continue
        if name in seen:
            raise Fault(here, "The figure {name} is stated twice.", name=name)
        seen.add(name)
        found[name] = amount(metric.get("total"), at=f"{here}.total")
    return found


def _metric(metric: Mapping[str, object]) -> str:
    if told := text(metric.get("metricName")):
        return NAMES.get(told.lower(), "")
    number = metric.get("metricId")
    return METRICS.get(number, "") if isinstance(number, int) else ""


def rows_of(answer: object, *, at: str) -> Sequence[object]:
    """Return the rows of an answer: a list, or an object that holds one as its ``data``.

    Raises:
        Fault: it is neither.
    """
    return listing(answer.get("data") if isinstance(answer, dict) else answer, at=at)
