"""Watches of one's own: made, given the secret address of a feed, and ended."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from unbroken.functions.models import FunctionRow
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Forbidden, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, sentence
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.models_interest import Watch
from unbroken.money.queries.cover import covers
from unbroken.money.queries.watches import watch_row
from unbroken.money.rules.amounts import to_units
from unbroken.money.rules.watching import MOST_VALUES, MOST_WATCHES, Filters
from unbroken.people.commands.links import fresh_secret
from unbroken.people.commands.trails import people_trail
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor, sight_of
from unbroken.people.rules.lives import hash_of
from unbroken.plans.commands.acts import refuse_if
from unbroken.plans.commands.rights import require_account
from unbroken.plans.models import Mission, Plan

COUNTRY = re.compile(r"[A-Z]{3}")
TIERS = range(1, 5)
ANY = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeWatch:
    """Tell me of what rises above ``least`` US dollars within ``filters``."""

    filters: Filters = ANY
    least: Decimal = Decimal(0)
    by_mail: bool = True


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """A feed just made; ``secret`` exists here only."""

    uid: UUID
    secret: str = field(repr=False)


def make_watch(sessions: Sessions, order: MakeWatch, *, actor: Actor, clock: Clock) -> UUID:
    """Make a watch of the actor's account, without a feed, and return its UUID.

    It tells of what happens from now on.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the account has no role, so it sees no money.
        Invalid: a filter names what is not there, or the limit is no amount.
        Conflict: the account has fifty watches already.
    """
    require_account(actor)
    if not actor.grants:
        raise Forbidden
    at = clock.now()
    order = replace(order, filters=_in_order(order.filters))
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        refuse_if(_problems(session, order, actor))
        row = Watch(
            account_id=_account_id(session, actor),
            filters=order.filters.stored(),
            least_units=to_units(order.least),
            by_mail=order.by_mail,
            created_at=at,
        )
        _require_few(session, row.account_id)
        session.add(row)
        session.flush()
        values = {"filters": row.filters, "least": row.least_units, "by_mail": row.by_mail}
        record.record(MoneyAction.WATCH_MADE, kind="watch", subject=row.uid, values=values)
        return row.uid


def end_watch(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """End a watch of one's own, and its feed.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such watch, or it is another's.
    """
    _change(sessions, uid, MoneyAction.WATCH_ENDED, actor=actor, clock=clock)


def make_feed(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> MadeFeed:
    """Give a watch of one's own the secret address of a feed; an earlier address ends.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such watch, or it is another's.
    """
    secret = fresh_secret()
    _change(sessions, uid, MoneyAction.FEED_MADE, actor=actor, clock=clock, secret=secret)
    return MadeFeed(uid, secret)


def end_feed(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Revoke the address of a feed of one's own; the watch stays. Raises as ``end_watch``."""
    _change(sessions, uid, MoneyAction.FEED_ENDED, actor=actor, clock=clock)


def _change(
    sessions: Sessions,
    uid: UUID,
    action: MoneyAction,
    *,
    actor: Actor,
    clock: Clock,
    secret: str = "",
) -> None:
    require_account(actor)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        row = watch_row(session, uid, actor=actor)
        if action is MoneyAction.FEED_ENDED and row.secret_hash is None:
            return
        row.secret_hash = hash_of(secret) if secret else None
        if action is MoneyAction.WATCH_ENDED:
            row.ended_at = at
        record.record(action, kind="watch", subject=row.uid, values={})


def _account_id(session: Session, actor: Actor) -> int:
    require_account(actor)
    assert actor.account_uid is not None  # noqa: S101 - just looked at
    return row_id(account_row(session, actor.account_uid))


def _require_few(session: Session, account_id: int) -> None:
    held = (Watch.account_id == account_id, col(Watch.ended_at).is_(None))
    if session.exec(select(func.count()).select_from(Watch).where(*held)).one() >= MOST_WATCHES:
        raise Conflict(
            "An account has at most {most} watches.",
            remedy="End one that you do not need, or ask for more in one.",
            most=MOST_WATCHES,
        )


def _in_order(filters: Filters) -> Filters:
    """Return the filters with each value once, in order."""
    once = {name: tuple(sorted(set(getattr(filters, name)))) for name in Filters.__slots__}
    return Filters(**once)


def _problems(session: Session, order: MakeWatch, actor: Actor) -> Iterator[Problem]:
    filters, seen = order.filters, covers(sight_of(actor))
    try:
        is_amount = to_units(order.least) >= 0
    except ValueError:
        is_amount = False
    if not is_amount:
        remedy = "Give dollars: 0 or more, with at most four places."
        yield Problem("least", "is no amount", remedy)
    yield from _too_many(filters)
    for country in filters.countries:
        if not COUNTRY.fullmatch(country):
            yield _unknown("countries", country, _("Give three capital letters, such as MLI."))
    for tier in filters.tiers:
        if tier not in TIERS:
            yield _unknown("tiers", str(tier), _("Give a tier of the catalogue: 1 to 4."))
    plans = select(Plan.slug).join(Mission, col(Mission.id) == Plan.mission_id).where(seen)
    yield from _missing("plans", filters.plans, set(session.exec(plans)))
    yield from _missing("missions", filters.missions, set(session.exec(select(Mission.slug))))
    codes = set(session.exec(select(FunctionRow.code).distinct()))
    yield from _missing("functions", filters.functions, codes)
    themes = set(session.exec(select(_THEME).select_from(FunctionRow).distinct()))
    yield from _missing("themes", filters.themes, themes)


_THEME: ColumnElement[str] = col(FunctionRow.body)["group"].as_string()


def _too_many(filters: Filters) -> Iterator[Problem]:
    for name in Filters.__slots__:
        if len(getattr(filters, name)) > MOST_VALUES:
            what = sentence("has more than {most} values", most=MOST_VALUES)
            yield Problem(name, what, "Leave the filter out to be told of all.")


def _missing(path: str, asked: tuple[str, ...], known: set[str]) -> Iterator[Problem]:
    for value in asked:
        if value not in known:
            yield _unknown(path, value, _("Write it as the lists show it."))


def _unknown(path: str, value: str, remedy: Marked) -> Problem:
    return Problem(path, sentence("{value} is not known", value=value), remedy)
