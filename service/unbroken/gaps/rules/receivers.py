"""Rules about who receives.

Nobody named, offers too small, cover not confirmed, bridges, victims.
"""

from sqlalchemy import Exists, and_, case, exists, func, or_, select

from unbroken.gaps.rules.ladders import always, by_days_left, by_tier, critical_when_over
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    GREEN,
    Scope,
    Statement,
    function_area,
    step,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

baseline, baseline_line = table("baseline"), table("baseline_line")
REPORTS = "Letter S/2023/611 (18 August 2023); road map for South Kivu (22 June 2024)"


def _has_receiver(scope: Scope) -> Exists:
    return exists().where(
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        transfer.c.declined_on.is_(None),
    )


def no_receiver(scope: Scope) -> Statement:
    """Return functions whose receiver is due, or whose last day has come.

    And that nobody receives.
    """
    over = timetable.c.last_day_on <= scope.on
    turns_on = case((over, timetable.c.last_day_on), else_=timetable.c.receiver_by)
    statement = scope.of_functions(turns_on, receiver_by=timetable.c.receiver_by, over=over)
    return statement.where(or_(over, timetable.c.receiver_by < scope.on), ~_has_receiver(scope))


def short_offered(scope: Scope) -> Statement:
    """Return functions whose offered posts are fewer than the signed baseline says.

    What was split off from a part that was confirmed counts as offered: ``short-received`` has it.
    """
    capacity = scope.capacity
    offered = (
        select(func.coalesce(func.sum(capacity.c.quantity), 0))
        .select_from(capacity.join(transfer, capacity.c.transfer_id == transfer.c.id))
        .where(
            transfer.c.function_area_id == function_area.c.id,
            scope.transfer_is_open(),
            capacity.c.dimension == "posts",
            or_(
                capacity.c.state.notin_(("not-started", "planned", "withdrawn", "declined")),
                capacity.c.rest_of_id.is_not(None),
            ),
        )
        .correlate(function_area)
        .scalar_subquery()
    )
    held = (
        select(baseline_line.c.posts)
        .select_from(baseline_line.join(baseline))
        .where(
            baseline_line.c.function_area_id == function_area.c.id,
            baseline.c.state == "signed",
            baseline.c.signed_on <= scope.on,
        )
        .order_by(baseline.c.number.desc())
        .limit(1)
        .correlate(function_area)
        .scalar_subquery()
    )
    statement = scope.of_functions(timetable.c.receiver_by, posts_held=held, posts_offered=offered)
    return statement.where(timetable.c.receiver_by < scope.on, held > offered, _has_receiver(scope))


def closes_uncovered(scope: Scope) -> Statement:
    """Return functions with a receiver whose cover is not confirmed when it should be."""
    capacity = scope.capacity
    applicable = and_(
        capacity.c.transfer_id == transfer.c.id,
        transfer.c.function_area_id == function_area.c.id,
        transfer.c.kind != "bridge",
        scope.transfer_is_open(),
        capacity.c.state.notin_(("not-applicable", "ended")),
    )
    uncovered = exists().where(applicable, capacity.c.state.notin_(GREEN))
    nothing = ~exists().where(applicable)
    statement = scope.of_functions(timetable.c.last_day_on, agreement_by=timetable.c.agreement_by)
    return statement.where(
        timetable.c.agreement_by < scope.on, _has_receiver(scope), or_(uncovered, nothing)
    )


def cannot_be_met(scope: Scope) -> Statement:
    """Return functions whose minimum lead does not fit and whose cover is not confirmed."""
    capacity = scope.capacity
    covered = exists().where(
        capacity.c.transfer_id == transfer.c.id,
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        capacity.c.state.in_(GREEN),
    )
    statement = scope.of_functions(
        timetable.c.last_day_on,
        lead_days=timetable.c.lead_days,
        lead_start=timetable.c.lead_start_on,
    )
    return statement.where(timetable.c.cannot_be_met, timetable.c.last_day_on > scope.on, ~covered)


def victims_unassigned(scope: Scope) -> Statement:
    """Return assistance to victims that nobody has confirmed to own when its first date is past."""
    capacity = scope.capacity
    owned = exists().where(
        capacity.c.transfer_id == transfer.c.id,
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        capacity.c.state.in_(GREEN),
    )
    first = (
        select(func.min(step.c.due_on))
        .where(
            step.c.revision_id == timetable.c.revision_id,
            step.c.function_area_id == timetable.c.function_area_id,
            step.c.step.startswith("confirm:"),
        )
        .correlate(timetable)
        .scalar_subquery()
    )
    return scope.of_functions(first, due=first).where(
        function_area.c.function_code == "PSEA-VIC", first < scope.on, ~owned
    )


def bridge_ends(scope: Scope) -> Statement:
    """Return bridges that end with no confirmed cover behind them."""
    behind, capacity = transfer.alias("behind"), scope.capacity
    covered = exists().where(
        behind.c.function_area_id == transfer.c.function_area_id,
        behind.c.id != transfer.c.id,
        behind.c.kind != "bridge",
        behind.c.state == "open",
        capacity.c.transfer_id == behind.c.id,
        capacity.c.state.in_(GREEN),
    )
    statement = scope.of_transfers(transfer.c.ends_on, ends=transfer.c.ends_on)
    return statement.where(transfer.c.kind == "bridge", ~covered)


RULES = (
    Rule(
        code="no-receiver",
        title="No receiver",
        for_children="When the mission leaves, nobody carries this on for the children there.",
        sentence="Nobody is named to receive {function} in {area}. A receiver was due by "
        "{receiver_by}; the last day is {last_day}.",
        remedy="Name a receiving organisation for it, or a bridge.",
        elements=("F", "H"),
        source=REPORTS,
        touched_by=("timetable", "transfer"),
        build=no_receiver,
        ladder=critical_when_over,
    ),
    Rule(
        code="short-offered",
        title="Offered less than it holds",
        for_children="Part of what protects children today is not being passed on.",
        sentence="{function} in {area} has {posts_held} posts in the signed baseline and "
        "{posts_offered} are offered.",
        remedy="Offer the missing posts, or record the decision that ends them.",
        elements=("E", "H"),
        source="Resolution 2764 (2024), element H; design judgement, 2026",
        touched_by=("timetable", "baseline_line", "capacity"),
        build=short_offered,
        ladder=by_tier,
    ),
    Rule(
        code="closes-uncovered",
        title="Ends before cover is confirmed",
        for_children="The mission stops before anybody has confirmed that children stay covered.",
        sentence="{function} in {area} ends on {last_day} and its cover is not confirmed.",
        remedy="Ask the receiver to confirm, in part if need be, or name a bridge.",
        elements=("H",),
        source="Closing of Kidal (31 October 2023); resolution 2764 (2024), element H",
        touched_by=("timetable", "transfer", "capacity"),
        build=closes_uncovered,
        ladder=critical_when_over,
    ),
    Rule(
        code="cannot-be-met",
        title="Cannot be met in the time left",
        for_children="There is not enough time left to hand this over well: choose what to save.",
        sentence="{function} in {area} needs at least {lead_days} days before {last_day}.",
        remedy="Name the residual owner now, or ask for more time for this function.",
        elements=("H",),
        source="Ranking for a compressed plan; design judgement, 2026",
        touched_by=("timetable", "capacity"),
        build=cannot_be_met,
        ladder=by_tier,
    ),
    Rule(
        code="victims-unassigned",
        title="Victims without an owner",
        for_children="Children harmed by mission personnel lose the one office that answers them.",
        sentence="Open assistance to victims has no confirmed owner; one was due by {due}.",
        remedy="Have an organisation confirm that it owns all open matters.",
        elements=("H",),
        source="ST/SGB/2003/13; mission practice on victim assistance, 2017",
        touched_by=("timetable", "capacity"),
        build=victims_unassigned,
        ladder=always(Severity.CRITICAL),
    ),
    Rule(
        code="bridge-ends",
        title="A bridge ends with nothing behind it",
        for_children="Cover that was meant to be temporary runs out.",
        sentence="The bridge for {function} in {area} ends on {ends} and no cover is confirmed "
        "behind it.",
        remedy="Confirm lasting cover before that day, or extend the bridge.",
        elements=("H",),
        source="Residual team in South Kivu (1 July 2024)",
        touched_by=("transfer", "capacity"),
        build=bridge_ends,
        ladder=by_days_left,
    ),
)
