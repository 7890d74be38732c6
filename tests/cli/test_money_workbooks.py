"""``unbroken money workbook export`` and ``import``: what they write, print and end with."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account
from tests.money.desks import MoneyDesk, make_desk
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Grant, Role


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on the database of a plan, and a folder to work in."""

    desk: MoneyDesk
    folder: Path

    def run(self, *words: str) -> Result:
        settings = {"UNBROKEN_DATABASE_URL": self.desk.sessions.url}
        return CliRunner().invoke(app, ["money", "workbook", *words], env=settings)

    def exported(self, name: str = "money.xlsx", *words: str) -> Path:
        at = self.folder / name
        done = self.run("export", self.desk.plan.slug, str(at), "--as", "clerk", *words)
        assert done.exit_code == 0, done.output
        return at

    def imported(self, at: Path, *words: str) -> Result:
        return self.run("import", self.desk.plan.slug, str(at), "--as", "clerk", *words)


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> Shell:
    with sessions.begin() as session:
        make_account(session, handle="clerk", grants=(Grant(Role.PLANNER),))
    desk = make_desk(sessions, clock)
    desk.enter(desk.need("10"), desk.given("5"))
    return Shell(desk, tmp_path)


def typed(at: Path, **cells: object) -> Path:
    """Type over cells of the first requirement."""
    book = openpyxl.load_workbook(io.BytesIO(at.read_bytes()))
    sheet = book["Requirements"]
    places = {str(cell.value): cell.column for cell in sheet[1] if cell.value}
    for heading, value in cells.items():
        sheet.cell(2, places[heading.replace("_", " ")]).value = value  # type: ignore[assignment]
    book.save(at)
    book.close()
    return at


def test_what_was_written_comes_back_and_changes_nothing(shell: Shell) -> None:
    told = json.loads(shell.imported(shell.exported(), "--json").stdout)
    assert (told["written"], told["rows"], told["unchanged"]) == (False, 2, 2)
    again = shell.run("export", shell.desk.plan.slug, str(shell.folder / "money.xlsx"))
    assert (again.exit_code, "--force" in again.output) == (1, True)


def test_a_change_is_shown_then_put_on_record(shell: Shell) -> None:
    at = typed(shell.exported(), Amount=12, Why_it_changes="Restated")
    shown = json.loads(shell.imported(at, "--dry-run", "--json").stdout)
    assert (shown["written"], shown["changed"], shown["made"]) == (False, 1, [])
    told = json.loads(shell.imported(at, "--json").stdout)
    assert (told["written"], [each["number"] for each in told["made"]]) == (True, [2])
    verdict = openpyxl.load_workbook(told["verdict_file"])
    assert "put on record" in [cell.value for cell in verdict["Requirements"][2]]


def test_a_fault_keeps_the_file_out_and_is_told_by_its_cell(shell: Shell) -> None:
    done = shell.imported(typed(shell.exported(), Amount="1,234", Why_it_changes="Restated"))
    assert done.exit_code == 1
    assert "Requirements 2: refused: Amount: This can be read as 1234 or as 1.234" in done.output


def test_one_table_goes_out_as_csv(shell: Shell) -> None:
    at = shell.exported("money.csv", "--table", "contributions")
    assert at.read_text("utf-8-sig").startswith("Id,State number,Donor,")
    assert json.loads(shell.imported(at, "--json").stdout)["unchanged"] == 1
