"""Rules about money: needs above confirmed money, the first month that lacks it, late pledges.

A need without an amount is unknown and no gap. Money is told by plan and function.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)

from unbroken.gaps.rules.limits import Limit
from unbroken.gaps.rules.rule import Found, Rule
from unbroken.gaps.rules.scope import Scope, Statement, area, found, plan
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table
from unbroken.money import models as money_models
from unbroken.people import models as people_models

_LOADED = (money_models, people_models)  # their import fills the metadata
month, body = table("money_month"), table("organisation")
contribution, figure = table("contribution"), table("contribution_figure")
RUNGS = tuple(Severity)
_IS_VEILED = area.c.closings_public.is_(False)
SOON = Limit("soon_days", 60, 1, 730, "Days to the first month without money that count as soon")
AHEAD = Limit("ahead_days", 180, 1, 730, "Days to that month that are still worth a worry")
LATE = Limit("late_days", 90, 1, 730, "Days for which a late pledge is not grave yet")
LEAST = Limit(
    "least_usd", 0, 0, 1_000_000_000, "US dollars below which it is not told", "uncovered_usd"
)


def funding_gap(scope: Scope) -> Statement:
    """Return functions whose stated needs, from this month on, exceed the confirmed money."""
    months = _months(scope)
    return _of_functions(scope, months, _first(months, months.c.uncovered > 0)).having(
        func.sum(_ahead(scope, months, months.c.uncovered)) > 0
    )


def funding_cliff(scope: Scope) -> Statement:
    """Return functions whose money runs out: a month is covered, and a later one is not."""
    months = _months(scope)
    ahead = months.c.last_on >= scope.day
    lacks = _first(months, and_(ahead, months.c.uncovered > 0))
    has = _first(months, and_(ahead, months.c.required > 0, months.c.uncovered == 0))
    return _of_functions(scope, months, lacks).having(has < lacks)


def _months(scope: Scope) -> Subquery:
    """Return each function's months with a stated need, as they stood on the day."""
    stands = (
        and_(
            month.c.known_on <= scope.day,
            or_(month.c.gone_on.is_(None), month.c.gone_on > scope.day),
        )
        if scope.past
        else month.c.gone_on.is_(None)
    )
    keys = (month.c.plan_id, month.c.function_code, month.c.function_uid, month.c.month_on)
    return (
        select(
            *keys,
            month.c.last_on,
            func.max(month.c.tier).label("tier"),
            # an area may have been veiled since its money was derived
            func.max(case((or_(month.c.restricted, _IS_VEILED), 1), else_=0)).label("restricted"),
            func.sum(month.c.required, type_=BigInteger).label("required"),
            func.sum(month.c.covered, type_=BigInteger).label("covered"),
            func.sum(month.c.promised, type_=BigInteger).label("promised"),
            func.sum(month.c.uncovered, type_=BigInteger).label("uncovered"),
        )
        .select_from(month.outerjoin(area, area.c.id == month.c.area_id))
        .where(stands, month.c.required.is_not(None), month.c.function_uid.is_not(None))
        .group_by(*keys, month.c.last_on)
        .subquery("money")
    )


def _first(months: Subquery, condition: ColumnElement[bool]) -> ColumnElement[date]:
    return func.min(case((condition, months.c.month_on)))


def _ahead(scope: Scope, months: Subquery, column: ColumnElement[int]) -> ColumnElement[int]:
    return case((months.c.last_on >= scope.day, column), else_=0)


def _of_functions(scope: Scope, months: Subquery, turns_on: ColumnElement[date]) -> Statement:
    def total(name: str) -> ColumnElement[Any]:
        # the text of a sum of whole numbers is a decimal on one database only
        return cast(func.sum(_ahead(scope, months, months.c[name])), BigInteger)

    columns = found(
        subjects=[plan.c.uid, months.c.function_uid],
        turns_on=turns_on,
        facts={
            "function": months.c.function_code,
            "month": turns_on,
            "required_usd": total("required"),
            "covered_usd": total("covered"),
            "promised_usd": total("promised"),
            "uncovered_usd": total("uncovered"),
        },
        tier=func.max(months.c.tier),
        restricted=func.max(months.c.restricted) == 1,
    )
    return (
        scope.of_plans(plan.c.triggered_on)
        .with_only_columns(*columns)
        .join(months, months.c.plan_id == plan.c.id)
        .group_by(plan.c.id, plan.c.uid, months.c.function_code, months.c.function_uid)
    )


def pledge_slow(scope: Scope) -> Statement:
    """Return pledges past the day by which they were to be paid, with anything still unpaid."""
    paid = (
        select(func.max(figure.c.units))
        .where(figure.c.contribution_id == contribution.c.id, figure.c.stage == "paid")
        .correlate(contribution)
        .scalar_subquery()
    )
    pledge = figure.alias("pledge")
    columns = found(
        subjects=[contribution.c.line_uid],
        turns_on=pledge.c.due_on,
        facts={
            "donor": body.c.name,
            "function": contribution.c.function_code,
            "currency": contribution.c.currency,
            "pledged_units": pledge.c.units,
            "paid_units": func.coalesce(paid, 0),
            "due": pledge.c.due_on,
        },
        restricted=_is_sensitive(),
    )
    return (
        scope.of_plans(plan.c.triggered_on)
        .with_only_columns(*columns)
        .join(contribution, contribution.c.plan_id == plan.c.id)
        .join(pledge, pledge.c.contribution_id == contribution.c.id)
        .outerjoin(body, body.c.id == contribution.c.donor_id)
        .where(
            contribution.c.known_on <= scope.day,
            or_(contribution.c.gone_on.is_(None), contribution.c.gone_on > scope.day),
            pledge.c.stage == "pledged",
            pledge.c.due_on < scope.day,
            pledge.c.units > func.coalesce(paid, 0),
        )
    )


def _is_sensitive() -> ColumnElement[bool]:
    its_function = exists().where(
        month.c.plan_id == contribution.c.plan_id,
        month.c.function_code == contribution.c.function_code,
        month.c.restricted,
    )
    its_area = exists().where(
        area.c.id == contribution.c.area_id, area.c.closings_public.is_(False)
    )
    return or_(its_function, its_area)


def by_months_away(
    found: Found, on: date, *, soon_days: int = SOON.usual, ahead_days: int = AHEAD.usual
) -> Severity:
    """Return how bad a lack of money is: by tier, and by how far the first lacking month is.

    Tier 1 is critical within two months, high within six, then medium; each tier below is one step
    milder.
    """
    days = (found.turns_on - on).days
    steps = 0 if days <= soon_days else 1 if days <= ahead_days else 2
    return RUNGS[min(steps + (found.tier or 2) - 1, len(RUNGS) - 1)]


def by_lateness(found: Found, on: date, *, late_days: int = LATE.usual) -> Severity:
    """Return medium for a pledge up to three months late, high after."""
    return Severity.HIGH if (on - found.turns_on).days > late_days else Severity.MEDIUM


RULES = (
    Rule(
        code="funding-gap",
        title="More is needed than confirmed",
        for_children="What protects children is planned, and part of it nobody pays for.",
        sentence="{function} needs {required_usd} from this month on; {covered_usd} is confirmed, "
        "{promised_usd} more is pledged, {uncovered_usd} is missing, first from {month}.",
        remedy="Ask donors for the missing months, or say in a revision what will not be done.",
        elements=("E", "O"),
        source="OCHA Financial Tracking Service, definitions of requirement and commitment (2024)",
        touched_by=("money_month",),
        build=funding_gap,
        ladder=by_months_away,
        limits=(SOON, AHEAD, LEAST),
    ),
    Rule(
        code="funding-cliff",
        title="Money runs out",
        for_children="Children are protected today, and from a known month on nobody pays for it.",
        sentence="The money for {function} runs out: from {month} on {uncovered_usd} is missing.",
        remedy="Extend what runs out, or find money for the months after.",
        elements=("E", "O"),
        source="South Kivu, first year of transition: 57 million costed, 30 million announced",
        touched_by=("money_month",),
        build=funding_cliff,
        ladder=by_months_away,
        limits=(SOON, AHEAD, LEAST),
    ),
    Rule(
        code="pledge-slow",
        title="A pledge is late",
        for_children="Money that was promised for children has not come.",
        sentence="{donor} pledged {pledged_units}, to be paid by {due}; {paid_units} has been "
        "paid.",
        remedy="Ask the donor, record what was paid, or amend the pledge.",
        elements=("O",),
        source="Design judgement, 2026",
        touched_by=("contribution", "contribution_figure", "organisation"),
        build=pledge_slow,
        ladder=by_lateness,
        limits=(LATE,),
    ),
)
