"""An account says how it wants to be told, or goes by its role again."""

from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound, Problem, SignInNeeded
from unbroken.notices.commands.digesting import welcome_readers
from unbroken.notices.models import NoticeReader
from unbroken.notices.queries.readers import reader_of
from unbroken.notices.rules.wishes import Wish, wish_of
from unbroken.people.commands.trails import people_trail
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import check_version
from unbroken.trail.rules import Action

LAST_HOUR, LAST_WEEKDAY = 23, 6


class WishAction(Action):
    """What wishes are called in the trail; names are hashed, so none is ever renamed."""

    CHOSEN = "notices:wish:chosen"
    LEFT_TO_ROLE = "notices:wish:left-to-role"


@dataclass(frozen=True, slots=True)
class ChooseWish:
    """How one's own account is to be told; without a wish it goes by its role again."""

    wish: Wish | None
    version_seen: int | None = None


def choose_wish(sessions: Sessions, order: ChooseWish, *, actor: Actor, clock: Clock) -> int:
    """Keep how one's own account is told and return the version; what is new stays new.

    A letter that is due by the new wish and was not by the old one comes at once.

    Raises:
        SignInNeeded: nobody is signed in.
        Stale: it was changed since it was read (0: never looked at).
        Invalid: no such zone, hour or weekday.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    _check(order.wish)
    welcome_readers(sessions, now=clock.now())
    with sessions.begin() as session:
        record = people_trail(session, actor, clock.now())
        reader = reader_of(session, actor.account_uid)
        if reader is None:
            raise NotFound
        row = reader.row
        check_version(order.version_seen or None, row.version)
        wish = order.wish or wish_of(reader.actor.role_at(None), zone=row.zone)
        _keep(session, row, wish, chosen=order.wish is not None)
        action = WishAction.LEFT_TO_ROLE if order.wish is None else WishAction.CHOSEN
        record.record(action, kind="account", subject=actor.account_uid, values=asdict(wish))
        session.flush()
        return row.version


def _keep(session: Session, row: NoticeReader, wish: Wish, *, chosen: bool) -> None:
    row.chosen = chosen
    for name, value in asdict(wish).items():
        setattr(row, name, value)
    session.add(row)


def _check(wish: Wish | None) -> None:
    if wish is None:
        return
    problems = []
    if wish.zone not in available_timezones():
        remedy = "Give a name such as Africa/Bamako, America/New_York or UTC."
        problems.append(Problem("zone", "is no time zone", remedy))
    if not 0 <= wish.hour <= LAST_HOUR:
        problems.append(Problem("hour", "is no hour of a day", "Give one from 0 to 23."))
    if not 0 <= wish.weekday <= LAST_WEEKDAY:
        problems.append(Problem("weekday", "is no day of a week", "Give 0 (Monday) to 6."))
    if problems:
        raise Invalid(problems=problems)
