"""The money of one plan: what each month and function needs, has and lacks, and on whose word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypedDict
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Forbidden
from unbroken.kit.languages import gettext as _
from unbroken.money.queries.claims import ClaimView, claims
from unbroken.money.queries.cover import CoverAsk, CoverRow, Grain, cover
from unbroken.money.queries.doubts import LapsedView, OverlapView, lapsed_views, overlap_views
from unbroken.money.queries.listing import LineFilter, contributions, pools, requirements
from unbroken.money.queries.listing import Page as Found
from unbroken.money.queries.promises import PledgeView, pledge_views
from unbroken.money.queries.sources import SourceView, marks_of, sources_of
from unbroken.money.queries.totals import TotalsView, totals
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.people.rules import Role
from unbroken.plans.commands import may_edit
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.money_cover import Beside, FunctionCover, Promise, function_covers, promise_of
from unbroken.web.money_periods import Periods, periods_of
from unbroken.web.money_pictures import CoverPicture
from unbroken.web.money_words import Amounts
from unbroken.web.pages.record import LIVING
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter(prefix="/plans/{slug}/money")
A_PAGE = 25
FUNCTIONS = 20
FEW = 6
"""Doubts, pools and sources that one page lists; the lists of lines have all of them."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What stands beside the cover for those who see the lines of a plan."""

    totals: TotalsView
    pledges: Sequence[PledgeView]
    pools: Sequence[ContributionView]
    lapsed: Sequence[LapsedView]
    doubts: Sequence[OverlapView]
    sources: Sequence[SourceView]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPage(Page):
    """The money of a plan at a glance; ``lines`` is ``None`` for readers who see none.

    ``functions`` are one page of the ``count`` with any money or need, ``silent`` those of which
    nothing is on record, by code. ``first_on`` begins the first uncovered month.
    """

    template: ClassVar[str] = "money/overview.html"

    plan: PlanView
    money: Amounts
    periods: Periods
    picture: CoverPicture | None
    first_on: date | None
    functions: tuple[FunctionCover, ...]
    count: int
    next: str
    silent: tuple[tuple[str, str], ...]
    promise: Promise
    claims: Sequence[ClaimView]
    lines: Lines | None
    derived_on: date | None
    may_enter: bool
    texts: CatalogueTexts
    few: int = FEW


@dataclass(frozen=True, slots=True)
class MoneyListPage(Page):
    """Requirements or contributions, one page of them; ``next`` is empty at the end."""

    template: ClassVar[str] = "money/list.html"

    plan: PlanView
    money: Amounts
    kind: str
    needs: tuple[RequirementView, ...]
    contributions: tuple[ContributionView, ...]
    function: str
    titles: Mapping[str, str]
    texts: CatalogueTexts
    next: str
    may_enter: bool


class Asking(TypedDict):
    """What the queries of lines are asked for."""

    wanted: LineFilter
    after: int
    limit: int


class Asked(BaseModel):
    """Which lines of a list are asked for, by the address of the page."""

    function: Annotated[str, Field(max_length=20)] = ""
    after: Annotated[int, Field(ge=0, le=2**53)] = 0

    def ask(self) -> Asking:
        """Return it as the queries take it."""
        return {
            "wanted": LineFilter(function=self.function or None),
            "after": self.after,
            "limit": A_PAGE,
        }


@dataclass(frozen=True, slots=True)
class _Seen:
    rows: Sequence[CoverRow]
    beside: Beside
    claims: Sequence[ClaimView] = ()
    lines: Lines | None = None


@router.get("")
def money_page(
    visit: Reader, slug: str, start: Annotated[int, Query(alias="from", ge=0, le=1000)] = 0
) -> Response:
    """Return the money of a plan as far as the reader sees it."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        today = visit.clock.today(plan.time_zone)
        marks = marks_of(session, plan.uid, actor=visit.actor)
        seen = _seen(session, visit, plan, made_up=marks.illustrative, on=today)
        titles = titles_of(session, plan.edition)
        functions = function_covers(seen.rows, titles, seen.beside, on=today)
        periods = periods_of(seen.rows)
        known = {each.code for each in functions}
        first_on = periods.first_uncovered(today)
        shown = MoneyPage(
            plan=plan,
            money=Amounts(visit.reader),
            periods=periods,
            picture=_picture(visit, periods, first_on),
            first_on=first_on,
            functions=functions[start : start + FUNCTIONS],
            count=len(functions),
            next=_following(plan, start, len(functions)),
            silent=tuple(sorted(each for each in titles.items() if each[0] not in known)),
            promise=promise_of([p for p in seen.beside.pledges if p.line.function]),
            claims=seen.claims,
            lines=seen.lines,
            derived_on=marks.derived_on,
            may_enter=may_enter(visit, plan),
            texts=texts_for(session, visit, titles.values()),
        )
    return page(visit, shown)


def _following(plan: PlanView, start: int, count: int) -> str:
    rest = start + FUNCTIONS
    return f"/plans/{plan.slug}/money?from={rest}#functions" if rest < count else ""


def _seen(
    session: Session, visit: Visit, plan: PlanView, *, made_up: frozenset[str], on: date
) -> _Seen:
    ask = CoverAsk(plans=(plan.slug,), by=(Grain.FUNCTION, Grain.MONTH))
    rows = cover(session, ask, actor=visit.actor)
    try:
        pledges = pledge_views(session, plan.uid, actor=visit.actor, on=on)
    except Forbidden:
        return _Seen(rows, Beside(illustrative=made_up))
    beside = Beside(pledges=pledges, illustrative=made_up)
    claimed = claims(session, plan.uid, actor=visit.actor, on=on)
    return _Seen(rows, beside, claimed, _lines(session, visit, plan, pledges))


def _lines(session: Session, visit: Visit, plan: PlanView, pledges: Sequence[PledgeView]) -> Lines:
    actor = visit.actor
    return Lines(
        totals=totals(session, plan.uid, actor=actor),
        pledges=[each for each in pledges if each.days_late],
        pools=pools(session, plan.uid, actor=actor),
        lapsed=lapsed_views(session, plan.uid, actor=actor),
        doubts=overlap_views(session, plan.uid, actor=actor),
        sources=sources_of(session, plan.uid, actor=actor),
    )


def _picture(visit: Visit, periods: Periods, first_on: date | None) -> CoverPicture | None:
    if not periods:
        return None
    caption = visit.say(
        {1: _("Cover by month"), 3: _("Cover by quarter"), 12: _("Cover by year")}[periods.step]
    )
    return CoverPicture(caption, periods, first_on)


def may_enter(visit: Visit, plan: PlanView) -> bool:
    """Return whether the visitor enters money of a plan: all of it, or that of a receiver."""
    plans = may_edit(visit.actor, plan.place)
    answers = visit.actor.has(Role.COUNTRY_TEAM, plan.place)
    receives = answers and visit.actor.organisation_uid is not None
    return plan.state in LIVING and (plans or receives)


@router.get("/requirements")
def requirement_list(visit: Reader, slug: str, asked: Annotated[Asked, Query()]) -> Response:
    """Return what a plan needs, line by line."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        found = requirements(session, plan.uid, actor=visit.actor, **asked.ask())
        return page(visit, _list(session, visit, plan, asked, found))


@router.get("/contributions")
def contribution_list(visit: Reader, slug: str, asked: Annotated[Asked, Query()]) -> Response:
    """Return what donors give to a plan, line by line."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        found = contributions(session, plan.uid, actor=visit.actor, **asked.ask())
        return page(visit, _list(session, visit, plan, asked, found))


def _list(
    session: Session,
    visit: Visit,
    plan: PlanView,
    asked: Asked,
    found: Found[RequirementView] | Found[ContributionView],
) -> MoneyListPage:
    titles, path = titles_of(session, plan.edition), visit.request.url.path
    codes = {asked.function, *(line.function for line in found.items)}
    following = {"function": asked.function, "after": found.after}
    return MoneyListPage(
        plan=plan,
        money=Amounts(visit.reader),
        kind=path.rpartition("/")[2],
        needs=tuple(line for line in found.items if isinstance(line, RequirementView)),
        contributions=tuple(line for line in found.items if isinstance(line, ContributionView)),
        function=asked.function,
        titles=titles,
        texts=texts_for(session, visit, {titles.get(code) for code in codes}),
        next="" if found.after is None else f"{path}?{urlencode(following)}",
        may_enter=may_enter(visit, plan),
    )
