"""Files of items: read from bytes, and given back with a verdict beside each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import Languages, Translator
from unbroken.kit.languages import gettext as _
from unbroken.kit.memory import collecting_later
from unbroken.workbooks.cells import text_of
from unbroken.workbooks.item_cells import Words
from unbroken.workbooks.item_columns import (
    HEADINGS,
    Key,
    classes_by_word,
    folded,
    keys_by_heading,
    states_by_word,
)
from unbroken.workbooks.item_outcome import Imported, ReadSheet
from unbroken.workbooks.item_reading import Place, find_place, read_rows
from unbroken.workbooks.item_verdicts import stamps_of, verdicts_of
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.reading import SheetGrid, Workbook, read_csv, read_workbook
from unbroken.workbooks.sheet_words import DIMENSIONS
from unbroken.workbooks.verdicts import SheetVerdicts, write_csv_verdicts, write_verdicts


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A file of items: its sheets with their rows, where each heading stands, and notes."""

    sheets: tuple[ReadSheet, ...]
    places: Mapping[str, "SheetPlace"]
    is_csv: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where verdicts, ids and stamps of a sheet go: columns from 0, the heading's row from 1."""

    verdict: int
    uid: int
    stamp: int
    header_row: int
    headers: Mapping[Key, str]


def words_of(languages: Languages) -> Words:
    """Return what headings and words mean, in any of the languages."""
    translators = list(languages.translators.values())
    return Words(
        headings=keys_by_heading(translators),
        states=states_by_word(translators),
        classes=classes_by_word(translators),
        dimensions={
            **{folded(name): name for name in DIMENSIONS},
            **{
                folded(each.gettext(word)): str(name)
                for each in translators
                for name, word in DIMENSIONS.items()
            },
        },
    )


def read_item_file(raw: bytes, words: Words, limits: PackageLimits, *, is_csv: bool) -> ItemFile:
    """Return the items of a workbook (.xlsx) or CSV file; the file itself is not kept.

    Raises:
        Invalid, TooLarge: it cannot be read, or has no sheet of items.
    """
    with collecting_later():
        return _read(raw, words, limits, is_csv=is_csv)


def _read(raw: bytes, words: Words, limits: PackageLimits, *, is_csv: bool) -> ItemFile:
    book = read_csv(raw, limits) if is_csv else read_workbook(raw, limits)
    found = [(grid, place) for grid, place in _placed(book, words) if place is not None]
    if not found:
        raise Invalid(problems=[_no_sheet(book)])
    sheets = tuple(
        ReadSheet(grid.name, list(read_rows(grid, place, words))) for grid, place in found
    )
    places = {grid.name: _sheet_place(grid, place) for grid, place in found}
    return ItemFile(sheets, places, is_csv, book.notes)


def give_back(
    raw: bytes, file: ItemFile, done: Imported, *, reader: Translator, limits: PackageLimits
) -> bytes:
    """Return the sender's own file with a verdict beside each row; all else stays as it was.

    What was imported gets a new stamp, and an added item its id, so that work can go on in it.
    """
    verdicts = verdicts_of(file.sheets, done, reader=reader)
    title = reader.gettext(HEADINGS[Key.VERDICT].title)
    layers = [
        {
            name: SheetVerdicts(place.verdict, place.header_row, title, verdicts[name])
            for name, place in file.places.items()
        },
        *(_layers(file, done) if done.written else ()),
    ]
    for layer in layers:
        if file.is_csv:
            raw = write_csv_verdicts(raw, next(iter(layer.values())), limits)
        else:
            raw = write_verdicts(raw, layer)
    return raw


def _layers(file: ItemFile, done: Imported) -> Iterator[dict[str, SheetVerdicts]]:
    """Yield the new stamps by sheet, and the ids of what was added where there is any."""
    stamps = stamps_of(file.sheets, done)
    yield {
        name: SheetVerdicts(
            place.stamp, place.header_row, place.headers[Key.STAMP], stamps.get(name, {})
        )
        for name, place in file.places.items()
    }
    ids = {new.sheet: {new.row: str(new.item_uid)} for new in done.added}
    for new in done.added:
        ids[new.sheet][new.row] = str(new.item_uid)
    if ids:
        yield {
            name: SheetVerdicts(place.uid, place.header_row, place.headers[Key.UID], ids[name])
            for name, place in file.places.items()
            if name in ids
        }


def _placed(book: Workbook, words: Words) -> list[tuple[SheetGrid, Place | None]]:
    return [(grid, find_place(grid, words)) for grid in book.sheets]


def _sheet_place(grid: SheetGrid, place: Place) -> SheetPlace:
    """Return where things go; verdicts without a column yet go right of all that is there."""
    width = max((len(row) for row in grid.rows), default=0)
    columns, left = place.columns, grid.first_column
    heading = grid.rows[place.heading]
    return SheetPlace(
        verdict=left + columns.get(Key.VERDICT, width),
        uid=left + columns[Key.UID],
        stamp=left + columns[Key.STAMP],
        header_row=grid.row_of(place.heading),
        headers={key: text_of(heading[columns[key]]) for key in (Key.UID, Key.STAMP)},
    )


def _no_sheet(book: Workbook) -> Problem:
    names: Sequence[str] = [grid.name for grid in book.sheets]
    where = ", ".join(names) or "file"
    return Problem(
        where,
        _("has no sheet of items: the headings Id, Stamp and State are missing"),
        _("Export the plan's checklist, work in that file, and send it back."),
    )
