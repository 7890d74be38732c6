"""How rules are set and tried on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.factories.people import make_account
from tests.factories.plans import make_plan_in_force
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.people.rules import Grant, Role

UNTIL = ("--until", "2999-01-31")
WHY = ("--reason", "Decided by the task force, S/2026/12.")


def test_rule_is_tried_set_and_taken_back(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = FixedClock(SystemClock().now())
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", sessions.url)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=now.at)
        planner = make_account(session, grants=(Grant(Role.PLANNER),)).actor.handle
    plan = make_plan_in_force(sessions, now).slug

    def run(*words: str) -> tuple[int, dict[str, object]]:
        done = CliRunner().invoke(app, ["gap", *words])
        return done.exit_code, json.loads(done.stdout or "{}") if "--json" in words else {}

    tried = run("rule-try", "no-receiver", "--plan", plan, "--off", "--days", "3", "--json")
    one = (plan, "no-receiver")
    acts = [
        run("rule-set", *one, "--off", *WHY, "--as", planner)[0],
        run("rule-set", *one, "--off", *WHY, *UNTIL, "--limit", "near_days", "--as", planner)[0],
        run("rule-set", *one, "--off", *WHY, *UNTIL, "--as", planner)[0],
        run("rule-countersign", *one, "--as", planner)[0],
    ]
    code, listed = run("rules", "--plan", plan, "--json")
    acts.append(run("rule-take-back", *one, "--as", planner)[0])
    file = tmp_path / "rules.yaml"
    file.write_text("format: 1\nrules:\n", encoding="utf-8")
    acts += [run("rules-check", str(file))[0], run("rules-check", str(tmp_path / "none"))[0]]

    assert (0, 4) == (tried[0], tried[1]["looks"])
    assert [1, 2, 0, 1, 0, 0, 1] == acts
    items = listed["items"]
    assert isinstance(items, list)
    assert [(0, "plan", True)] == [
        (code, each["origin"], each["waits"]) for each in items if each["code"] == "no-receiver"
    ]
