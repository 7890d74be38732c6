"""Rules about a plan as a whole.

Late, not assessed, no baseline, no coordination, silent, no custodian.
"""

from datetime import date

from sqlalchemy import exists, func, null, or_, select, union_all

from unbroken.gaps.rules.cover import GIVEN_ELSEWHERE, SET_ASIDE, is_green
from unbroken.gaps.rules.ladders import always
from unbroken.gaps.rules.rule import Found, Rule
from unbroken.gaps.rules.scope import (
    Scope,
    Statement,
    Union,
    area,
    plan,
    revision,
    timetable,
    transfer,
)
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table

assessment, meeting, custody = table("assessment"), table("meeting"), table("custody")
baseline = table("baseline")
DOWNSIZING, START_UP = "downsizing", "start-up"


def late_plan(scope: Scope) -> Statement:
    """Return plans whose decision is taken and that have no revision in force when one is due."""
    statement = scope.of_plans(
        plan.c.plan_due_on,
        decided=plan.c.triggered_on,
        mandate_ends=plan.c.mandate_ends_on,
        due=plan.c.plan_due_on,
    )
    return statement.where(
        revision.c.id.is_(None), plan.c.plan_due_on < scope.day, plan.c.kind != DOWNSIZING
    )


def cuts_without_plan(scope: Scope) -> Statement:
    """Return cuts of posts or budget that are decided and have no plan in force."""
    statement = scope.of_plans(
        plan.c.plan_due_on, decided=plan.c.triggered_on, due=plan.c.plan_due_on
    )
    return statement.where(
        revision.c.id.is_(None), plan.c.plan_due_on < scope.day, plan.c.kind == DOWNSIZING
    )


def assessment_missing(scope: Scope) -> Statement:
    """Return plans in force without a dated assessment of advisers since the decision."""
    assessed = exists().where(
        assessment.c.plan_id == plan.c.id,
        assessment.c.known_on <= scope.day,
        assessment.c.assessed_on >= plan.c.triggered_on,
    )
    statement = scope.of_plans(plan.c.plan_due_on, decided=plan.c.triggered_on)
    return statement.where(revision.c.id.is_not(None), plan.c.plan_due_on < scope.day, ~assessed)


def baseline_missing(scope: Scope) -> Statement:
    """Return plans in force without a signed baseline."""
    signed = exists().where(
        baseline.c.plan_id == plan.c.id,
        baseline.c.state == "signed",
        baseline.c.signed_on <= scope.day,
    )
    statement = scope.of_plans(plan.c.plan_due_on, decided=plan.c.triggered_on)
    return statement.where(revision.c.id.is_not(None), plan.c.plan_due_on < scope.day, ~signed)


def no_coordination(scope: Scope) -> Statement:
    """Return plans in force without one dated meeting of all four actors since the decision."""
    met = exists().where(
        meeting.c.plan_id == plan.c.id,
        meeting.c.known_on <= scope.day,
        meeting.c.held_on >= plan.c.triggered_on,
        meeting.c.head_of_operation,
        meeting.c.special_representative,
        meeting.c.task_force,
        meeting.c.authorities,
    )
    statement = scope.of_plans(plan.c.plan_due_on, decided=plan.c.triggered_on)
    return statement.where(revision.c.id.is_not(None), plan.c.plan_due_on < scope.day, ~met)


def silent(scope: Scope) -> Union:
    """Return unsettled transfers that nobody has touched within their window, and such plans.

    The day stored with each is the last that may pass without a word. Where a whole plan is silent
    its transfers are not told one by one, and a transfer is told until its last day.
    """
    is_quiet = plan.c.silent_after_on < scope.day
    transfers = scope.of_transfers(transfer.c.silent_after_on, last=transfer.c.touched_on)
    plans = scope.of_plans(
        plan.c.silent_after_on,
        function=null(),
        area=null(),
        last_day=null(),
        last=plan.c.touched_on,
    )
    capacity = scope.capacity
    unsettled = exists().where(
        capacity.c.transfer_id == transfer.c.id,
        ~is_green(capacity),
        capacity.c.state.notin_((*SET_ASIDE, *GIVEN_ELSEWHERE)),
    )
    # the transfers come first: a compound statement takes its columns' types from its first part
    return union_all(
        transfers.where(
            transfer.c.silent_after_on < scope.day,
            timetable.c.last_day_on >= scope.day,
            or_(plan.c.silent_after_on.is_(None), ~is_quiet),
            unsettled,
        ),
        plans.where(revision.c.id.is_not(None), is_quiet),
    )


def no_custodian(scope: Scope) -> Statement:
    """Return plans whose last function has ended and that no named body holds.

    What a mission starts up has nobody to be handed to.
    """
    held = exists().where(custody.c.plan_id == plan.c.id, custody.c.taken_on <= scope.day)
    last = (
        select(func.max(timetable.c.custodian_by))
        .where(timetable.c.revision_id == revision.c.id)
        .correlate(revision)
        .scalar_subquery()
    )
    unpublished = exists().where(area.c.plan_id == plan.c.id, area.c.closings_public.is_(False))
    statement = scope.of_plans(last, restricted=unpublished, due=last)
    return statement.where(
        revision.c.id.is_not(None), plan.c.kind != START_UP, last < scope.day, ~held
    )


def silent_ladder(found: Found, _on: date) -> Severity:
    """Return medium for a plan and for tier 1, low for other transfers."""
    return Severity.MEDIUM if found.tier in (None, 1) else Severity.LOW


def late_plan_ladder(found: Found, on: date) -> Severity:
    """Return critical once the mandate has ended, high before."""
    ends = found.facts.get("mandate_ends")
    over = isinstance(ends, str) and date.fromisoformat(ends) <= on
    return Severity.CRITICAL if over else Severity.HIGH


RULES = (
    Rule(
        code="late-plan",
        title="Decided, and no plan in force",
        for_children="The mission is leaving and nobody has said who will look after children.",
        sentence="The decision was taken on {decided}, the mandate ends on {mandate_ends}, "
        "and no plan "
        "has come into force; one was due by {due}.",
        remedy="Bring a first revision into force. Begin with the functions of tier 1.",
        elements=("B", "H"),
        source="S/RES/2594 (2021); letter S/2023/611 (18 August 2023)",
        touched_by=("plan", "revision"),
        build=late_plan,
        ladder=late_plan_ladder,
    ),
    Rule(
        code="cuts-without-plan",
        title="Cuts without a plan",
        for_children="Posts that protect children go without anybody deciding what is lost.",
        sentence="Cuts were decided on {decided} and no plan has come into force; one was due "
        "by {due}.",
        remedy="Bring a revision into force that says which functions end, where and when.",
        elements=("D", "E"),
        source="Budget cut of October 2025 in nine missions",
        touched_by=("plan", "revision"),
        build=cuts_without_plan,
        ladder=always(Severity.HIGH),
    ),
    Rule(
        code="assessment-missing",
        title="Advisers not assessed",
        for_children="Nobody has asked how many child protection advisers children still need.",
        sentence="No dated assessment of the need for, number and roles of child protection "
        "advisers "
        "since the decision of {decided}.",
        remedy="Record the assessment with its date and source.",
        elements=("D",),
        source="Resolution 2764 (2024), element D",
        touched_by=("assessment",),
        build=assessment_missing,
        ladder=always(Severity.MEDIUM),
    ),
    Rule(
        code="baseline-missing",
        title="No signed baseline",
        for_children="What children have today is not written down, so its loss cannot be seen.",
        sentence="No signed record of what the mission performs since the decision of {decided}.",
        remedy="Draft the baseline and sign it.",
        elements=("E", "H"),
        source="Design judgement, 2026",
        touched_by=("baseline",),
        build=baseline_missing,
        ladder=always(Severity.HIGH),
    ),
    Rule(
        code="no-coordination",
        title="The four actors have not met",
        for_children="Those who share the duty to protect children have not sat at one table.",
        sentence="No dated meeting of the head of the operation, the Special Representative's "
        "office, "
        "the task force and the authorities since {decided}.",
        remedy="Record a meeting with its date and the actors present.",
        elements=("F", "G"),
        source="Resolution 2764 (2024), element G",
        touched_by=("meeting",),
        build=no_coordination,
        ladder=always(Severity.MEDIUM),
    ),
    Rule(
        code="silent",
        title="No word",
        for_children="Nobody has said anything for so long that nothing can be taken as true.",
        sentence="Nobody has worked on it since {last}.",
        remedy="Update it, or pause it with a reason.",
        elements=("G",),
        source="Design judgement, 2026",
        touched_by=("plan", "transfer"),
        build=silent,
        ladder=silent_ladder,
    ),
    Rule(
        code="no-custodian",
        title="Nobody holds the plan",
        for_children="The mission is gone and nobody is left who checks that children are covered.",
        sentence="The last function ended on {due} and no named body has taken custody of the "
        "plan.",
        remedy="A named body takes custody by a signed act.",
        elements=("G", "H"),
        source="MRM guidance on phasing out (2014); design judgement, 2026",
        touched_by=("custody", "timetable"),
        build=no_custodian,
        ladder=always(Severity.HIGH),
    ),
)
