"""Rules about areas: out of reach, a violation type that nobody verifies.

A closing moved earlier.
"""

from sqlalchemy import exists

from unbroken.gaps.rules.ladders import always, critical_when_over
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    GREEN,
    Scope,
    Statement,
    area,
    function_area,
    revision,
    step,
    step_of,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

SETTLED = (*GREEN, "ended", "not-applicable")


def no_access(scope: Scope) -> Statement:
    """Return functions that are confirmed in an area which cannot be reached."""
    capacity = scope.capacity
    confirmed = exists().where(
        capacity.c.transfer_id == transfer.c.id,
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        capacity.c.state.in_(GREEN),
    )
    statement = scope.of_functions(timetable.c.last_day_on)
    return statement.where(area.c.reachable.is_(False), confirmed)


def violation_uncovered(scope: Scope) -> Statement:
    """Return verification capacities with named parts that nobody has confirmed by their date."""
    capacity = scope.capacity
    due = step.c.due_on
    statement = scope.of_capacities(due, parts=capacity.c.parts, due=due)
    return statement.join(step, step_of("confirm:" + capacity.c.dimension)).where(
        function_area.c.function_code == "MRM-VER",
        capacity.c.dimension == "skills",
        capacity.c.unit.is_(None),
        capacity.c.state.notin_(SETTLED),
        due < scope.on,
    )


def moved_earlier(scope: Scope) -> Statement:
    """Return functions whose last day came earlier by more than their window in this revision."""
    earlier, before = revision.alias("earlier"), table("timetable").alias("before")
    statement = scope.of_functions(
        timetable.c.last_day_on, was=before.c.last_day_on, now=timetable.c.last_day_on
    )
    return (
        statement.join(
            earlier,
            (earlier.c.plan_id == revision.c.plan_id)
            & (earlier.c.number == revision.c.number - 1)
            & (earlier.c.state == "superseded"),
        )
        .join(
            before,
            (before.c.revision_id == earlier.c.id)
            & (before.c.function_area_id == timetable.c.function_area_id),
        )
        .where(before.c.last_day_on > timetable.c.moved_limit_on)
    )


RULES = (
    Rule(
        code="no-access",
        title="Confirmed, but out of reach",
        for_children="Somebody has promised to be there for children and cannot get there.",
        sentence="{function} is confirmed in {area}, and the area cannot be reached.",
        remedy="Restore access, or suspend the capacity until it is.",
        elements=("H",),
        source="Closing of Kidal (31 October 2023): trucks were not authorised to move",
        touched_by=("area", "capacity"),
        build=no_access,
        ladder=critical_when_over,
    ),
    Rule(
        code="violation-uncovered",
        title="A violation that nobody verifies",
        for_children="Some violations against children would no longer be seen by anybody.",
        sentence="{function} in {area} has types of violation that nobody has confirmed to verify.",
        remedy="Have a receiver confirm each type, or say which stay uncovered and why.",
        elements=("C", "J"),
        source="Resolution 2764 (2024), elements C and J",
        touched_by=("capacity", "timetable_step"),
        build=violation_uncovered,
        ladder=critical_when_over,
    ),
    Rule(
        code="moved-earlier",
        title="The last day moved earlier",
        for_children="There is suddenly less time to keep children covered.",
        sentence="The last day of {function} in {area} moved from {was} to {now}.",
        remedy="Look at every date again and say what can no longer be met.",
        elements=("H",),
        source="Closing of Timbuktu, earlier than planned (28 December 2023)",
        touched_by=("timetable", "revision"),
        build=moved_earlier,
        ladder=always(Severity.HIGH),
    ),
)
