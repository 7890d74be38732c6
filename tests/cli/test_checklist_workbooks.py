"""``unbroken checklist export`` and ``import``: what they print, write, and end with."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from typer.testing import CliRunner, Result

from tests.factories.checklist_files import Book, Desk, Table, Value, make_desk
from tests.plans.everything import digest_of_all_rows
from tests.workbooks.packages import SHEET, book, encrypted, swollen
from tests.workbooks.plan_files import workbook
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.rules.items import ItemField
from unbroken.transfers.rules.words import ItemState

DAY, LATER = date(2026, 2, 10), date(2026, 2, 20)
KEYS = [
    *("plan", "written", "rows", "changed", "unchanged", "held", "added", "waiting"),
    *("refused", "conflicts", "verdict_file"),
]
Document = dict[str, object]
COMPOUND, LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
SECONDS = 10
"""More than any refusal takes on a busy machine; one that parsed the file first takes minutes."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on the database of a plan, and a folder to work in."""

    desk: Desk
    folder: Path

    def run(self, *words: str) -> Result:
        settings = {"UNBROKEN_DATABASE_URL": self.desk.sessions.url}
        return CliRunner().invoke(app, ["checklist", *words], env=settings)

    def exported(self, name: str = "plan.xlsx", *words: str) -> Path:
        at = self.folder / name
        done = self.run("export", self.desk.slug, str(at), "--as", "planner", *words)
        assert 0 == done.exit_code, done.output
        return at

    def imported(self, at: Path, *words: str, by: str = "planner") -> Result:
        return self.run("import", self.desk.slug, str(at), "--as", by, *words)

    def told(self, at: Path, *words: str, by: str = "planner") -> Document:
        found: Document = json.loads(self.imported(at, "--json", *words, by=by).stdout)
        return found

    def typed(self, *cells: tuple[int, str, Value]) -> Path:
        """Return an export in which cells of items of the third tier were typed over."""
        at = self.exported()
        book = Book(at.read_bytes())
        for item, title, value in cells:
            book.put(self.desk.tier_3[item], title, value)
        at.write_bytes(book.raw())
        return at

    def done(self, *items: int) -> Path:
        """Return an export in which items of the third tier are done."""
        cells: list[tuple[int, str, Value]] = []
        for item in items:
            cells += [(item, "State", "Done"), (item, "Done on", DAY)]
        return self.typed(*cells)


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> Shell:
    return Shell(make_desk(sessions, clock), tmp_path)


def test_export_writes_a_workbook_and_says_where(shell: Shell) -> None:
    done = shell.run("export", shell.desk.slug, str(shell.folder / "a.xlsx"), "--as", "planner")

    assert (0, "") == (done.exit_code, done.stdout)
    assert 6 == sum(bool(row[0]) for row in Book((shell.folder / "a.xlsx").read_bytes()).cells[1:])


def test_export_writes_csv_where_the_name_ends_so(shell: Shell) -> None:
    assert 7 == len(Table(shell.exported("plan.csv").read_bytes()).cells)


def test_export_writes_over_a_file_only_when_told(shell: Shell) -> None:
    at = shell.folder / "precious.xlsx"
    at.write_text("precious", encoding="utf-8")

    assert 1 == shell.run("export", shell.desk.slug, str(at)).exit_code
    assert "precious" == at.read_text(encoding="utf-8")
    assert 0 == shell.run("export", shell.desk.slug, str(at), "--force").exit_code


def test_export_in_arabic_runs_from_right_to_left(shell: Shell) -> None:
    book = Book(shell.exported("plan.xlsx", "--language", "ar").read_bytes(), language="ar")

    assert book.sheet.sheet_view.rightToLeft


def test_export_to_a_folder_that_is_not_there_ends_with_3(shell: Shell) -> None:
    at = shell.folder / "nowhere" / "plan.xlsx"
    done = shell.run("export", shell.desk.slug, str(at))

    assert 3 == done.exit_code
    assert "Name a folder that is there and may be written to." in done.stderr


def test_import_prints_one_document_of_fixed_keys(shell: Shell) -> None:
    at = shell.done(0)
    told = shell.told(at)

    assert KEYS == list(told)
    assert (shell.desk.slug, True, 6, 1, 5) == tuple(told[key] for key in KEYS[:5])
    assert (0, 0, 0, [], [], str(at.with_name("plan.verdict.xlsx"))) == tuple(
        told[key] for key in KEYS[5:]
    )


def test_a_refused_row_is_told_with_its_place_and_whether_it_blocks(shell: Shell) -> None:
    at = shell.typed((0, "State", "Done"), (1, "Mailbox", "other"))
    refused = shell.told(at)["refused"]

    assert [
        {
            "sheet": "Items",
            "row": 5,
            "reason": "Done on: is missing. Give the day on which it was done.",
            "blocks": True,
        }
    ] == refused


def test_a_conflict_is_told_with_both_values(shell: Shell) -> None:
    at = shell.done(0)
    shell.desk.change(
        {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: LATER}, shell.desk.tier_3[0]
    )
    conflicts = shell.told(at)["conflicts"]

    assert [
        {
            "sheet": "Items",
            "row": 5,
            "item": "DIG-REP-01",
            "field": "done_on",
            "yours": "2026-02-10",
            "theirs": "2026-02-20",
        }
    ] == conflicts


@pytest.mark.parametrize("blocked", [True, False])
def test_rows_are_the_sum_of_what_became_of_them(shell: Shell, *, blocked: bool) -> None:
    at = shell.done(0, 1)
    book = Book(at.read_bytes())
    book.put(shell.desk.tier_1[0], "What is to be done", "Another thing.")
    book.put(shell.desk.tier_1[1], "State", "Finished" if blocked else "To do")
    at.write_bytes(book.raw())
    shell.desk.change(
        {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: LATER}, shell.desk.tier_3[0]
    )
    told = shell.told(at)
    lists = [told["refused"], told["conflicts"]]
    whole = [told[key] for key in ("changed", "unchanged", "held")]

    assert ([0, 2, 1] if blocked else [1, 3, 0]) == whole
    assert ([2, 1] if blocked else [1, 1]) == [
        len(each) for each in lists if isinstance(each, list)
    ]
    assert 6 == told["rows"]


def test_an_added_item_is_counted_as_changed_and_added(shell: Shell) -> None:
    at = shell.exported()
    book = Book(at.read_bytes())
    book.add(
        {
            "Function": "DIG-REP",
            "Area": book.get(2, "Area"),
            "Capacity": "Posts",
            "What is to be done": "Brief the incoming team.",
            "Due": LATER,
        }
    )
    at.write_bytes(book.raw())
    told = shell.told(at)

    assert (7, 1, 6, 1) == tuple(told[key] for key in ("rows", "changed", "unchanged", "added"))


def test_what_waits_for_a_second_hand_is_counted(shell: Shell) -> None:
    at = shell.exported()
    book = Book(at.read_bytes())
    book.put(shell.desk.tier_1[0], "State", "Not applicable")
    book.put(shell.desk.tier_1[0], "Reason", "No such task.")
    at.write_bytes(book.raw())
    told = shell.told(at)

    assert (1, 1) == (told["changed"], told["waiting"])


def test_a_dry_run_writes_nothing_but_the_verdicts(shell: Shell) -> None:
    at = shell.done(0)
    before = digest_of_all_rows(shell.desk.sessions)
    told = shell.told(at, "--dry-run")

    assert (False, 1) == (told["written"], told["changed"])
    assert before == digest_of_all_rows(shell.desk.sessions)
    verdicts = Book((shell.folder / "plan.verdict.xlsx").read_bytes())
    assert "would be imported" == verdicts.verdict(shell.desk.tier_3[0])


def test_the_file_that_was_sent_stays_as_it_is(shell: Shell) -> None:
    at = shell.done(0)
    before = at.read_bytes()
    shell.imported(at)

    assert before == at.read_bytes()


def test_work_goes_on_in_the_file_of_verdicts(shell: Shell) -> None:
    shell.imported(shell.done(0))
    at = shell.folder / "plan.verdict.xlsx"
    book = Book(at.read_bytes())
    book.put(shell.desk.tier_3[0], "Done on", LATER)
    at.write_bytes(book.raw())
    told = shell.told(at)

    assert (1, 5, []) == (told["changed"], told["unchanged"], told["conflicts"])
    assert str(shell.folder / "plan.verdict-2.xlsx") == told["verdict_file"]


def test_csv_comes_back_with_verdicts_in_csv(shell: Shell) -> None:
    at = shell.exported("plan.csv")
    table = Table(at.read_bytes())
    table.put(shell.desk.tier_3[0], "State", "Done")
    table.put(shell.desk.tier_3[0], "Done on", "10/02/2026")
    at.write_bytes(table.raw())
    told = shell.told(at)
    verdicts = Table((shell.folder / "plan.verdict.csv").read_bytes())

    assert 1 == told["changed"]
    assert "imported" == verdicts.verdict(shell.desk.tier_3[0])


def test_readable_lines_say_first_what_needs_somebody(shell: Shell) -> None:
    lines = shell.imported(shell.typed((0, "State", "Done"))).stdout.splitlines()

    assert [
        "Items 5: refused: Done on: is missing. Give the day on which it was done.",
        (
            "Nothing imported: 0 sound rows wait for the others; 1 refused, 0 in conflict, 5 "
            "unchanged, of 6 rows"
        ),
        f"A verdict stands beside each row in {shell.folder / 'plan.verdict.xlsx'}",
    ] == lines


def test_reasons_are_told_in_the_language_that_is_wanted(shell: Shell) -> None:
    told = shell.told(shell.typed((0, "State", "Done")), "--language", "ar-XB")

    assert "[ís míssíñg]" in str(told["refused"])


def test_import_ends_with_0_where_something_lands_or_nothing_is_wanted(shell: Shell) -> None:
    assert 0 == shell.imported(shell.exported()).exit_code
    (shell.folder / "plan.xlsx").unlink()
    assert 0 == shell.imported(shell.done(0)).exit_code


def test_import_ends_with_1_where_rows_are_at_fault(shell: Shell) -> None:
    assert 1 == shell.imported(shell.typed((0, "State", "Finished"))).exit_code


@pytest.mark.parametrize("role", ["donor", "observer", "steward"])
def test_import_ends_with_1_where_nothing_is_the_senders_to_change(shell: Shell, role: str) -> None:
    at = shell.done(0)
    before = digest_of_all_rows(shell.desk.sessions)
    told = shell.imported(at, by=role)

    assert 1 == told.exit_code
    assert "refused: " in told.stdout
    assert before == digest_of_all_rows(shell.desk.sessions)


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("a.xlsx", lambda: b"%PDF-1.7 and more", "This is a PDF file, whatever its name ends in."),
        ("b.xlsx", lambda: encrypted(book(""), SHEET), "The workbook is packed with a password."),
        ("c.xlsx", lambda: COMPOUND + LOCKED, "The workbook is protected by a password"),
        ("d.xlsx", lambda: swollen("xl/media/big.bin", 200), "→ "),
        ("e.xlsx", lambda: workbook({"Plan": [["Area"]]}), "Plan: has no sheet of items"),
        ("f.xlsx", lambda: b"", "This is not an Excel workbook (.xlsx)."),
        ("g.csv", lambda: b"Area,Day\nGao,May\n", "has no sheet of items"),
        ("h.csv", lambda: b"\x00\x01\x02\xff", "→ "),
    ],
)
def test_import_of_what_is_no_checklist_ends_with_1_and_a_sentence(
    shell: Shell, name: str, made: Callable[[], bytes], said: str
) -> None:
    at = shell.folder / name
    at.write_bytes(made())
    started = perf_counter()
    done = shell.imported(at)

    assert SECONDS > perf_counter() - started

    assert (1, "") == (done.exit_code, done.stdout)
    assert said in done.stderr
    assert [name] == [each.name for each in shell.folder.glob("*.[xc]*")]


@pytest.mark.parametrize(
    "words",
    [
        ("import", "plan", "no-such-file.xlsx", "--as", "planner"),
        ("import", "plan"),
        ("export", "plan"),
    ],
)
def test_wrong_usage_ends_with_2(shell: Shell, words: tuple[str, ...]) -> None:
    assert 2 == shell.run(*words).exit_code


def test_import_by_nobody_or_into_no_plan_ends_with_1(shell: Shell) -> None:
    at = str(shell.exported())
    refused = [
        ("import", shell.desk.slug, at, "--as", "nobody"),
        ("import", "no-such-plan", at, "--as", "planner"),
        ("export", "no-such-plan", f"{at}.xlsx", "--as", "planner"),
    ]

    assert [1] * len(refused) == [shell.run(*words).exit_code for words in refused]


def test_nothing_is_imported_where_the_verdicts_cannot_be_written(shell: Shell) -> None:
    at = shell.done(0)
    (shell.folder / "plan.verdict.xlsx").mkdir()
    before = digest_of_all_rows(shell.desk.sessions)
    done = shell.imported(at)

    assert (3, before) == (done.exit_code, digest_of_all_rows(shell.desk.sessions))
    assert "plan.verdict.xlsx could not be written" in done.stderr
