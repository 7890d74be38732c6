"""A small stage for notices: two bare plans, an office for each role, and a clock to move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from tests.factories.people import Known, make_account, make_organisation
from tests.scans.stage import plant_plans
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.commands import Scanned, apply_changes
from unbroken.gaps.models import Gap
from unbroken.gaps.rules import Finding, Found, Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import Languages, load_languages
from unbroken.notices.commands.digesting import put_digests, welcome_readers
from unbroken.notices.commands.gathering import gather
from unbroken.notices.models import Notice
from unbroken.notices.writing import Desk
from unbroken.outbox.models import Message
from unbroken.people.rules import Grant, Role, Signing
from unbroken.plans.models import Plan
from unbroken.scans.writing import SCANNER, ScanAction
from unbroken.trail.commands import open_trail

HERE, ELSEWHERE = "XXA", "XXB"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = "https://unbroken.example.org"
LANGUAGES: Languages = load_languages()
GRANTS: dict[str, tuple[Grant, ...]] = {
    "planner": (Grant(Role.PLANNER, country_iso3=HERE),),
    "team": (Grant(Role.COUNTRY_TEAM, Signing.SIGNS, HERE),),
    "co-chair": (Grant(Role.CO_CHAIR, country_iso3=HERE),),
    "observer": (Grant(Role.OBSERVER),),
    "donor": (Grant(Role.DONOR),),
    "steward": (Grant(Role.STEWARD),),
    "foreign": (Grant(Role.PLANNER, country_iso3=ELSEWHERE),),
    "roleless": (),
}
TOLD_DAILY = ["co-chair", "planner", "team"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Two plans, numbered 1 and 2, and accounts by name."""

    sessions: Sessions
    known: dict[str, Known]
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY))

    def later(self, moved: timedelta) -> "Stage":
        return replace(self, clock=FixedClock(self.clock.at + moved))

    def happen(self, kind: Happening, *keys: str, plan: int = 1, **more: Any) -> None:  # noqa: ANN401
        """Write what a scan would write of these gaps of a plan, with its line in the trail."""
        severity = more.get("severity", Severity.HIGH)
        changes = tuple(Change(kind, key, finding(key, severity)) for key in keys)
        at = self.clock.now()
        scan_uid = uuid4()
        by = Scanned(scan_uid, at, at.date())
        with self.sessions.begin() as session:
            uid = session.get_one(Plan, plan).uid
            trail = open_trail(session, author=SCANNER, at=at, plans=[uid])
            apply_changes(session, plan, Changes(changes, ()), by=by)
            trail.record(ScanAction.CHANGED, kind="scan", subject=scan_uid, values={})

    def tell(self) -> int:
        """Gather what happened, put what is due, and return how many letters there are new."""
        gather(self.sessions)
        return put_digests(self.sessions, clock=self.clock)

    def letters(self) -> dict[str, list[dict[str, object]]]:
        """Return the bodies of all letters put so far, by the handle of who gets them."""
        with self.sessions.reading() as session:
            rows = session.exec(select(Message).order_by(col(Message.id))).all()
        told: dict[str, list[dict[str, object]]] = {}
        for row in rows:
            told.setdefault(row.recipient.partition("@")[0], []).append(row.body)
        return told

    def plan_uid(self, plan: int = 1) -> UUID:
        with self.sessions.reading() as session:
            return session.get_one(Plan, plan).uid

    def gap(self, key: str) -> Gap:
        with self.sessions.reading() as session:
            return session.exec(select(Gap).where(Gap.key == key)).one()

    def change_gap(self, key: str, **values: object) -> None:
        with self.sessions.begin() as session:
            gap = session.exec(select(Gap).where(Gap.key == key)).one()
            gap.sqlmodel_update(values)
            session.add(gap)

    def notices(self) -> Sequence[Notice]:
        with self.sessions.reading() as session:
            return session.exec(select(Notice).order_by(col(Notice.id))).all()

    def uid(self, name: str) -> UUID:
        return self.known[name].account.uid


def make_stage(
    sessions: Sessions,
    *,
    grants: Mapping[str, tuple[Grant, ...]] = GRANTS,
    zone: str = "UTC",
    welcomed: bool = True,
) -> Stage:
    """Plant the plans and an account for each name of ``grants``, told of what happens from now on.

    Without ``welcomed`` nobody is told anything yet.
    """
    plant_plans(sessions, 2, zone=zone)
    with sessions.begin() as session:
        known = {name: _account(session, name, each) for name, each in grants.items()}
    stage = Stage(sessions, known)
    if welcomed:
        welcome_readers(sessions, now=stage.clock.now())
    return stage


def finding(key: str, severity: Severity) -> Finding:
    found = Found(
        plan_id=1,
        subjects=(uuid4(),),
        turns_on=date(2026, 6, 1),
        last_day_on=None,
        tier=None,
        function_area_id=None,
        capacity_id=None,
        restricted=False,
        facts={},
    )
    return Finding(key=key, rule="noted", severity=severity, found=found)


def desk_for(sessions: Sessions, *, at: datetime = MONDAY, only_looks: bool = False) -> Desk:
    return Desk(
        sessions=sessions,
        clock=FixedClock(at),
        languages=LANGUAGES,
        site=SITE,
        act_link_hours=72,
        only_looks=only_looks,
    )


def _account(session: Session, name: str, grants: tuple[Grant, ...]) -> Known:
    body = make_organisation(session, name=f"Office of the {name}")
    return make_account(session, handle=name, grants=grants, organisation=body)
