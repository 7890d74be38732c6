"""The command as a newcomer meets it: one JSON document or lines, refusals with exit code 1."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.factories.plans import make_plan
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import Sessions

SCAN_KEYS = ["scan", "on", "opened", "worsened", "eased", "closed", "open", "set_aside"]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """Return a runner whose commands work on a fresh database."""
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", database_url)
    monkeypatch.setenv("UNBROKEN_DATA", str(tmp_path))
    return CliRunner()


def _json(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_version_is_said(run: CliRunner) -> None:
    result = run.invoke(app, ["--version"])

    assert (result.exit_code, result.stdout.split()[0]) == (0, "unbroken")


def test_scan_prints_one_json_document_with_its_fixed_keys(run: CliRunner) -> None:
    assert list(_json(run.invoke(app, ["scan", "--json"]))) == SCAN_KEYS


def test_second_scan_of_the_same_day_changes_nothing(run: CliRunner, sessions: Sessions) -> None:
    make_plan(sessions, FixedClock(SystemClock().now()))
    first = _json(run.invoke(app, ["scan", "--json"]))
    second = _json(run.invoke(app, ["scan", "--json"]))

    assert (second["opened"], second["closed"], second["open"]) == (0, 0, first["open"])


def test_looking_at_another_day_writes_nothing(run: CliRunner, sessions: Sessions) -> None:
    make_plan(sessions, FixedClock(SystemClock().now()))
    looked = _json(run.invoke(app, ["scan", "--on", "2026-12-31", "--json"]))
    listed = _json(run.invoke(app, ["gap", "list", "--json"]))

    assert (looked["written"], listed["items"]) == (False, [])


def test_day_that_is_none_is_wrong_usage(run: CliRunner) -> None:
    result = run.invoke(app, ["scan", "--on", "2026-06-31"])

    assert result.exit_code == 2


def test_unknown_account_is_refused_with_exit_code_1(run: CliRunner) -> None:
    result = run.invoke(app, ["gap", "list", "--as", "nobody-here"])

    assert (result.exit_code, result.stdout) == (1, "")


def test_trail_of_a_used_instance_is_intact(run: CliRunner, sessions: Sessions) -> None:
    make_plan(sessions, FixedClock(SystemClock().now()))

    assert _json(run.invoke(app, ["trail", "verify", "--json"]))["intact"] is True


def test_first_steward_gets_a_link(run: CliRunner) -> None:
    order = ["people", "steward", "--mailbox", "steward@example.org", "--organisation", "Office"]
    made = _json(run.invoke(app, [*order, "--json"]))

    assert "/invitation?token=" in str(made["link"])


def test_bundled_checklists_have_no_fault(run: CliRunner) -> None:
    found = _json(run.invoke(app, ["checklist", "check", "--json"]))

    assert (found["files"], found["faults"]) == (43, [])


def test_upgrading_twice_changes_nothing(run: CliRunner) -> None:
    first = _json(run.invoke(app, ["db", "upgrade", "--json"]))
    second = _json(run.invoke(app, ["db", "upgrade", "--json"]))

    assert first == second
