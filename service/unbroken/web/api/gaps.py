"""``/gaps``: what a scan found, the worst and soonest first, with the reason why."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.gaps.queries import EventView, GapFilter, GapView, find_gap, gap_list, history
from unbroken.gaps.rules import RULES, Fact, GapState, Severity
from unbroken.gaps.rules.explain import why
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.web.api.answers import shown
from unbroken.web.api.inputs import Code, Name, plan_of
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.mending import Mend, mends
from unbroken.web.security import Reader

router = APIRouter(prefix="/gaps", tags=["gaps"])


class MendLink(TypedDict):
    """The page on which a gap is mended: ``may`` says that you can, ``who`` says who else."""

    href: str
    label: str
    who: str
    may: bool


class GapItem(TypedDict):
    """One gap. Where ``masked``, only country and quarter are told: no area, function or day.

    ``tier_1`` are the functions that must not be lost first, of a plan that is late; else empty.
    ``headline`` is the gap whose cause explains this one, ``explains`` how many others this one
    does. ``comes_and_goes``: it opened three times or more in the last 24 hours. ``mend`` says
    where doing what is missing closes it; nothing else does.
    """

    uid: UUID
    version: int
    rule: str
    severity: Severity
    state: GapState
    plan: str | None
    mission: str
    country_iso3: str
    area: str | None
    area_name: str | None
    function: str | None
    function_title: str | None
    tier: int | None
    turns_on: date | None
    quarter: str
    opened_on: date
    opened_at: datetime
    closed_on: date | None
    times_opened: int
    acknowledged_at: datetime | None
    acknowledged_note: str
    assigned_to: str | None
    waived_until_on: date | None
    waiver_reason: str
    facts: dict[str, Fact]
    why: str
    tier_1: list[str]
    restricted: bool
    masked: bool
    headline: UUID | None
    explains: int
    comes_and_goes: bool
    mend: MendLink | None


class GapDetail(GapItem):
    """One gap with what happened to it, the first first; empty where masked.

    ``by`` is the office that acted, ``to`` the one it was assigned to; never told to donors.
    """

    history: list[EventView]


GAP = TypeAdapter(GapDetail)
GAPS = TypeAdapter(Listing[GapItem])


def wanted(
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
    rule: Annotated[Name | None, Query(description="Code of a rule, such as no-receiver.")] = None,
    severity: Severity | None = None,
    function: Annotated[Code | None, Query()] = None,
    area: Annotated[Name | None, Query(description="Slug of an area.")] = None,
    state: GapState = GapState.OPEN,
) -> GapFilter:
    """Return which gaps a request asks for.

    Raises:
        Invalid: there is no such rule.
    """
    if rule is not None and rule not in RULES:
        problem = Problem("query.rule", _("is no rule"), _("Give one such as no-receiver."))
        raise Invalid(problems=[problem])
    return GapFilter(
        plan=plan, rule=rule, severity=severity, function=function, area=area, state=state
    )


@dataclass(frozen=True, slots=True)
class Lives:
    """What a request asks of the lives of gaps."""

    assigned: str | None
    headline: UUID | None
    grouped: bool


def lives(
    assigned: Annotated[
        Name | None, Query(description="Handle of a role mailbox, or me for your own.")
    ] = None,
    headline: Annotated[
        UUID | None, Query(description="UUID of a gap: only those that it explains.")
    ] = None,
    grouped: Annotated[  # noqa: FBT002 - a query has no keywords
        bool, Query(description="Leave out what another gap of the list explains.")
    ] = False,
) -> Lives:
    """Return what a request asks of the lives of gaps."""
    return Lives(assigned, headline, grouped)


@router.get("", response_model=Listing[GapItem])
def gaps(
    request: Request,
    visit: Reader,
    pages: Pages,
    narrowed: Annotated[GapFilter, Depends(wanted)],
    asked: Annotated[Lives, Depends(lives)],
) -> Response:
    """List gaps, the worst and soonest first; open ones unless ``state`` says otherwise.

    Donors see country and quarter of restricted gaps, and nothing of whom a gap is assigned to.
    """
    after = pages.after(int)
    with visit.sessions.reading() as session:
        found = gap_list(
            session,
            actor=visit.actor,
            wanted=_by_slug(visit, _lived(visit, narrowed, asked)),
            limit=pages.limit + 1,
            after=None if after is None else int(after[0] or 0),
            at=visit.clock.now(),
        )
        views = found[: pages.limit]
        ways = mends(session, views, actor=visit.actor)
    link = next_link(request, pages, views[-1].id) if len(found) > pages.limit else None
    return listing(GAPS, [_item(view, visit, ways.get(view.id)) for view in views], link=link)


@router.get("/{gap_uid}", response_model=GapDetail)
def one(request: Request, visit: Reader, gap_uid: UUID) -> Response:
    """Show a gap and what happened to it."""
    with visit.sessions.reading() as session:
        view = find_gap(session, gap_uid, actor=visit.actor, at=visit.clock.now())
        events = history(session, view, actor=visit.actor)
        ways = mends(session, [view], actor=visit.actor)
    item: GapDetail = {**_item(view, visit, ways.get(view.id)), "history": events}
    return shown(request, GAP, item, uid=view.uid, version=view.version)


def _by_slug(visit: Visit, narrowed: GapFilter) -> GapFilter:
    if narrowed.plan is None:
        return narrowed
    return replace(narrowed, plan=plan_of(visit, narrowed.plan).slug)


def _lived(visit: Visit, narrowed: GapFilter, asked: Lives) -> GapFilter:
    assigned = visit.actor.handle if asked.assigned == "me" else asked.assigned
    return replace(narrowed, assigned=assigned, headline=asked.headline, grouped=asked.grouped)


def _item(view: GapView, visit: Visit, mend: Mend | None) -> GapItem:
    return {
        "uid": view.uid,
        "version": view.version,
        "rule": view.rule,
        "severity": view.severity,
        "state": view.state,
        "plan": view.plan,
        "mission": view.mission,
        "country_iso3": view.country_iso3,
        "area": view.area,
        "area_name": view.area_name,
        "function": view.function,
        "function_title": view.function_title,
        "tier": view.tier,
        "turns_on": view.turns_on,
        "quarter": view.quarter,
        "opened_on": view.opened_on,
        "opened_at": view.opened_at,
        "closed_on": view.closed_on,
        "times_opened": view.times_opened,
        "acknowledged_at": view.acknowledged_at,
        "acknowledged_note": view.acknowledged_note,
        "assigned_to": view.assigned_to,
        "waived_until_on": view.waived_until_on,
        "waiver_reason": view.waiver_reason,
        "facts": dict(view.facts),
        "why": _why(view, visit),
        "tier_1": list(view.tier_1),
        "restricted": view.restricted,
        "masked": view.masked,
        "headline": view.headline,
        "explains": view.explains,
        "comes_and_goes": view.comes_and_goes,
        "mend": None if mend is None else _link(mend, visit),
    }


def _link(mend: Mend, visit: Visit) -> MendLink:
    return {
        "href": mend.path,
        "label": visit.say(mend.label),
        "who": visit.say(mend.who),
        "may": mend.may,
    }


def _why(view: GapView, visit: Visit) -> str:
    rule = RULES[view.rule]
    if view.masked:
        return visit.say(rule.title)
    return why(rule, view.facts, titles=view.titles, translate=visit.say)
