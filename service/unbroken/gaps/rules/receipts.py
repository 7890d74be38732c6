"""Rules about answers: not given, in part, on condition, disputed, out of date, not sustained."""

from sqlalchemy import case, or_

from unbroken.gaps.rules.ladders import always, by_tier, critical_after
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import GREEN, WAITING, Scope, Statement, later_of, timetable
from unbroken.gaps.rules.words import Severity

OPEN_AGAIN = ("not-started", "planned", "withdrawn", "declined", "lapsed")
SIGNED = (*GREEN, "conditional", "recommended", "attested")


def unconfirmed(scope: Scope) -> Statement:
    """Return offers that were not answered within their window or by the last day."""
    capacity = scope.capacity
    answer_by = later_of(capacity.c.answer_by, capacity.c.extended_to_on)
    statement = scope.of_capacities(answer_by, dimension=capacity.c.dimension, answer_by=answer_by)
    return statement.where(
        capacity.c.state.in_(WAITING),
        or_(answer_by < scope.on, timetable.c.last_day_on < scope.on),
    )


def short_received(scope: Scope) -> Statement:
    """Return what was left over from a part that was confirmed and that nobody covers."""
    capacity = scope.capacity
    statement = scope.of_capacities(
        timetable.c.last_day_on,
        dimension=capacity.c.dimension,
        quantity=capacity.c.quantity,
        unit=capacity.c.unit,
        parts=capacity.c.parts,
    )
    return statement.where(capacity.c.rest_of_id.is_not(None), capacity.c.state.in_(OPEN_AGAIN))


def conditional(scope: Scope) -> Statement:
    """Return confirmations whose condition was not met by its date (that day is still in time)."""
    capacity = scope.capacity
    until = capacity.c.condition_until_on
    statement = scope.of_capacities(until, dimension=capacity.c.dimension, until=until)
    return statement.where(capacity.c.state == "conditional", until < scope.on)


def disputed(scope: Scope) -> Statement:
    """Return disputes past their clock."""
    capacity = scope.capacity
    until = capacity.c.dispute_until_on
    statement = scope.of_capacities(until, dimension=capacity.c.dimension, until=until)
    return statement.where(capacity.c.state == "disputed", until < scope.on)


def stale_signature(scope: Scope) -> Statement:
    """Return capacities whose content is no longer what was signed."""
    capacity = scope.capacity
    statement = scope.of_capacities(timetable.c.last_day_on, dimension=capacity.c.dimension)
    return statement.where(
        capacity.c.state.in_(SIGNED), capacity.c.signed_hash != capacity.c.content_hash
    )


def not_sustained(scope: Scope) -> Statement:
    """Return confirmed capacities whose check after 3, 6 or 12 months was missed or failed."""
    capacity, dated = scope.capacity, timetable.c
    missed_3 = (capacity.c.checked_3_on.is_(None)) & (dated.check_3_on < scope.on)
    missed_6 = (capacity.c.checked_6_on.is_(None)) & (dated.check_6_on < scope.on)
    missed_12 = (capacity.c.checked_12_on.is_(None)) & (dated.check_12_on < scope.on)
    failed = capacity.c.check_failed_on.is_not(None)
    turns_on = case(
        (failed, capacity.c.check_failed_on),
        (missed_3, dated.check_3_on),
        (missed_6, dated.check_6_on),
        else_=dated.check_12_on,
    )
    statement = scope.of_capacities(turns_on, dimension=capacity.c.dimension, failed=failed)
    confirmed = (*GREEN, "lapsed")
    return statement.where(
        capacity.c.state.in_(confirmed), or_(failed, missed_3, missed_6, missed_12)
    )


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
        ladder=critical_after,
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
    ),
    Rule(
        code="stale-signature",
        title="What was signed has changed",
        for_children="What was promised for children is no longer what is written down.",
        sentence="{dimension} for {function} in {area} have changed since they were signed.",
        remedy="Ask the receiver to answer again; until then it counts as offered.",
        elements=("H",),
        source="Design judgement, 2026",
        touched_by=("capacity", "agreement"),
        build=stale_signature,
        ladder=by_tier,
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
        ladder=always(Severity.HIGH),
    ),
)
