"""Money in lines of text: aligned, sums at the end, what is not stated spelled out."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from unbroken.cli.output import table
from unbroken.money.commands.estimating import Estimated
from unbroken.money.queries.cover import SUMS, CoverRow, Grain
from unbroken.money.queries.doubts import OverlapView
from unbroken.money.queries.totals import StageSum, Sum, TotalsView
from unbroken.money.queries.views import ContributionView, LineView, RequirementView
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.overlaps import Doubt

NOT_STATED = "not stated"
POOL = "(pool)"
SHOWN = ("required", "confirmed", "open_pledge", "uncovered")
MONTHS_OF_A_QUARTER = 3
DOUBTS = {
    Doubt.SAME_AMOUNT: "the same donor, amount and time",
    Doubt.POOL_IS_SUM: "a pool as large as the lines after it together",
    Doubt.PARTS_EXCEED: "more passed on than there was",
}


def cover_values(rows: Sequence[CoverRow]) -> dict[str, object]:
    """Return the cover with its sums: amounts as decimals in US dollars, ``None``: not stated."""
    keys = ("plan", "mission", "country", "function", "tier", "restricted", "area", "receiver")
    marks = ("period", "by_quarter", "unstated", "estimated", "at_most")
    items = [
        {
            **{name: getattr(row, name) for name in (*keys, *marks)},
            **{name: _amount(getattr(row, name)) for name in SUMS},
        }
        for row in rows
    ]
    sums = {name: _amount(_sum(getattr(row, name) for row in rows)) for name in SUMS}
    return {"currency": "USD", "items": items, "totals": sums}


def cover_lines(rows: Sequence[CoverRow], *, by: Sequence[Grain]) -> list[str]:
    """Return the cover as a table with its sums, and what the sums do not contain."""
    if not rows:
        return ["No money is on record, or none that you may see."]
    keys = ["plan", *(grain.value for grain in Grain if grain in by)]
    body = [
        [*(_key(row, key) for key in keys), *(_told(row, name) for name in SHOWN)] for row in rows
    ]
    sums = [_plain(_amount(_sum(_units(row, name) for row in rows))) for name in SHOWN]
    body.append(["total", *("" for _key in keys[1:]), *sums])
    head = [*keys, "required", "confirmed", "pledged", "missing"]
    return [*aligned(body, head=head, numbers=len(SHOWN)), "US dollars.", *_notes(rows)]


def _units(row: CoverRow, name: str) -> int | None:
    if name == "confirmed":
        return row.assessed + row.voluntary
    units: int | None = getattr(row, name)
    return units


def _notes(rows: Sequence[CoverRow]) -> Iterable[str]:
    idle = sum(row.assessed + row.voluntary - row.covered for row in rows)
    if idle:
        yield (
            f"{_plain(_amount(idle))} of the confirmed money meets no stated need: it is a pool, "
            "or meant for other months or places."
        )
    unstated = sum(row.unstated for row in rows)
    if unstated:
        yield f"{unstated} monthly needs have no amount: more is needed than is told here."
    if any(row.estimated for row in rows):
        yield "Some needs are estimated from posts of the baseline."
    if any(row.at_most for row in rows):
        yield "Some money has no amount: less may be missing than is told here."


def _key(row: CoverRow, key: str) -> str:
    if key == "function":
        return row.function or POOL
    if key == "month":
        return _period(row.period, by_quarter=row.by_quarter)
    # where a reader sees no detail, an area may be withheld
    return str(getattr(row, key)) or ("-" if row.restricted else "any")


def _period(day: date | None, *, by_quarter: bool) -> str:
    if day is None:
        return ""
    quarter = (day.month - 1) // MONTHS_OF_A_QUARTER + 1
    return f"{day.year}-Q{quarter}" if by_quarter else f"{day:%Y-%m}"


def _told(row: CoverRow, name: str) -> str:
    units = _units(row, name)
    if units is None and not row.unstated:
        return "-"  # nobody needs anything there: only money stands
    return _plain(_amount(units))


def line_lines(
    needs: Sequence[RequirementView], money: Sequence[ContributionView], sums: TotalsView
) -> list[str]:
    """Return all lines of a plan as two tables, with their sums by currency."""
    found = [
        f"Needed: {len(needs)} lines",
        *aligned(
            [
                [*_place(each), each.currency, _plain(each.money.amount), _basis(each)]
                for each in needs
            ],
            head=(*PLACE, "currency", "amount", "basis"),
            numbers=1,
            after=1,
        ),
        "",
        f"Given: {len(money)} lines",
        *aligned(
            [
                [
                    *_place(each),
                    each.donor or "not named",
                    each.pot.value,
                    figure.stage.value,
                    each.currency,
                    _plain(figure.money.amount),
                ]
                for each in money
                for figure in each.figures
            ],
            head=(*PLACE, "donor", "pot", "stage", "currency", "amount"),
            numbers=1,
        ),
    ]
    return [*found, "", *total_lines(sums)]


PLACE = ("function", "area", "receiver", "from", "until")


def _place(line: LineView) -> list[str]:
    days = [line.starts_on.isoformat(), line.ends_on.isoformat()]
    return [line.function or POOL, line.area or "any", line.receiver or "any", *days]


def _basis(line: RequirementView) -> str:
    return "estimate" if line.is_estimate else "stated"


def total_lines(sums: TotalsView) -> list[str]:
    """Return the sums by currency and in US dollars; stages and pots are never added together."""
    rows = [["needed", each.basis.value, *_sum_cells(each)] for each in sums.needs]
    rows += [[_pot(each), each.stage.value, *_sum_cells(each)] for each in sums.money]
    found = aligned(
        rows, head=("sum of", "stage or basis", "currency", "lines", "amount", "in USD"), numbers=3
    )
    if sums.passed_on:
        found.append(f"{sums.passed_on} lines are passed on out of others and counted there.")
    unstated = sum(each.unstated for each in (*sums.needs, *sums.money))
    if unstated:
        found.append(f"{unstated} amounts are not stated and in no sum.")
    return found or ["Nothing is on record."]


def _pot(each: StageSum) -> str:
    return f"{each.pot.value} {POOL}" if each.is_pool else each.pot.value


def _sum_cells(each: Sum) -> list[str]:
    return [each.currency, str(each.lines), _plain(each.amount), _plain(each.usd)]


def overlap_lines(found: Sequence[OverlapView]) -> list[str]:
    """Return lines that may be the same money, one block for each doubt."""
    lines = []
    for each in found:
        lines.append(f"{each.doubt.value}: {DOUBTS[each.doubt]}")
        lines += aligned(
            [
                [f"  {line.uid}", line.donor, line.function or POOL, *_days(line), line.title]
                for line in each.lines
            ],
            head=("  line", "donor", "function", "from", "until", "title"),
            numbers=0,
        )
    return [*lines, f"{len(found)} doubts; nothing was taken away."]


def _days(line: LineView) -> list[str]:
    return [line.starts_on.isoformat(), line.ends_on.isoformat()]


def estimate_lines(made: Estimated) -> list[str]:
    """Return what came of estimating, with the functions that have no posts stated."""
    skipped = [f"  {each.function} in {each.area}: posts not stated" for each in made.skipped]
    told = (
        f"{len(made.entered)} estimates entered, {len(made.amended)} amended, "
        f"{len(made.unchanged)} unchanged, {len(made.ended)} ended; {len(skipped)} skipped."
    )
    return [told, *skipped]


def aligned(
    rows: Sequence[Sequence[str]], *, head: Sequence[str], numbers: int, after: int = 0
) -> list[str]:
    """Return a table whose ``numbers`` columns before the last ``after`` stand to the right."""
    if not rows:
        return []
    last = len(head) - after
    right = range(last - numbers, last)
    widths = {n: max(len(row[n]) for row in [head, *rows]) for n in right}

    def pushed(row: Sequence[str]) -> list[str]:
        return [text.rjust(widths[n]) if n in widths else text for n, text in enumerate(row)]

    return table([pushed(row) for row in rows], head=pushed(head))


def _sum(values: Iterable[int | None]) -> int | None:
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None


def _amount(units: int | None) -> Decimal | None:
    return None if units is None else to_amount(units)


def _plain(amount: Decimal | None) -> str:
    return NOT_STATED if amount is None else f"{amount:,}"
