"""How far the demonstration has been played: marks in the instance's own trail."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from unbroken.kit.errors import Conflict
from unbroken.kit.instance import ONLY_ID, Instance
from unbroken.people.rules import SYSTEM, author_of
from unbroken.trail.commands import open_trail
from unbroken.trail.models import Entry, Value
from unbroken.trail.rules import Action


class DemonstrationAction(Action):
    """What the demonstration does to itself."""

    BEGUN = "demo:history:begun"
    PLAYED = "demo:history:played"


@dataclass(frozen=True, slots=True)
class Mark:
    """The last mark: everything until ``until`` is played, or was begun and not finished."""

    until: date
    finished: bool


def last_mark(session: Session) -> Mark | None:
    """Return the last mark, ``None`` where nothing was ever played here."""
    actions = [action.value for action in DemonstrationAction]
    query = (
        select(Entry.action, Value.body)
        .join(Value, col(Value.entry_id) == Entry.id)
        .where(col(Entry.action).in_(actions))
        .order_by(col(Entry.id).desc())
    )
    found = session.exec(query).first()
    if found is None or found[1] is None:
        return None
    action, body = found
    until = date.fromisoformat(str(body["until"]))
    return Mark(until, finished=action == DemonstrationAction.PLAYED)


def finished_until(session: Session) -> date | None:
    """Return the day until which everything is played, ``None`` where nothing is.

    Raises:
        Conflict: a load was begun and did not come to its end.
    """
    mark = last_mark(session)
    if mark is not None and not mark.finished:
        raise Conflict(
            "The demonstration was not loaded to its end.",
            remedy="Begin again in an empty data folder.",
        )
    return None if mark is None else mark.until


def put_mark(session: Session, action: DemonstrationAction, *, until: date, at: datetime) -> None:
    """Write down that playing until a day has begun or is finished."""
    instance = session.get_one(Instance, ONLY_ID)
    trail = open_trail(session, author=author_of(SYSTEM, None), at=at, instance=True)
    trail.record(action, kind="instance", subject=instance.uid, values={"until": until})
