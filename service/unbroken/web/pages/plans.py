"""One plan: days left, what is covered where, a line of time, top gaps, what cannot be met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.gaps.queries import Coverage, GapFilter, GapView, coverage_of, gap_list, open_counts
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
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.heat_maps import HeatMap
from unbroken.web.pages.gaps import GapLine, first_titles, gap_lines, gap_titles
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
    texts: CatalogueTexts


@router.get("/plans/{slug}")
def plan_page(visit: Reader, slug: str) -> Response:
    """Return one plan at a glance."""
    until = visit.today + SOON
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        seen = _seen(session, visit, plan, until=until)
        texts = texts_for(session, visit, seen.english())
        counts = open_counts(session, actor=visit.actor).get(plan.slug, {})
        areas = areas_of(session, plan.uid, actor=visit.actor, on=visit.today)
        content = _content(session, visit, plan)
        lines = gap_lines(visit, seen.gaps, texts)
        shown = PlanPage(
            card=card(plan, counts, today=visit.today),
            decisions=decisions_of(session, plan.uid),
            headline=next((each for each in lines if each.rule.code in HEADLINES), None),
            top=tuple(each for each in lines if each.rule.code not in HEADLINES),
            heat=heat_map(seen.covered, plan, texts=texts),
            line=_line(visit, plan, areas, content),
            cannot=seen.cannot,
            due=tuple((step_label(row.step, say=visit.say), row) for row in seen.due),
            until=until,
            titles=seen.titles,
            texts=texts,
        )
    return page(visit, shown)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the page shows of functions; ``titles`` are English, by code."""

    gaps: Sequence[GapView]
    covered: Coverage
    cannot: tuple[TimetableRow, ...]
    due: tuple[StepRow, ...]
    titles: Mapping[str, str]

    def english(self) -> tuple[str, ...]:
        """Return the titles that are shown."""
        return (
            *gap_titles(self.gaps),
            *first_titles(self.gaps, self.titles),
            *(row.title for row in self.covered.rows),
            *(row.title for row in self.cannot),
            *(row.title for row in self.due),
        )


def _seen(session: Session, visit: Visit, plan: PlanView, *, until: date) -> _Seen:
    actor, today = visit.actor, visit.today
    wanted = GapFilter(plan=plan.slug, grouped=True)
    return _Seen(
        gaps=gap_list(session, actor=actor, wanted=wanted, limit=TOP),
        covered=coverage_of(session, plan.uid, actor=actor, on=today),
        cannot=cannot_be_met_of(session, plan.uid, actor=actor),
        due=due_soon(session, plan.uid, actor=actor, on=today, until=until, limit=12),
        titles=titles_of(session, plan.edition),
    )


def _content(session: Session, visit: Visit, plan: PlanView) -> RevisionContent | None:
    try:
        return revision_view(session, plan.uid, actor=visit.actor).content
    except NotFound:
        return None


def _line(
    visit: Visit, plan: PlanView, areas: tuple[AreaView, ...], content: RevisionContent | None
) -> Timeline:
    return line_of_time(plan, areas, content, today=visit.today, reader=visit.reader)
