"""Rules about areas: out of reach, a violation type that nobody verifies.

A closing moved earlier.
"""

from sqlalchemy import (
    ColumnElement,
    Exists,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from unbroken.gaps.rules.cover import (
    SET_ASIDE,
    has_begun,
    has_receiver,
    is_green,
    is_running,
    of_function,
)
from unbroken.gaps.rules.ladders import NEAR, always, critical_when_over
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
)
from unbroken.gaps.rules.words import Severity

VIOLATIONS = (
    *("recruitment-use", "killing-maiming", "sexual-violence", "abduction"),
    *("attacks-schools-hospitals", "denial-access"),
)
"""The six grave violations, by the keys of the catalogue's parts."""


def no_access(scope: Scope) -> Statement:
    """Return functions that are confirmed in an area which cannot be reached."""
    statement = scope.of_functions(timetable.c.last_day_on)
    confirmed = of_function(scope, scope.capacity.c.state.in_(GREEN))
    return statement.where(area.c.reachable.is_(False), confirmed)


def violation_uncovered(scope: Scope) -> Statement:
    """Return functions with a type of violation that nobody has confirmed to verify by its date.

    A type counts as covered by whoever confirmed it, a running bridge included, or where it was
    ended by decision or called not applicable. Without any receiver ``no-receiver`` speaks.
    """
    due = step.c.due_on
    missing = [(key, ~_verified(scope, key)) for key in VIOLATIONS]
    types: ColumnElement[str] = literal("")
    for key, is_missing in missing:
        types = types.concat(case((is_missing, f"{key}, "), else_=""))
    statement = scope.of_functions(due, types=func.rtrim(types, ", "), due=due)
    return statement.join(step, step_of("confirm:skills")).where(
        function_area.c.function_code == "MRM-VER",
        due < scope.day,
        has_receiver(scope),
        or_(*(is_missing for _, is_missing in missing)),
    )


def _verified(scope: Scope, key: str) -> Exists:
    capacity = scope.capacity
    # keys of parts hold letters and hyphens only, so the quotes around one mark it exactly
    has_part = cast(capacity.c.parts, String).contains(f'"{key}"')
    confirmed = and_(is_green(capacity), has_begun(capacity))
    settled = or_(confirmed, capacity.c.state.in_(SET_ASIDE))
    is_skills = capacity.c.dimension == "skills"
    return of_function(scope, is_running(scope), is_skills, settled, has_part)


def moved_earlier(scope: Scope) -> Statement:
    """Return functions whose last day came earlier by more than its window, until that day is past.

    It is compared with the newest revision before this one that was in force and gave another day:
    a revision that leaves the day as it is does not make the move unsaid.
    """
    earlier, before = revision.alias("earlier"), timetable.alias("before")
    statement = scope.of_functions(
        timetable.c.last_day_on, was=before.c.last_day_on, now=timetable.c.last_day_on
    )
    return (
        statement.join(earlier, earlier.c.plan_id == revision.c.plan_id)
        .join(
            before,
            and_(
                before.c.revision_id == earlier.c.id,
                before.c.function_area_id == timetable.c.function_area_id,
            ),
        )
        .where(
            before.c.last_day_on > timetable.c.moved_limit_on,
            timetable.c.last_day_on >= scope.day,
            earlier.c.number == _last_with_another_day(),
        )
    )


def _last_with_another_day() -> ColumnElement[int]:
    then, row = revision.alias("then"), timetable.alias("row_then")
    return (
        select(func.max(then.c.number))
        .select_from(then.join(row, row.c.revision_id == then.c.id))
        .where(
            then.c.plan_id == revision.c.plan_id,
            then.c.number < revision.c.number,
            then.c.in_force_on.is_not(None),
            row.c.function_area_id == timetable.c.function_area_id,
            row.c.last_day_on != timetable.c.last_day_on,
        )
        .correlate(revision, timetable)
        .scalar_subquery()
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
        limits=(NEAR,),
    ),
    Rule(
        code="violation-uncovered",
        title="A violation that nobody verifies",
        for_children="Some violations against children would no longer be seen by anybody.",
        sentence="In {area} nobody has confirmed to verify: {types}.",
        remedy="Have a receiver confirm each type, or say which stay uncovered and why.",
        elements=("C", "J"),
        source="Resolution 2764 (2024), elements C and J",
        touched_by=("capacity", "timetable_step"),
        build=violation_uncovered,
        ladder=critical_when_over,
        limits=(NEAR,),
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
