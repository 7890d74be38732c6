"""A small stage for notices: bare plans whose gaps open, worsen and close by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from tests.factories.people import Known, make_account
from tests.scans.stage import plant_plans
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.commands import Scanned, apply_changes
from unbroken.gaps.models import Gap
from unbroken.gaps.rules import Finding, Found, Severity, key_of
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.outbox.models import Message
from unbroken.people.rules import Grant, Role
from unbroken.scans.writing import SCANNER, ScanAction
from unbroken.trail.commands import open_trail

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """Plans with nothing in them, and accounts by handle."""

    sessions: Sessions
    accounts: dict[str, Known]

    def plan_uid(self, number: int = 1) -> UUID:
        with self.sessions.reading() as session:
            plan = table("plan")
            uid: UUID = session.scalars(select(plan.c.uid).where(plan.c.id == number)).one()
            return uid

    def happens(
        self,
        kind: Happening,
        subjects: Sequence[UUID],
        *,
        at: datetime = NINE,
        severity: Severity = Severity.HIGH,
        plan: int = 1,
    ) -> None:
        """Have a scan write that this happened to the gaps of the plan."""
        changes = [_change(kind, each, plan, severity, at.date()) for each in subjects]
        scan_uid, plan_uid = uuid4(), self.plan_uid(plan)
        with self.sessions.begin() as session:
            trail = open_trail(session, author=SCANNER, at=at, plans=[plan_uid])
            by = Scanned(scan_uid, at=at, on=at.date())
            apply_changes(session, plan, Changes(tuple(changes), ()), by=by)
            values = {kind.value: [each.key for each in changes]}
            trail.record(ScanAction.CHANGED, kind="scan", subject=scan_uid, values=values)

    def letters(self, topic: str = "digest") -> list[Message]:
        """Return what was put, the first first."""
        with self.sessions.reading() as session:
            found = select(Message).where(table("outbox_message").c.topic == topic)
            return list(session.scalars(found.order_by(table("outbox_message").c.id)))

    def gap(self, subject: UUID) -> Gap:
        """Return the gap that the stage's rule found about a subject."""
        with self.sessions.reading() as session:
            key = key_of("silent", (subject,))
            return session.scalars(select(Gap).where(table("gap").c.key == key)).one()

    def answer(self, subject: UUID, at: datetime) -> None:
        """Acknowledge a gap without any ceremony."""
        gap = table("gap")
        with self.sessions.begin() as session:
            seen = update(gap).where(gap.c.key == key_of("silent", (subject,)))
            session.connection().execute(seen.values(acknowledged_at=at))


def make_stage(
    sessions: Sessions, *, plans: int = 1, zone: str = "UTC", grants: dict[str, Role] | None = None
) -> Stage:
    """Plant plans and one account for each role that is named."""
    plant_plans(sessions, plans, note="", zone=zone)
    named = {"planner": Role.PLANNER} if grants is None else grants
    with sessions.begin() as session:
        accounts = {
            handle: make_account(session, grants=(Grant(role),), handle=handle, password=None)
            for handle, role in named.items()
        }
    return Stage(sessions, accounts)


def at(moment: datetime) -> FixedClock:
    """Return a clock that stands there."""
    return FixedClock(moment)


def _change(kind: Happening, subject: UUID, plan: int, severity: Severity, on: date) -> Change:
    found = Found(
        plan_id=plan,
        subjects=(subject,),
        turns_on=on,
        last_day_on=None,
        tier=None,
        function_area_id=None,
        capacity_id=None,
        restricted=False,
        facts={},
    )
    key = key_of("silent", (subject,))
    if kind is Happening.CLOSED:
        return Change(kind, key, None)
    # a gap that is there already reopens by itself
    return Change(kind, key, Finding(key, "silent", severity, found))
