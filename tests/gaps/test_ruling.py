"""Setting the rules of a plan by command, and what scans and figures make of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.factories.gaps import LAST_DAY, World
from tests.factories.people import actor_with
from unbroken.gaps.commands import Scanned, apply_changes
from unbroken.gaps.commands.loading_rules import load_rules
from unbroken.gaps.commands.ruling import (
    CountersignRule,
    RuleChanged,
    SetRule,
    TakeBackRule,
    countersign_rule,
    set_rule,
    take_back_rule,
)
from unbroken.gaps.queries import coverage_of, elements
from unbroken.gaps.queries.ruling import RuleView, rule_of_plan
from unbroken.gaps.queries.settings import ruling_of
from unbroken.gaps.rules import RULES, Scope, Severity
from unbroken.gaps.rules.settings import Origin, Setting
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from unbroken.people.rules import Actor, Role, sight_of
from unbroken.scans.looking import Only, look_at
from unbroken.scans.standing import Mark, PlanDay
from unbroken.trail import models as trail_models

_LOADED = trail_models
NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
REASON = "Decided by the task force, S/2026/12."
CODE = "no-receiver"
OFF = Setting(off=True, until_on=LAST_DAY, reason=REASON)
PLANNER, CO_CHAIR = actor_with(Role.PLANNER), actor_with(Role.CO_CHAIR)
OBSERVER = actor_with(Role.OBSERVER)


@dataclass(frozen=True)
class Stage:
    """A plan with functions without a receiver, one of tier 2 and one of tier 3."""

    sessions: Sessions
    world: World
    plan: str
    uid: UUID
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def set(self, setting: Setting = OFF, *, by: Actor = PLANNER, code: str = CODE) -> RuleChanged:
        return set_rule(
            self.sessions, SetRule(self.plan, code, setting), actor=by, clock=self.clock
        )

    def sign(self, by: Actor = CO_CHAIR, *, seen: int | None = None) -> RuleChanged:
        order = CountersignRule(self.plan, CODE, seen)
        return countersign_rule(self.sessions, order, actor=by, clock=self.clock)

    def take_back(self, by: Actor = PLANNER) -> RuleChanged:
        order = TakeBackRule(self.plan, CODE)
        return take_back_rule(self.sessions, order, actor=by, clock=self.clock)

    def scan(self, on: date = TODAY) -> list[str]:
        """Look with this rule as a scan does, write it, and return what happened to gaps."""
        plan = PlanDay(self.world.plan_id, self.uid, on, Mark(0, ""))
        with self.sessions.begin() as session:
            seen = look_at(session, [plan], [RULES[CODE]], only=Only())
            happened = seen.changes_of(plan.id)
            apply_changes(session, plan.id, happened, by=Scanned(uuid4(), NOW, on))
        return sorted(change.kind.value for change in happened.happened)

    def states(self) -> list[str]:
        gap = table("gap")
        with self.sessions.reading() as session:
            found = select(gap.c.state).where(gap.c.plan_id == self.world.plan_id)
            return sorted(session.scalars(found.order_by(gap.c.id)))

    def view(self) -> RuleView:
        with self.sessions.reading() as session:
            return rule_of_plan(session, self.plan, CODE, sight=sight_of(OBSERVER), on=TODAY)

    def trail(self) -> list[str]:
        chain, entry = table("trail_chain"), table("trail_entry")
        with self.sessions.reading() as session:
            acts = select(entry.c.action).join(chain, chain.c.id == entry.c.chain_id)
            return list(
                session.scalars(acts.where(chain.c.plan_uid == self.uid).order_by(entry.c.id))
            )


@pytest.fixture
def stage(shared: Sessions) -> Stage:
    """Return a stage of its own."""
    with shared.begin() as session:
        world = World(session, tier=2).with_function("OTHER", tier=3)
        uid = world.uid_of("plan", world.plan_id)
    return Stage(shared, world, f"plan-w{world.number}", uid)


def test_rule_that_is_off_sets_gaps_aside_and_gives_them_back(stage: Stage) -> None:
    """Tier 3 at once, tier 2 when the co-chair has signed; taken back, all are open again."""
    happened = [stage.scan()]
    waits = [stage.set().waits]
    happened.append(stage.scan())
    waits.append(stage.sign().waits)
    happened += [stage.scan(), stage.scan()]
    aside = stage.states()
    stage.take_back()
    happened.append(stage.scan())

    expected = [["opened"] * 2, ["set-aside"], ["set-aside"], [], ["opened"] * 2]
    assert expected == happened
    assert [True, False] == waits
    assert ["set-aside"] * 2 == aside
    assert ["open"] * 2 == stage.states()
    assert ["gaps:rule:set", "gaps:rule:countersigned", "gaps:rule:taken-back"] == stage.trail()


def test_rule_that_is_off_comes_back_by_itself(stage: Stage) -> None:
    """The day after its last day, without anybody doing anything."""
    stage.set()
    stage.sign()

    assert [] == stage.scan(LAST_DAY)
    assert ["opened"] * 2 == stage.scan(LAST_DAY + timedelta(days=1))


def test_what_was_mended_meanwhile_is_closed(stage: Stage) -> None:
    stage.scan()
    stage.set()
    stage.sign()
    stage.scan()
    with stage.sessions.begin() as session:
        stage.world.session = session
        stage.world.offered_to().with_capacity(state="offered")

    assert ["closed"] == stage.scan()
    assert ["closed", "set-aside"] == stage.states()


def test_number_of_rules_that_are_off_stands_beside_green_figures(stage: Stage) -> None:
    """Of a tier that the setting reaches; and beside the elements that the rule watches."""
    before = _beside(stage)
    stage.set()
    asked = _beside(stage)
    stage.sign()

    assert ([0, 0], [0, 1], [1, 1]) == (before, asked, _beside(stage))
    with stage.sessions.reading() as session:
        found = elements(session, stage.plan, actor=OBSERVER, on=TODAY)
    off = {each.element.letter for each in found if each.rules_off == (CODE,)}
    assert set(RULES[CODE].elements) == off


def _beside(stage: Stage) -> list[int]:
    with stage.sessions.reading() as session:
        found = coverage_of(session, stage.plan, actor=OBSERVER, on=TODAY)
    return [cell.beside for row in found.rows for cell in row.cells if cell is not None]


def test_setting_is_shown_with_who_and_why(stage: Stage) -> None:
    stage.set(replace(OFF, off=False, at_most=Severity.LOW, limits={"near_days": 45}))
    view = stage.view()

    assert (Origin.PLAN, REASON, 45) == (view.origin, view.setting.reason, view.limits["near_days"])
    assert view.held is not None
    assert view.held.waits
    assert view.version == 1


def test_past_day_is_looked_at_with_what_was_set_then(stage: Stage) -> None:
    """What was countersigned later was not countersigned on the day."""
    stage.set()
    later = replace(stage, clock=FixedClock(NOW + timedelta(days=3)))
    later.sign()
    key = (stage.world.plan_id, CODE)
    found = []
    with stage.sessions.reading() as session:
        for days in (-1, 0, 2, 3):
            scope = Scope(on=TODAY + timedelta(days=days), past=True)
            setting = ruling_of(session, scope).plans.get(key)
            found.append(None if setting is None else setting.is_granted)

    assert [None, False, False, True] == found


REFUSED: dict[str, tuple[Callable[[Stage], object], type[Exception]]] = {
    "a donor sets nothing": (lambda s: s.set(by=actor_with(Role.DONOR)), Forbidden),
    "a country team sets nothing": (lambda s: s.set(by=actor_with(Role.COUNTRY_TEAM)), Forbidden),
    "a steward sets nothing": (lambda s: s.set(by=actor_with(Role.STEWARD)), Forbidden),
    "no rule": (lambda s: s.set(code="no-rule"), NotFound),
    "no reason": (lambda s: s.set(replace(OFF, reason=" ")), Invalid),
    "a telephone": (lambda s: s.set(replace(OFF, reason="Ring +961 70 123 456")), Invalid),
    "no end": (lambda s: s.set(replace(OFF, until_on=None)), Invalid),
    "nothing to sign": (lambda s: s.sign(), Conflict),
    "nothing to take back": (lambda s: s.take_back(), Conflict),
    "a planner does not sign": (lambda s: (s.set(), s.sign(PLANNER)), Forbidden),
    "who set it does not sign": (lambda s: (s.set(by=CO_CHAIR), s.sign()), Forbidden),
    "graver needs no signature": (
        lambda s: (s.set(Setting(at_least=Severity.HIGH, reason=REASON)), s.sign()),
        Conflict,
    ),
    "changed since it was read": (lambda s: (s.set(), s.set(), s.sign(seen=1)), Stale),
}


@pytest.mark.parametrize("case", REFUSED)
def test_setting_a_rule_is_refused(stage: Stage, case: str) -> None:
    act, error = REFUSED[case]

    with pytest.raises(error):
        act(stage)


def test_file_sets_rules_once_and_says_so_in_the_trail_of_each_plan(stage: Stage) -> None:
    """Loaded again it changes nothing; what it names no longer is as usual; plans go before it."""
    setting = Setting(at_least=Severity.HIGH, reason=REASON)
    loaded = [
        load_rules(stage.sessions, wanted, clock=stage.clock)
        for wanted in ({CODE: setting}, {CODE: setting})
    ]
    origins = [stage.view().origin]
    stage.set()
    origins.append(stage.view().origin)
    loaded.append(load_rules(stage.sessions, {}, clock=stage.clock))

    assert [(CODE,), (), (CODE,)] == loaded
    assert [Origin.FILE, Origin.PLAN] == origins
    assert stage.view().file is None
    assert ["gaps:rule:loaded", "gaps:rule:set", "gaps:rule:loaded"] == stage.trail()
