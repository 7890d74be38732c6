"""People's acts on gaps: acknowledging, waiving with two hands, and how a waiver ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.factories.gaps import World
from tests.factories.people import actor_with
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.commands import (
    AcknowledgeGap,
    EndAcknowledgement,
    EndWaiver,
    GapChanged,
    GrantWaiver,
    Scanned,
    WaiveGap,
    acknowledge_gap,
    apply_changes,
    end_acknowledgement,
    end_waiver,
    grant_waiver,
    waive_gap,
)
from unbroken.gaps.queries import plans_with_waivers_over
from unbroken.gaps.rules import Finding, Found, Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from unbroken.people.rules import Actor, Role, Signing

TODAY, UNTIL, AFTER = date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 2)
REASON = "Decided by the task force, S/2026/12."
PLANNER, CO_CHAIR = actor_with(Role.PLANNER), actor_with(Role.CO_CHAIR)


@dataclass(frozen=True)
class Stage:
    """A gap of a function with a receiver, and who acts on it."""

    sessions: Sessions
    clock: FixedClock
    plan_id: int
    gap_id: int
    gap: UUID
    key: str
    receiver: Actor

    def waive(
        self, actor: Actor = PLANNER, *, until: date = UNTIL, why: str = REASON
    ) -> GapChanged:
        order = WaiveGap(self.gap, why, until)
        return waive_gap(self.sessions, order, actor=actor, clock=self.clock)

    def grant(self, actor: Actor = CO_CHAIR) -> GapChanged:
        return grant_waiver(self.sessions, GrantWaiver(self.gap), actor=actor, clock=self.clock)

    def acknowledge(
        self, actor: Actor = PLANNER, *, note: str = "", seen: int | None = None
    ) -> GapChanged:
        order = AcknowledgeGap(self.gap, note, seen)
        return acknowledge_gap(self.sessions, order, actor=actor, clock=self.clock)

    def unacknowledge(self, actor: Actor = PLANNER) -> GapChanged:
        order = EndAcknowledgement(self.gap)
        return end_acknowledgement(self.sessions, order, actor=actor, clock=self.clock)

    def end(self, actor: Actor = PLANNER) -> GapChanged:
        return end_waiver(self.sessions, EndWaiver(self.gap), actor=actor, clock=self.clock)

    def scan(self, on: date, *changes: Change, at: datetime | None = None) -> None:
        by = Scanned(uuid4(), at or datetime(on.year, on.month, on.day, 6, tzinfo=UTC), on)
        with self.sessions.begin() as session:
            apply_changes(session, self.plan_id, Changes(changes, ()), by=by)

    def events(self) -> list[str]:
        rows = table("gap_event")
        with self.sessions.reading() as session:
            found = select(rows.c.kind).where(rows.c.gap_id == self.gap_id).order_by(rows.c.id)
            return [kind.value for kind in session.scalars(found)]

    def column(self, name: str) -> object:
        rows = table("gap")
        with self.sessions.reading() as session:
            return session.scalar(select(rows.c[name]).where(rows.c.id == self.gap_id))


Make = Callable[..., Stage]


@pytest.fixture
def make(shared: Sessions, clock: FixedClock) -> Make:
    """Return what makes a stage whose gap is of a function of a tier."""

    def made(*, tier: int = 1, **gap: object) -> Stage:
        with shared.begin() as session:
            world = World(session, tier=tier).offered_to().with_capacity(state="offered")
            gap_id = world.with_gap(**gap)
            key = session.scalar(select(table("gap").c.key).where(table("gap").c.id == gap_id))
            receiver = actor_with(
                Role.COUNTRY_TEAM,
                signing=Signing.SIGNS,
                organisation_uid=world.uid_of("organisation", world.receiver_id),
            )
            uid = world.uid_of("gap", gap_id)
            return Stage(shared, clock, world.plan_id, gap_id, uid, str(key), receiver)

    return made


def test_acknowledged_gap_says_who_and_when(make: Make) -> None:
    stage = make()

    assert stage.acknowledge().is_acknowledged
    assert ["acknowledged"] == stage.events()


def test_gap_is_acknowledged_once(make: Make) -> None:
    stage = make()
    stage.acknowledge()

    with pytest.raises(Conflict):
        stage.acknowledge()


def test_gap_that_changed_since_it_was_read_is_stale(make: Make) -> None:
    stage = make()

    with pytest.raises(Stale):
        stage.acknowledge(seen=7)


def test_acknowledgement_holds_only_until_the_gap_worsens(make: Make) -> None:
    stage = make()
    stage.acknowledge()

    stage.scan(AFTER, Change(Happening.WORSENED, stage.key, _worse(stage)))

    assert stage.column("acknowledged_at") is None


@pytest.mark.parametrize(
    ("hours", "severity", "expected"),
    [
        (1, Severity.HIGH, "It is known."),
        (24, Severity.LOW, "It is known."),
        (25, Severity.HIGH, ""),
        (1, Severity.CRITICAL, ""),
    ],
)
def test_acknowledgement_outlives_a_short_absence_at_no_worse_severity(
    make: Make, hours: int, severity: Severity, expected: str
) -> None:
    stage, closed_at = make(), datetime(2026, 4, 2, 6, tzinfo=UTC)
    stage.acknowledge(note="It is known.")

    stage.scan(AFTER, Change(Happening.CLOSED, stage.key, None), at=closed_at)
    stage.scan(
        AFTER,
        Change(Happening.OPENED, stage.key, _worse(stage, severity)),
        at=closed_at + timedelta(hours=hours),
    )

    assert expected == stage.column("acknowledged_note")
    assert (expected != "") is (stage.column("acknowledged_at") is not None)
    assert ["acknowledged", "closed", "reopened"] == stage.events()


def test_acknowledgement_is_taken_back_once(make: Make) -> None:
    stage = make()
    stage.acknowledge(note="It is known.")

    assert not stage.unacknowledge(CO_CHAIR).is_acknowledged
    assert (None, "") == (stage.column("acknowledged_at"), stage.column("acknowledged_note"))
    with pytest.raises(Conflict):
        stage.unacknowledge()


@pytest.mark.parametrize("note", ["Call +223 76 12 34 56 about it.", "a" * 281])
def test_note_passes_the_gate_for_free_text(make: Make, note: str) -> None:
    with pytest.raises(Invalid):
        make().acknowledge(note=note)


@pytest.mark.parametrize("role", [Role.DONOR, Role.OBSERVER, Role.STEWARD])
def test_those_who_only_read_acknowledge_nothing(make: Make, role: Role) -> None:
    with pytest.raises(Forbidden):
        make().acknowledge(actor_with(role))


def test_donor_does_not_even_find_a_restricted_gap_to_act_on(make: Make) -> None:
    with pytest.raises(NotFound):
        make(restricted=True).acknowledge(actor_with(Role.DONOR))


@pytest.mark.parametrize("tier", [1, 2])
def test_waiver_of_the_upper_tiers_waits_for_another_hand(make: Make, tier: int) -> None:
    stage = make(tier=tier)

    assert not stage.waive().is_waived
    assert ["waiver-asked"] == stage.events()


@pytest.mark.parametrize("tier", [3, 4])
def test_waiver_of_the_lower_tiers_holds_at_once(make: Make, tier: int) -> None:
    stage = make(tier=tier)

    assert stage.waive().is_waived
    assert UNTIL == stage.column("waived_until_on")


def test_waiver_of_a_whole_plan_waits_for_another_hand(make: Make) -> None:
    assert not make(tier=4, rule="silent", function_area_id=None).waive().is_waived


def test_co_chair_grants_what_a_planner_asked_for(make: Make) -> None:
    stage = make()
    stage.waive()

    assert stage.grant().is_waived
    assert ["waiver-asked", "waived"] == stage.events()


def test_who_signs_for_the_receiver_grants_it_too(make: Make) -> None:
    stage = make()
    stage.waive()

    assert stage.grant(stage.receiver).is_waived


def test_who_signs_for_another_organisation_does_not(make: Make) -> None:
    stage = make()
    stage.waive()

    with pytest.raises(Forbidden):
        stage.grant(actor_with(Role.COUNTRY_TEAM, signing=Signing.SIGNS))


def test_nobody_grants_what_they_asked_for(make: Make) -> None:
    stage = make()
    stage.waive(CO_CHAIR)

    with pytest.raises(Forbidden):
        stage.grant(CO_CHAIR)


def test_nothing_is_granted_that_nobody_asked_for(make: Make) -> None:
    with pytest.raises(Conflict):
        make().grant()


@pytest.mark.parametrize(
    ("until", "why"),
    [(TODAY, REASON), (UNTIL, ""), (UNTIL, "  "), (UNTIL, "Call +223 76 12 34 56 about it.")],
)
def test_waiver_needs_a_day_ahead_and_a_reason_that_may_be_stored(
    make: Make, until: date, why: str
) -> None:
    with pytest.raises(Invalid):
        make().waive(until=until, why=why)


def test_closed_gap_is_not_waived(make: Make) -> None:
    with pytest.raises(Conflict):
        make(state="closed").waive()


def test_waiver_can_be_ended_before_its_day(make: Make) -> None:
    stage = make(tier=3)
    stage.waive()

    assert not stage.end().is_waived
    assert ["waived", "waiver-ended"] == stage.events()


def test_gap_without_a_waiver_has_none_to_end(make: Make) -> None:
    with pytest.raises(Conflict):
        make().end()


def test_waiver_still_holds_on_its_last_day(make: Make) -> None:
    stage = make(tier=3)
    stage.waive()

    stage.scan(UNTIL)

    assert UNTIL == stage.column("waived_until_on")


def test_waiver_ends_by_itself_after_its_day_and_is_told_once(make: Make) -> None:
    stage = make(tier=3)
    stage.waive()
    with stage.sessions.reading() as session:
        told = stage.plan_id in plans_with_waivers_over(session, on=AFTER)

    stage.scan(AFTER)
    stage.scan(AFTER)

    assert (True, ["waived", "waiver-ended"]) == (told, stage.events())
    assert stage.column("waived_by_uid") is None


def _worse(stage: Stage, severity: Severity = Severity.CRITICAL) -> Finding:
    found = Found(stage.plan_id, (stage.gap,), TODAY, TODAY, 1, None, None, False, {})  # noqa: FBT003
    return Finding(stage.key, "no-receiver", severity, found)
