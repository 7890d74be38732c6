"""Two editions of a catalogue, and a plan in force whose transfers stand in every state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from sqlmodel import col, select

from tests.factories.people import actor_with, make_organisation
from tests.factories.plans import OPERATIONS, TRANSFER, TRIGGERED_ON, a_mission, a_plan
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
    Part,
    assemble,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM, Actor, OrganisationKind, Role, Signing
from unbroken.plans.commands import (
    AddArea,
    BringIntoForce,
    DraftRevision,
    add_area,
    add_mission,
    bring_into_force,
    draft_revision,
    open_plan,
)
from unbroken.plans.models import AreaKind, FunctionArea, Plan
from unbroken.transfers.commands.adopting import Adopted, AdoptEdition, adopt_edition
from unbroken.transfers.commands.naming import NameReceiver, name_receiver
from unbroken.transfers.commands.signing import Signed, SignOrder, sign
from unbroken.transfers.models import Capacity, Receipt
from unbroken.transfers.models import Item as Row
from unbroken.transfers.rules.words import Act

OLD, NEW = "wide.1", "wide.2"
POSTS, SKILLS, DATA, FUNDING = Dimension.POSTS, Dimension.SKILLS, Dimension.DATA, Dimension.FUNDING
SKILL_PARTS = (Part("abduction", "Abduction"), Part("maiming", "Maiming"), Part("use", "Use"))
NEEDS = (
    CapacityNeed(POSTS, "post"),
    CapacityNeed(SKILLS, None, SKILL_PARTS),
    CapacityNeed(DATA, None, (Part("archive", "Archive"), Part("case", "Caseload"))),
    CapacityNeed(FUNDING, "month"),
)
FUNCTIONS: Mapping[str, int] = {"MRM-VER": 1, "REFER": 2, "DIG-REP": 3}
"""Codes and tiers."""


def wide_function(code: str, tier: int, *, lines: int) -> Function:
    """Return a function of four dimensions with so many lines each."""
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
        restricted=False,
        capacities=NEEDS,
        items=tuple(a_line(code, need.dimension, n + 1) for need in NEEDS for n in range(lines)),
        source="Resolution 2764 (2024)",
    )


def a_line(code: str, dimension: Dimension, number: int) -> Item:
    """Return the numbered line of a dimension."""
    return Item(
        id=line_id(code, dimension, number),
        text=f"Do thing {number} for {dimension.value}.",
        dimension=dimension,
        milestone=Milestone.CAPACITY_CONFIRMED,
        offset=Fraction(0),
        evidence="Title and date of a note.",
        source="Design judgement, 2026",
    )


def line_id(code: str, dimension: Dimension, number: int) -> str:
    """Return the id of the numbered line of a dimension."""
    return f"{code}-{(list(Dimension).index(dimension) + 1) * 100 + number}"


def old_edition(*, lines: int = 2) -> Edition:
    """Return three functions of tiers 1 to 3."""
    functions = [wide_function(code, tier, lines=lines) for code, tier in FUNCTIONS.items()]
    return assemble(OLD, functions)


def changed_edition(
    old: Edition, code: str = "MRM-VER", *, name: str = NEW, **changes: object
) -> Edition:
    """Return another edition with one function changed."""
    functions = dict(old.functions)
    functions[code] = replace(functions[code], **changes)  # type: ignore[arg-type]
    return assemble(name, functions.values())


def with_items(old: Edition, *items: Item, code: str = "MRM-VER", name: str = NEW) -> Edition:
    """Return another edition in which these lines stand for those of the same id, or are new."""
    known = {item.id: item for item in old.functions[code].items}
    known |= {item.id: item for item in items}
    return changed_edition(old, code, name=name, items=tuple(known.values()))


def without(old: Edition, *ids: str, code: str = "MRM-VER", name: str = NEW) -> Edition:
    """Return another edition without these lines."""
    items = tuple(item for item in old.functions[code].items if item.id not in ids)
    return changed_edition(old, code, name=name, items=items)


def new_edition(old: Edition) -> Edition:
    """Return another edition in which something of every kind changed.

    Of verification: a line gone, one reworded, one new in posts; one moved from skills to data;
    another day; more parts; another unit; a new dimension with two lines. Referral falls to
    tier 3; reporting loses its money.
    """
    code = "MRM-VER"
    lines = {item.id: item for item in old.functions[code].items}
    reworded, moved = line_id(code, POSTS, 1), line_id(code, SKILLS, 1)
    lines[reworded] = replace(lines[reworded], text="Do it otherwise.")
    lines[moved] = replace(lines[moved], dimension=DATA)
    dated = line_id(code, DATA, 1)
    lines[dated] = replace(lines[dated], milestone=Milestone.RECEIVER_NAMED)
    lines.pop(line_id(code, POSTS, 2))
    fresh = [a_line(code, POSTS, 90), *(a_line(code, Dimension.ACCESS, n) for n in (1, 2))]
    parts = (*SKILL_PARTS[:2], Part("killing", "Killing"))
    needs = (
        CapacityNeed(POSTS, "staff"),
        CapacityNeed(SKILLS, None, parts),
        *NEEDS[2:],
        CapacityNeed(Dimension.ACCESS, None),
    )
    found = changed_edition(old, code, capacities=needs, items=(*lines.values(), *fresh))
    found = changed_edition(found, "REFER", tier=3)
    kept = tuple(item for item in old.functions["DIG-REP"].items if item.dimension is not FUNDING)
    return changed_edition(found, "DIG-REP", capacities=NEEDS[:3], items=kept)


@dataclass(frozen=True, slots=True)
class Stand:
    """A plan in force with two regions, its parties, and who acts for them."""

    sessions: Sessions
    clock: FixedClock
    slug: str
    mission: UUID
    agency: UUID
    planner: Actor
    receiver: Actor
    co_chair: Actor
    steward: Actor

    def at(self, minutes: int) -> FixedClock:
        """Return a clock so many minutes on."""
        return FixedClock(self.clock.at + timedelta(minutes=minutes))

    def plan(self) -> Plan:
        """Return the plan as it stands."""
        with self.sessions.reading() as session:
            return session.exec(select(Plan).where(Plan.slug == self.slug)).one()

    def places(self) -> dict[tuple[str, int], UUID]:
        """Return the functions in areas: code and number of the area, and UUID."""
        with self.sessions.reading() as session:
            found = session.exec(select(FunctionArea).order_by(col(FunctionArea.id))).all()
        return {(row.function_code, row.area_id): row.uid for row in found}

    def named(self, function_area: UUID, *, posts: int = 10) -> Mapping[Dimension, UUID]:
        """Name the agency as receiver and return the capacities."""
        order = NameReceiver(
            plan=self.slug,
            function_area_uid=function_area,
            receiver=self.agency,
            giver=self.mission,
            quantities={POSTS: posts, FUNDING: 6},
        )
        made = name_receiver(self.sessions, order, actor=self.planner, clock=self.clock)
        return made.capacities

    def one(self, code: str = "MRM-VER", *, nth: int = 0) -> Mapping[Dimension, UUID]:
        """Name the agency as receiver of a function in its first area, or in another."""
        places = [uid for (known, _area), uid in self.places().items() if known == code]
        return self.named(places[nth])

    def sign(self, actor: Actor, act: Act, uid: UUID, **order: object) -> Signed:
        """Sign an act on a capacity."""
        made = SignOrder(act=act, capacity_uid=uid, **order)  # type: ignore[arg-type]
        return sign(self.sessions, made, actor=actor, clock=self.clock)

    def confirm(self, *uids: UUID) -> None:
        """Offer capacities and have the receiver confirm them."""
        for uid in uids:
            self.sign(self.planner, Act.OFFER, uid)
            self.sign(self.receiver, Act.CONFIRM, uid)

    def load(self, edition: Edition) -> None:
        """Load an edition for plans to adopt."""
        load_edition(self.sessions, edition=edition, actor=SYSTEM, clock=self.clock)

    def adopt(
        self, edition: Edition, *, dry_run: bool = False, by: Actor | None = None, minutes: int = 1
    ) -> Adopted:
        """Load an edition and let the plan follow it."""
        self.load(edition)
        order = AdoptEdition(plan=self.slug, edition=edition.name, dry_run=dry_run)
        clock = self.at(minutes)
        return adopt_edition(self.sessions, order, actor=by or self.planner, clock=clock)

    def capacity(self, uid: UUID) -> Capacity:
        """Return a capacity as it stands."""
        with self.sessions.reading() as session:
            return session.exec(select(Capacity).where(Capacity.uid == uid)).one()

    def capacities(self) -> list[Capacity]:
        """Return all capacities as they stand."""
        with self.sessions.reading() as session:
            return list(session.exec(select(Capacity).order_by(col(Capacity.id))))

    def items(self, *, of: UUID | None = None) -> list[Row]:
        """Return the items of a capacity, or all, as they stand."""
        with self.sessions.reading() as session:
            query = select(Row).join(Capacity, col(Capacity.id) == Row.capacity_id)
            if of is not None:
                query = query.where(Capacity.uid == of)
            return list(session.exec(query.order_by(col(Row.id))))

    def item(self, item_id: str, *, of: UUID) -> Row:
        """Return one item of a capacity by its id."""
        return next(row for row in self.items(of=of) if row.item_id == item_id)

    def receipts(self) -> list[Receipt]:
        """Return all receipts, the first first."""
        with self.sessions.reading() as session:
            return list(session.exec(select(Receipt).order_by(col(Receipt.id))))


@kept
def make_stand(
    sessions: Sessions, clock: FixedClock, *, edition: Edition | None = None, areas: int = 2
) -> Stand:
    """Store a plan of ``edition`` with so many regions and its first revision in force."""
    first = edition or old_edition()
    load_edition(sessions, edition=first, actor=SYSTEM, clock=clock)
    stand = _stand(sessions, clock)
    add_mission(sessions, a_mission(), actor=stand.steward, clock=clock)
    opened = replace(a_plan(), edition=first.name)
    open_plan(sessions, opened, actor=stand.planner, clock=clock)
    for number in range(areas):
        order = AddArea(stand.slug, f"Area {number + 1}", AreaKind.REGION, known_on=TRIGGERED_ON)
        add_area(sessions, order, actor=stand.planner, clock=clock)
    revise(stand)
    return stand


def revise(stand: Stand, *, minutes: int = 0) -> int:
    """Draft a revision like the one before and bring it into force; return its number."""
    draft = DraftRevision(stand.slug, (OPERATIONS, TRANSFER), title="Revised")
    clock = stand.at(minutes)
    made = draft_revision(stand.sessions, draft, actor=stand.planner, clock=clock)
    order = BringIntoForce(stand.slug, made.number, made.version)
    bring_into_force(stand.sessions, order, actor=stand.planner, clock=clock)
    return made.number


def _stand(sessions: Sessions, clock: FixedClock) -> Stand:
    kinds = {"Giver": OrganisationKind.MISSION, "Taker": OrganisationKind.AGENCY}
    with sessions.begin() as session:
        giver, taker = (
            make_organisation(session, name=name, kind=kind).uid for name, kind in kinds.items()
        )
    signs = Signing.SIGNS
    return Stand(
        sessions=sessions,
        clock=clock,
        slug="minust",
        mission=giver,
        agency=taker,
        planner=actor_with(Role.PLANNER, country_iso3="MLI", organisation_uid=giver),
        receiver=actor_with(
            Role.COUNTRY_TEAM, signing=signs, country_iso3="MLI", organisation_uid=taker
        ),
        co_chair=actor_with(Role.CO_CHAIR, country_iso3="MLI"),
        steward=actor_with(Role.STEWARD),
    )


def ids(rows: Iterable[Row]) -> set[str]:
    """Return the ids of those items that are still asked for."""
    return {row.item_id for row in rows if row.retired_in is None}
