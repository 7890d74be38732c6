"""Plants plans with many items straight into the tables, for measuring only.

Every plan is in order but for a share of its items, which are open past their date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Date, Integer, insert
from sqlmodel import Session

from unbroken.functions.rules import Dimension
from unbroken.kit.db import Sessions, table
from unbroken.people import models as people_models
from unbroken.plans import models as plans_models
from unbroken.transfers import models as transfers_models

_LOADED = (people_models, plans_models, transfers_models)  # their import fills the metadata

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = DAY + timedelta(days=300)
ITEMS_A_CAPACITY = 10
NAME = {"source": "made for measuring", "known_on": DAY - timedelta(days=400)}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is planted; ``overdue_share`` is the share (0 to 1) of items past their date."""

    plans: int
    transfers_a_plan: int
    overdue_share: float = 0.02

    @property
    def items(self) -> int:
        """Return how many items there will be."""
        return self.plans * self.transfers_a_plan * len(Dimension) * ITEMS_A_CAPACITY


def plant(sessions: Sessions, size: Size) -> None:
    """Fill an empty, migrated database."""
    with sessions.begin() as session:
        _put(session, "mission", [_mission()])
        _put(session, "organisation", [_organisation(1), _organisation(2)])
        for number in range(1, size.plans + 1):
            _plant_plan(session, number, size)


def _plant_plan(session: Session, number: int, size: Size) -> None:
    _put(session, "plan", [_plan(number)])
    _put(session, "area", [_area(number)])
    _put(session, "revision", [_revision(number)])
    _put(session, "baseline", [_baseline(number)])
    _put(session, "assessment", [_assessment(number)])
    _put(session, "meeting", [_meeting(number)])
    first = (number - 1) * size.transfers_a_plan + 1
    ids = range(first, first + size.transfers_a_plan)
    _put(session, "function_area", [_function_area(n, number) for n in ids])
    _put(session, "timetable", [_timetable(n, number) for n in ids])
    _put(session, "timetable_step", [row for n in ids for row in _steps(n, number)])
    _put(session, "transfer", [_transfer(n, number) for n in ids])
    _put(session, "capacity", [row for n in ids for row in _capacities(n)])
    _put(session, "item", [row for n in ids for row in _items(n, size)])


def _put(session: Session, name: str, rows: list[dict[str, object]]) -> None:
    session.connection().execute(insert(table(name)), rows)


def _uid(**values: object) -> dict[str, object]:
    return {"uid": uuid4(), **values}


def _mission() -> dict[str, object]:
    return _uid(
        id=1,
        version=1,
        slug="measured",
        acronym="MEASURED",
        name="A mission made for measuring",
        kind="peacekeeping",
        country_iso3="XXA",
        source=NAME["source"],
    )


def _organisation(number: int) -> dict[str, object]:
    return _uid(
        id=number,
        version=1,
        slug=f"body-{number}",
        name=f"Body {number}",
        kind="agency",
        party_to_conflict=False,
    )


def _plan(number: int) -> dict[str, object]:
    return _uid(
        id=number,
        version=1,
        slug=f"measured-{number}",
        mission_id=1,
        title="A plan made for measuring",
        kind="drawdown",
        scope="whole",
        state="open",
        edition="2026.1",
        time_zone="UTC",
        triggered_on=DAY - timedelta(days=200),
        mandate_ends_on=LATER,
        plan_due_on=DAY - timedelta(days=186),
        ends_known_on=DAY - timedelta(days=200),
        touched_on=DAY,
        silent_after_on=LATER,
        illustrative=False,
        note="",
        created_at=AT,
    )


def _area(number: int) -> dict[str, object]:
    return _uid(
        id=number,
        version=1,
        plan_id=number,
        slug=f"measured-{number}-area",
        name="Area",
        kind="mission",
        position=0,
        closings_public=True,
        known_on=NAME["known_on"],
    )


def _revision(number: int) -> dict[str, object]:
    return _uid(
        id=number,
        version=1,
        plan_id=number,
        number=1,
        state="in-force",
        title="",
        reason="",
        content={},
        content_hash="",
        edition="2026.1",
        made_at=AT,
        in_force_on=DAY - timedelta(days=190),
        in_force_at=AT,
    )


def _baseline(number: int) -> dict[str, object]:
    signed = DAY - timedelta(days=190)
    return _uid(
        plan_id=number,
        version=1,
        number=1,
        state="signed",
        signed_on=signed,
        content_hash="",
        source="",
    )


def _assessment(number: int) -> dict[str, object]:
    on = DAY - timedelta(days=100)
    return _uid(plan_id=number, stage="transition", assessed_on=on, **NAME)


def _meeting(number: int) -> dict[str, object]:
    there = ("head_of_operation", "special_representative", "task_force", "authorities")
    on = DAY - timedelta(days=100)
    return _uid(plan_id=number, held_on=on, **dict.fromkeys(there, True), **NAME)


def _function_area(number: int, plan: int) -> dict[str, object]:
    return _uid(
        id=number,
        plan_id=plan,
        area_id=plan,
        function_code=f"F-{number}",
        function_uid=UUID(int=number),
        tier=1 + number % 4,
        restricted=False,
    )


def _timetable(number: int, plan: int) -> dict[str, object]:
    columns = table("timetable").c
    return {
        **{c.name: LATER for c in columns if isinstance(c.type, Date)},
        **{c.name: 14 for c in columns if isinstance(c.type, Integer)},
        "revision_id": plan,
        "function_area_id": number,
        "last_day_reason": "mandate",
        "cannot_be_met": False,
    }


def _steps(number: int, plan: int) -> Iterator[dict[str, object]]:
    for place in range(len(Dimension) * ITEMS_A_CAPACITY):
        # the first steps of each function have come due; the rest lie ahead
        early = place < len(Dimension) * ITEMS_A_CAPACITY // 2
        due = DAY - timedelta(days=40 - place) if early else LATER
        yield {
            "revision_id": plan,
            "function_area_id": number,
            "step": f"item:{place}",
            "due_on": due,
            "latest_start_on": due,
            "cannot_be_met": False,
        }


def _transfer(number: int, plan: int) -> dict[str, object]:
    return _uid(
        id=number,
        version=1,
        plan_id=plan,
        function_area_id=number,
        kind="transfer",
        state="open",
        giver_id=1,
        receiver_id=2,
        is_lead=True,
        scope_note="",
        illustrative=False,
        edition="2026.1",
        touched_on=DAY,
        silent_after_on=LATER,
        created_at=AT,
    )


def _capacities(transfer: int) -> Iterable[dict[str, object]]:
    for place, dimension in enumerate(Dimension):
        yield _uid(
            id=_capacity_id(transfer, place),
            version=1,
            transfer_id=transfer,
            dimension=dimension.value,
            state="confirmed",
            quantity=2,
            unit="post",
            parts=[],
            without_offer=False,
            condition="",
            edition="2026.1",
            content_hash="same",
            signed_hash="same",
        )


def _capacity_id(transfer: int, place: int) -> int:
    return (transfer - 1) * len(Dimension) + place + 1


def _items(transfer: int, size: Size) -> Iterator[dict[str, object]]:
    steps = len(Dimension) * ITEMS_A_CAPACITY
    overdue = round(steps * size.overdue_share * 5)
    for place in range(steps):
        capacity, early = place // ITEMS_A_CAPACITY, place < steps // 2
        # every fifth transfer has five times its share, as in real life, where work piles up
        late = early and transfer % 5 == 0 and place < overdue
        yield _uid(
            version=1,
            capacity_id=_capacity_id(transfer, capacity),
            function_area_id=transfer,
            item_id=f"F-{transfer}-{place}",
            step=f"item:{place}",
            asks_girls_boys=False,
            state="done" if early and not late else "open",
            done_on=None if late or not early else DAY - timedelta(days=50),
            reason="",
            evidence_title="",
            evidence_custodian="",
        )
