"""One plan: days left, what is covered where, a line of time, top gaps, what cannot be met."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.gaps.queries import GapFilter, coverage_of, gap_list, open_counts
from unbroken.kit.errors import NotFound
from unbroken.plans.queries import (
    AreaView,
    DecisionView,
    PlanView,
    StepRow,
    TimetableRow,
    areas_of,
    cannot_be_met_of,
    decisions_of,
    due_soon,
    find_plan,
    revision_view,
)
from unbroken.plans.queries.timetables import titles_of
from unbroken.plans.rules import RevisionContent
from unbroken.web.dependencies import Visit
from unbroken.web.heat_maps import HeatMap
from unbroken.web.pages.gaps import GapLine, gap_lines
from unbroken.web.pages.pictures import heat_map, line_of_time
from unbroken.web.pages.portfolio import PlanCard, card
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader
from unbroken.web.step_words import step_label
from unbroken.web.timelines import Timeline

router = APIRouter()
TOP = 8
SOON = timedelta(days=30)
HEADLINES = ("late-plan", "cuts-without-plan")


@dataclass(frozen=True, slots=True)
class PlanPage(Page):
    """A plan at a glance. ``headline`` stands alone where the plan itself is late."""

    template: ClassVar[str] = "plans/plan.html"

    card: PlanCard
    decisions: tuple[DecisionView, ...]
    headline: GapLine | None
    top: tuple[GapLine, ...]
    heat: HeatMap | None
    line: Timeline
    cannot: tuple[TimetableRow, ...]
    due: tuple[tuple[str, StepRow], ...]
    until: date
    titles: Mapping[str, str]


@router.get("/plans/{slug}")
def plan_page(visit: Reader, slug: str) -> Response:
    """Return one plan at a glance."""
    until = visit.today + SOON
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        counts = open_counts(session, actor=visit.actor).get(plan.slug, {})
        lines = _top(session, visit, plan)
        areas = areas_of(session, plan.uid, actor=visit.actor, on=visit.today)
        content = _content(session, visit, plan)
        found = coverage_of(session, plan.uid, actor=visit.actor, on=visit.today)
        shown = PlanPage(
            card=card(plan, counts, today=visit.today),
            decisions=decisions_of(session, plan.uid),
            headline=next((each for each in lines if each.rule.code in HEADLINES), None),
            top=tuple(each for each in lines if each.rule.code not in HEADLINES),
            heat=heat_map(found, plan, reader=visit.reader),
            line=_line(visit, plan, areas, content),
            cannot=cannot_be_met_of(session, plan.uid, actor=visit.actor),
            due=_due(session, visit, plan, until=until),
            until=until,
            titles=titles_of(session, plan.edition),
        )
    return page(visit, shown)


def _top(session: Session, visit: Visit, plan: PlanView) -> tuple[GapLine, ...]:
    wanted = GapFilter(plan=plan.slug)
    return gap_lines(visit, gap_list(session, actor=visit.actor, wanted=wanted, limit=TOP))


def _due(
    session: Session, visit: Visit, plan: PlanView, *, until: date
) -> tuple[tuple[str, StepRow], ...]:
    rows = due_soon(session, plan.uid, actor=visit.actor, on=visit.today, until=until, limit=12)
    return tuple((step_label(row.step, say=visit.say), row) for row in rows)


def _content(session: Session, visit: Visit, plan: PlanView) -> RevisionContent | None:
    try:
        return revision_view(session, plan.uid, actor=visit.actor).content
    except NotFound:
        return None


def _line(
    visit: Visit, plan: PlanView, areas: tuple[AreaView, ...], content: RevisionContent | None
) -> Timeline:
    return line_of_time(plan, areas, content, today=visit.today, reader=visit.reader)
