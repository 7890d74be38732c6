"""The command as a newcomer meets it: one JSON document or lines, refusals with exit code 1."""

import json
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account
from tests.factories.plans import make_plan
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Grant, Role

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


def test_looking_again_after_a_scan_finds_that_nothing_calls(run: CliRunner) -> None:
    run.invoke(app, ["scan", "--json"])
    again = _json(run.invoke(app, ["scan", "--again", "--json"]))

    keys = ["plans", "opened", "worsened", "eased", "closed", "open", "set_aside"]
    assert keys == list(again)
    assert 0 == again["plans"]
    assert 2 == run.invoke(app, ["scan", "--again", "--on", "2026-12-31"]).exit_code


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


def test_gap_is_seen_to_and_shown_with_its_life(run: CliRunner, sessions: Sessions) -> None:
    make_plan(sessions, FixedClock(SystemClock().now() - timedelta(days=60)))
    with sessions.begin() as session:
        make_account(session, grants=(Grant(Role.PLANNER),), handle="cpa")
    run.invoke(app, ["scan"])
    listed = cast(
        "list[dict[str, str]]", _json(run.invoke(app, ["gap", "list", "--json"]))["items"]
    )
    gap, by = listed[0]["uid"], ["--as", "cpa", "--json"]
    acts = (
        ["acknowledge", gap, "--note", "The first revision comes in May."],
        ["assign", gap, "cpa"],
        ["comment", gap, "Ask in May."],
        ["waive", gap, "--until", "2999-01-01", "--reason", "It waits for May."],
    )
    codes = [run.invoke(app, ["gap", *act, *by]).exit_code for act in acts]
    mine = _json(run.invoke(app, ["gap", "list", "--assigned", "me", "--grouped", *by]))
    shown = _json(run.invoke(app, ["gap", "show", gap, *by]))
    again = run.invoke(app, ["gap", "acknowledge", gap, "--as", "cpa"])

    assert [0, 0, 0, 0] == codes
    assert [gap] == [each["uid"] for each in cast("list[dict[str, str]]", mine["items"])]
    told = [each["kind"] for each in cast("list[dict[str, str]]", shown["history"])]
    assert ["opened", "acknowledged", "assigned", "commented", "waiver-asked"] == told
    assert True is cast("dict[str, object]", shown["mend"])["may"]
    assert (1, True) == (again.exit_code, "acknowledged already" in again.stderr)
