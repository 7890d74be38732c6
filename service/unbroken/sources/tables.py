"""Tables as text, as they are met: any delimiter, several encodings, with a row of hashtags."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unbroken.sources.parsing import Fault, text
from unbroken.sources.readers import Payload

DELIMITERS = ",;\t|"
BYTE_ORDER = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MOST_COLUMNS = 2_000
LATEST_HASHTAGS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, counted from 1, and its cells by heading, trimmed."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, its hashtags by heading (empty without such a row) and its rows."""

    headings: tuple[str, ...]
    hashtags: Mapping[str, str]
    rows: tuple[Row, ...]


def csv_rows(payload: Payload) -> tuple[Row, ...]:
    """Return the rows of a table without its row of hashtags; empty where it has headings only.

    Raises:
        Fault: see ``csv_table``.
    """
    return csv_table(payload).rows


def csv_table(payload: Payload) -> Table:
    """Return the table in a payload: UTF-8, UTF-16 or Windows-1252, any usual delimiter.

    Rows without anything in them are passed over. Where the hashtags stand in the first line they
    are the headings as well; a heading that comes twice gets its number: ``Name``, ``Name (2)``.

    Raises:
        Fault: it is empty, a page, no table, or a row has more cells than there are headings.
    """
    told = decoded(payload)
    if told.lstrip()[:1] == "<":
        raise Fault(payload.name, "It is a page or XML, not a table.")
    try:
        lines = [each for each in _lines(told) if any(each.cells)]
    except csv.Error as error:
        raise Fault(payload.name, "It cannot be read as a table.") from error
    if not lines or len(lines[0].cells) > MOST_COLUMNS:
        raise Fault(payload.name, "It is empty or no table.")
    return _table(payload, lines)


def decoded(payload: Payload) -> str:
    """Return a payload's text: by its byte order mark, else UTF-8, else Windows-1252.

    Raises:
        Fault: none of them fits.
    """
    content = payload.content
    marked = [name for mark, name in BYTE_ORDER if content.startswith(mark)]
    for encoding in marked or _likely(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Fault(payload.name, "Its signs are in no encoding known here; save it as UTF-8.")


def _likely(content: bytes) -> Sequence[str]:
    """UTF-16 without a mark shows itself by a NUL in each plain letter."""
    start = content[:200]
    if start[1::2].count(0) * 2 > len(start[1::2]) > 0:
        return ["utf-16-le"]
    if start[::2].count(0) * 2 > len(start[::2]) > 0:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[str, ...]


def _lines(told: str) -> Iterator[_Line]:
    reading = csv.reader(io.StringIO(told, newline=""), delimiter=_delimiter(told))
    for cells in reading:
        yield _Line(reading.line_num, tuple(text(cell) for cell in cells))


def _delimiter(told: str) -> str:
    """The one that makes most columns of the first line with anything in it."""
    first = next((each for each in told.splitlines() if each.strip()), "")
    widths = {each: len(next(csv.reader([first], delimiter=each), [])) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: widths[each])


def _table(payload: Payload, lines: Sequence[_Line]) -> Table:
    headings = _headings(lines[0].cells)
    marks = next((each for each in lines[:LATEST_HASHTAGS] if _is_hashtags(each.cells)), None)
    rows = [_row(payload, each, headings) for each in lines[1:] if each is not marks]
    tagged = zip(headings, marks.cells, strict=False) if marks else ()
    return Table(headings, {name: mark for name, mark in tagged if mark}, tuple(rows))


def _is_hashtags(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.startswith("#") and cell[1:2].isalpha() for cell in filled)


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for number, cell in enumerate(cells, start=1):
        before = sum(1 for each in cells[: number - 1] if each == cell)
        name = f"{cell} ({before + 1})" if cell and before else cell
        found.append(name or f"({number})")
    return tuple(found)


def _row(payload: Payload, line: _Line, headings: Sequence[str]) -> Row:
    if any(line.cells[len(headings) :]):
        at = f"{payload.name}: line {line.number}"
        raise Fault(at, "It has more cells than there are headings.")
    kept = (*line.cells, *[""] * len(headings))[: len(headings)]
    return Row(line.number, dict(zip(headings, kept, strict=True)))
