"""A small plan with a function to pass, its parties and actors, and views for the pure rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count
from uuid import UUID, uuid4

from sqlmodel import Session, select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.people import make_organisation
from tests.scenes import kept
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import (
    CapacityNeed,
    Dimension,
    Edition,
    Fact,
    Function,
    Item,
    Level,
    Milestone,
    Part,
    assemble,
    function_uid,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, row_id
from unbroken.people.models import Organisation
from unbroken.people.rules import SYSTEM, Actor, Grant, OrganisationKind, Role, Signing
from unbroken.plans.models import (
    Area,
    AreaKind,
    FunctionArea,
    Mission,
    Plan,
    PlanKind,
    PlanScope,
    PlanState,
    Revision,
    RevisionState,
    Timetable,
)
from unbroken.plans.models.missions import MissionKind
from unbroken.plans.rules.timetable import LastDayReason
from unbroken.transfers.commands.naming import Named, NameReceiver, name_receiver
from unbroken.transfers.commands.signing import Signed, SignOrder, sign
from unbroken.transfers.models import Capacity, Receipt
from unbroken.transfers.rules.words import Act

EDITION = "test.1"
_numbers = count(1)


def small_function(
    code: str = "MRM-VER", *, tier: int = 1, applies_when: tuple[Fact, ...] = ()
) -> Function:
    """Return a function with one counted capacity, two with named parts, and an item for each."""
    needs = (
        CapacityNeed(Dimension.POSTS, "post"),
        CapacityNeed(
            Dimension.SKILLS,
            None,
            (Part("abduction", "Abduction"), Part("maiming", "Maiming"), Part("use", "Use")),
        ),
        CapacityNeed(Dimension.DATA, None, (Part("archive", "Archive"), Part("case", "Caseload"))),
    )
    return Function(
        code=code,
        title=f"Function {code}",
        for_children="Children are heard.",
        group="A",
        tier=tier,
        level=Level.AREA,
        moves=("what moves",),
        receivers=("UNICEF",),
        elements=("H",),
        target_months=12,
        minimum_months=3,
        restricted=code.startswith("MRM-"),
        capacities=needs,
        items=tuple(_item(code, number, need) for number, need in enumerate(needs, 1)),
        source="Resolution 2764 (2024)",
        applies_when=applies_when,
    )


def small_edition() -> Edition:
    """Return an edition of three functions, tiers 1, 3, 1; the last only where facts allow."""
    return assemble(
        EDITION,
        [
            small_function(),
            small_function("DIG-REP", tier=3),
            small_function("REL-DDR", applies_when=(Fact.DDR_PROCESS,)),
        ],
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """A plan with one area and its functions, the parties, and one actor of each kind."""

    sessions: Sessions
    clock: FixedClock
    plan_uid: UUID
    function_areas: Mapping[str, UUID]
    mission: UUID
    agency: UUID
    other_agency: UUID
    authority: UUID
    planner: Actor
    receiver: Actor
    colleague: Actor
    field: Actor
    co_chair: Actor
    dual: Actor
    attester: Actor
    custodian: Actor
    donor: Actor
    observer: Actor
    steward: Actor

    @kept
    def named(
        self,
        code: str = "MRM-VER",
        *,
        posts: int = 10,
        receiver: UUID | None = None,
        dimensions: frozenset[Dimension] = frozenset(),
        is_lead: bool = True,
    ) -> Named:
        """Name a receiver (the agency) of one function, with so many posts."""
        counted = not dimensions or Dimension.POSTS in dimensions
        order = NameReceiver(
            plan=self.plan_uid,
            function_area_uid=self.function_areas[code],
            receiver=receiver or self.agency,
            giver=self.mission,
            quantities={Dimension.POSTS: posts} if counted else {},
            dimensions=dimensions,
            is_lead=is_lead,
        )
        return name_receiver(self.sessions, order, actor=self.planner, clock=self.clock)

    def act(self, actor: Actor, order: SignOrder, *, on: date | None = None) -> Signed:
        """Sign ``order`` as ``actor``, today or on another day at noon."""
        return sign(self.sessions, order, actor=actor, clock=self.at(on))

    @kept
    def offered(
        self,
        code: str = "MRM-VER",
        *,
        dimension: Dimension = Dimension.POSTS,
        receiver: UUID | None = None,
    ) -> UUID:
        """Name a receiver, offer one capacity of ten posts or all parts, and return its UUID."""
        asked = frozenset({dimension} if receiver else ())
        uid = self.named(code, receiver=receiver, dimensions=asked).capacities[dimension]
        self.act(self.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
        return uid

    @kept
    def confirmed(self, code: str = "MRM-VER") -> UUID:
        """Return the UUID of ten posts that were offered and confirmed."""
        uid = self.offered(code)
        self.act(self.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=uid))
        return uid

    def capacity(self, uid: UUID) -> Capacity:
        """Return the capacity as it is stored now."""
        with self.sessions.reading() as session:
            return session.exec(select(Capacity).where(Capacity.uid == uid)).one()

    def receipts(self, uid: UUID) -> list[Receipt]:
        """Return the receipts of a capacity, the first first."""
        with self.sessions.reading() as session:
            capacity = session.exec(select(Capacity).where(Capacity.uid == uid)).one()
            query = select(Receipt).where(Receipt.capacity_id == capacity.id)
            return sorted(session.exec(query), key=lambda receipt: receipt.id or 0)

    def at(self, on: date | None) -> FixedClock:
        """Return a clock that stands at noon of a day, or this scene's own."""
        if on is None:
            return self.clock
        return FixedClock(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))


@kept
def make_scene(
    sessions: Sessions, clock: FixedClock, *, last_day_on: date | None = LAST_DAY
) -> Scene:
    """Store everything a transfer needs; ``None`` leaves the plan without a revision in force."""
    load_edition(sessions, edition=small_edition(), actor=SYSTEM, clock=clock)
    with sessions.begin() as session:
        plan = _plan(session)
        bodies = _organisations(session)
        functions = _function_areas(session, plan)
        if last_day_on is not None:
            _timetable(session, plan, functions, last_day_on=last_day_on)
        uids = {code: row.uid for code, row in functions.items()}
        return _scene(sessions, clock, plan=plan, functions=uids, bodies=bodies)


def _item(code: str, number: int, need: CapacityNeed) -> Item:
    return Item(
        id=f"{code}-{number:02}",
        text=f"Do thing {number} of {code}.",
        dimension=need.dimension,
        milestone=Milestone.CAPACITY_CONFIRMED,
        offset=Fraction(0),
        evidence="Title and date of a note.",
        source="Design judgement, 2026",
    )


def _plan(session: Session) -> Plan:
    number = next(_numbers)
    mission = Mission(
        slug=f"mission-{number}",
        acronym="MISSION",
        name="A mission",
        kind=MissionKind.PEACEKEEPING,
        country_iso3="MLI",
    )
    session.add(mission)
    session.flush()
    plan = Plan(
        slug=f"plan-{number}",
        mission_id=row_id(mission),
        title="A drawdown",
        kind=PlanKind.DRAWDOWN,
        scope=PlanScope.WHOLE,
        state=PlanState.OPEN,
        edition=EDITION,
        triggered_on=TODAY - timedelta(days=30),
        mandate_ends_on=LAST_DAY,
        plan_due_on=TODAY,
        ends_known_on=TODAY - timedelta(days=30),
        touched_on=TODAY - timedelta(days=30),
        created_at=datetime(2026, 1, 31, tzinfo=UTC),
    )
    session.add(plan)
    session.flush()
    return plan


def _organisations(session: Session) -> dict[str, UUID]:
    def make(kind: OrganisationKind, *, party: bool = False) -> Organisation:
        name = f"{kind.value} {next(_numbers)}"
        return make_organisation(session, name=name, kind=kind, party_to_conflict=party)

    return {
        "mission": make(OrganisationKind.MISSION).uid,
        "agency": make(OrganisationKind.AGENCY).uid,
        "other_agency": make(OrganisationKind.AGENCY).uid,
        "authority": make(OrganisationKind.AUTHORITY, party=True).uid,
    }


def _function_areas(session: Session, plan: Plan) -> dict[str, FunctionArea]:
    area = Area(
        plan_id=row_id(plan),
        slug=f"{plan.slug}-north",
        name="North",
        kind=AreaKind.REGION,
        known_on=TODAY,
    )
    session.add(area)
    session.flush()
    made = {
        code: FunctionArea(
            plan_id=row_id(plan),
            area_id=row_id(area),
            function_code=code,
            function_uid=function_uid(EDITION, code),
            tier=function.tier,
            restricted=function.restricted,
        )
        for code, function in small_edition().functions.items()
    }
    session.add_all(made.values())
    session.flush()
    return made


def _timetable(
    session: Session, plan: Plan, functions: dict[str, FunctionArea], *, last_day_on: date
) -> None:
    revision = Revision(
        plan_id=row_id(plan),
        number=1,
        state=RevisionState.IN_FORCE,
        content={},
        content_hash="",
        edition=EDITION,
        made_at=datetime(2026, 2, 1, tzinfo=UTC),
        in_force_on=TODAY - timedelta(days=20),
    )
    session.add(revision)
    session.flush()
    for row in functions.values():
        session.add(timetable_row_of(row_id(revision), row_id(row), last_day_on=last_day_on))
    session.flush()


def timetable_row_of(revision_id: int, function_area_id: int, *, last_day_on: date) -> Timetable:
    """Return the dates of a function in an area: 10 days to answer, 7 for a dispute."""
    values: dict[str, object] = {
        "revision_id": revision_id,
        "function_area_id": function_area_id,
        "last_day_on": last_day_on,
        "last_day_reason": LastDayReason.MANDATE,
        "certain_on": last_day_on,
        "lead_start_on": TODAY - timedelta(days=30),
        "lead_days": 150,
        "cannot_be_met": False,
        "receiver_by": last_day_on - timedelta(days=75),
        "agreement_by": last_day_on - timedelta(days=40),
        "custodian_by": last_day_on,
        "check_3_on": last_day_on + timedelta(days=92),
        "check_6_on": last_day_on + timedelta(days=183),
        "check_12_on": last_day_on + timedelta(days=365),
        "overlap_from_on": last_day_on - timedelta(days=30),
        "silence_shortens_on": last_day_on - timedelta(days=25),
        "notice_days": 150,
        "answer_days": 10,
        "silence_days": 20,
        "late_silence_days": 8,
        "overlap_days": 30,
        "moved_days": 14,
        "moved_limit_on": last_day_on - timedelta(days=14),
        "dispute_days": 7,
        "condition_days": 30,
        "bridge_days": 30,
    }
    return Timetable(**values)  # type: ignore[arg-type]


def _scene(
    sessions: Sessions,
    clock: FixedClock,
    *,
    plan: Plan,
    functions: dict[str, UUID],
    bodies: dict[str, UUID],
) -> Scene:
    team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
    return Scene(
        sessions=sessions,
        clock=clock,
        plan_uid=plan.uid,
        function_areas=functions,
        mission=bodies["mission"],
        agency=bodies["agency"],
        other_agency=bodies["other_agency"],
        authority=bodies["authority"],
        planner=_actor(bodies["mission"], Grant(Role.PLANNER)),
        receiver=_actor(bodies["agency"], team),
        colleague=_actor(bodies["agency"], team),
        field=_actor(bodies["agency"], Grant(Role.COUNTRY_TEAM, Signing.RECOMMENDS)),
        co_chair=_actor(uuid4(), Grant(Role.CO_CHAIR)),
        dual=_actor(bodies["agency"], Grant(Role.PLANNER), team),
        attester=_actor(bodies["other_agency"], team),
        custodian=_actor(bodies["other_agency"], team),
        donor=_actor(uuid4(), Grant(Role.DONOR)),
        observer=_actor(uuid4(), Grant(Role.OBSERVER)),
        steward=_actor(uuid4(), Grant(Role.STEWARD)),
    )


def _actor(organisation_uid: UUID, *grants: Grant) -> Actor:
    return Actor(uuid4(), f"office-{next(_numbers)}", organisation_uid, grants)
