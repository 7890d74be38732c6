"""A planner's own file with what was made of each row beside it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from unbroken.kit.errors import Problem
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_tables import Table
from unbroken.workbooks.reading import SheetGrid, Workbook
from unbroken.workbooks.verdicts import SheetVerdicts, write_csv_verdicts, write_verdicts

HEADER = "Unbroken"
READ, SOUND = "read", "nothing wrong here; nothing was changed, because of other rows"
CELL = re.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]+)(?P<row>[0-9]+)")


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that was judged: its sheets, the tables found in them, and what is wrong."""

    raw: bytes = field(repr=False)
    book: Workbook
    choices: Sequence[Choice]
    problems: Sequence[Problem] = ()


def verdict_workbook(judged: Judged) -> bytes:
    """Return the workbook with a verdict beside each row of its tables.

    Raises:
        Invalid: as ``write_verdicts``.
    """
    return write_verdicts(judged.raw, _by_sheet(judged))


def verdict_csv(judged: Judged, limits: PackageLimits) -> bytes:
    """Return the CSV file with a verdict beside each row. Raises as ``write_csv_verdicts``."""
    found = iter(_by_sheet(judged).values())
    return write_csv_verdicts(judged.raw, next(found), limits)


def _by_sheet(judged: Judged) -> Mapping[str, SheetVerdicts]:
    tables: defaultdict[str, list[Table]] = defaultdict(list)
    for choice in judged.choices:
        tables[choice.table.sheet].append(choice.table)
    told = _told(judged.problems)
    good = SOUND if judged.problems else READ
    grids = {grid.name: grid for grid in judged.book.sheets}
    return {
        sheet: _verdicts(grids[sheet], there, told.get(sheet, {}), good)
        for sheet, there in tables.items()
    }


def _verdicts(
    grid: SheetGrid, tables: Sequence[Table], told: Mapping[int, str], good: str
) -> SheetVerdicts:
    texts: dict[int, str] = {}
    for table in tables:
        texts |= {row.at: good for row in table.rows}
        texts |= {row: f"passed over: {why}" for row, why in table.passed}
        texts[table.head_at] = HEADER
    first = tables[0].head_at
    texts |= {row: text for row, text in told.items() if row != first}
    header = f"{HEADER}: {told[first]}" if first in told else HEADER
    return SheetVerdicts(_column(grid, tables), first, header, texts)


def _column(grid: SheetGrid, tables: Iterable[Table]) -> int:
    """Return the column (from 0) of an older verdict, else the first one beside the sheet."""
    older = [
        column.at - 1
        for table in tables
        for column in table.columns
        if column.heading.partition(":")[0] == HEADER
    ]
    width = max(map(len, grid.rows), default=0)
    return older[0] if older else grid.first_column + width


def _told(problems: Iterable[Problem]) -> Mapping[str, Mapping[int, str]]:
    """Return what is wrong in each row of each sheet, with the column's letters."""
    found: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        at = CELL.fullmatch(problem.path)
        if at:
            text = f"{at['column']}: {problem.what} {problem.remedy}".strip()
            found[at["sheet"]][int(at["row"])].append(text)
    return {
        sheet: {row: " | ".join(texts) for row, texts in rows.items()}
        for sheet, rows in found.items()
    }
