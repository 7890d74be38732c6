"""Exports and certificates on the command line; verifying them needs nothing but the files."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from tests.factories.proofs import signed_scene
from tests.factories.transfers import Scene
from unbroken.cli.main import app
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions

PLAN = "plan"


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return signed_scene(sessions, clock)


@pytest.fixture
def run(
    scene: Scene, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CliRunner:
    """Return a runner whose commands work on a plan on which much was signed."""
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", database_url)
    monkeypatch.setenv("UNBROKEN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    _rename(scene)
    return CliRunner()


def _rename(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        session.connection().execute(text("UPDATE plan SET slug = 'plan'"))


@pytest.fixture
def alone(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a runner on a machine that has the two files and no service."""
    assert 0 == run.invoke(app, ["certificate", PLAN, "c.pdf"]).exit_code
    assert 0 == run.invoke(app, ["trail", "export", PLAN, "t.jsonl"]).exit_code
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    return run


def verified(runner: CliRunner, *files: str) -> tuple[int, dict[str, object]]:
    result = runner.invoke(app, ["trail", "verify", *files, "--json"])
    found: dict[str, object] = json.loads(result.stdout)
    return result.exit_code, found


def told(result: Result) -> str:
    return " ".join(result.output.split())


def test_untouched_files_verify_without_the_service(alone: CliRunner) -> None:
    for files in (("t.jsonl",), ("c.pdf",), ("t.jsonl", "c.pdf"), ("c.pdf", "t.jsonl")):
        code, found = verified(alone, *files)

        assert (0, True, []) == (code, found["intact"], found["faults"])


def test_a_changed_export_is_named_and_exits_1(alone: CliRunner) -> None:
    raw = Path("t.jsonl").read_bytes()
    Path("t.jsonl").write_bytes(raw.replace(b"Four are paid.", b"Ten are paid..", 1))
    result = alone.invoke(app, ["trail", "verify", "t.jsonl"])

    assert 1 == result.exit_code
    assert "do not fit their commitment" in told(result)
    assert "line " in told(result)


def test_a_changed_certificate_is_named_and_exits_1(alone: CliRunner) -> None:
    raw = bytearray(Path("c.pdf").read_bytes())
    raw[3000] ^= 1
    Path("c.pdf").write_bytes(raw)
    result = alone.invoke(app, ["trail", "verify", "t.jsonl", "c.pdf"])

    assert 1 == result.exit_code
    assert "byte 3000: From byte 3000 on" in told(result)


def test_a_cut_export_is_named(alone: CliRunner) -> None:
    lines = Path("t.jsonl").read_bytes().splitlines(keepends=True)
    Path("t.jsonl").write_bytes(b"".join(lines[:-3]))
    code, found = verified(alone, "t.jsonl", "c.pdf")

    assert (1, False) == (code, found["intact"])
    assert "the end was cut off" in str(found["faults"])


@pytest.mark.parametrize("content", [b"", b"nothing", b"{}", b"%PDF-1.7"])
def test_a_file_that_is_nothing_of_ours_exits_1_with_a_sentence(
    alone: CliRunner, content: bytes
) -> None:
    Path("x").write_bytes(content)
    code, found = verified(alone, "x")

    assert (1, False) == (code, found["intact"])


def test_a_file_that_is_not_there_exits_1_with_a_sentence(alone: CliRunner) -> None:
    result = alone.invoke(app, ["trail", "verify", "nowhere.jsonl"])

    assert 1 == result.exit_code
    assert "cannot be read" in told(result)


def test_wrong_usage_exits_2(alone: CliRunner) -> None:
    for files in (["t.jsonl", "t.jsonl"], ["t.jsonl", "--against", "t.jsonl"]):
        assert 2 == alone.invoke(app, ["trail", "verify", *files]).exit_code


def test_nothing_is_written_over(run: CliRunner) -> None:
    for command in (["trail", "export", PLAN, "there"], ["certificate", PLAN, "there"]):
        Path("there").write_bytes(b"mine")
        assert 1 == run.invoke(app, command).exit_code
        assert b"mine" == Path("there").read_bytes()
        assert 0 == run.invoke(app, [*command, "--force"]).exit_code


def test_an_unknown_plan_leaves_no_file(run: CliRunner) -> None:
    for command in (["trail", "export", "none", "x"], ["certificate", "none", "x"]):
        assert 1 == run.invoke(app, command).exit_code
    assert [] == [at.name for at in Path().glob("x*")]


def test_issuing_again_says_since_when_it_stands(run: CliRunner) -> None:
    first = json.loads(run.invoke(app, ["certificate", PLAN, "a.pdf", "--json"]).stdout)
    again = json.loads(run.invoke(app, ["certificate", PLAN, "b.pdf", "--json"]).stdout)

    assert (True, False) == (first["is_new"], again["is_new"])
    assert (first["code"], first["since"]) == (again["code"], again["since"])
    assert Path("a.pdf").read_bytes() == Path("b.pdf").read_bytes()


def test_the_database_is_held_against_what_went_out(run: CliRunner, sessions: Sessions) -> None:
    assert 0 == run.invoke(app, ["certificate", PLAN, "c.pdf"]).exit_code
    assert 0 == run.invoke(app, ["trail", "export", PLAN, "t.jsonl"]).exit_code
    against = ["--against", "t.jsonl", "--against", "c.pdf"]
    assert 0 == run.invoke(app, ["trail", "verify", *against]).exit_code
    with sessions.begin() as session:
        change = "UPDATE trail_entry SET role = 'donor' WHERE position = 2"
        session.connection().execute(text(change))
    result = run.invoke(app, ["trail", "verify", *against])

    assert 1 == result.exit_code
    assert "entry-edited" in result.stdout


def test_a_changed_receipt_in_the_database_is_named(run: CliRunner, sessions: Sessions) -> None:
    assert 0 == run.invoke(app, ["trail", "verify"]).exit_code
    with sessions.begin() as session:
        change = "UPDATE receipt SET reason = 'Another.' WHERE act = 'dispute'"
        session.connection().execute(text(change))
    result = run.invoke(app, ["trail", "verify"])

    assert 1 == result.exit_code
    assert "does not fit who signed what and when" in told(result)
