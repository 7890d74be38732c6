"""Files of money: read with the places of their headings, given back with verdicts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import Languages, Translator
from unbroken.kit.languages import gettext as _
from unbroken.kit.memory import collecting_later
from unbroken.workbooks import money_columns
from unbroken.workbooks.cells import text_of
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.money_columns import HEADINGS, Key, Words
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.money_reading import Place, ReadRow, find_place, read_rows
from unbroken.workbooks.money_verdicts import verdicts_of
from unbroken.workbooks.reading import SheetGrid, Workbook, read_csv, read_workbook
from unbroken.workbooks.verdicts import SheetVerdicts, write_csv_verdicts, write_verdicts


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where columns of a sheet stand, counted from 0, and its heading's row, from 1."""

    verdict: int
    uid: int
    number: int
    header_row: int
    headers: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class MoneyFile:
    """A file of money: its rows, the place of each sheet's headings, and what was guessed."""

    rows: tuple[ReadRow, ...]
    places: Mapping[str, SheetPlace]
    is_csv: bool
    notes: tuple[str, ...] = ()


def words_of(languages: Languages) -> Words:
    """Return what headings and words mean, in any of the languages."""
    return money_columns.words_of(languages.translators.values())


def read_money_file(raw: bytes, words: Words, limits: PackageLimits, *, is_csv: bool) -> MoneyFile:
    """Return the rows of a workbook (.xlsx) or CSV file of money; the file itself is not kept.

    Raises:
        Invalid, TooLarge: it cannot be read, or has no sheet of money.
    """
    with collecting_later():
        book = read_csv(raw, limits) if is_csv else read_workbook(raw, limits)
        found = [
            (grid, place) for grid in book.sheets if (place := find_place(grid, words)) is not None
        ]
        if not found:
            raise Invalid(problems=[_no_sheet(book)])
        rows = tuple(row for grid, place in found for row in read_rows(grid, place))
        places = {grid.name: _place(grid, place) for grid, place in found}
        return MoneyFile(rows, places, is_csv, book.notes)


def _no_sheet(book: Workbook) -> Problem:
    names: Sequence[str] = [grid.name for grid in book.sheets]
    return Problem(
        ", ".join(names) or "file",
        _("has no sheet of money: the headings Id, State number and Amount or Donor are missing"),
        _("Take the workbook out of the plan, work in that file, and send it back."),
    )


def _place(grid: SheetGrid, place: Place) -> SheetPlace:
    """Return where things go; verdicts without a column yet go right of all that is there."""
    width = max((len(row) for row in grid.rows), default=0)
    columns, left = place.columns, grid.first_column
    heading = grid.rows[place.heading]
    return SheetPlace(
        verdict=left + columns.get(Key.VERDICT, width),
        uid=left + columns[Key.UID],
        number=left + columns[Key.NUMBER],
        header_row=grid.row_of(place.heading),
        headers={key: text_of(heading[columns[key]]) for key in (Key.UID, Key.NUMBER)},
    )


def give_back(
    raw: bytes, file: MoneyFile, done: Imported, *, reader: Translator, limits: PackageLimits
) -> bytes:
    """Return the sender's own file with a verdict beside each row; all else stays as it was.

    What was put on record gets its id and its new number, so that work can go on in the file.
    """
    for layer in _layers(file, done, reader):
        if file.is_csv:
            raw = write_csv_verdicts(raw, next(iter(layer.values())), limits)
        else:
            raw = write_verdicts(raw, layer)
    return raw


def _layers(
    file: MoneyFile, done: Imported, reader: Translator
) -> Iterator[dict[str, SheetVerdicts]]:
    title = reader.gettext(HEADINGS[Key.VERDICT].title)
    told = verdicts_of(done, reader=reader)
    yield {
        name: SheetVerdicts(place.verdict, place.header_row, title, told.get(name, {}))
        for name, place in file.places.items()
    }
    for key in (Key.UID, Key.NUMBER) if done.made else ():
        cells: dict[str, dict[int, str]] = defaultdict(dict)
        for each in done.made:
            said = each.line.uid if key is Key.UID else each.line.number
            cells[each.sheet][each.row] = str(said)
        yield {
            name: SheetVerdicts(
                place.uid if key is Key.UID else place.number,
                place.header_row,
                place.headers[key],
                cells[name],
            )
            for name, place in file.places.items()
            if name in cells
        }
