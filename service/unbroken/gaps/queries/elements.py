"""A plan answered element by element of resolution 2764: state, dated evidence, gaps that watch it.

Evidence of capacities comes from the heat map; what the map hides from a reader is no evidence for
that reader, and shows as unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session

from unbroken.gaps.queries.coverage import Coverage, CoverageCell, coverage_of
from unbroken.gaps.queries.listing import gap_list
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.queries.views import GapFilter, GapView
from unbroken.gaps.rules import RULES
from unbroken.gaps.rules.elements import (
    ELEMENTS,
    Element,
    ElementState,
    Evidence,
    state_of_element,
)
from unbroken.gaps.rules.settings import Ruling, switched_off
from unbroken.kit.db import row_id, table
from unbroken.kit.languages import gettext as _
from unbroken.people import models
from unbroken.people.rules import Actor
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, country_of, plan_row, revision_in_force
from unbroken.transfers.rules.cover import Cover

_LOADED = models  # its import fills the metadata
assessment, meeting, post = table("assessment"), table("meeting"), table("post")
custody, account, grant = table("custody"), table("account"), table("role_grant")
organisation, transfer, capacity = table("organisation"), table("transfer"), table("capacity")
function_area, item = table("function_area"), table("item")

CONFIRMED = "{confirmed} of {performed} functions in areas that serve it are wholly confirmed."
RECEIVED = "{received} of {performed} functions in areas that serve it have a receiver."
MOST_GAPS = 10_000
TIERS = (1, 2, 3, 4)
GREEN = ("confirmed", "sustained")


@dataclass(frozen=True, slots=True)
class ElementView:
    """One element of a plan: its state and why; evidence and gaps may be empty.

    ``beside`` counts the gaps that watch it and are waived, ``rules_off`` the rules that do and are
    switched off, for some tiers at least: both stand next to its state.
    """

    element: Element
    state: ElementState
    evidence: tuple[Evidence, ...]
    gaps: tuple[GapView, ...]
    beside: int = 0
    rules_off: tuple[str, ...] = ()


def elements(session: Session, plan: Ref, *, actor: Actor, on: date) -> list[ElementView]:
    """Return the elements A to O of a plan as they stand on a day.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
    """
    heat = coverage_of(session, plan, actor=actor, on=on)
    row = plan_row(session, plan)
    gaps = gap_list(session, actor=actor, wanted=GapFilter(plan=row.slug), limit=MOST_GAPS)
    found = _evidence(session, row, heat, on=on)
    off = _rules_off(ruling_now(session), row_id(row), on=on)
    return [_view(element, found[element.letter], gaps, off=off, on=on) for element in ELEMENTS]


def _rules_off(ruling: Ruling, plan_id: int, *, on: date) -> list[str]:
    """Return the rules that are off for a tier, or for the plan as a whole, by code."""
    return sorted(
        {code for tier in (None, *TIERS) for code in switched_off(ruling, plan_id, tier, on=on)}
    )


def _view(
    element: Element,
    evidence: list[Evidence],
    gaps: Iterable[GapView],
    *,
    off: Iterable[str],
    on: date,
) -> ElementView:
    all_of_it = [gap for gap in gaps if element.letter in RULES[gap.rule].elements]
    watching = tuple(gap for gap in all_of_it if not _is_waived(gap, on=on))
    return ElementView(
        element=element,
        state=state_of_element(evidence, [gap.severity for gap in watching]),
        evidence=tuple(evidence),
        gaps=watching,
        beside=len(all_of_it) - len(watching),
        rules_off=tuple(code for code in off if element.letter in RULES[code].elements),
    )


def _is_waived(gap: GapView, *, on: date) -> bool:
    return gap.waived_until_on is not None and gap.waived_until_on >= on


def _evidence(
    session: Session, plan: Plan, heat: Coverage, *, on: date
) -> dict[str, list[Evidence]]:
    found = {element.letter: _confirmed(heat, element.letter) for element in ELEMENTS}
    found["A"].append(Evidence("The mission's kind is on record with its plan.", plan.triggered_on))
    found["B"] += _in_force(session, plan, on=on)
    found["D"] += _assessed(session, plan, on=on)
    found["E"] += _posts(session, plan, on=on)
    found["F"] += _received(session, plan, heat, on=on)
    found["G"] += _met(session, plan, on=on) + _held(session, plan, on=on)
    found["H"] += _held(session, plan, on=on)
    found["I"] += _by_kind(session, plan, "authority")
    found["K"] += _by_kind(session, plan, "regional")
    found["L"] += _observed(session, plan)
    found["M"] += _asked(session, plan)
    return found


def _confirmed(heat: Coverage, letter: str) -> list[Evidence]:
    serving = _serving(heat, letter)
    green = [cell for cell in serving if cell.cover is Cover.GREEN]
    days = [cell.confirmed_on for cell in green if cell.confirmed_on is not None]
    if not days:
        return []
    facts = {"confirmed": len(green), "performed": len(serving)}
    return [Evidence(CONFIRMED, max(days), is_whole=len(green) == len(serving), facts=facts)]


def _serving(heat: Coverage, letter: str) -> list[CoverageCell]:
    rows = [row for row in heat.rows if letter in row.elements]
    return [cell for row in rows for cell in row.cells if cell is not None]


def _in_force(session: Session, plan: Plan, *, on: date) -> list[Evidence]:
    revision = revision_in_force(session, plan)
    since = revision.in_force_on if revision else None
    if revision is None or since is None or since > on:
        return []
    return [Evidence("Revision {number} is in force.", since, facts={"number": revision.number})]


def _assessed(session: Session, plan: Plan, *, on: date) -> list[Evidence]:
    statement = (
        select(assessment.c.assessed_on, assessment.c.source)
        .where(
            assessment.c.plan_id == plan.id,
            assessment.c.known_on <= on,
            assessment.c.assessed_on >= plan.triggered_on,
        )
        .order_by(assessment.c.assessed_on.desc())
    )
    rows = session.connection().execute(statement).all()
    return [
        Evidence("Advisers were assessed: {source}", day, facts={"source": source})
        for day, source in rows
    ]


def _met(session: Session, plan: Plan, *, on: date) -> list[Evidence]:
    actors = ("head_of_operation", "special_representative", "task_force", "authorities")
    statement = (
        select(meeting.c.held_on, *(meeting.c[name] for name in actors))
        .where(
            meeting.c.plan_id == plan.id,
            meeting.c.known_on <= on,
            meeting.c.held_on >= plan.triggered_on,
        )
        .order_by(meeting.c.held_on.desc())
    )
    return [
        Evidence(
            "{present} of the four actors met.",
            day,
            is_whole=all(there),
            facts={"present": sum(there)},
        )
        for day, *there in session.connection().execute(statement)
    ]


def _held(session: Session, plan: Plan, *, on: date) -> list[Evidence]:
    statement = select(func.max(custody.c.taken_on)).where(
        custody.c.plan_id == plan.id, custody.c.taken_on <= on
    )
    taken = session.scalars(statement).one()
    held = Evidence("A named body holds the plan.", taken, is_whole=False) if taken else None
    return [held] if held else []


def _posts(session: Session, plan: Plan, *, on: date) -> list[Evidence]:
    """Return that posts are filled; whole only where every running one states that it is."""
    running = or_(post.c.ends_on.is_(None), post.c.ends_on >= on)
    statement = select(post.c.authorised, post.c.filled, post.c.known_on).where(
        post.c.plan_id == plan.id, post.c.known_on <= on, running
    )
    rows = session.connection().execute(statement).all()
    filled = sum(row.filled or 0 for row in rows)
    if not filled:
        return []
    facts = {"filled": filled, "authorised": sum(row.authorised for row in rows)}
    is_whole = all(row.filled is not None and row.filled >= row.authorised for row in rows)
    on_record = max(row.known_on for row in rows)
    sentence = "{filled} of {authorised} posts on record are filled."
    return [Evidence(sentence, on_record, is_whole=is_whole, facts=facts)]


def _received(session: Session, plan: Plan, heat: Coverage, *, on: date) -> list[Evidence]:
    serving = _serving(heat, "F")
    received = sum(cell.receivers > 0 for cell in serving)
    statement = select(func.max(transfer.c.created_at)).where(
        transfer.c.plan_id == plan.id, transfer.c.state == "open"
    )
    named: datetime | None = session.scalars(statement).one()
    if not received or named is None or named.date() > on:
        return []
    facts = {"received": received, "performed": len(serving)}
    # a receiver is half of a joint answer; the other half is that it confirms
    return [Evidence(RECEIVED, named.date(), is_whole=False, facts=facts)]


BY_KIND = {
    "authority": _("{count} capacities are confirmed by receivers of the kind authority."),
    "regional": _("{count} capacities are confirmed by receivers of the kind regional."),
}


def _by_kind(session: Session, plan: Plan, kind: str) -> list[Evidence]:
    statement = (
        select(func.count(), func.max(capacity.c.confirmed_on))
        .select_from(
            capacity.join(transfer, transfer.c.id == capacity.c.transfer_id)
            .join(organisation, organisation.c.id == transfer.c.receiver_id)
            .join(function_area, function_area.c.id == transfer.c.function_area_id)
        )
        .where(
            transfer.c.plan_id == plan.id,
            transfer.c.state == "open",
            organisation.c.kind == kind,
            capacity.c.state.in_(GREEN),
            or_(
                capacity.c.signed_hash.is_(None), capacity.c.signed_hash == capacity.c.content_hash
            ),
            function_area.c.restricted.is_(False),
        )
    )
    count, last = session.connection().execute(statement).one()
    told = BY_KIND[kind]
    return [Evidence(told, last, is_whole=False, facts={"count": count})] if last else []


def _observed(session: Session, plan: Plan) -> list[Evidence]:
    statement = (
        select(func.min(account.c.created_at))
        .select_from(account.join(grant, grant.c.account_id == account.c.id))
        .where(
            account.c.state == "active",
            grant.c.role == "observer",
            or_(grant.c.plan_uid.is_(None), grant.c.plan_uid == plan.uid),
            or_(grant.c.country_iso3.is_(None), grant.c.country_iso3 == country_of(session, plan)),
        )
    )
    since: datetime | None = session.scalars(statement).one()
    sentence = "An observer reads every page of this plan."
    return [Evidence(sentence, since.date())] if since else []


def _asked(session: Session, plan: Plan) -> list[Evidence]:
    """Return that items that ask for girls, boys, age or disability are answered."""
    is_done = item.c.state == "done"
    statement = (
        select(
            func.count(),
            func.count(item.c.done_on).filter(is_done),
            func.max(item.c.done_on).filter(is_done),
        )
        .select_from(item.join(function_area, function_area.c.id == item.c.function_area_id))
        .where(
            function_area.c.plan_id == plan.id,
            item.c.asks_girls_boys,
            item.c.retired_in.is_(None),
        )
    )
    there, done, last = session.connection().execute(statement).one()
    sentence = "{done} of {there} items that ask for girls, boys, age or disability are answered."
    facts = {"done": done, "there": there}
    return [Evidence(sentence, last, is_whole=done == there, facts=facts)] if last else []
