"""Who is told, as what, and what is new for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, func, or_, select
from sqlmodel import Session, col

from unbroken.gaps.models import Gap
from unbroken.gaps.rules.words import GapState, Severity
from unbroken.kit.db import table
from unbroken.notices.models import Notice, NoticeReader
from unbroken.notices.queries.escalation import OFFICE_ROLES, offices_named
from unbroken.notices.rules.audience import news_for
from unbroken.notices.rules.digests import Piece
from unbroken.notices.rules.wishes import Wish, wish_of
from unbroken.people.models import Account, Organisation
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Actor, Place, Sight, sight_of
from unbroken.plans.models import Mission, Plan
from unbroken.transfers.models import Transfer

notice = table("notice")
LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """An open account, what it may see, how it is told, and the row that says how far."""

    row: NoticeReader
    account: Account
    actor: Actor
    wish: Wish


def newest_notice(session: Session, *, severity: Severity | None = None) -> int:
    """Return the number of the newest notice, of this severity where one is given; 0: none."""
    newest = select(func.max(col(Notice.id)))
    if severity is not None:
        newest = newest.where(col(Notice.severity) == severity)
    return session.connection().execute(newest).scalar_one() or 0


def accounts_without_reader(session: Session) -> list[tuple[Account, Actor]]:
    """Return the open accounts that are not told anything yet, with what they are; may be empty."""
    query = (
        select(Account)
        .outerjoin(NoticeReader, col(NoticeReader.account_id) == Account.id)
        .where(col(Account.state) == AccountState.ACTIVE, col(NoticeReader.id).is_(None))
        .order_by(col(Account.id))
    )
    return [(account, actor_of(session, account)) for account in session.scalars(query)]


def readers(session: Session) -> list[Reader]:
    """Return every open account that is told of things, in order."""
    query = (
        select(NoticeReader, Account)
        .join(Account, col(Account.id) == NoticeReader.account_id)
        .where(col(Account.state) == AccountState.ACTIVE)
        .order_by(col(NoticeReader.id))
    )
    return [_reader(session, row, account) for row, account in session.execute(query)]


def reader_of(session: Session, account_uid: UUID) -> Reader | None:
    """Return how one open account is told; ``None`` until it was first looked at."""
    query = (
        select(NoticeReader, Account)
        .join(Account, col(Account.id) == NoticeReader.account_id)
        .where(col(Account.state) == AccountState.ACTIVE, col(Account.uid) == account_uid)
    )
    found = session.execute(query).first()
    return None if found is None else _reader(session, *found)


def zone_for(session: Session, actor: Actor) -> str:
    """Return the time zone of the first plan that an actor sees; UTC where it sees none."""
    statement = (
        select(col(Plan.time_zone))
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .where(*seen_by(sight_of(actor)))
        .order_by(col(Plan.id))
        .limit(1)
    )
    return session.connection().execute(statement).scalar() or "UTC"


def pieces_for(session: Session, reader: Reader, *, after: int, upto: int) -> list[Piece]:
    """Return what is new for a reader among the notices after ``after`` up to and with ``upto``.

    Without what it did itself, what has closed meanwhile, and gaps that somebody answered since.
    """
    news = news_between(after, upto, *seen_by(sight_of(reader.actor)))
    found = session.connection().execute(news).mappings()
    mine = _mine(session, reader.actor, only_own=reader.wish.only_own)
    return [piece_of(row) for row in found if _is_for(row, reader.actor, mine)]


def newest_told(
    session: Session, actor: Actor, *, plans: Sequence[str], only_own: bool, most: int
) -> list[tuple[Piece, UUID, datetime]]:
    """Return the newest pieces of news for an actor, the newest first, with UUID and instant.

    As ``pieces_for``, whatever was told before; of these ``plans`` only (slugs), where some are
    named. Not more than the newest ``LOOKED_AT`` in sight are looked at.
    """
    kinds = news_for(grant.role for grant in actor.grants)
    statement = (
        news_between(0, newest_notice(session), *seen_by(sight_of(actor)))
        .add_columns(col(Notice.uid), col(Notice.happened_at))
        .where(
            or_(
                col(Notice.kind).in_(kinds),
                col(Notice.for_account_uid) == actor.account_uid,
                col(Notice.office).is_not(None),
            )
        )
        .order_by(None)
        .order_by(col(Notice.id).desc())
        .limit(LOOKED_AT)
    )
    if plans:
        statement = statement.where(col(Plan.slug).in_(plans))
    found = session.connection().execute(statement).mappings()
    mine = _mine(session, actor, only_own=only_own)
    told = (row for row in found if _is_for(row, actor, mine))
    return [(piece_of(row), row["uid"], row["happened_at"]) for row in islice(told, most)]


def seen_by(sight: Sight) -> Sequence[ColumnElement[bool]]:
    """Return the conditions, over plans and missions, that a plan is seen."""
    if sight.everything:
        return ()
    plans = col(Plan.uid).in_(list(sight.plan_uids))
    return (or_(plans, col(Mission.country_iso3).in_(list(sight.countries))),)


def own_functions(session: Session, actor: Actor) -> frozenset[int | None]:
    """Return the functions that the organisation gives or receives; plans are everyone's."""
    mine = select(col(Organisation.id)).where(col(Organisation.uid) == actor.organisation_uid)
    theirs = or_(col(Transfer.receiver_id).in_(mine), col(Transfer.giver_id).in_(mine))
    return frozenset([None, *session.scalars(select(col(Transfer.function_area_id)).where(theirs))])


def _reader(session: Session, row: NoticeReader, account: Account) -> Reader:
    actor = actor_of(session, account)
    if not row.chosen:
        return Reader(row, account, actor, wish_of(actor.role_at(None), zone=row.zone))
    wish = Wish(
        cadence=row.cadence,
        weekday=row.weekday,
        hour=row.hour,
        zone=row.zone,
        at_once=row.at_once,
        only_own=row.only_own,
    )
    return Reader(row, account, actor, wish)


def news_between(after: int, upto: int, *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads the notices after ``after`` up to and with ``upto``.

    Without gaps that have closed meanwhile and those that somebody answered since. ``where`` are
    conditions over notices, plans and missions.
    """
    answered = or_(
        col(Gap.state) != GapState.OPEN,
        col(Gap.acknowledged_at).is_not(None),
        col(Gap.waived_by_uid).is_not(None),
    )
    return (
        select(
            notice.c.id,
            col(Notice.plan_id),
            col(Notice.kind),
            col(Notice.subject_uid),
            col(Notice.severity),
            col(Notice.function_area_id),
            col(Notice.office),
            col(Notice.for_account_uid),
            col(Notice.by_account_uid),
            col(Plan.uid).label("plan_uid"),
            col(Plan.slug),
            col(Mission.country_iso3),
        )
        .join(Plan, col(Plan.id) == Notice.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Gap, col(Gap.uid) == Notice.subject_uid)
        .where(
            col(Notice.id) > after,
            col(Notice.id) <= upto,
            or_(col(Gap.id).is_(None), ~answered),
            *where,
        )
        .order_by(col(Notice.id))
    )


@dataclass(frozen=True, slots=True)
class _Mine:
    """What is somebody's own: functions (``None``: all are meant), and offices it was named for."""

    functions: frozenset[int | None] | None
    offices: frozenset[tuple[int, str]]


def _mine(session: Session, actor: Actor, *, only_own: bool) -> _Mine:
    return _Mine(
        functions=own_functions(session, actor) if only_own else None,
        offices=offices_named(session, actor.account_uid),
    )


def _is_for(row: RowMapping, actor: Actor, mine: _Mine) -> bool:
    me = actor.account_uid
    if row["for_account_uid"] is not None:
        return bool(row["for_account_uid"] == me)
    if row["by_account_uid"] == me:
        return False
    place = Place(row["plan_uid"], row["country_iso3"])
    roles = {grant.role for grant in actor.grants if grant.covers(place)}
    if row["office"] is not None:
        by_role = {office.value for office, role in OFFICE_ROLES.items() if role in roles}
        return row["office"] in by_role or (row["plan_id"], row["office"]) in mine.offices
    if row["kind"] not in news_for(roles):
        return False
    return mine.functions is None or row["function_area_id"] in mine.functions


def piece_of(row: RowMapping) -> Piece:
    """Return one row of ``news_between`` as rules know it."""
    return Piece(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject_uid"],
        plan=row["slug"],
        severity=row["severity"],
    )
