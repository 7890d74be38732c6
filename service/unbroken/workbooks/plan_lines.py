"""One row of a planner's table, read field by field; what cannot be read is noted by its cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from unbroken.functions.rules.sheets import one_of
from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, Sentence, sentence
from unbroken.plans.rules.dates import Precision, VagueDate
from unbroken.plans.rules.exchange import Document
from unbroken.workbooks.cells import (
    ERROR,
    Unreadable,
    is_blank,
    is_error,
    number_of,
    text_of,
)
from unbroken.workbooks.plan_dates import UNKNOWN, Order, date_of, order_of
from unbroken.workbooks.plan_fields import folded, label_of, worded
from unbroken.workbooks.plan_tables import Address, Row, Table, cell_name
from unbroken.workbooks.reading import Cell

LIST = re.compile(r"[;\n]+")
COMMAS = re.compile(r"[;,\n/]+")
MOST = 100_000
NO_COUNT = Unreadable(
    _("This is not a whole number of posts."), _("Write a whole number in digits, such as 1200.")
)
PRECISIONS: Mapping[str, Precision] = {
    word: precision
    for precision, words in {
        Precision.DAY: "day|exact|exact day|jour|jour exact|dia|dia exacto|confirmed|confirme",
        Precision.MONTH: "month|mois|mes|month only",
        Precision.QUARTER: "quarter|trimestre|quarter only",
        Precision.YEAR: "year|annee|ano|year only",
        Precision.ABOUT: "about|approximate|approximately|approx|estimate|estimated|environ|estime"
        "|estimee|estimation|approximatif|approximative|aproximado|aproximada|estimado",
        Precision.NO_LATER_THAN: "no later than|not later than|nlt|latest|au plus tard|limite"
        "|a mas tardar",
        Precision.UNKNOWN: "unknown|tbc|tbd|inconnu|inconnue|a confirmer|desconocido",
    }.items()
    for word in words.split("|")
}
MISSION_WIDE = worded(
    "mission|the mission|whole mission|entire mission|mission wide|missionwide|all areas|all"
    "|mission area|toute la mission|ensemble de la mission|mission entiere|toutes les zones|toutes"
    "|tous|mision|toda la mision|mision entera|todas las areas|todas"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What holds for every row that does not say it itself."""

    source: str
    known_on: date
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record: the plan (empty for a new one), names of functions and organisations.

    ``functions`` are codes with their titles, ``translated`` titles in other languages with their
    codes, ``organisations`` slugs with their names.
    """

    document: Document
    functions: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """What is collected while rows are read: problems by cell, and where each entry came from."""

    problems: dict[Address, Problem] = field(default_factory=dict)
    where: dict[str, Address] = field(default_factory=dict)

    def note(self, at: Address, what: Marked, remedy: Marked) -> None:
        """Note what is wrong with a cell; the first thing said of it stays."""
        self.problems.setdefault(at, Problem(cell_name(at), what, remedy))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A table with the field of each of its columns; ``orders`` say how columns write dates.

    ``shows_months``: every planned closing is the first day of a month, so the days mean nothing.
    """

    table: Table
    at: Mapping[str, int]
    orders: Mapping[str, Order] = field(default_factory=dict)
    shows_months: bool = False

    @classmethod
    def of(cls, table: Table, slots: Sequence[str]) -> "Mapped":
        """Return the table under a mapping: a field for each column, empty for left out."""
        at = {slot: n for n, slot in enumerate(slots) if slot}
        columns = {slot: [row.cells[n] for row in table.rows] for slot, n in at.items()}
        orders = {slot: order_of(cells) for slot, cells in columns.items()}
        return cls(table, at, orders, _are_months(columns.get("closes", [])))

    def address(self, row: Row, slot: str) -> Address:
        """Return where a field of a row stands; the row's first cell where no column has it."""
        column = self.table.columns[self.at.get(slot, 0)].at
        return self.table.sheet, row.at, column


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a mapped table, with the ledger that takes what is wrong."""

    mapped: Mapped
    row: Row
    ledger: Ledger

    def has(self, slot: str) -> bool:
        """Return whether a column has this field, blank or not."""
        return slot in self.mapped.at

    def address(self, slot: str) -> Address:
        """Return where a field stands."""
        return self.mapped.address(self.row, slot)

    def note(self, slot: str, what: Marked, remedy: Marked) -> None:
        """Note what is wrong with a field of this row."""
        self.ledger.note(self.address(slot), what, remedy)

    def cell(self, slot: str) -> Cell:
        """Return a cell, ``None`` where it is blank or holds an error, which is noted."""
        if slot not in self.mapped.at:
            return None
        found = self.row.cells[self.mapped.at[slot]]
        if is_error(found):
            self.note(slot, ERROR.what, ERROR.remedy)
            return None
        return None if is_blank(found) else found

    def text(self, slot: str) -> str:
        """Return a cell as one line of text; empty where it is blank."""
        return " ".join(text_of(self.cell(slot)).split())

    def needed(self, slot: str) -> str:
        """Return a text that must be there; blank is noted."""
        found = self.text(slot)
        if not found and self.address(slot) not in self.ledger.problems:
            label = label_of(self.mapped.table.kind, slot)
            self.note(
                slot,
                sentence("{label} is blank", label=label),
                _("Fill it in, or take the row out."),
            )
        return found

    def count(self, slot: str) -> int | None:
        """Return a whole number, ``None`` where it is blank or said to be unknown."""
        found = self.cell(slot)
        if isinstance(found, str) and found.strip().casefold() in UNKNOWN:
            return None
        number = number_of(found)
        if number is None or (isinstance(number, int) and 0 <= number <= MOST):
            return number
        fault = number if isinstance(number, Unreadable) else NO_COUNT
        self.note(slot, fault.what, fault.remedy)
        return None

    def dated(self, slot: str) -> VagueDate | None:
        """Return a date as exactly as the cell gives it, ``None`` where blank or unknown."""
        read = date_of(self.cell(slot), order=self.mapped.orders.get(slot, Order()))
        if isinstance(read, Unreadable):
            self.note(slot, read.what, read.remedy)
            return None
        return read

    def day(self, slot: str, *, last: bool = False) -> date | None:
        """Return a day; of a month, quarter or year its first, or its ``last``, day."""
        read = self.dated(slot)
        if read is None:
            return None
        if read.precision in {Precision.ABOUT, Precision.NO_LATER_THAN}:
            self.note(slot, _("the day is not exact"), _("Give the day that counts."))
            return None
        return read.latest if last else read.earliest

    def closing(self, slot: str) -> VagueDate | None:
        """Return a date with the precision that its row says, or that its whole column shows."""
        read = self.dated(slot)
        word = self.text("precision")
        precision = PRECISIONS.get(folded(word)) if word else None
        if word and precision is None:
            known = "exact day, month, quarter, year, about, no later than, unknown"
            self.note(
                "precision",
                sentence("{word} is not known here", word=word[:60]),
                sentence("Write one of: {known}.", known=known),
            )
        if precision is None and self.mapped.shows_months and isinstance(self.cell(slot), date):
            precision = Precision.MONTH
        if read is None or precision is Precision.UNKNOWN:
            return None
        if precision is None or read.precision is not Precision.DAY:
            return read
        return replace(read, precision=precision)

    def codes(self, slot: str, record: Record) -> tuple[str, ...]:
        """Return the functions a cell names, by code or by their whole title in any language."""
        text = self.cell(slot)
        if not isinstance(text, str):
            return ()
        known = {folded(title): code for title, code in record.translated.items()}
        known |= {folded(title): code for code, title in record.functions.items()}
        known |= {folded(code): code for code in record.functions}
        parts = _parts(text, known)
        for part in parts:
            if folded(part) not in known:
                what = sentence("{part} is no function of the plan's edition", part=part[:60])
                self.note(slot, what, _nearest(part, record.functions))
        return tuple(dict.fromkeys(known[folded(p)] for p in parts if folded(p) in known))

    def places(self, slot: str, known: Mapping[str, str]) -> tuple[str, ...]:
        """Return the areas a cell names; a name on record that holds a comma stays whole."""
        text = self.cell(slot)
        return tuple(_parts(text, known)) if isinstance(text, str) else ()


def is_whole_mission(name: str, document: Document) -> bool:
    """Return whether a name means the whole mission: in words, or by the mission's own name."""
    mission = document.mission
    own = {folded(mission.acronym), folded(mission.name)} if mission else set()
    return folded(name) in MISSION_WIDE | own


def _parts(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the members of a list in a cell; a known name that holds a comma stays whole."""
    found: list[str] = []
    for part in LIST.split(text):
        pieces = [part] if folded(part) in known else COMMAS.split(part)
        found += [" ".join(each.split()) for each in pieces if each.strip()]
    return found


def _nearest(part: str, functions: Mapping[str, str]) -> Sentence:
    titles = {folded(title): code for code, title in functions.items()}
    for meant in get_close_matches(folded(part), titles, n=1):
        code, title = titles[meant], functions[titles[meant]]
        return sentence("Did you mean {code} ({title})?", code=code, title=title)
    if get_close_matches(part.upper(), functions, n=1):
        return one_of(part.upper(), list(functions))
    return sentence("Write the code, such as MRM-VER.")


def _are_months(cells: Sequence[Cell]) -> bool:
    """Return whether a column's real dates are all first days of months: it shows months alone."""
    days = [cell for cell in cells if isinstance(cell, date)]
    return len(days) > 1 and all(cell.day == 1 for cell in days)
