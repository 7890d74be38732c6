"""The dates of a calendar: what its account may have leave the house now, the nearest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy import RowMapping as Row
from sqlmodel import Session, col

from unbroken.notices.models_feeds import CalendarDate
from unbroken.notices.queries.due_dates import may_leave
from unbroken.notices.queries.feeds import OpenedFeed, feed_behind
from unbroken.notices.queries.readers import own_functions, seen_by
from unbroken.notices.rules.calendar import DateKind
from unbroken.notices.rules.feeds import FeedKind
from unbroken.people.models import Organisation
from unbroken.people.rules import sight_of
from unbroken.plans.models import Area, FunctionArea, Mission, Plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.plans.rules.dates import months_before
from unbroken.transfers.models import Transfer

MONTHS_BACK = 12
MOST_DATES = 500
"""So many are 280 kB, 21 kB on the wire, and a third of a second of writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One date with its plan and place; ``function_title`` is English, texts may be empty.

    It lasts from ``falls_on`` to ``until_on``, both included.
    """

    uid: UUID
    kind: DateKind
    falls_on: date
    until_on: date
    sequence: int
    modified_at: datetime
    is_cancelled: bool
    plan: str
    plan_title: str
    function: str
    function_title: str
    area: str
    area_name: str
    transfer_uid: UUID | None


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The dates of one calendar by day; ``begins_on`` is the first day told.

    ``left_out`` counts those further away for which there was no room. ``uid`` is the feed's.
    """

    uid: UUID
    language: str
    begins_on: date
    entries: tuple[CalendarEntry, ...]
    left_out: int


def calendar_feed(
    session: Session, secret: str, *, on: date, most: int = MOST_DATES
) -> CalendarFeed:
    """Return what stands behind the secret of a calendar on a day.

    From a year back on; what went away stands there, cancelled, for a year. Where there is no room
    for all, what comes next goes before what is long past or far ahead.

    Raises:
        NotFound: as ``feed_behind``.
    """
    opened = feed_behind(session, secret, FeedKind.CALENDAR)
    begins_on = months_before(on, MONTHS_BACK)
    own = None
    if opened.filters.only_own:
        own = own_functions(session, opened.actor)
    found = session.connection().execute(_dates(opened, begins_on=begins_on)).mappings()
    rows = [row for row in found if own is None or row["function_area_id"] in own]
    kept = sorted(rows, key=lambda row: _distance(row, on))[:most]
    # read for each edition, not for each date: the texts of a function are long
    titles = {name: titles_of(session, name) for name in {row["edition"] for row in kept}}
    return CalendarFeed(
        uid=opened.uid,
        language=opened.actor.language,
        begins_on=begins_on,
        entries=tuple(_entry(row, titles[row["edition"]]) for row in _by_day(kept)),
        left_out=len(rows) - len(kept),
    )


def _dates(opened: OpenedFeed, *, begins_on: date) -> Select[*tuple[Any, ...]]:
    since = datetime.combine(begins_on, time(), tzinfo=UTC)
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(CalendarDate.uid),
            col(CalendarDate.kind),
            col(CalendarDate.falls_on),
            col(CalendarDate.until_on),
            col(CalendarDate.sequence),
            col(CalendarDate.modified_at),
            col(CalendarDate.cancelled_at),
            col(CalendarDate.function_area_id),
            col(Plan.slug).label("plan"),
            col(Plan.title).label("plan_title"),
            col(Plan.edition),
            col(FunctionArea.function_code),
            col(Area.slug).label("area"),
            col(Area.name).label("area_name"),
            col(Transfer.uid).label("transfer_uid"),
        )
        .select_from(CalendarDate)
        .join(Plan, col(Plan.id) == CalendarDate.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Area, col(Area.id) == CalendarDate.area_id)
        .outerjoin(FunctionArea, col(FunctionArea.id) == CalendarDate.function_area_id)
        .outerjoin(Transfer, col(Transfer.id) == CalendarDate.transfer_id)
        .outerjoin(Organisation, col(Organisation.id) == Transfer.receiver_id)
    )
    return statement.where(
        *_asked(opened),
        *may_leave(),
        col(CalendarDate.until_on) >= begins_on,
        or_(col(CalendarDate.cancelled_at).is_(None), col(CalendarDate.cancelled_at) >= since),
    )


def _asked(opened: OpenedFeed) -> list[ColumnElement[bool]]:
    actor, filters = opened.actor, opened.filters
    mine = col(Organisation.uid) == actor.organisation_uid
    conditions = [
        *seen_by(sight_of(actor)),
        col(CalendarDate.kind).in_(filters.kinds),
        or_(col(CalendarDate.transfer_id).is_(None), mine),
    ]
    if filters.plans:
        conditions.append(col(Plan.slug).in_(filters.plans))
    return conditions


def _distance(row: Row, on: date) -> tuple[bool, int, UUID]:
    """Return a key by which what comes next is first, then what has passed, the latest first."""
    days = (row["falls_on"] - on).days
    return row["until_on"] < on, abs(days), row["uid"]


def _by_day(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["falls_on"], row["uid"]))


def _entry(row: Row, titles: Mapping[str, str]) -> CalendarEntry:
    code = row["function_code"] or ""
    return CalendarEntry(
        uid=row["uid"],
        kind=row["kind"],
        falls_on=row["falls_on"],
        until_on=row["until_on"],
        sequence=row["sequence"],
        modified_at=row["modified_at"],
        is_cancelled=row["cancelled_at"] is not None,
        plan=row["plan"],
        plan_title=row["plan_title"],
        function=code,
        function_title=titles.get(code, code),
        area=row["area"] or "",
        area_name=row["area_name"] or "",
        transfer_uid=row["transfer_uid"],
    )
