"""One process that makes many small writes, each like an answer to an offer."""

from multiprocessing.connection import Connection
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session

from unbroken.gaps.rules.scope import plan
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions, rows_changed
from unbroken.trail.commands import open_trail
from unbroken.trail.rules import Author

AUTHOR = Author(account_uid=UUID(int=1), organisation_uid=UUID(int=2), role="country_team")


def write(session: Session, uid: UUID) -> bool:
    """Raise the plan's version by one if it is still what was read; record it."""
    trail = open_trail(session, author=AUTHOR, at=SystemClock().now(), plans=[uid])
    seen = session.scalars(select(plan.c.version).where(plan.c.uid == uid)).one()
    guarded = update(plan).where(plan.c.uid == uid, plan.c.version == seen)
    kept = rows_changed(session, guarded.values(version=seen + 1)) == 1
    trail.record("receiver:capacity:confirmed", kind="plan", subject=uid, values={"seen": seen})
    return kept


def run(line: Connection, url: str, count: int) -> None:
    """Say ``ready``, wait for a word, write ``count`` times, and say how many were kept."""
    sessions, kept = Sessions(url), 0
    with sessions.reading() as session:
        uids = list(session.scalars(select(plan.c.uid).order_by(plan.c.id)))
    line.send("ready")
    line.recv()
    for number in range(count):
        with sessions.begin() as session:
            kept += write(session, uids[number % len(uids)])
    line.send(kept)
    sessions.close()
