"""Rules about work to be done.

Items, agreements, data, and what the checklist asks for girls and boys.
"""

from datetime import date

from sqlalchemy import (
    ColumnElement,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from unbroken.gaps.rules.cover import GIVEN_ELSEWHERE, SET_ASIDE, is_green
from unbroken.gaps.rules.ladders import NEAR, by_tier, critical_after
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.scope import (
    Scope,
    Statement,
    Union,
    step,
    step_of,
    timetable,
)
from unbroken.kit.db import table

agreement, link = table("agreement"), table("agreement_capacity")
signatory = table("agreement_signatory")
NOBODYS = (*SET_ASIDE, *GIVEN_ELSEWHERE)


def item_overdue(scope: Scope) -> Union:
    """Return items past their date, and items whose evidence has expired.

    The day an item falls due is still in time, and so is the last day of its evidence. Items of a
    capacity that was set aside, or that its receiver declined, are nobody's work any more; nor are
    items that the plan's edition no longer asks for.
    """
    item = scope.item
    late = _items_of(scope, step.c.due_on, expired=false()).where(
        step.c.due_on < scope.day, item.c.state == "open"
    )
    # a list of its own, or every item that is done would be looked at
    over = table("item").alias("item_over")
    ended = select(over.c.id).where(over.c.evidence_until_on < scope.day)
    expired = _items_of(scope, item.c.evidence_until_on, expired=true()).where(
        item.c.id.in_(ended), item.c.state == "done"
    )
    return union_all(late, expired)


def _items_of(
    scope: Scope, turns_on: ColumnElement[date], *, expired: ColumnElement[bool]
) -> Statement:
    capacity, item = scope.capacity, scope.item
    statement = scope.of_items(
        turns_on,
        item=item.c.item_id,
        dimension=capacity.c.dimension,
        expired=expired,
        due=turns_on,
    )
    return statement.where(capacity.c.state.notin_(NOBODYS), item.c.retired_in.is_(None))


def no_agreement(scope: Scope) -> Statement:
    """Return capacities whose agreement names the mission and has no successor by its date."""
    capacity = scope.capacity
    pending = exists().where(
        link.c.capacity_id == capacity.c.id,
        link.c.agreement_id == agreement.c.id,
        agreement.c.known_on <= scope.day,
        agreement.c.names_mission,
        or_(
            agreement.c.successor_id.is_(None),
            agreement.c.successor_signed_on.is_(None),
            agreement.c.successor_signed_on > scope.day,
        ),
    )
    statement = scope.of_capacities(
        timetable.c.agreement_by, dimension=capacity.c.dimension, due=timetable.c.agreement_by
    )
    return statement.where(
        timetable.c.agreement_by < scope.day, pending, capacity.c.state.notin_(NOBODYS)
    )


def data_stuck(scope: Scope) -> Statement:
    """Return data capacities unconfirmed past their date, or with a supplier who has not renewed.

    A signature that no longer fits is none. Archived or destroyed by decision is a valid end.
    """
    capacity = scope.capacity
    due = (
        select(step.c.due_on).where(step_of("confirm:data")).correlate(timetable).scalar_subquery()
    )
    not_renewed = exists().where(
        link.c.capacity_id == capacity.c.id,
        link.c.agreement_id == agreement.c.id,
        agreement.c.known_on <= scope.day,
        signatory.c.agreement_id == agreement.c.id,
        signatory.c.role == "data-supplier",
        signatory.c.renewed_count < signatory.c.count,
    )
    turns_on = func.coalesce(due, timetable.c.agreement_by)
    statement = scope.of_capacities(turns_on, due=turns_on, suppliers_missing=not_renewed)
    return statement.where(
        capacity.c.dimension == "data",
        capacity.c.state.notin_(NOBODYS),
        turns_on < scope.day,
        or_(~is_green(capacity), not_renewed),
    )


def no_girls_boys(scope: Scope) -> Statement:
    """Return items that ask for girls, boys, age or disability, set aside or past their date."""
    item, capacity = scope.item, scope.capacity
    late = or_(item.c.state == "not-applicable", step.c.due_on < scope.day)
    return scope.of_items(step.c.due_on, item=item.c.item_id).where(
        item.c.asks_girls_boys,
        item.c.state.in_(("open", "not-applicable")),
        late,
        item.c.retired_in.is_(None),
        capacity.c.state.notin_(NOBODYS),
    )


RULES = (
    Rule(
        code="item-overdue",
        title="Past its date",
        for_children="A step that keeps children covered has not been taken in time.",
        sentence="{item} for {function} in {area} was due on {due}.",
        remedy="Do it and record the evidence, or mark it not applicable with a reason.",
        elements=("H",),
        source="Catalogue of functions, edition of the plan",
        touched_by=("item", "timetable_step"),
        build=item_overdue,
        ladder=by_tier,
        limits=(NEAR,),
    ),
    Rule(
        code="no-agreement",
        title="An agreement names the mission",
        for_children="A protocol that gets children out of armed hands ends with the mission.",
        sentence="An agreement behind {dimension} for {function} in {area} names the mission "
        "and has no "
        "successor; one was due by {due}.",
        remedy="Have the successor named and signed, or record the amendment.",
        elements=("H", "I"),
        source="Handover protocols: Mali (1 July 2013); Central African Republic",
        touched_by=("agreement", "agreement_capacity", "timetable"),
        build=no_agreement,
        ladder=critical_after,
        limits=(NEAR,),
    ),
    Rule(
        code="data-stuck",
        title="Data is stuck",
        for_children="What is known about violations against children becomes unreadable.",
        sentence="Data for {function} in {area} was to be confirmed by {due}.",
        remedy="Settle custody: transfer, archive or destroy, with every supplier's renewed "
        "protocol.",
        elements=("J",),
        source="GBV information-sharing protocol template: reporting to a new lead is not "
        "automatic",
        touched_by=("capacity", "agreement_signatory", "timetable_step"),
        build=data_stuck,
        ladder=critical_after,
        limits=(NEAR,),
    ),
    Rule(
        code="no-girls-boys",
        title="Girls and boys not asked for",
        for_children="Girls, boys, the youngest and children with disabilities are passed over.",
        sentence="{item} for {function} in {area} asks for girls, boys, age or disability and "
        "is not "
        "answered.",
        remedy="Answer the item with evidence.",
        elements=("M",),
        source="Resolution 2764 (2024), element M",
        touched_by=("item", "timetable_step"),
        build=no_girls_boys,
        ladder=by_tier,
        limits=(NEAR,),
    ),
)
