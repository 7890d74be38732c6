"""``unbroken plan``: what each command prints, and with which code it ends."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account, make_organisation
from unbroken.cli.plans import app
from unbroken.functions.commands import load_edition
from unbroken.functions.queries import read_edition
from unbroken.kit.bundled import bundled
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM, Grant, Role

SAMPLE = Path(__file__).parents[1] / "data" / "plans" / "sample-plan.yaml"
PHASES = """\
title: From the file
phases:
  - {name: The whole, kind: withdrawal, starts_on: 2023-07-01, ends_on: 2023-12-31}
"""


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on a database with the catalogue, a planner and a donor."""

    url: str
    folder: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env={"UNBROKEN_DATABASE_URL": self.url})

    def value(self, *words: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.run(*words, "--json").stdout)
        return found

    def file(self, name: str, text: str) -> str:
        at = self.folder / name
        at.write_text(text, encoding="utf-8")
        return str(at)


@pytest.fixture
def shell(sessions: Sessions, tmp_path: Path) -> Shell:
    edition = read_edition(bundled("checklists") / "2026.1")
    load_edition(sessions, edition=edition, actor=SYSTEM, clock=SystemClock())
    with sessions.begin() as session:
        body = make_organisation(session, name="MINUSMA")
        planner = (Grant(Role.PLANNER, country_iso3="MLI"),)
        make_account(session, grants=planner, handle="planner", organisation=body)
        make_account(session, grants=(Grant(Role.DONOR),), handle="donor", organisation=body)
    return Shell(sessions.url, tmp_path)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    assert 0 == shell.run("import", str(SAMPLE), "--as", "planner").exit_code
    return shell


def test_import_says_what_it_added_and_that_it_is_in_force(shell: Shell) -> None:
    done = shell.run("import", str(SAMPLE), "--as", "planner")

    assert 0 == done.exit_code
    assert "areas: 6 added\n  + MINUSMA\n  + Kidal\n" in done.stdout
    assert done.stdout.endswith("minusma was made; revision 1 is in force.\n")


def test_dry_run_writes_nothing(shell: Shell) -> None:
    done = shell.run("import", str(SAMPLE), "--as", "planner", "--dry-run")

    assert done.stdout.endswith("Nothing was written: this was a dry run.\n")
    assert {"items": []} == shell.value("list")


def test_import_of_a_broken_file_is_refused_with_every_fault(shell: Shell) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    broken = text.replace("reachable:", "reachible:").replace("authorised: 3", "authorised: three")

    done = shell.run("import", shell.file("broken.yaml", broken), "--as", "planner")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "broken.yaml has 2 faults; nothing was changed." in done.stderr
    assert "areas[1].reachible: `reachible` is not known here → Did you mean" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("import", str(SAMPLE)),
        ("import", "no-such-file.yaml", "--as", "planner"),
        ("diff", "minusma", "one", "2"),
        ("show",),
    ],
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...], shell: Shell) -> None:
    assert 2 == shell.run(*words).exit_code


def test_what_is_refused_ends_with_1(filled: Shell) -> None:
    refused = [
        ("show", "nothing"),
        ("export", "minusma", "--as", "donor"),
        ("diff", "minusma", "1", "9"),
        ("pause", "minusma", "--as", "donor"),
        ("resume", "minusma", "--as", "planner"),
        ("import", str(SAMPLE), "--as", "nobody"),
    ]

    assert [1] * len(refused) == [filled.run(*words).exit_code for words in refused]


def test_export_is_what_import_reads(filled: Shell) -> None:
    at = str(filled.folder / "out.yaml")
    filled.run("export", "minusma", at)

    done = filled.run("import", at, "--as", "planner")

    assert "minusma is as the file says; nothing was written.\n" in done.stdout


def test_export_writes_over_a_file_only_when_told(filled: Shell) -> None:
    at = filled.file("mine.yaml", "precious")

    refused = filled.run("export", "minusma", at).exit_code
    kept = Path(at).read_text(encoding="utf-8")

    assert (1, "precious") == (refused, kept)
    assert 0 == filled.run("export", "minusma", at, "--force").exit_code


def test_export_to_standard_output_is_the_file_alone(filled: Shell) -> None:
    done = filled.run("export", "minusma")

    assert done.stdout.startswith("# The plan of a mission as Unbroken reads and writes it")
    assert "\nhistory:\n  state: open\n" in done.stdout


def test_list_shows_each_plan(filled: Shell) -> None:
    assert "minusma  open   2023-06-30    2023-12-31     over" in filled.run("list").stdout


def test_show_begins_with_state_and_days(filled: Shell) -> None:
    lines = filled.run("show", "minusma").stdout.splitlines()

    assert lines[0].startswith("Withdrawal from Mali (MINUSMA, MLI): open, revision 1 in force")
    assert "The mandate ends on 2023-06-30, 0 days after the decision" in lines


def test_show_as_json_has_every_part(filled: Shell) -> None:
    shown = filled.value("show", "minusma")

    parts = {"days_left", "functions_by_tier", "due_soon", "cannot_be_met", "open_gaps"}
    assert parts <= shown.keys()


def test_revise_makes_a_revision_of_the_phases_in_a_file(filled: Shell) -> None:
    file = filled.file("phases.yaml", PHASES)

    done = filled.run("revise", "minusma", file, "--as", "planner", "--reason", "S/2023/611")

    assert "minusma: revision 2 is in force\n" == done.stdout


def test_revise_can_leave_a_draft(filled: Shell) -> None:
    file = filled.file("phases.yaml", PHASES)

    done = filled.run("revise", "minusma", file, "--as", "planner", "--draft")

    assert "minusma: revision 2 is draft\n" == done.stdout


def test_revise_refuses_phases_with_faults(filled: Shell) -> None:
    file = filled.file("phases.yaml", PHASES.replace("2023-12-31}", "2023-12-32, drops: [X]}"))

    done = filled.run("revise", "minusma", file, "--as", "planner")

    assert 1 == done.exit_code
    assert "phases.yaml:3 phases[0].ends_on: '2023-12-32' is not a day" in done.stderr


def test_diff_says_in_words_what_changed(filled: Shell) -> None:
    filled.run("revise", "minusma", filled.file("phases.yaml", PHASES), "--as", "planner")

    done = filled.run("diff", "minusma", "1", "2")

    assert "• The phase Phase one was taken out\n" in done.stdout
    assert "Revisions 2 and 2 say the same.\n" == filled.run("diff", "minusma", "2", "2").stdout


def test_a_plan_is_paused_resumed_and_completed(filled: Shell) -> None:
    acts = ("pause", "resume", "complete")

    said = [filled.run(act, "minusma", "--as", "planner").stdout for act in acts]

    assert ["minusma is paused\n", "minusma is open\n", "minusma is completed\n"] == said
