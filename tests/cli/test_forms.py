"""``unbroken forms``: what each command prints, and with which code it ends."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from tests.forms.desk import offer_all
from unbroken.cli.forms import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role
from unbroken.plans.models import Plan

SECRET = "UNBROKEN_SECRET_KOBO"


@dataclass(frozen=True, slots=True)
class Shell:
    """A command line on a database with open offers, a planner and a steward."""

    url: str
    scene: Scene
    plan: str
    folder: Path

    def run(self, *words: str) -> Result:
        env = {"UNBROKEN_DATABASE_URL": self.url, "COLUMNS": "200"}
        return CliRunner().invoke(app, list(words), env=env)

    def add(self, **changed: str) -> Result:
        values = {
            "system": "kobo",
            "address": "https://kobo.example.org",
            "form": "aYuTZn9vegi3Z49MXwKjep",
            "secret": SECRET,
            "as": "steward",
            **changed,
        }
        options = [word for name, value in values.items() for word in (f"--{name}", value)]
        return self.run("source", "add", self.plan, *options, "--json")


@pytest.fixture
def shell(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> Shell:
    scene = make_scene(sessions, clock)
    offer_all(scene)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=clock.now())
        plan = session.exec(select(Plan).where(Plan.uid == scene.plan_uid)).one()
        body = session.exec(select(Organisation).where(Organisation.uid == scene.mission)).one()
        for handle, role in (("planner", Role.PLANNER), ("steward", Role.STEWARD)):
            make_account(session, grants=(Grant(role),), handle=handle, organisation=body)
        slug = plan.slug
    return Shell(sessions.url, scene, slug, tmp_path)


def test_export_writes_the_form_and_says_what_is_left_out(shell: Shell) -> None:
    shell.scene.offered("MRM-VER")
    file = shell.folder / "form.xlsx"
    done = shell.run("export", shell.plan, str(file), "--kobo", "--as", "planner", "--json")
    told = json.loads(done.stdout)

    assert (0, b"PK") == (done.exit_code, file.read_bytes()[:2])
    assert ({"restricted": 1}, 3) == (told["left_out"], len(told["offers"]))


def test_export_writes_over_nothing_unless_told(shell: Shell) -> None:
    file = shell.folder / "form.xlsx"
    file.write_text("mine")
    words = ["export", shell.plan, str(file), "--odk", "--as", "planner"]

    assert 1 == shell.run(*words).exit_code
    assert "mine" == file.read_text()
    assert 0 == shell.run(*words, "--force").exit_code


@pytest.mark.parametrize("flags", [[], ["--kobo", "--odk"]])
def test_export_asks_for_one_system(shell: Shell, flags: list[str]) -> None:
    file = str(shell.folder / "form.xlsx")

    assert 2 == shell.run("export", shell.plan, file, *flags, "--as", "planner").exit_code


def test_a_steward_makes_no_form(shell: Shell) -> None:
    done = shell.run(
        "export", shell.plan, str(shell.folder / "f.xlsx"), "--kobo", "--as", "steward"
    )

    assert (1, True) == (done.exit_code, "Only planners" in done.stderr)


def test_a_source_is_entered_off_and_its_hook_is_told_once(shell: Shell) -> None:
    done = shell.add()
    made = json.loads(done.stdout)
    listed = json.loads(shell.run("source", "list", "--json").stdout)["sources"]

    assert made["hook_path"].startswith("/hooks/kobo/")
    assert [(made["uid"], False)] == [(each["uid"], each["is_on"]) for each in listed]
    assert made["hook_path"].rpartition("/")[2] not in shell.run("source", "list").stdout
    assert 1 == shell.add().exit_code


@pytest.mark.parametrize(
    "changed",
    [
        {"address": "https://user:pass@kobo.example.org"},
        {"address": "kobo.example.org"},
        {"address": "https://kobo.example.org?x=1"},
        {"form": "../../users"},
        {"secret": "PATH"},
        {"secret": "UNBROKEN_DATABASE_URL"},
        {"as": "planner"},
        {"every-minutes": "1"},
    ],
)
def test_a_source_that_cannot_be_is_refused(shell: Shell, changed: dict[str, str]) -> None:
    done = shell.add(**changed)

    assert (1, "") == (done.exit_code, done.stdout)


def test_pull_says_that_nothing_is_on(shell: Shell) -> None:
    shell.add()
    done = shell.run("pull", "--all", "--json")

    assert (0, {"sources": []}) == (done.exit_code, json.loads(done.stdout))
    assert "No source is on" in done.stderr


def test_a_silent_source_is_told_with_the_code_of_the_outside(shell: Shell) -> None:
    uid = json.loads(shell.add().stdout)["uid"]
    assert 0 == shell.run("source", "on", uid, "--as", "steward").exit_code
    done = shell.run("pull", shell.plan)
    listed = shell.run("source", "list").stdout

    # without a token, or without the connector where only a checkout is installed
    assert (3, True) == (done.exit_code, "source silent: no-" in done.stdout)
    assert "silent: no-" in listed


def test_only_a_steward_switches_a_source(shell: Shell) -> None:
    uid = json.loads(shell.add().stdout)["uid"]

    assert 1 == shell.run("source", "on", uid, "--as", "planner").exit_code
    assert 1 == shell.run("source", "on", "nonsense", "--as", "steward").exit_code
