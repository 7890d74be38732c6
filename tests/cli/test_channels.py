"""``unbroken channel``: what each command prints, and with which code it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import make_account
from tests.factories.plans import make_plan
from unbroken.cli.channels import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.people.rules import Grant, Role

ADDRESS = "http://127.0.0.1:9/hook"
Shell = Callable[..., Result]


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, database_url: str) -> Shell:
    make_plan(sessions, clock)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=clock.now())
        make_account(session, grants=(Grant(Role.PLANNER),), handle="planner")
        make_account(session, grants=(Grant(Role.DONOR),), handle="donor")

    def run(*words: str, root: str = "s" * 40, by: str = "planner") -> Result:
        env = {
            "UNBROKEN_DATABASE_URL": database_url,
            "UNBROKEN_SECRET_SIGNING": root,
            "UNBROKEN_PRIVATE_HOSTS": "127.0.0.1",
            "COLUMNS": "200",
        }
        return CliRunner().invoke(app, [*words, "--as", by], env=env)

    return run


def _json(result: Result) -> Any:  # noqa: ANN401 - JSON as it was printed
    assert 0 == result.exit_code, result.stderr
    return json.loads(result.stdout)


def test_a_channel_is_kept_from_the_command_line(shell: Shell) -> None:
    given = ("add", "webhook", ADDRESS, "--name", "Dashboard", "--plan", "minust", "--json")
    made = _json(shell(*given))
    uid = made["uid"]
    changed = _json(shell("key", uid, "--json"))
    tested = shell("test", uid)
    (result,) = _json(shell("results", uid, "--json"))["results"]
    (line,) = _json(shell("list", "--plan", "minust", "--json"))["channels"]
    told = shell("list").stdout
    ended, again = shell("end", uid), shell("end", uid)

    assert made["key"].startswith("whsec_")
    assert made["key"] != changed["key"]
    assert (0, "waiting", True) == (tested.exit_code, result["state"], result["is_test"])
    assert ("unconfirmed", 2, "minust") == (line["state"], line["key_number"], line["plan"])
    assert "Dashboard" in told
    assert "whsec_" not in told
    assert (0, 1) == (ended.exit_code, again.exit_code)


def test_what_is_refused_says_how_to_mend_it(shell: Shell) -> None:
    add = ("add", "webhook", ADDRESS, "--name", "Dashboard", "--plan", "minust")
    no_secret, donor = shell(*add, root=""), shell(*add, by="donor")
    unknown, mistyped = shell("test", "nothing"), shell("enable", "nothing")

    assert [1] * 4 == [each.exit_code for each in (no_secret, donor, unknown, mistyped)]
    assert "UNBROKEN_SECRET_SIGNING" in no_secret.stderr
