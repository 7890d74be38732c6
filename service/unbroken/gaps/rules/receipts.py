"""Rules about answers: not given, in part, on condition, disputed, out of date, not sustained."""

from datetime import date

from sqlalchemy import ColumnElement, FromClause, and_, case, or_

from unbroken.gaps.rules.cover import GIVEN_ELSEWHERE, elsewhere, is_asked, is_over, is_stale
from unbroken.gaps.rules.ladders import NEAR, by_tier, critical_after, critical_once_needed
from unbroken.gaps.rules.rule import Found, Rule
from unbroken.gaps.rules.scope import (
    GREEN,
    WAITING,
    Scope,
    Statement,
    earlier_of,
    later_of,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity

OPEN_AGAIN = ("not-started", "planned", "withdrawn", "declined", "lapsed")
SIGNED = (*GREEN, "conditional", "recommended", "attested")
UPPER_TIERS = 2


def unconfirmed(scope: Scope) -> Statement:
    """Return offers that were not answered within their window or by the last day.

    An extension holds where it is later, and never past the last day.
    """
    capacity = scope.capacity
    granted = later_of(capacity.c.answer_by, capacity.c.extended_to_on)
    answer_by = earlier_of(granted, _needed_by(capacity))
    statement = scope.of_capacities(answer_by, dimension=capacity.c.dimension, answer_by=answer_by)
    return statement.where(capacity.c.state.in_(WAITING), answer_by < scope.day, ~is_over(capacity))


def _needed_by(capacity: FromClause) -> ColumnElement[date]:
    return later_of(timetable.c.last_day_on, capacity.c.cover_from_on)


def short_received(scope: Scope) -> Statement:
    """Return what was left over from a part that was confirmed and that nobody covers.

    What was withdrawn or declined is forgiven where another receiver has as much of it. What is
    left for a later time is told at once, and needed from its first day on.
    """
    capacity = scope.capacity
    statement = scope.of_capacities(
        _needed_by(capacity),
        dimension=capacity.c.dimension,
        quantity=capacity.c.quantity,
        unit=capacity.c.unit,
        parts=capacity.c.parts,
        first=capacity.c.cover_from_on,
        until=capacity.c.cover_until_on,
    )
    return statement.where(
        capacity.c.rest_of_id.is_not(None),
        is_asked(capacity),
        capacity.c.state.in_(OPEN_AGAIN),
        or_(capacity.c.state.notin_(GIVEN_ELSEWHERE), ~elsewhere(scope)),
    )


def conditional(scope: Scope) -> Statement:
    """Return confirmations whose condition was not met by its date (that day is still in time).

    Also once they are recorded as lapsed for it, until they are answered again.
    """
    capacity = scope.capacity
    until = capacity.c.condition_until_on
    lapsed = and_(capacity.c.state == "lapsed", capacity.c.check_failed_on.is_(None))
    statement = scope.of_capacities(until, dimension=capacity.c.dimension, until=until)
    is_open = or_(capacity.c.state == "conditional", lapsed)
    return statement.where(until < scope.day, is_open, ~is_over(capacity))


def disputed(scope: Scope) -> Statement:
    """Return disputes past their clock."""
    capacity = scope.capacity
    until = capacity.c.dispute_until_on
    statement = scope.of_capacities(until, dimension=capacity.c.dimension, until=until)
    return statement.where(capacity.c.state == "disputed", until < scope.day)


def stale_signature(scope: Scope) -> Statement:
    """Return capacities whose content is no longer what was signed."""
    capacity = scope.capacity
    statement = scope.of_capacities(timetable.c.last_day_on, dimension=capacity.c.dimension)
    return statement.where(capacity.c.state.in_(SIGNED), is_stale(capacity), ~is_over(capacity))


def not_sustained(scope: Scope) -> Statement:
    """Return confirmed capacities whose check after 3, 6 or 12 months was missed or failed.

    A bridge has no checks, and a check that was due before the confirmation was never due.
    """
    capacity = scope.capacity
    failed_on = capacity.c.check_failed_on
    failed = and_(failed_on.is_not(None), failed_on <= scope.day)
    missed = [(_missed(scope, months), timetable.c[f"check_{months}_on"]) for months in (3, 6, 12)]
    statement = scope.of_capacities(
        case((failed, failed_on), *missed[:-1], else_=timetable.c.check_12_on),
        dimension=capacity.c.dimension,
        failed=failed,
    )
    return statement.where(
        transfer.c.kind != "bridge",
        or_(
            and_(failed, capacity.c.state.in_((*GREEN, "lapsed"))),
            and_(
                timetable.c.check_3_on < scope.day,
                capacity.c.state.in_(GREEN),
                or_(*(is_missed for is_missed, _ in missed)),
            ),
        ),
    )


def _missed(scope: Scope, months: int) -> ColumnElement[bool]:
    capacity = scope.capacity
    due_on, done_on = timetable.c[f"check_{months}_on"], capacity.c[f"checked_{months}_on"]
    confirmed_on = capacity.c.confirmed_on
    return and_(
        due_on < scope.day,
        or_(done_on.is_(None), done_on > scope.day),
        or_(confirmed_on.is_(None), confirmed_on <= due_on),
    )


def not_sustained_ladder(found: Found, _on: date) -> Severity:
    """Return critical where a check of tiers 1 or 2 failed, else high."""
    is_lost = found.facts.get("failed") is True and (found.tier or 1) <= UPPER_TIERS
    return Severity.CRITICAL if is_lost else Severity.HIGH


RULES = (
    Rule(
        code="unconfirmed",
        title="Offered and not answered",
        for_children="Nobody knows whether the children there will be covered: silence is not "
        "a yes.",
        sentence="{dimension} for {function} in {area} were offered and not answered by "
        "{answer_by}.",
        remedy="Answer: confirm, confirm in part, decline, dispute, or ask for more time.",
        elements=("F", "H"),
        source="Resolution 2764 (2024), element H; design judgement, 2026",
        touched_by=("capacity", "timetable"),
        build=unconfirmed,
        ladder=critical_after,
        limits=(NEAR,),
    ),
    Rule(
        code="short-received",
        title="Received in part",
        for_children="Some of the children who were covered are covered no longer.",
        sentence="Part of {dimension} for {function} in {area} was received; the rest stays "
        "with the "
        "mission until {last_day}.",
        remedy="Offer the rest to the same or another receiver.",
        elements=("H",),
        source="Resolution 2764 (2024), element H; design judgement, 2026",
        touched_by=("capacity",),
        build=short_received,
        ladder=critical_once_needed,
        limits=(NEAR,),
    ),
    Rule(
        code="conditional",
        title="A condition was not met",
        for_children="A promise to carry on depended on something that has not come.",
        sentence="{dimension} for {function} in {area} were confirmed on a condition that ran "
        "out on "
        "{until}.",
        remedy="Record that the condition is met, or answer again.",
        elements=("H",),
        source="Design judgement, 2026",
        touched_by=("capacity",),
        build=conditional,
        ladder=critical_after,
        limits=(NEAR,),
    ),
    Rule(
        code="disputed",
        title="A dispute past its clock",
        for_children="Two organisations disagree and the children wait.",
        sentence="What is offered of {dimension} for {function} in {area} has been disputed past "
        "{until}.",
        remedy="The task-force co-chair resolves it: offered again or ended.",
        elements=("F", "G"),
        source="Design judgement, 2026",
        touched_by=("capacity",),
        build=disputed,
        ladder=critical_after,
        limits=(NEAR,),
    ),
    Rule(
        code="stale-signature",
        title="What was signed has changed",
        for_children="What was promised for children is no longer what is written down.",
        sentence="{dimension} for {function} in {area} have changed since they were signed.",
        remedy="Ask the receiver to answer again; until then it counts as offered.",
        elements=("H",),
        source="Design judgement, 2026",
        touched_by=("capacity",),
        build=stale_signature,
        ladder=by_tier,
        limits=(NEAR,),
    ),
    Rule(
        code="not-sustained",
        title="Not checked, or no longer true",
        for_children="Cover was confirmed once; nobody has looked whether it is still there.",
        sentence="{dimension} for {function} in {area} were confirmed, and a check after the "
        "last day "
        "was missed or failed.",
        remedy="The custodian records the check, or says that the capacity has lapsed.",
        elements=("G", "H"),
        source="MRM guidance on phasing out (2014): at least one further cycle",
        touched_by=("capacity", "timetable"),
        build=not_sustained,
        ladder=not_sustained_ladder,
    ),
)
