"""``unbroken plan read-workbook``: what it prints, and with which code it ends."""

import json
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account, make_organisation
from tests.factories.plans import make_plan
from tests.plans.everything import digest_of_all_rows
from tests.workbooks.plan_files import CLOSINGS, Rows, ugly, workbook
from unbroken.cli.plans import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Grant, Role
from unbroken.workbooks.cells import NO_DAY
from unbroken.workbooks.plan_dates import REMEDY


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on a database with a plan, a planner and a donor."""

    sessions: Sessions
    folder: Path

    def file(self, raw: bytes, name: str = "tracker.xlsx") -> Path:
        at = self.folder / name
        at.write_bytes(raw)
        return at

    def run(self, raw: bytes, *words: str, account: str = "planner") -> Result:
        given = ["read-workbook", "minust", str(self.file(raw)), "--as", account, *words]
        return CliRunner().invoke(app, given, env={"UNBROKEN_DATABASE_URL": self.sessions.url})

    def verdicts(self, column: int = 3) -> list[object]:
        """Return what stands in a column of the workbook that was written beside the file."""
        book = openpyxl.load_workbook(self.folder / "tracker.verdict.xlsx")
        return [row[0].value for row in book.worksheets[0].iter_rows(min_col=column)]

    def sheet(self, rows: Rows, *words: str) -> Result:
        return self.run(workbook({"Plan": rows}), *words)


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> Shell:
    make_plan(sessions, clock)
    with sessions.begin() as session:
        body = make_organisation(session, name="Mission body")
        make_account(session, grants=(Grant(Role.PLANNER),), handle="planner", organisation=body)
        make_account(session, grants=(Grant(Role.DONOR),), handle="donor", organisation=body)
    return Shell(sessions, tmp_path)


def test_it_says_what_it_added(shell: Shell) -> None:
    done = shell.run(workbook({"Plan": CLOSINGS}))

    assert 0 == done.exit_code
    assert "  + Gao: closed 2026-09-30 (planned)\n" in done.stdout


def test_it_says_on_standard_error_how_it_understood_the_headings(shell: Shell) -> None:
    told = shell.run(ugly()).stderr

    assert "Plan de retrait, headings in row 7: closings, 6 rows\n" in told
    assert "  Date prévue de fermeture → closes\n" in told
    assert "  row 12 passed over: a total\n" in told


def test_a_dry_run_writes_nothing(shell: Shell) -> None:
    before = digest_of_all_rows(shell.sessions)

    done = shell.run(workbook({"Plan": CLOSINGS}), "--dry-run")

    assert done.stdout.endswith("Nothing was written: this was a dry run.\n")
    assert before == digest_of_all_rows(shell.sessions)


def test_json_is_one_document_and_nothing_else(shell: Shell) -> None:
    found = json.loads(shell.run(workbook({"Plan": CLOSINGS}), "--json").stdout)

    assert ["closings", "closings"] == [change["group"] for change in found["changes"]]


def test_a_heading_may_be_told_and_is_remembered(shell: Shell) -> None:
    rows: Rows = [["Area", "Lights off"], ["Gao", "May 2026"]]
    assert 1 == shell.sheet(rows).exit_code
    assert 0 == shell.sheet(rows, "--map", "Lights off=Planned closing").exit_code

    again = shell.sheet([["Area", "Lights off"], ["Kidal", "May 2026"]])

    assert 0 == again.exit_code


def test_a_map_without_a_heading_is_wrong_usage(shell: Shell) -> None:
    assert 2 == shell.sheet(CLOSINGS, "--map", "closes").exit_code


def test_a_refusal_names_every_cell_and_writes_nothing(shell: Shell) -> None:
    before = digest_of_all_rows(shell.sessions)

    done = shell.sheet([["Area", "Closing date"], ["Gao", "soon"], ["Kidal", "later"]])

    assert 1 == done.exit_code
    assert "tracker.xlsx has 2 faults; nothing was changed." in done.stderr
    assert "  Plan!B2: This is not a date." in done.stderr
    assert "  Plan!B3: This is not a date." in done.stderr
    assert before == digest_of_all_rows(shell.sessions)


def test_a_refusal_leaves_a_workbook_that_says_what_is_wrong_in_each_row(shell: Shell) -> None:
    shell.sheet([["Area", "Closing date"], ["Gao", "soon"], ["Kidal", "May 2026"], ["Total", 2]])

    assert [
        "Unbroken",
        f"B: {NO_DAY.what} {REMEDY}",
        "nothing wrong here; nothing was changed, because of other rows",
        "passed over: a total",
    ] == shell.verdicts()


def test_what_was_read_is_said_beside_each_row(shell: Shell) -> None:
    shell.sheet(CLOSINGS)

    assert ["Unbroken", "read", "read"] == shell.verdicts()


def test_a_dry_run_that_finds_nothing_wrong_leaves_no_file(shell: Shell) -> None:
    shell.sheet(CLOSINGS, "--dry-run")

    assert ["tracker.xlsx"] == [at.name for at in shell.folder.glob("*.xlsx")]


def test_a_file_that_was_judged_before_is_judged_in_the_same_column(shell: Shell) -> None:
    shell.sheet(CLOSINGS)
    judged = (shell.folder / "tracker.verdict.xlsx").read_bytes()

    shell.run(judged)

    assert ["Unbroken", "read", "read"] == shell.verdicts()


def test_a_donor_is_refused(shell: Shell) -> None:
    assert 1 == shell.run(workbook({"Plan": CLOSINGS}), account="donor").exit_code


def test_a_csv_file_is_read_too(shell: Shell) -> None:
    file = shell.file("Zone;Date de fermeture\nGao;fin mai 2026\n".encode("cp1252"), "plan.csv")
    words = ["read-workbook", "minust", str(file), "--as", "planner"]

    done = CliRunner().invoke(app, words, env={"UNBROKEN_DATABASE_URL": shell.sessions.url})

    assert "  + Gao: closed 2026-05 (planned)\n" in done.stdout
