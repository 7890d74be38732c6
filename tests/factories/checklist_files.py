"""A plan whose checklists go out as a file, are edited by hand, and come back."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias
from uuid import UUID

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from tests.factories.items import change, many_items, rows_of
from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from tests.scenes import kept
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import Languages, load_languages
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import Actor, Grant, Role, Signing
from unbroken.plans.models import Plan
from unbroken.transfers.queries.item_rows import ItemRow
from unbroken.transfers.rules.items import Changes, ItemFacts, ItemField
from unbroken.workbooks.item_columns import HEADINGS
from unbroken.workbooks.item_export import export_items, export_items_csv
from unbroken.workbooks.item_files import give_back, read_item_file, words_of
from unbroken.workbooks.item_import import ImportItems, import_items
from unbroken.workbooks.item_outcome import Imported
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.readers import Reading
from unbroken.workbooks.sheets_out import sheet_name

Value: TypeAlias = str | int | float | bool | date | None
LANGUAGES: Languages = load_languages()
WORDS = words_of(LANGUAGES)
OFFICES = {
    "planner": ("mission", Grant(Role.PLANNER)),
    "receiver": ("agency", Grant(Role.COUNTRY_TEAM, Signing.SIGNS)),
    "other": ("other_agency", Grant(Role.COUNTRY_TEAM, Signing.SIGNS)),
    "donor": ("authority", Grant(Role.DONOR)),
    "observer": ("authority", Grant(Role.OBSERVER)),
    "steward": ("authority", Grant(Role.STEWARD)),
}
"""Handles of the accounts: of which body of the scene, with which role."""


class File:
    """A file of items open on somebody's screen.

    Rows are numbered as people see them; columns are named in English, whatever the language.
    """

    def __init__(self, cells: list[list[Value]], *, language: str = "en") -> None:
        reader = LANGUAGES.translator(language)
        titles = {reader.gettext(each.title): each.title for each in HEADINGS.values()}
        self.cells = cells
        self.columns = {titles.get(str(cell), str(cell)): n for n, cell in enumerate(cells[0])}

    def row(self, uid: UUID) -> int:
        """Return the number of the row of an item, as it stands now, from 1."""
        at = self.columns["Id"]
        return next(n for n, row in enumerate(self.cells, start=1) if row[at] == str(uid))

    def get(self, row: int, title: str) -> Value:
        return self.cells[row - 1][self.columns[title]]

    def verdict(self, uid: UUID) -> str:
        return str(self.get(self.row(uid), "Verdict"))

    def put(self, uid: UUID, title: str, value: Value) -> None:
        """Type over one cell of an item."""
        self.write(self.row(uid), title, value)

    def write(self, row: int, title: str, value: Value) -> None:
        self.cells[row - 1][self.columns[title]] = value

    def remove(self, uid: UUID) -> None:
        """Delete the row of an item."""
        del self.cells[self.row(uid) - 1]

    def add(self, values: Mapping[str, Value]) -> int:
        """Fill the first row below the last item and return its number."""
        at = self.columns["Id"]
        row = max(n for n, cells in enumerate(self.cells, start=1) if cells[at]) + 1
        if row > len(self.cells):
            self.cells.append([None] * len(self.cells[0]))
        for title, value in values.items():
            self.write(row, title, value)
        return row

    def raw(self) -> bytes:
        raise NotImplementedError


class Book(File):
    """An Excel workbook, edited with openpyxl: whatever else is in it stays."""

    def __init__(self, raw: bytes, *, language: str = "en") -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(raw))
        found = self.book[sheet_name(LANGUAGES.translator(language).gettext("Items"))]
        assert isinstance(found, Worksheet)
        self.sheet = found
        cells = [[_plain(cell.value) for cell in row] for row in found.iter_rows()]
        super().__init__(cells, language=language)

    def write(self, row: int, title: str, value: Value) -> None:
        super().write(row, title, value)
        cell = self.sheet.cell(row, self.columns[title] + 1)
        assert isinstance(cell, Cell)
        cell.value = value

    def remove(self, uid: UUID) -> None:
        row = self.row(uid)
        super().remove(uid)
        self.sheet.delete_rows(row)

    def raw(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


class Table(File):
    """A CSV file, saved again by a program that knows nothing of ours."""

    def __init__(self, raw: bytes) -> None:
        text = raw.decode("utf-8-sig")
        super().__init__([[cell or None for cell in row] for row in csv.reader(io.StringIO(text))])

    def raw(self) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(self.cells)
        return out.getvalue().encode("utf-8-sig")


def opened(raw: bytes, *, is_csv: bool) -> File:
    """Return a file open for editing."""
    return Table(raw) if is_csv else Book(raw)


@dataclass(frozen=True, slots=True)
class Sent:
    """What an import came to, and the file that was given back."""

    done: Imported
    raw: bytes
    is_csv: bool = False

    @property
    def file(self) -> File:
        """Return what was given back, open for editing."""
        return opened(self.raw, is_csv=self.is_csv)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return how many rows changed, stayed, were refused, are in conflict."""
        clashing = {(each.sheet, each.row) for each in self.done.conflicts}
        done = self.done
        return len(done.changes), done.unchanged, len(done.refused), len(clashing)


@dataclass(frozen=True, slots=True)
class Desk:
    """A plan with two functions, six items and perhaps more, and stored accounts of each kind."""

    scene: Scene
    actors: Mapping[str, Actor]
    tier_1: tuple[UUID, ...]
    tier_3: tuple[UUID, ...]

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    @property
    def slug(self) -> str:
        with self.sessions.reading() as session:
            return session.exec(select(Plan.slug).where(Plan.uid == self.scene.plan_uid)).one()

    def export(self, *, by: str = "planner", language: str = "en", is_csv: bool = False) -> bytes:
        made = export_items_csv if is_csv else export_items
        clock, actor = self.scene.clock, self.actors[by]
        reading = Reading(actor, LANGUAGES.translator(language), clock.today(), clock.now())
        with self.sessions.reading() as session:
            return made(session, self.scene.plan_uid, reading)

    def book(self, *, by: str = "planner") -> Book:
        return Book(self.export(by=by))

    def file(self, *, is_csv: bool) -> File:
        """Return what the planner exports, open for editing."""
        return opened(self.export(is_csv=is_csv), is_csv=is_csv)

    def send(
        self,
        raw: bytes,
        *,
        by: str = "planner",
        is_csv: bool = False,
        dry_run: bool = False,
        language: str = "en",
    ) -> Sent:
        """Import a file as somebody, and give it back."""
        limits = PackageLimits()
        read = read_item_file(raw, WORDS, limits, is_csv=is_csv)
        order = ImportItems(plan=self.scene.plan_uid, sheets=read.sheets, dry_run=dry_run)
        actor = self.actors[by]
        done = import_items(self.sessions, order, actor=actor, clock=self.scene.clock)
        reader = LANGUAGES.translator(language)
        given = give_back(raw, read, done, reader=reader, limits=limits)
        return Sent(done, given, is_csv)

    def change(self, changes: Changes, *uids: UUID, by: str = "planner") -> None:
        """Change items on the page, not in the file."""
        change(self.scene, changes, *uids, by=self.actors[by])

    def rows(self) -> dict[UUID, ItemRow]:
        return {row.uid: row for row in rows_of(self.scene)}

    def facts(self) -> dict[UUID, ItemFacts]:
        """Return what is known of every item."""
        return {uid: row.facts for uid, row in self.rows().items()}

    def fact(self, uid: UUID, name: ItemField) -> object:
        return self.facts()[uid].value(name)

    def organisation(self, handle: str) -> str:
        """Return the slug of the organisation of an account."""
        query = select(Organisation.slug).join(Account).where(Account.handle == handle)
        with self.sessions.reading() as session:
            return session.exec(query).one()


@kept
def make_desk(sessions: Sessions, clock: FixedClock, *, more: int = 0) -> Desk:
    """Store a plan with two functions, and ``more`` items under each one's posts.

    The first, tier 1, goes to the receiver's agency, the second, tier 3, to the other one.
    """
    scene = make_scene(sessions, clock)
    actors = _accounts(sessions, scene)
    scene = replace(scene, planner=actors["planner"], receiver=actors["receiver"])
    upper = scene.named().capacities[Dimension.POSTS]
    lower = scene.named("DIG-REP", receiver=scene.other_agency).capacities[Dimension.POSTS]
    if more:
        many_items(scene, upper, more)
        many_items(scene, lower, more)
    tiers: dict[int, list[UUID]] = {1: [], 3: []}
    for row in rows_of(scene):
        tiers[row.tier].append(row.uid)
    return Desk(scene, actors, tuple(tiers[1]), tuple(tiers[3]))


def _accounts(sessions: Sessions, scene: Scene) -> dict[str, Actor]:
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=scene.clock.now())
        found = {row.uid: row for row in session.exec(select(Organisation))}
        return {
            handle: make_account(
                session, grants=(grant,), handle=handle, organisation=found[getattr(scene, body)]
            ).actor
            for handle, (body, grant) in OFFICES.items()
        }


def _plain(value: object) -> Value:
    return value if isinstance(value, str | int | float | date) else None
