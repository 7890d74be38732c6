"""From the bytes of a file to its table: workbooks and CSV of any usual coding."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from unbroken.kit.errors import Invalid, Problem
from unbroken.sources.parsing import Fault, refusal, text
from unbroken.sources.readers import Payload
from unbroken.sources.tables import decoded
from unbroken.workbooks.limits import MEGA, PackageLimits
from unbroken.workbooks.reading import Cell, Workbook, read_csv, read_workbook

# The needs of all countries of one year are some 300,000 rows of 20 columns.
LIMITS = PackageLimits(packed_bytes=64 * MEGA, cells=12_000_000)
WORKBOOK = b"PK"
TAG = "#"
MOST_ROWS_ABOVE = 40
Row = Sequence[Cell]


def workbook_of(payload: Payload) -> Workbook:
    """Return the sheets of a workbook, or the one table of a CSV file.

    Raises:
        Invalid: it is empty, damaged, or neither of the two.
        TooLarge: it holds more than is read at once.
    """
    if not payload.content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        problem = Problem(
            payload.name, "It is empty.", "Fetch it again and see that it has a size."
        )
        raise refusal(payload.name, [problem])
    try:
        if payload.content.startswith(WORKBOOK):
            return read_workbook(payload.content, LIMITS)
        return read_csv(_as_marked(payload), LIMITS, name=text(payload.name))
    except Invalid as fault:
        problem = Problem(payload.name, fault.render(), fault.remedy)
        raise refusal(payload.name, [problem]) from fault


def _as_marked(payload: Payload) -> bytes:
    """Return the content; UTF-16 without a byte order mark, known by its NULs, as UTF-8."""
    start = payload.content[:200]
    is_bare = b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return decoded(payload).encode() if is_bare else payload.content
    except Fault as fault:
        raise refusal(payload.name, [fault.problem]) from fault


# the same few names stand in all rows of a table: making them plain is half of the reading
_plain = lru_cache(maxsize=1 << 16)(text)


def told(cell: Cell | Decimal) -> str:
    """Return what a cell says as one line of text; empty for an empty one. A day is ISO."""
    match cell:
        case None:
            return ""
        case str():
            return _plain(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta() | bool() | int() | float() | Decimal():
            return str(cell)


def is_tagged(row: Row) -> bool:
    """Return whether this is a row of HXL hashtags: two or more, and nearly nothing else."""
    first = next((each for each in row if each is not None), None)
    if not isinstance(first, str) or TAG not in first[:2]:
        return False
    cells = [each for each in map(told, row) if each]
    tags = [each for each in cells if is_tag(each)]
    return len(tags) >= 2 and len(tags) * 2 > len(cells)  # noqa: PLR2004 - one may be a chance


def is_tag(cell: str) -> bool:
    """Return whether a cell is an HXL hashtag; an error like ``#REF!`` is none."""
    parts = cell.removeprefix(TAG).replace(" ", "").split("+")
    return cell.startswith(TAG) and all(each.isidentifier() for each in parts)


def records_of_table(
    rows: Sequence[Row], needed: Iterable[str], *, name: str
) -> list[tuple[str, Mapping[str, Cell]]]:
    """Return the rows below the columns' names by those names, each with its line; tags are left.

    Raises:
        Fault: no row near the top has all the columns that are needed.
    """
    asked = set(needed)
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        heads = [told(each).casefold() for each in row]
        if asked <= set(heads):
            return [
                (f"{name}: line {number + 2 + index}", dict(zip(heads, below, strict=False)))
                for index, below in enumerate(rows[number + 1 :])
                if any(each is not None for each in below) and not is_tagged(below)
            ]
    raise Fault(
        name,
        "It has no columns named {columns}.",
        remedy="Take the file that HDX names hdx-hapi-…, with its first line.",
        columns=", ".join(sorted(asked)),
    )
