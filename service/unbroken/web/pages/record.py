"""A plan's record: what was decided, which areas, who is there, and which source says so."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.rules import Fact
from unbroken.plans.commands import may_edit
from unbroken.plans.models import AreaKind, PlanState, PostSide
from unbroken.plans.queries import (
    AreaView,
    AssessmentView,
    BaselineView,
    ClaimView,
    DecisionView,
    FactView,
    MeetingView,
    PlanView,
    PostView,
    areas_of,
    assessments_of,
    baseline_of,
    decisions_of,
    facts_of,
    find_plan,
    meetings_of,
    posts_of,
)
from unbroken.plans.queries.custody import CustodyView, custody_of
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import ACTORS
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter()
LIVING = (PlanState.OPEN, PlanState.PAUSED)


@dataclass(frozen=True, slots=True)
class Branch:
    """An area at its depth in the tree, from 0; ``others`` are the claims that do not count.

    ``has_parts`` says that other areas lie in it: it closes when the last of them does.
    """

    area: AreaView
    depth: int
    others: tuple[ClaimView, ...]
    has_parts: bool

    @property
    def differs(self) -> bool:
        """Return whether sources give different days."""
        return len({claim.text for claim in self.area.claims if claim.text}) > 1


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: the entry that counts, ``None`` where nobody knows, and the earlier ones."""

    fact: Fact
    now: FactView | None
    before: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class RecordPage(Page):
    """The record of one plan; ``posts`` is ``None`` for readers who may not see them."""

    template: ClassVar[str] = "plans/record.html"

    plan: PlanView
    can_edit: bool
    decisions: tuple[DecisionView, ...]
    branches: tuple[Branch, ...]
    posts: tuple[tuple[PostSide, tuple[PostView, ...]], ...] | None
    area_names: dict[str, str]
    facts: tuple[FactLine, ...]
    assessments: tuple[AssessmentView, ...]
    meetings: tuple[MeetingView, ...]
    actors: tuple[tuple[str, str], ...]
    baseline: BaselineView | None
    custody: tuple[CustodyView, ...]


@router.get("/plans/{slug}/record")
def record_page(visit: Reader, slug: str) -> Response:
    """Return what a plan keeps on record, as far as the reader sees."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        areas = areas_of(session, plan.uid, actor=visit.actor)
        shown = RecordPage(
            plan=plan,
            can_edit=can_edit(visit, plan),
            decisions=decisions_of(session, plan.uid),
            branches=branches_of(areas),
            posts=_posts(session, visit, plan),
            area_names={area.slug: area.name for area in areas},
            facts=_facts(facts_of(session, plan.uid)),
            assessments=assessments_of(session, plan.uid),
            meetings=meetings_of(session, plan.uid),
            actors=ACTORS,
            baseline=baseline_of(session, plan.uid, actor=visit.actor),
            custody=custody_of(session, plan.uid),
        )
    return page(visit, shown)


def can_edit(visit: Visit, plan: PlanView) -> bool:
    """Return whether the visitor plans here and the plan can still be changed."""
    return plan.state in LIVING and may_edit(visit.actor, plan.place)


def branches_of(areas: tuple[AreaView, ...]) -> tuple[Branch, ...]:
    """Return areas as a tree told line by line: each before those inside it."""
    slugs = {area.slug for area in areas}
    roots = [area for area in areas if area.parent not in slugs]
    return tuple(each for root in roots for each in _descend(root, areas, depth=0))


def _descend(area: AreaView, areas: tuple[AreaView, ...], *, depth: int) -> list[Branch]:
    others = tuple(claim for claim in area.claims if not claim.counts)
    below = [inner for inner in areas if inner.parent == area.slug and inner is not area]
    found = [each for inner in below for each in _descend(inner, areas, depth=depth + 1)]
    shown = 0 if area.kind is AreaKind.MISSION else depth
    return [Branch(area, shown, others, has_parts=bool(below)), *found]


def _posts(
    session: Session, visit: Visit, plan: PlanView
) -> tuple[tuple[PostSide, tuple[PostView, ...]], ...] | None:
    if not visit.sees_detail(plan.place):
        return None
    found = posts_of(session, plan.uid, actor=visit.actor)
    return tuple((side, tuple(p for p in found if p.side is side)) for side in PostSide)


def _facts(found: tuple[FactView, ...]) -> tuple[FactLine, ...]:
    return tuple(
        FactLine(
            fact,
            next((each for each in found if each.fact is fact and each.counts), None),
            tuple(each for each in found if each.fact is fact and not each.counts),
        )
        for fact in Fact
    )
