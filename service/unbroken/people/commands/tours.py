"""Whether an account is shown the first steps.

No trail entry is left: it is how one office likes its own pages, changes nothing that anybody else
sees, and who has read an introduction is nobody's business.
"""

from sqlalchemy import delete
from sqlmodel import Session, col

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, put_if_absent, row_id
from unbroken.kit.errors import SignInNeeded
from unbroken.people.models import HiddenTour
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor


def hide_tour(sessions: Sessions, *, actor: Actor, clock: Clock) -> None:
    """Show the first steps on the first page no more; a second time changes nothing.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with sessions.begin() as session:
        values = {"account_id": _own(session, actor), "hidden_at": clock.now()}
        put_if_absent(session, HiddenTour, values)


def show_tour(sessions: Sessions, *, actor: Actor) -> None:
    """Show the first steps on the first page again; a second time changes nothing.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with sessions.begin() as session:
        own = _own(session, actor)
        session.execute(delete(HiddenTour).where(col(HiddenTour.account_id) == own))


def _own(session: Session, actor: Actor) -> int:
    if actor.account_uid is None:
        raise SignInNeeded
    return row_id(account_row(session, actor.account_uid))
