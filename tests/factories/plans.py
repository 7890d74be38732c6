"""A small edition, a mission, an open plan with areas, and a plan with a revision in force.

Everything is made by the commands that people use, on the day of the clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from tests.factories.people import actor_with
from tests.scenes import kept
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import (
    CapacityNeed,
    Dimension,
    Edition,
    Function,
    Item,
    Level,
    Milestone,
    assemble,
)
from unbroken.kit.clock import Clock, FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM, Actor, Role
from unbroken.plans.commands import (
    AddArea,
    AddMission,
    BringIntoForce,
    DraftRevision,
    NewClaim,
    NewDecision,
    OpenPlan,
    add_area,
    add_claim,
    add_mission,
    bring_into_force,
    draft_revision,
    open_plan,
)
from unbroken.plans.models import AreaKind, ClaimKind, DecisionKind, MissionKind, PlanScope
from unbroken.plans.rules import Phase, PhaseKind, Precision

EDITION_NAME = "small.1"
TRIGGERED_ON = date(2026, 1, 5)
MANDATE_ENDS_ON = date(2026, 12, 31)
KIDAL_CLOSES_ON = date(2026, 10, 15)
SOURCE = "Report of the Secretary-General (January 2026)"
TRIGGER = NewDecision(
    kind=DecisionKind.RESOLUTION, symbol="S/RES/9999 (2026)", decided_on=TRIGGERED_ON, source=SOURCE
)
OPERATIONS = Phase("Operations", PhaseKind.OPERATIONS, TRIGGERED_ON, date(2026, 6, 30))
TRANSFER = Phase("Transfer", PhaseKind.TRANSFER, date(2026, 7, 1), MANDATE_ENDS_ON)


@dataclass(frozen=True, slots=True)
class PlanScene:
    """An open plan ``minust`` in Mali and those who work on it; areas by their slugs.

    Areas: ``minust-mission``, the regions ``minust-gao`` and ``minust-kidal``, and the site
    ``minust-ansongo`` in Gao.
    """

    sessions: Sessions
    clock: FixedClock
    planner: Actor
    steward: Actor
    donor: Actor
    observer: Actor
    country_team: Actor
    outsider: Actor
    slug: str = "minust"

    def later(self, on: date) -> FixedClock:
        """Return a clock that stands at noon UTC of another day."""
        return noon(on)


def noon(on: date) -> FixedClock:
    """Return a clock that stands at noon UTC of a day."""
    return FixedClock(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))


def small_function(
    code: str, *, tier: int = 1, level: Level = Level.AREA, restricted: bool = False
) -> Function:
    """Return a function of twelve (three) months with two capacities and an item for each."""
    needs = (CapacityNeed(Dimension.POSTS, "post"), CapacityNeed(Dimension.FUNDING, "month"))
    items = (
        _item(f"{code}-01", Dimension.POSTS, Milestone.RECEIVER_NAMED),
        _item(f"{code}-02", Dimension.FUNDING, Milestone.CHECK_3),
    )
    return Function(
        code=code,
        title=f"Function {code}",
        for_children="Children are heard.",
        group="A",
        tier=tier,
        level=level,
        moves=("what moves",),
        receivers=("UNICEF",),
        elements=("H",),
        target_months=12,
        minimum_months=3,
        restricted=restricted,
        capacities=needs,
        items=items,
        source="Resolution 2764 (2024)",
    )


def small_edition(name: str = EDITION_NAME) -> Edition:
    """Return an edition of three: verification (restricted) and referral by area, one chair."""
    return assemble(
        name,
        [
            small_function("MRM-VER", restricted=True),
            small_function("MRM-CHAIR", level=Level.MISSION),
            small_function("REFER", tier=2),
        ],
    )


def load_small_edition(sessions: Sessions, *, clock: Clock) -> Edition:
    """Load the small edition where it is not loaded, and return it."""
    edition = small_edition()
    load_edition(sessions, edition=edition, actor=SYSTEM, clock=clock)
    return edition


def a_mission(acronym: str = "MINUST", *, predecessor: str | None = None) -> AddMission:
    """Return the order for a mission in Mali."""
    return AddMission(
        acronym=acronym,
        name=f"Stabilization Mission {acronym}",
        kind=MissionKind.PEACEKEEPING,
        country_iso3="MLI",
        predecessor=predecessor,
    )


def a_plan(
    mission: str = "minust",
    *,
    slug: str | None = None,
    time_zone: str = "UTC",
    scope: PlanScope = PlanScope.WHOLE,
) -> OpenPlan:
    """Return the order for a plan triggered on 5 January 2026; the mandate ends with the year."""
    return OpenPlan(
        mission=mission,
        title="Drawdown",
        trigger=TRIGGER,
        mandate_ends_on=MANDATE_ENDS_ON,
        edition=EDITION_NAME,
        scope=scope,
        slug=slug,
        time_zone=time_zone,
    )


def a_claim(
    area: str = "minust-kidal",
    closes: date | str | None = KIDAL_CLOSES_ON,
    *,
    kind: ClaimKind = ClaimKind.PLANNED,
    known_on: date = date(2026, 2, 2),
    chosen_on: date | None = None,
    precision: Precision | None = Precision.DAY,
    source: str = SOURCE,
) -> NewClaim:
    """Return a claim that Kidal closes on 15 October 2026; planned and not chosen."""
    return NewClaim(
        area=area,
        kind=kind,
        closes=closes,
        precision=precision,
        known_on=known_on,
        chosen_on=chosen_on,
        source=source,
    )


def a_report(closes: date, *, area: str = "minust-kidal", known_on: date | None = None) -> NewClaim:
    """Return a report that an area closed on a day, known that day or on another."""
    return a_claim(area, closes, kind=ClaimKind.REPORTED, known_on=known_on or closes)


@kept
def make_plan(sessions: Sessions, clock: FixedClock) -> PlanScene:
    """Store an edition, a mission, an open plan and its areas; return who works on it."""
    load_small_edition(sessions, clock=clock)
    scene = PlanScene(
        sessions=sessions,
        clock=clock,
        planner=actor_with(Role.PLANNER, country_iso3="MLI"),
        steward=actor_with(Role.STEWARD),
        donor=actor_with(Role.DONOR),
        observer=actor_with(Role.OBSERVER),
        country_team=actor_with(Role.COUNTRY_TEAM, country_iso3="MLI"),
        outsider=actor_with(Role.PLANNER, country_iso3="HTI"),
    )
    add_mission(sessions, a_mission(), actor=scene.steward, clock=clock)
    open_plan(sessions, a_plan(), actor=scene.planner, clock=clock)
    for name in ("Gao", "Kidal"):
        order = AddArea("minust", name, AreaKind.REGION, known_on=TRIGGERED_ON)
        add_area(sessions, order, actor=scene.planner, clock=clock)
    site = AddArea("minust", "Ansongo", AreaKind.SITE, "minust-gao", known_on=TRIGGERED_ON)
    add_area(sessions, site, actor=scene.planner, clock=clock)
    return scene


@kept
def make_plan_in_force(
    sessions: Sessions, clock: FixedClock, *, phases: tuple[Phase, ...] = (OPERATIONS, TRANSFER)
) -> PlanScene:
    """Store a plan whose first revision is in force and plans to close Kidal on 15 October 2026."""
    scene = make_plan(sessions, clock)
    chosen = a_claim(chosen_on=date(2026, 2, 2))
    add_claim(sessions, "minust", chosen, actor=scene.planner, clock=clock)
    draft = DraftRevision("minust", phases, title="First")
    made = draft_revision(sessions, draft, actor=scene.planner, clock=clock)
    order = BringIntoForce("minust", made.number, made.version)
    bring_into_force(sessions, order, actor=scene.planner, clock=clock)
    return scene


def _item(code: str, dimension: Dimension, milestone: Milestone) -> Item:
    return Item(
        id=code,
        text="Do it.",
        dimension=dimension,
        milestone=milestone,
        offset=Fraction(0),
        evidence="A dated note.",
        source="Resolution 2764 (2024)",
    )
