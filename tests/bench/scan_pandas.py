"""What a planner would write to see what is late: the same tables, read with pandas.

Overdue items and expired evidence, offers without an answer, functions without a receiver: four of
the rules of a scan, without what sets findings aside, and without remembering what was found.
"""

import time
from datetime import date

import pandas as pd
from sqlalchemy import create_engine

DATES = {
    "timetable_step": ["due_on"],
    "timetable": ["last_day_on", "receiver_by"],
    "item": ["evidence_until_on"],
    "capacity": ["answer_by", "extended_to_on"],
}
COLUMNS = {
    "plan": "id, state",
    "revision": "id AS revision_id, plan_id, in_force_on, superseded_on",
    "function_area": "id AS function_area_id, function_code, tier",
    "transfer": "id AS transfer_id, function_area_id, state AS transfer_state",
    "timetable_step": "revision_id, function_area_id, step, due_on",
    "timetable": "revision_id, function_area_id, last_day_on, receiver_by",
    "item": "item_id, capacity_id, function_area_id, step, state, retired_in, evidence_until_on",
    "capacity": "id AS capacity_id, transfer_id, state AS capacity_state, answer_by, "
    "extended_to_on",
}
NOBODYS = ("ended", "not-applicable", "withdrawn", "declined")


def late(url: str, on: date) -> tuple[int, float]:
    """Return how much is late on a day, and how many seconds it took to read and to find it."""
    start, day = time.perf_counter(), pd.Timestamp(on)
    engine = create_engine(url)
    read = {
        name: pd.read_sql(f"SELECT {columns} FROM {name}", engine, parse_dates=DATES.get(name))  # noqa: S608 - names of our own
        for name, columns in COLUMNS.items()
    }
    engine.dispose()
    live = read["revision"][read["revision"].superseded_on.isna()]
    dated = read["timetable"].merge(live, on="revision_id").merge(read["function_area"])
    offered = read["capacity"][~read["capacity"].capacity_state.isin(NOBODYS)]
    offered = offered.merge(read["transfer"][read["transfer"].transfer_state == "open"])
    found = len(_items(read, live, offered, day)) + len(_offers(dated, offered, day))
    alone = dated[~dated.function_area_id.isin(offered.function_area_id)]
    found += int((alone.receiver_by < day).sum())
    return found, time.perf_counter() - start


def _items(
    read: "dict[str, pd.DataFrame]", live: "pd.DataFrame", offered: "pd.DataFrame", day: object
) -> "pd.DataFrame":
    items = read["item"][read["item"].retired_in.isna()].merge(offered[["capacity_id"]])
    steps = read["timetable_step"].merge(live[["revision_id"]])
    items = items.merge(steps, on=["function_area_id", "step"])
    is_late = (items.state == "open") & (items.due_on < day)
    return items[is_late | ((items.state == "done") & (items.evidence_until_on < day))]


def _offers(dated: "pd.DataFrame", offered: "pd.DataFrame", day: object) -> "pd.DataFrame":
    waiting = offered[offered.capacity_state.isin(("offered", "recommended", "time-asked"))]
    waiting = waiting.merge(dated, on="function_area_id")
    return waiting[waiting[["answer_by", "extended_to_on"]].max(axis=1) < day]
