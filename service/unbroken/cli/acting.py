"""Who works on the command line: an account by its handle, or whoever runs the machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from unbroken import wiring
from unbroken.cli.output import refusals
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import Actor


@contextmanager
def reading_as(account: str, *, operator: Actor) -> Iterator[tuple[wiring.Works, Session, Actor]]:
    """Yield a session that reads, for an account; without one, for ``operator``."""
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        actor = actor_by_handle(session, account) if account else operator
        yield works, session, actor


@contextmanager
def acting_as(account: str) -> Iterator[tuple[wiring.Works, Actor]]:
    """Yield what this process works with, and the account that acts."""
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        yield works, actor
