"""A verdict beside each row of people's own file, which otherwise stays what it was."""

import csv
import io
from collections.abc import Mapping

from unbroken.workbooks.archive import Part, parts_of, unpacked
from unbroken.workbooks.csv_text import csv_table, guarded
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.outline import RELATIONS, WORKBOOK, sheet_parts
from unbroken.workbooks.refusals import damaged
from unbroken.workbooks.repacking import Packed, pack, repacked
from unbroken.workbooks.splicing import OddError, spliced
from unbroken.workbooks.splicing_exact import spliced_exactly
from unbroken.workbooks.verdict_cells import SheetVerdicts

__all__ = ["SheetVerdicts", "write_csv_verdicts", "write_verdicts"]
MOST_PARTS = 65_535


def write_verdicts(raw: bytes, by_sheet: Mapping[str, SheetVerdicts]) -> bytes:
    """Return the workbook with a verdict in each named row of each named sheet.

    ``raw`` has passed ``packing.check_package``. An older verdict in the same column is replaced;
    a row that does not stand in the file, or has no cell at all, gets none. All other parts keep
    their packed bytes.

    Raises:
        Invalid: A sheet is not in the workbook, or the package is damaged.
    """
    parts = {part.name: part for part in parts_of(raw, MOST_PARTS)}
    if not {WORKBOOK, RELATIONS} <= parts.keys():
        raise damaged()
    texts = [b"".join(unpacked(raw, parts[name])) for name in (WORKBOOK, RELATIONS)]
    names = sheet_parts(texts[0], texts[1])
    replaced: dict[str, Packed] = {}
    for sheet, wanted in by_sheet.items():
        if names.get(sheet) not in parts:
            raise damaged()
        replaced[names[sheet]] = _sheet(raw, parts[names[sheet]], wanted)
    return repacked(raw, [*parts.values()], replaced)


def write_csv_verdicts(raw: bytes, wanted: SheetVerdicts, limits: PackageLimits) -> bytes:
    """Return the CSV file with the verdicts in their column, in UTF-8, under its own separator.

    All other fields keep their text; quotation marks stand where they are needed.

    Raises:
        Invalid, TooLarge: As ``csv_text.csv_table``.
    """
    table = csv_table(raw, limits)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.separator)
    texts = wanted.texts()
    for number, row in enumerate(table.rows, start=1):
        if number in texts:
            row.extend([""] * (wanted.column + 1 - len(row)))
            row[wanted.column] = guarded(texts[number])
        writer.writerow(row)
    return out.getvalue().encode("utf-8-sig", "replace")


def _sheet(raw: bytes, part: Part, wanted: SheetVerdicts) -> Packed:
    """Return the sheet with its verdicts: made on the way if usual, by the walk if not."""
    try:
        return pack(spliced(unpacked(raw, part), wanted))
    except OddError:
        return pack(spliced_exactly(lambda: unpacked(raw, part), wanted))
