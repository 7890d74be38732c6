"""A small stage for scans: bare plans, rules of our own, and clocks that do things."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Date, case, func, literal_column, null, select, type_coerce, update
from sqlmodel import Session, col

from tests.bench.plant import _mission, _plan, _put
from unbroken.gaps.models import Gap, GapEvent
from unbroken.gaps.rules import RULES, Found, Rule, Scope, Severity
from unbroken.gaps.rules.scope import Statement, Union, plan
from unbroken.kit.clock import civil_date
from unbroken.kit.db import Sessions, database_now, table
from unbroken.scans.claiming import Terms
from unbroken.scans.models import Scan, ScanState

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TERMS = Terms(owner="first", lease=MINUTE, every=DAY)
OTHER = replace(TERMS, owner="second")
scan = table("scan")


def plant_plans(sessions: Sessions, count: int, *, note: str = "wrong", zone: str = "UTC") -> None:
    """Add open plans with nothing in them, numbered from 1; the rule ``NOTED`` finds their note."""
    with sessions.begin() as session:
        _put(session, "mission", [_mission()])
        plans = [_plan(n) | {"note": note, "time_zone": zone} for n in range(1, count + 1)]
        _put(session, "plan", plans)


def change_plan(sessions: Sessions, number: int, **values: object) -> None:
    with sessions.begin() as session:
        session.connection().execute(update(plan).where(plan.c.id == number).values(**values))


def _noted(scope: Scope) -> Statement:
    return scope.of_plans(plan.c.plan_due_on, note=plan.c.note).where(plan.c.note != "")


def _unwritable(scope: Scope) -> Statement:
    # a gap must have a date, so writing this plan fails in the database
    nothing = type_coerce(null(), Date())
    turns_on = type_coerce(case((plan.c.note == "broken", nothing), else_=plan.c.plan_due_on), Date)
    return scope.of_plans(turns_on).where(plan.c.note != "")


def _misspelt(scope: Scope) -> Statement:
    return scope.of_plans(plan.c.plan_due_on).where(literal_column("no_such_column") == 1)


def _high(_found: Found, _on: date) -> Severity:
    return Severity.HIGH


def rule(code: str, build: Callable[[Scope], Statement | Union]) -> Rule:
    return replace(RULES["late-plan"], code=code, build=build, ladder=_high)


NOTED = rule("noted", _noted)
UNWRITABLE = rule("unwritable", _unwritable)
MISSPELT = rule("misspelt", _misspelt)


def once_before(act: Callable[[], object], then: Rule = NOTED) -> Rule:
    """Return ``then``, which does ``act`` the first time it is built: while a scan is looking."""
    left = [act]

    def build(scope: Scope) -> Statement | Union:
        while left:
            left.pop()()
        return then.build(scope)

    return replace(then, build=build)


class Killed(BaseException):
    """The process ends here; nothing of it runs on."""


@dataclass
class ActingClock:
    """A clock that does ``acts``, one each time it is asked for the instant, then only tells it.

    A scan asks once before it looks and once before it writes each plan.
    """

    acts: list[Callable[[], object]] = field(default_factory=list)
    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        if self.acts:
            self.acts.pop(0)()
        return self.at

    def today(self, zone: str = "UTC") -> date:
        return civil_date(self.at, zone=zone)


def nothing() -> None:
    """Do nothing."""


def die() -> None:
    raise Killed


def expire(sessions: Sessions) -> None:
    """End every lease, as if their owners had slept."""
    with sessions.begin() as session:
        before = database_now(session) - MINUTE
        session.connection().execute(update(scan).values(lease_until=before))


def add_scan(sessions: Sessions, **values: object) -> None:
    """Add a finished daily scan, or what ``values`` say."""
    with sessions.begin() as session:
        now = database_now(session)
        row = Scan(
            kind="daily",
            due_at=now,
            scanned_on=now.date(),
            state=ScanState.DONE,
            owner="past",
            lease_until=now,
            counts={},
            started_at=now,
            finished_at=now,
        )
        session.add(row.sqlmodel_update(values))


def now_of(sessions: Sessions) -> datetime:
    with sessions.reading() as session:
        return database_now(session)


def scans(sessions: Sessions) -> Sequence[Scan]:
    with sessions.reading() as session:
        return session.scalars(select(Scan).order_by(col(Scan.id))).all()


def gaps(sessions: Sessions) -> dict[str, tuple[int, str, int]]:
    """Return plan, state and times opened of each gap, by rule and plan."""
    with sessions.reading() as session:
        found = session.scalars(select(Gap).order_by(col(Gap.rule), col(Gap.plan_id)))
        return {f"{g.rule} {g.plan_id}": (g.plan_id, g.state, g.times_opened) for g in found}


def open_keys(sessions: Sessions) -> list[str]:
    return [key for key, (_, state, _) in gaps(sessions).items() if state == "open"]


def event_count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(GapEvent)).one()


def events(sessions: Sessions) -> int:
    with sessions.reading() as session:
        return event_count(session)


def until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Return once ``condition`` holds.

    Raises:
        TimeoutError: it did not in time.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
