"""A plan with money on it and its workbook, as somebody works in it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import openpyxl

from tests.money.desks import MoneyDesk
from tests.plans.everything import digest_of_all_rows
from unbroken.kit.languages import load_languages
from unbroken.money.commands.orders import (
    NewFigure,
)
from unbroken.money.queries.listing import contributions, requirements
from unbroken.money.queries.views import (
    ContributionView,
    RequirementView,
)
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.rules import Actor
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.money_columns import Table
from unbroken.workbooks.money_export import export_money, export_money_csv
from unbroken.workbooks.money_files import read_money_file, words_of
from unbroken.workbooks.money_import import ImportMoney, import_money
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.readers import Reading

LANGUAGES_READ = load_languages()
WORDS = words_of(LANGUAGES_READ)
LIMITS = PackageLimits()
Edits = Mapping[tuple[str, int, str], object]
"""What is typed, by sheet, number of the row and heading (English)."""
NEED, MONEY = "Requirements", "Contributions"
Cells = Mapping[str, object]
NEW_NEED: Cells = {
    "Function": "REFER",
    "First day": date(2026, 3, 1),
    "Last day": date(2026, 8, 31),
    "Currency": "USD",
    "Amount": 900,
    "Source": "Plan of needs (January 2026)",
}
NEW_MONEY: Cells = {
    **{heading: value for heading, value in NEW_NEED.items() if heading != "Amount"},
    "Kind of money": "Voluntary",
    "Donor": "Sweden",
    "Paid": 5,
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A desk with money on it, and its workbook."""

    desk: MoneyDesk

    def reading(self, language: str = "en", actor: Actor | None = None) -> Reading:
        who, clock = actor or self.desk.plan.planner, self.desk.clock
        return Reading(who, LANGUAGES_READ.translator(language), clock.today(), clock.now())

    def book(self, language: str = "en", actor: Actor | None = None) -> bytes:
        with self.desk.sessions.reading() as session:
            return export_money(session, self.desk.plan.slug, self.reading(language, actor))

    def csv(self, table: Table) -> bytes:
        with self.desk.sessions.reading() as session:
            slug = self.desk.plan.slug
            return export_money_csv(session, slug, self.reading(), table=table)

    def send(
        self, raw: bytes, *, actor: Actor | None = None, dry_run: bool = False, is_csv: bool = False
    ) -> Imported:
        file = read_money_file(raw, WORDS, LIMITS, is_csv=is_csv)
        order = ImportMoney(plan=self.desk.plan.slug, rows=file.rows, words=WORDS, dry_run=dry_run)
        who = actor or self.desk.plan.planner
        return import_money(self.desk.sessions, order, actor=who, clock=self.desk.clock)

    def digest(self) -> str:
        return digest_of_all_rows(self.desk.sessions)

    def needs(self) -> list[RequirementView]:
        with self.desk.sessions.reading() as session:
            found = requirements(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)

    def money(self) -> list[ContributionView]:
        with self.desk.sessions.reading() as session:
            found = contributions(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)


def edited(raw: bytes, edits: Edits) -> bytes:
    """Return the workbook with some cells changed, saved as another program would."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for (name, row, heading), value in edits.items():
        sheet = book[name]
        at = {str(cell.value): cell.column for cell in sheet[1] if cell.value}
        sheet.cell(row, at[heading]).value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def new_row(
    sheet: str, row: int, cells: Mapping[str, object]
) -> dict[tuple[str, int, str], object]:
    return {(sheet, row, heading): value for heading, value in cells.items()}


def told(done: Imported) -> list[tuple[int, str, str]]:
    """Return the row, the column and the fault of all that was refused."""
    return [(each.row, p.path, str(p.what)) for each in done.refused for p in each.problems]


def stock(desk: MoneyDesk) -> list[UUID]:
    """Put lines of every kind on record."""
    desk.rate("XOF", "612.5", date(2026, 2, 1))
    figures = (
        NewFigure(stage=Stage.PLEDGED, amount=Decimal("250.5"), due_on=date(2026, 9, 1)),
        NewFigure(stage=Stage.PAID, amount=None, on=date(2026, 2, 1)),
    )
    return desk.enter(
        desk.need("1000.1234"),
        desk.need(None, function="MRM-VER"),
        desk.need("0", receiver="unicef", title="+ a title", illustrative=True),
        desk.need("650000", currency="XOF", basis=Basis.BASELINE_POSTS),
        desk.given("500"),
        desk.given("0", function="", pot=Pot.ASSESSED, donor=""),
        replace(desk.given("1"), figures=figures, receiver="unicef"),
    )
