"""Processes that import checklists or change items, for the tests of several at once."""

from dataclasses import dataclass
from multiprocessing.connection import Connection
from uuid import UUID

from typer.testing import CliRunner

from unbroken.cli.main import app
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import plan_row
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.queries.item_rows import item_rows
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes

READS = 3


@dataclass(frozen=True)
class Pen:
    """Who writes into which items of which plan."""

    plan: UUID
    items: tuple[UUID, ...]
    actor: Actor
    turns: tuple[Changes, Changes]


def import_once(line: Connection, url: str, words: tuple[str, ...]) -> None:
    """Say ``ready``, wait for a word, run the command, and say its code and what it printed."""
    line.send("ready")
    line.recv()
    done = CliRunner().invoke(app, list(words), env={"UNBROKEN_DATABASE_URL": url})
    line.send((done.exit_code, done.stdout, done.stderr))


def write_on(line: Connection, url: str, pen: Pen) -> None:
    """Assign one item after the other, say ``ready`` after the first, the count when told to end.

    Each gets one change, then the other, in turn, so that every write changes something. Between
    writes it reads, as a server does: SQLite has no queue, and who writes without a breath lets
    nobody else in.
    """
    sessions, count = Sessions(url), 0
    while count == 0 or not line.poll():
        uid = pen.items[count % len(pen.items)]
        changes = pen.turns[count // len(pen.items) % 2]
        change = ItemChange(item_uid=uid, changes=changes)
        order = ChangeItems(plan=pen.plan, items=(change,))
        done = change_items(sessions, order, actor=pen.actor, clock=SystemClock())
        count += len(done.changed)
        with sessions.reading() as session:
            for _again in range(READS):
                item_rows(session, plan_row(session, pen.plan).id or 0)
        if count == 1:
            line.send("ready")
    line.send(count)
    sessions.close()
