"""Many offers of a public function in areas of their own, and one of a restricted function."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.people import make_account
from tests.factories.transfers import EDITION, Scene, small_edition, timetable_row_of
from tests.scenes import kept
from unbroken.functions.rules import function_uid
from unbroken.kit.db import row_id
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.plans.models import Area, AreaKind, FunctionArea, Plan, Revision
from unbroken.transfers.commands.naming import NameReceiver, name_receiver
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.rules.words import Act

PUBLIC = "DIG-REP"
RESTRICTED = "MRM-VER"
SECRET_AREA = "Quartzfeld"
SECRET_REASON = "The zebra convoy stays."
HIDDEN_AREA = "Obsidian"


@dataclass(frozen=True, slots=True)
class ManyOffers:
    """Capacities of the public function, one of the restricted, one whose closing is not public."""

    public: tuple[UUID, ...]
    restricted: UUID
    unpublished: UUID


@kept
def make_many_offers(scene: Scene, *, areas: int) -> ManyOffers:
    """Offer three capacities in each of so many areas, and the two that no device may keep."""
    public: list[UUID] = []
    for number in range(1, areas + 1):
        public += _offers(scene, _place(scene, f"District {number}", PUBLIC))
    restricted = _offers(scene, _place(scene, SECRET_AREA, RESTRICTED))[0]
    recommend = SignOrder(act=Act.RECOMMEND, capacity_uid=restricted, reason=SECRET_REASON)
    scene.act(scene.field, recommend)
    hidden = _offers(scene, _place(scene, HIDDEN_AREA, PUBLIC, is_public=False))[0]
    return ManyOffers(tuple(public), restricted, hidden)


def make_offices(scene: Scene) -> None:
    """Store an account that may sign in for each side: receiver, colleague, planner, steward."""
    team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
    with scene.sessions.begin() as session:
        bodies = {each.uid: each for each in session.exec(select(Organisation))}
        for handle, grant, body in (
            ("receiver", team, scene.agency),
            ("colleague", team, scene.agency),
            ("planner", Grant(Role.PLANNER), scene.mission),
            ("steward", Grant(Role.STEWARD), scene.other_agency),
        ):
            make_account(session, handle=handle, grants=(grant,), organisation=bodies[body])


def _offers(scene: Scene, function_area: UUID) -> list[UUID]:
    order = NameReceiver(
        plan=scene.plan_uid,
        function_area_uid=function_area,
        receiver=scene.agency,
        giver=scene.mission,
        is_lead=True,
    )
    named = name_receiver(scene.sessions, order, actor=scene.planner, clock=scene.clock)
    for uid in named.capacities.values():
        scene.act(
            scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid, quantity=_much(uid, scene))
        )
    return list(named.capacities.values())


def _much(uid: UUID, scene: Scene) -> int | None:
    return 10 if scene.capacity(uid).unit else None


def _place(scene: Scene, name: str, code: str, *, is_public: bool = True) -> UUID:
    function = small_edition().functions[code]
    with scene.sessions.begin() as session:
        plan = session.exec(select(Plan).where(Plan.uid == scene.plan_uid)).one()
        area = _area(session, plan, name, is_public=is_public)
        made = FunctionArea(
            plan_id=row_id(plan),
            area_id=row_id(area),
            function_code=code,
            function_uid=function_uid(EDITION, code),
            tier=function.tier,
            restricted=function.restricted,
        )
        session.add(made)
        session.flush()
        revision = session.exec(select(Revision).where(col(Revision.plan_id) == plan.id)).one()
        session.add(timetable_row_of(row_id(revision), row_id(made), last_day_on=LAST_DAY))
        return made.uid


def _area(session: Session, plan: Plan, name: str, *, is_public: bool) -> Area:
    area = Area(
        plan_id=row_id(plan),
        slug=f"{plan.slug}-{name.lower().replace(' ', '-')}",
        name=name,
        kind=AreaKind.REGION,
        known_on=TODAY,
        closings_public=is_public,
    )
    session.add(area)
    session.flush()
    return area
