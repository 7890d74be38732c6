"""Rules about posts: too short an overlap, vacant, one person alone.

A chair without a secretariat.
"""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from unbroken.gaps.rules.ladders import always, by_tier, critical_when_over
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    GREEN,
    Scope,
    Statement,
    found,
    function_area,
    plan,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

post, post_function = table("post"), table("post_function")


def _posts_for_the_function(scope: Scope) -> ColumnElement[bool]:
    return and_(
        post.c.plan_id == function_area.c.plan_id,
        or_(post.c.area_id.is_(None), post.c.area_id == function_area.c.area_id),
        post_function.c.post_id == post.c.id,
        post_function.c.function_code == function_area.c.function_code,
        post.c.known_on <= scope.on,
    )


def posts_end_first(scope: Scope) -> Statement:
    """Return functions whose successor's first post starts after the overlap should have begun."""
    starts = (
        select(func.min(post.c.starts_on))
        .where(_posts_for_the_function(scope), post.c.side == "receiver")
        .correlate(function_area)
        .scalar_subquery()
    )
    statement = scope.of_functions(
        timetable.c.overlap_from_on, starts=starts, overlap_from=timetable.c.overlap_from_on
    )
    return statement.where(starts > timetable.c.overlap_from_on)


def post_vacant(scope: Scope) -> Statement:
    """Return authorised posts that are not filled, of the giver or of a receiver."""
    columns = found(
        subjects=[post.c.uid],
        turns_on=post.c.known_on,
        facts={name: post.c[name] for name in ("reference", "authorised", "filled", "side")},
    )
    statement = scope.of_plans(plan.c.triggered_on).with_only_columns(*columns)
    return statement.join(post, post.c.plan_id == plan.c.id).where(
        post.c.known_on <= scope.on,
        post.c.filled < post.c.authorised,
        or_(post.c.starts_on.is_(None), post.c.starts_on <= scope.on),
        or_(post.c.ends_on.is_(None), post.c.ends_on >= scope.on),
    )


def single_person(scope: Scope) -> Statement:
    """Return tier-1 functions in an area behind which only one post of a side stands."""
    alone = (
        select(func.sum(post.c.authorised))
        .where(
            _posts_for_the_function(scope),
            or_(post.c.ends_on.is_(None), post.c.ends_on >= scope.on),
            or_(post.c.starts_on.is_(None), post.c.starts_on <= scope.on),
        )
        .correlate(function_area)
        .scalar_subquery()
    )
    statement = scope.of_functions(timetable.c.last_day_on, posts=alone)
    return statement.where(function_area.c.tier == 1, alone == 1)


def chair_without_secretariat(scope: Scope) -> Statement:
    """Return task-force chairs that are confirmed while no funded secretariat post is on record."""
    capacity = scope.capacity
    confirmed = exists().where(
        capacity.c.transfer_id == transfer.c.id,
        transfer.c.function_area_id == function_area.c.id,
        scope.transfer_is_open(),
        capacity.c.state.in_(GREEN),
    )
    funded = exists().where(
        post.c.plan_id == function_area.c.plan_id,
        post.c.side == "receiver",
        post.c.is_secretariat,
        post.c.known_on <= scope.on,
        post.c.authorised > 0,
        post.c.funded_until_on >= scope.on,
    )
    statement = scope.of_functions(timetable.c.last_day_on)
    return statement.where(function_area.c.function_code == "MRM-CHAIR", confirmed, ~funded)


RULES = (
    Rule(
        code="posts-end-first",
        title="Posts end before the successor starts",
        for_children="Between the last day of one and the first of the other, nobody is there.",
        sentence="The successor for {function} in {area} starts on {starts}; the overlap "
        "should begin on "
        "{overlap_from}.",
        remedy="Start the successor earlier or keep the mission's post longer.",
        elements=("E", "H"),
        source="Watchlist update (December 2024); op-ed on advisers of closing missions "
        "(August 2019)",
        touched_by=("post", "timetable"),
        build=posts_end_first,
        ladder=critical_when_over,
    ),
    Rule(
        code="post-vacant",
        title="A post is vacant",
        for_children="A post that was meant for children has nobody in it.",
        sentence="{reference} ({side}): {filled} of {authorised} posts are filled.",
        remedy="Fill the post, or record why it stays empty.",
        elements=("E",),
        source="Resolution 2764 (2024), element E",
        touched_by=("post",),
        build=post_vacant,
        ladder=always(Severity.MEDIUM),
    ),
    Rule(
        code="single-person",
        title="One person alone",
        for_children="If this one person leaves, the work for children stops.",
        sentence="One post alone stands behind {function} in {area}.",
        remedy="Name a second post or a deputy.",
        elements=("E",),
        source="Design judgement, 2026",
        touched_by=("post", "timetable"),
        build=single_person,
        ladder=by_tier,
        always_restricted=True,
    ),
    Rule(
        code="chair-without-secretariat",
        title="A chair without a secretariat",
        for_children="The task force has a chair and nobody who does its work.",
        sentence="The chair of the task force is confirmed and its secretariat has no funded post.",
        remedy="Record the secretariat's post with the day until which it is funded.",
        elements=("F", "G"),
        source="Watchlist update on the Democratic Republic of the Congo (December 2024)",
        touched_by=("post", "capacity"),
        build=chair_without_secretariat,
        ladder=always(Severity.HIGH),
    ),
)
