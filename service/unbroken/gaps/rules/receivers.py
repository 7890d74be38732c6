"""Rules about who receives.

Nobody named, offers too small, cover not confirmed, bridges, victims.
"""

from sqlalchemy import Exists, ScalarSelect, and_, case, exists, func, literal, or_, select

from unbroken.gaps.rules.cover import (
    GIVEN_ELSEWHERE,
    SET_ASIDE,
    has_begun,
    has_cover,
    has_receiver,
    is_asked,
    is_bridged,
    is_green,
    is_running,
    lacks,
    of_function,
)
from unbroken.gaps.rules.ladders import (
    NEAR,
    always,
    by_days_left,
    by_tier,
    critical_when_over,
    uncovered,
)
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    Scope,
    Statement,
    function_area,
    step,
    step_of,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

baseline, baseline_line = table("baseline"), table("baseline_line")
REPORTS = "Letter S/2023/611 (18 August 2023); road map for South Kivu (22 June 2024)"


def no_receiver(scope: Scope) -> Statement:
    """Return functions whose receiver is due, or whose last day has come, and nobody receives.

    Who declined everything, who had everything withdrawn, and a bridge that ended receive nothing.
    """
    over = timetable.c.last_day_on <= scope.day
    turns_on = case((over, timetable.c.last_day_on), else_=timetable.c.receiver_by)
    statement = scope.of_functions(turns_on, receiver_by=timetable.c.receiver_by, over=over)
    return statement.where(or_(over, timetable.c.receiver_by < scope.day), ~has_receiver(scope))


def short_offered(scope: Scope) -> Statement:
    """Return functions whose offered posts are fewer than the newest signed baseline says.

    A bridge and what a receiver passes on add nothing to what the mission offers. What was split
    off from a part that was confirmed counts as offered: ``short-received`` has it.
    """
    capacity = scope.capacity
    is_first = transfer.c.kind == "transfer"
    offered = (
        select(func.coalesce(func.sum(capacity.c.quantity), 0))
        .select_from(capacity.join(transfer, capacity.c.transfer_id == transfer.c.id))
        .where(
            transfer.c.function_area_id == function_area.c.id,
            scope.transfer_is_open(),
            is_first,
            capacity.c.dimension == "posts",
            # each post has one capacity whose time has no beginning, however often it was split
            capacity.c.cover_from_on.is_(None),
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
        .where(
            baseline_line.c.function_area_id == function_area.c.id,
            baseline_line.c.baseline_id == _newest_baseline(scope),
        )
        .correlate(function_area)
        .scalar_subquery()
    )
    statement = scope.of_functions(timetable.c.receiver_by, posts_held=held, posts_offered=offered)
    is_meant = of_function(scope, is_first, capacity.c.state.notin_(GIVEN_ELSEWHERE))
    return statement.where(timetable.c.receiver_by < scope.day, held > offered, is_meant)


def _newest_baseline(scope: Scope) -> ScalarSelect[int]:
    return (
        select(baseline.c.id)
        .where(
            baseline.c.plan_id == function_area.c.plan_id,
            baseline.c.state == "signed",
            baseline.c.signed_on <= scope.day,
        )
        .order_by(baseline.c.number.desc())
        .limit(1)
        .correlate(function_area)
        .scalar_subquery()
    )


def closes_uncovered(scope: Scope) -> Statement:
    """Return functions with a receiver whose cover is not confirmed when it should be.

    Each capacity counts from the day after it should have been confirmed, all of them from the last
    day on; a signature that no longer fits is not one. What follows a time that is covered counts
    from its first day: before that ``short-received`` tells of it. Where nothing lasting is
    confirmed or ended by decision at all (a bridge alone, everything called not applicable) it
    counts from the day after the agreement was due.
    """
    over = timetable.c.last_day_on <= scope.day
    capacity = scope.capacity
    confirm = step_of(literal("confirm:").concat(capacity.c.dimension))
    # two levels down nothing is correlated by itself
    is_due = exists().where(confirm, step.c.due_on < scope.day).correlate(timetable, capacity)
    first = capacity.c.cover_from_on
    from_the_start = or_(first.is_(None), first <= timetable.c.last_day_on)
    is_late = and_(from_the_start, or_(timetable.c.last_day_on <= scope.day, is_due))
    uncovered = lacks(scope, or_(is_late, first <= scope.day))
    nothing = and_(or_(over, timetable.c.agreement_by < scope.day), ~has_cover(scope))
    statement = scope.of_functions(timetable.c.last_day_on, bridged=is_bridged(scope))
    return statement.where(or_(uncovered, nothing), has_receiver(scope))


def cannot_be_met(scope: Scope) -> Statement:
    """Return functions whose minimum lead does not fit and whose whole cover is not confirmed."""
    statement = scope.of_functions(
        timetable.c.last_day_on,
        lead_days=timetable.c.lead_days,
        lead_start=timetable.c.lead_start_on,
    )
    return statement.where(
        timetable.c.cannot_be_met,
        timetable.c.last_day_on > scope.day,
        or_(~has_cover(scope), lacks(scope)),
    )


def victims_unassigned(scope: Scope) -> Statement:
    """Return assistance to victims that nobody has confirmed to own when its first date is past.

    Who owns it has people for it: only confirmed posts, a running bridge's included, count.
    """
    capacity = scope.capacity
    settled = or_(is_green(capacity), capacity.c.state == "ended")
    posts = and_(capacity.c.dimension == "posts", has_begun(capacity))
    owned = of_function(scope, is_running(scope), posts, settled)
    first = (
        select(func.min(step.c.due_on))
        .where(step_of(), step.c.step.startswith("confirm:"))
        .correlate(timetable)
        .scalar_subquery()
    )
    due = func.coalesce(first, timetable.c.receiver_by)
    return scope.of_functions(due, due=due).where(
        function_area.c.function_code == "PSEA-VIC", due < scope.day, ~owned
    )


def bridge_ends(scope: Scope) -> Statement:
    """Return bridges that end with no confirmed cover behind them; they count down from the start.

    Cover is behind a bridge where something lasting is confirmed and nothing of it is missing.
    """
    statement = scope.of_transfers(
        transfer.c.ends_on, ends=transfer.c.ends_on, window=timetable.c.bridge_days
    )
    capacity = scope.capacity
    received = exists().where(
        capacity.c.transfer_id == transfer.c.id, capacity.c.state.notin_(GIVEN_ELSEWHERE)
    )
    return statement.where(
        transfer.c.kind == "bridge",
        transfer.c.ends_on.is_not(None),
        received,
        or_(~_behind(scope, confirmed=True), _behind(scope, confirmed=False)),
    )


def _behind(scope: Scope, *, confirmed: bool) -> Exists:
    behind, capacity = transfer.alias("behind"), scope.capacity.alias("capacity_behind")
    counts = is_green(capacity) if confirmed else ~is_green(capacity)
    return exists().where(
        behind.c.function_area_id == transfer.c.function_area_id,
        behind.c.kind != "bridge",
        scope.transfer_is_open(behind),
        capacity.c.transfer_id == behind.c.id,
        capacity.c.state.notin_((*SET_ASIDE, *GIVEN_ELSEWHERE)),
        is_asked(capacity),
        counts,
    )


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
        limits=(NEAR,),
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
        limits=(NEAR,),
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
        ladder=uncovered,
        limits=(NEAR,),
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
        limits=(NEAR,),
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
