"""A plan with a checklist of thousands of items, planted straight into the tables."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

from sqlmodel import Session

from tests.bench.plant import DAY, _area, _mission, _organisation, _plan, _put, _revision, _transfer
from unbroken.functions.commands import load_edition
from unbroken.functions.queries import edition_folder, read_edition
from unbroken.functions.rules import Dimension, Edition, Function
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.people.rules import SYSTEM

PLANTED = "2026.1"
SLUG = "measured-1"
Row = dict[str, object]


def plant_checklist(sessions: Sessions, clock: Clock, *, items: int) -> int:
    """Plant a plan called ``SLUG`` with the whole bundled catalogue in as many areas as it takes.

    Returns how many items there are: at least ``items``. One in seven is done, and one in nine is
    past its date.
    """
    edition = _edition()
    load_edition(sessions, edition=edition, actor=SYSTEM, clock=clock)
    functions = list(edition.functions.values())
    areas = -(-items // sum(len(each.items) for each in functions))
    with sessions.begin() as session:
        _put(session, "mission", [_mission()])
        _put(session, "organisation", [_organisation(1), _organisation(2)])
        _put(session, "plan", [{**_plan(1), "edition": edition.name}])
        _put(session, "area", [_area_of(number) for number in range(1, areas + 1)])
        _put(session, "revision", [{**_revision(1), "edition": edition.name}])
        return _plant(session, functions, areas)


@cache
def _edition() -> Edition:
    return read_edition(edition_folder(PLANTED))


def _plant(session: Session, functions: list[Function], areas: int) -> int:
    places = [(area, function) for area in range(1, areas + 1) for function in functions]
    numbered = list(enumerate(places, 1))
    _put(session, "function_area", [_function_area(n, *place) for n, place in numbered])
    _put(session, "transfer", [_passing(n) for n, _place in numbered])
    capacities = {
        (n, need.dimension): number
        for number, (n, need) in enumerate(
            ((n, need) for n, (_area, function) in numbered for need in function.capacities), 1
        )
    }
    _put(session, "capacity", [_capacity(number, n, d) for (n, d), number in capacities.items()])
    rows = [
        (item, step)
        for n, (_area, function) in numbered
        for item, step in _items(n, function, capacities)
    ]
    _put(session, "item", [item for item, _step in rows])
    _put(session, "timetable_step", [step for _item, step in rows])
    return len(rows)


def _area_of(number: int) -> Row:
    name = {"slug": f"{SLUG}-{number}", "name": f"Area {number}", "position": number}
    return {**_area(number), "plan_id": 1, **name}


def _function_area(number: int, area: int, function: Function) -> Row:
    return {
        "uid": new_uid(),
        "id": number,
        "plan_id": 1,
        "area_id": area,
        "function_code": function.code,
        "function_uid": new_uid(),
        "tier": function.tier,
        "restricted": function.restricted,
    }


def _passing(number: int) -> Row:
    return {**_transfer(number, 1), "edition": PLANTED}


def _capacity(number: int, transfer: int, dimension: Dimension) -> Row:
    return {
        "uid": new_uid(),
        "id": number,
        "version": 1,
        "transfer_id": transfer,
        "dimension": dimension.value,
        "state": "not-started",
        "parts": [],
        "without_offer": False,
        "condition": "",
        "language": "en",
        "edition": PLANTED,
        "content_hash": "",
    }


def _items(
    number: int, function: Function, capacities: Mapping[tuple[int, Dimension], int]
) -> Iterator[tuple[Row, Row]]:
    for place, line in enumerate(function.items):
        if (number, line.dimension) not in capacities:
            continue
        spread = number * 7 + place
        is_done = spread % 7 == 0
        due_on = DAY + timedelta(days=spread % 270 - 30)
        item: Row = {
            "uid": new_uid(),
            "version": 1,
            "capacity_id": capacities[number, line.dimension],
            "function_area_id": number,
            "edition": PLANTED,
            "is_added": False,
            "text": "",
            "wanted_evidence": "",
            "in_content": True,
            "aside_reason": "",
            "item_id": line.id,
            "step": f"item:{line.id}",
            "asks_girls_boys": False,
            "state": "done" if is_done else "open",
            "done_on": DAY if is_done else None,
            "reason": "",
            "evidence_title": "Note on the handover of the function" if is_done else "",
            "evidence_on": DAY if is_done else None,
            "evidence_custodian": "",
        }
        step: Row = {
            "revision_id": 1,
            "function_area_id": number,
            "step": f"item:{line.id}",
            "due_on": due_on,
            "latest_start_on": due_on - timedelta(days=30),
            "cannot_be_met": False,
        }
        yield item, step
