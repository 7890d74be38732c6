"""Imports beside a server that writes, and beside each other: no locks in the way, nothing lost."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from tests.factories.checklist_files import Desk, make_desk
from tests.factories.items import is_intact, told
from tests.reliability.importer import Pen, import_once, write_on
from tests.reliability.processes import family
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.rules.items import Changes, ItemField

EACH = 40
FIRST, SECOND = date(2026, 2, 10), date(2026, 2, 20)
TURNS: tuple[Changes, Changes] = (
    {ItemField.MAILBOX: "other"},
    {ItemField.ASSIGNED_TO: "", ItemField.MAILBOX: ""},
)
COMMAND = "import sys; from unbroken.cli.main import app; sys.argv[1:] = {words!r}; app()"


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock, more=EACH)


def _done(desk: Desk, folder: Path, name: str, *, on: date, also: UUID) -> tuple[str, ...]:
    """Return the words that import a file in which all items of the third tier are done."""
    book = desk.book()
    for uid in desk.tier_3:
        book.put(uid, "State", "Done")
        book.put(uid, "Done on", on)
    book.put(also, "Mailbox", "planner")
    at = folder / name
    at.write_bytes(book.raw())
    return ("checklist", "import", desk.slug, str(at), "--as", "planner", "--json")


def _days(desk: Desk) -> set[object]:
    facts = desk.facts()
    return {facts[uid].done_on for uid in desk.tier_3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and the document that it printed."""

    code: int
    said: str
    document: dict[str, object]

    def count(self, key: str) -> object:
        found = self.document[key]
        return len(found) if isinstance(found, list) else found


def _outcome(heard: object) -> Outcome:
    assert isinstance(heard, tuple)
    code, out, err = heard
    return Outcome(code, err, json.loads(out))


def _run(desk: Desk, words: Sequence[str]) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND.format(words=list(words))],
        env={**os.environ, "UNBROKEN_DATABASE_URL": desk.sessions.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Outcome(done.returncode, done.stderr, json.loads(done.stdout or "{}"))


def test_an_import_beside_a_server_that_writes_loses_nothing_of_either(
    desk: Desk, tmp_path: Path
) -> None:
    words = _done(desk, tmp_path, "plan.xlsx", on=FIRST, also=desk.tier_1[0])
    items = (*desk.tier_3, *desk.tier_1[1:])
    pen = Pen(desk.scene.plan_uid, items, desk.actors["planner"], TURNS)
    with family() as members:
        writer = members.start(write_on, desk.sessions.url, pen)
        assert "ready" == writer.heard()
        done = _run(desk, words)
        writer.say("end")
        count, ended = writer.heard(), writer.ended()

    # who found the database locked would have ended with an error
    assert (0, 0) == (done.code, ended)
    assert (len(desk.tier_3) + 1, 0, 0) == tuple(
        done.count(key) for key in ("changed", "conflicts", "refused")
    )
    assert {FIRST} == _days(desk)
    kept = [
        values for _action, uid, values in told(desk.scene, of="transfers:item") if uid in items
    ]
    assert count == sum("mailbox" in _changed(values) for values in kept)
    assert is_intact(desk.scene)


def _changed(values: object) -> dict[str, object]:
    assert isinstance(values, dict)
    found: dict[str, object] = values["changed"]
    return found


def test_of_two_imports_at_once_the_second_sees_the_changes_of_the_first_as_conflicts(
    desk: Desk, tmp_path: Path
) -> None:
    orders = [
        _done(desk, tmp_path, "first.xlsx", on=FIRST, also=desk.tier_1[0]),
        _done(desk, tmp_path, "second.xlsx", on=SECOND, also=desk.tier_1[1]),
    ]
    with family() as members:
        running = [members.start(import_once, desk.sessions.url, words) for words in orders]
        assert ["ready"] * 2 == [each.heard() for each in running]
        for each in running:
            each.say("go")
        done = [_outcome(each.heard()) for each in running]
        ended = [each.ended() for each in running]

    rows = len(desk.tier_3)
    counts = [(each.count("changed"), each.count("conflicts")) for each in done]
    assert ([0, 0], [0, 0]) == ([each.code for each in done], ended)
    assert [(1, rows), (rows + 1, 0)] == sorted(counts)
    assert {FIRST if counts[0][1] == 0 else SECOND} == _days(desk)
    assert ["planner"] * 2 == [desk.fact(uid, ItemField.MAILBOX) for uid in desk.tier_1[:2]]
    assert is_intact(desk.scene)
