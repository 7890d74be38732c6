"""Rules about posts: too short an overlap, vacant, one person alone.

A chair without a secretariat.
"""

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from unbroken.gaps.rules.cover import has_receiver, is_green, of_function
from unbroken.gaps.rules.ladders import NEAR, always, by_tier, critical_when_over
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    Scope,
    Statement,
    area,
    found,
    function_area,
    later_of,
    plan,
    timetable,
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
        post.c.known_on <= scope.day,
    )


def posts_end_first(scope: Scope) -> Statement:
    """Return functions whose successor's first post starts after the overlap should have begun.

    Also, once it should have begun, where the mission's posts are on record and no successor's is:
    what is on record of one side only ends with that side. A function without any post on record
    tells nothing; a start that is not stated is none. Told until the last day, and after it until
    the successor has started.
    """
    lasts = or_(post.c.ends_on.is_(None), post.c.ends_on > timetable.c.last_day_on)
    starts = (
        select(func.min(post.c.starts_on))
        .where(_posts_for_the_function(scope), post.c.side == "receiver", lasts)
        .correlate(function_area, timetable)
        .scalar_subquery()
    )
    given = exists().where(_posts_for_the_function(scope), post.c.side == "giver")
    overlap_from = timetable.c.overlap_from_on
    statement = scope.of_functions(overlap_from, starts=starts, overlap_from=overlap_from)
    late = and_(
        starts > overlap_from, or_(timetable.c.last_day_on >= scope.day, starts > scope.day)
    )
    # without a receiver there is no successor to wait for: `no-receiver` says so
    nobody = and_(starts.is_(None), overlap_from < scope.day, given, has_receiver(scope))
    return statement.where(or_(late, nobody))


def post_vacant(scope: Scope) -> Statement:
    """Return authorised posts that are not filled, of the giver or of a receiver.

    Restricted where one of its functions is, or where the closing of its area is not public.
    """
    columns = found(
        subjects=[post.c.uid],
        turns_on=later_of(post.c.known_on, post.c.starts_on),
        facts={name: post.c[name] for name in ("reference", "authorised", "filled", "side")},
        restricted=_is_sensitive(),
    )
    statement = scope.of_plans(plan.c.triggered_on).with_only_columns(*columns)
    return statement.join(post, post.c.plan_id == plan.c.id).where(
        post.c.known_on <= scope.day, post.c.filled < post.c.authorised, _is_running(scope)
    )


def _is_sensitive() -> ColumnElement[bool]:
    its_function = exists().where(
        post_function.c.post_id == post.c.id,
        function_area.c.plan_id == post.c.plan_id,
        function_area.c.function_code == post_function.c.function_code,
        function_area.c.restricted,
    )
    its_area = exists().where(area.c.id == post.c.area_id, area.c.closings_public.is_(False))
    return or_(its_function, its_area)


def _is_running(scope: Scope) -> ColumnElement[bool]:
    return and_(
        or_(post.c.starts_on.is_(None), post.c.starts_on <= scope.day),
        or_(post.c.ends_on.is_(None), post.c.ends_on >= scope.day),
    )


def single_person(scope: Scope) -> Statement:
    """Return tier-1 functions in an area behind which one side has a single running post.

    The mission's side counts until the last day, a successor's from its start.
    """
    giver, receiver = _running_posts(scope, "giver"), _running_posts(scope, "receiver")
    alone = or_(and_(giver == 1, timetable.c.last_day_on >= scope.day), receiver == 1)
    statement = scope.of_functions(timetable.c.last_day_on, posts=1)
    return statement.where(function_area.c.tier == 1, alone)


def _running_posts(scope: Scope, side: str) -> ScalarSelect[int]:
    return (
        select(func.sum(post.c.authorised))
        .where(_posts_for_the_function(scope), post.c.side == side, _is_running(scope))
        .correlate(function_area)
        .scalar_subquery()
    )


def chair_without_secretariat(scope: Scope) -> Statement:
    """Return task-force chairs that are confirmed while no secretariat is funded past the mission.

    A post that is funded only while the mission is there leaves the chair alone after it.
    """
    funded = exists().where(
        post.c.plan_id == function_area.c.plan_id,
        post.c.side == "receiver",
        post.c.is_secretariat,
        post.c.known_on <= scope.day,
        post.c.authorised > 0,
        post.c.funded_until_on >= scope.day,
        post.c.funded_until_on > timetable.c.last_day_on,
    )
    statement = scope.of_functions(timetable.c.last_day_on)
    confirmed = of_function(scope, is_green(scope.capacity))
    return statement.where(function_area.c.function_code == "MRM-CHAIR", confirmed, ~funded)


RULES = (
    Rule(
        code="posts-end-first",
        title="Posts end before the successor starts",
        for_children="Between the last day of one and the first of the other, nobody is there.",
        sentence="The receiver's posts for {function} in {area} should begin by {overlap_from}; "
        "the first begins: {starts}.",
        remedy="Start the successor earlier or keep the mission's post longer.",
        elements=("E", "H"),
        source="Watchlist update (December 2024); op-ed on advisers of closing missions "
        "(August 2019)",
        touched_by=("post", "timetable"),
        build=posts_end_first,
        ladder=critical_when_over,
        limits=(NEAR,),
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
        limits=(NEAR,),
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
