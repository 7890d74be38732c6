"""What the API tells about money, as shapes, and how rows of the query become them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from typing_extensions import TypedDict

from unbroken.money.queries.cover import Cliff, CoverRow
from unbroken.money.queries.grounds import Ground
from unbroken.money.rules.amounts import amount_text
from unbroken.safeguarding.rules import band


class Amounts(TypedDict):
    """US dollars as decimal texts; ``null`` where no need is stated.

    ``covered`` is confirmed money that meets a need, ``promised`` what open pledges would add. From
    ``requested`` to ``paid`` is the money meant for this very place; they are never added up.
    ``unstated`` and ``estimated`` tell in bands of how many needs nobody said an amount, and how
    many are estimates.
    """

    required: str | None
    covered: str
    promised: str
    uncovered: str | None
    after_pledges: str | None
    requested: str
    open_pledge: str
    assessed: str
    voluntary: str
    paid: str
    unstated: str
    estimated: str
    at_most: bool


class CoverItem(Amounts):
    """One row. ``function`` is ``null`` for a pool, which belongs to no function and no need.

    ``starts_on`` is the first day of the month, or of the quarter where ``by_quarter``; ``null``
    where a function's need was never said, and where months are not asked for.
    """

    plan: str
    mission: str
    country_iso3: str
    function: str | None
    tier: int | None
    restricted: bool
    area: str | None
    receiver: str | None
    starts_on: date | None
    by_quarter: bool
    illustrative: bool


class Pools(TypedDict):
    """Money that names no function: beside the needs, never spread over them."""

    requested: str
    open_pledge: str
    assessed: str
    voluntary: str
    paid: str


class PlanTotals(Amounts):
    """The sums of one plan, without its pools, and as of which day they stand."""

    plan: str
    mission: str
    country_iso3: str
    as_of: date | None
    illustrative: bool
    pools: Pools


class Totals(Amounts):
    """The sums of all that is asked about, without pools, and by plan."""

    pools: Pools
    plans: list[PlanTotals]


class CliffItem(TypedDict):
    """From when on, not before today, a function of a plan lacks money, and how much from then."""

    plan: str
    country_iso3: str
    function: str
    tier: int | None
    first_uncovered_on: date
    by_quarter: bool
    uncovered: str


class CoverAnswer(TypedDict):
    """What is asked about: rows, sums of all rows (not of the page), and the cliffs.

    ``version`` changes whenever the answer does; ``as_of`` is the day of the newest change.
    """

    items: list[CoverItem]
    totals: Totals
    cliffs: list[CliffItem]
    source: str
    as_of: date | None
    illustrative: bool
    version: str
    next: str | None


def item_of(row: CoverRow, ground: Ground) -> CoverItem:
    """Return a row as an item."""
    return {
        "plan": row.plan,
        "mission": row.mission,
        "country_iso3": row.country,
        "function": row.function or None,
        "tier": row.tier,
        "restricted": row.restricted,
        "area": row.area or None,
        "receiver": row.receiver or None,
        "starts_on": row.period,
        "by_quarter": row.by_quarter,
        "illustrative": ground.illustrative,
        "required": _text(row.required),
        "covered": amount_text(row.covered),
        "promised": amount_text(row.promised),
        "uncovered": _text(row.uncovered),
        "after_pledges": _text(row.after_pledges),
        "requested": amount_text(row.requested),
        "open_pledge": amount_text(row.open_pledge),
        "assessed": amount_text(row.assessed),
        "voluntary": amount_text(row.voluntary),
        "paid": amount_text(row.paid),
        "unstated": band(row.unstated),
        "estimated": band(row.estimated),
        "at_most": row.at_most,
    }


def totals_of(rows: Iterable[CoverRow], known: Mapping[str, Ground]) -> Totals:
    """Return the sums of rows that tell functions apart and come by plan; pools stand beside."""
    found = list(rows)
    plans: list[PlanTotals] = []
    for name, group in groupby(found, key=lambda row: row.plan):
        ground, of_plan = known[name], list(group)
        plans.append(
            {
                "plan": name,
                "mission": ground.mission,
                "country_iso3": ground.country,
                "as_of": ground.as_of,
                "illustrative": ground.illustrative,
                "pools": _pools(of_plan),
                **_amounts([row for row in of_plan if row.function]),
            }
        )
    return {
        **_amounts([row for row in found if row.function]),
        "pools": _pools(found),
        "plans": plans,
    }


def _pools(rows: Iterable[CoverRow]) -> Pools:
    found = [row for row in rows if not row.function]
    return {
        "requested": amount_text(sum(row.requested for row in found)),
        "open_pledge": amount_text(sum(row.open_pledge for row in found)),
        "assessed": amount_text(sum(row.assessed for row in found)),
        "voluntary": amount_text(sum(row.voluntary for row in found)),
        "paid": amount_text(sum(row.paid for row in found)),
    }


def _amounts(rows: Sequence[CoverRow]) -> Amounts:
    return {
        "required": _text(_sum(row.required for row in rows)),
        "covered": amount_text(sum(row.covered for row in rows)),
        "promised": amount_text(sum(row.promised for row in rows)),
        "uncovered": _text(_sum(row.uncovered for row in rows)),
        "after_pledges": _text(_sum(row.after_pledges for row in rows)),
        "requested": amount_text(sum(row.requested for row in rows)),
        "open_pledge": amount_text(sum(row.open_pledge for row in rows)),
        "assessed": amount_text(sum(row.assessed for row in rows)),
        "voluntary": amount_text(sum(row.voluntary for row in rows)),
        "paid": amount_text(sum(row.paid for row in rows)),
        "unstated": band(sum(row.unstated for row in rows)),
        "estimated": band(sum(row.estimated for row in rows)),
        "at_most": any(row.at_most for row in rows),
    }


def _sum(values: Iterable[int | None]) -> int | None:
    """Return the sum of what is stated; ``None`` where nothing is."""
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None


def cliff_of(each: Cliff) -> CliffItem:
    """Return a cliff as an item."""
    return {
        "plan": each.plan,
        "country_iso3": each.country,
        "function": each.function,
        "tier": each.tier,
        "first_uncovered_on": each.first_on,
        "by_quarter": each.by_quarter,
        "uncovered": amount_text(each.uncovered),
    }


def _text(units: int | None) -> str | None:
    return None if units is None else amount_text(units)
