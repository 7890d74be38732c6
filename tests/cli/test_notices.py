"""``unbroken notice``: what waits and failed, sending once, and sending again."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.databases import fresh_file
from tests.factories.people import STEWARD, make_account
from tests.mail_servers import HOST, Mailroom, mail_server
from unbroken.cli.notices import app
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    return fresh_file(tmp_path / "notices.sqlite3", sqlite_template)


def test_a_letter_to_try_the_mail_is_asked_waits_fails_and_leaves(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(url)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=SystemClock().now())
        make_account(session, handle="steward", grants=STEWARD)
    room = Mailroom(to_recipient="550 no such mailbox")
    with mail_server(room) as port:
        settings = {
            "DATABASE_URL": url,
            "BASE_URL": "https://unbroken.example.org",
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "plain",
            "SMTP_FROM": "unbroken@example.org",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"UNBROKEN_{name}", value)
        uid = told(run("test", "--as", "steward"))["uid"]
        refused = told(run("send"))
        failed = told(run("list", "--state", "failed"))
        room.to_recipient = ""
        again = told(run("resend", str(uid), "--as", "steward"))
        twice = run("resend", str(uid), "--as", "steward")
        sent = told(run("send"))

    assert (0, [uid], 1, 1) == (
        refused["sent"],
        [(each["uid"]) for each in failed["messages"]],
        again["resent"],
        sent["sent"],
    )
    assert "smtp-recipient" == failed["messages"][0]["trouble"]
    assert (1, "") == (twice.exit_code, twice.stdout)
    assert 2 == run("resend", "--as", "steward").exit_code
    assert ["steward@example.org"] == [letter["To"] for letter in room.taken]
    lines = CliRunner().invoke(app, ["list", "--state", "sent"]).stdout
    assert str(uid) in lines
    assert "set up" in lines
    sessions.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--json"], env={"COLUMNS": "200"})


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found
