"""What the mission performs: the baseline, drafted area by area and signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import loaded_edition
from unbroken.functions.rules import Function, Level
from unbroken.kit.errors import Stale
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    DraftBaseline,
    NewLine,
    SignBaseline,
    draft_baseline,
    sign_baseline,
)
from unbroken.plans.models import AreaKind
from unbroken.plans.queries import (
    AreaView,
    BaselineLineView,
    BaselineView,
    PlanView,
    areas_of,
    baseline_of,
    find_plan,
)
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form
from unbroken.web.pages.record import can_edit
from unbroken.web.pages.registers import area_named, plan_to_edit
from unbroken.web.pages.sheets import MENDABLE, Sent, notice_of, typed_again
from unbroken.web.pages.typed import YES, Typed
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{slug}/record/baseline")


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many functions of the baseline are in one area, and the codes of them."""

    area: AreaView
    codes: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class BaselinePage(Page):
    """The newest baseline by area."""

    template: ClassVar[str] = "plans/baseline.html"

    plan: PlanView
    baseline: BaselineView | None
    counts: tuple[AreaCount, ...]
    can_edit: bool
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class BaselineAreaPage(Page):
    """What the mission performs in one area, function by function, to be ticked."""

    template: ClassVar[str] = "plans/baseline_area.html"

    plan: PlanView
    area: AreaView
    functions: tuple[Function, ...]
    source: str
    version: int
    form: Form
    texts: CatalogueTexts


@router.get("")
def baseline_page(visit: Reader, slug: str) -> Response:
    """Return the newest baseline of a plan."""
    return _overview(visit, slug)


@router.post("/sign")
def sign(visit: Planner, slug: str, typed: Sent) -> Response:
    """Sign the draft: from now on it never changes."""
    try:
        order = SignBaseline(slug, typed.number("version"))
        typed.check()
        made = sign_baseline(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except MENDABLE as refusal:
        form = typed_again(refusal, typed, known={}, visit=visit)
        return _overview(visit, slug, form=form, status=refusal.status)
    return see_other(visit, f"/plans/{slug}/record/baseline", notice=notice_of(made.revision))


@router.get("/{area}")
def area_form(visit: Planner, slug: str, area: str) -> Response:
    """Return what the mission performs in one area, to be ticked."""
    return page(visit, _area_page(visit, slug, area))


@router.post("/{area}")
def draft(visit: Planner, slug: str, area: str, typed: Sent) -> Response:
    """Write the lines of one area into the draft; those of other areas stay."""
    shown = _area_page(visit, slug, area)
    try:
        order = _order(visit, shown, typed)
        typed.check()
        draft_baseline(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except MENDABLE as refusal:
        known = {f"posts-{each.code}": f"posts-{each.code}" for each in shown.functions}
        form = typed_again(refusal, typed, known=known | {"source": "source"}, visit=visit)
        if isinstance(refusal, Stale):
            form = replace(form, values={**form.values, "version": str(shown.version)})
        again = _area_page(visit, slug, area, form=form)
        return page(visit, again, status=refusal.status)
    notice = _("The draft of the baseline is written.")
    return see_other(visit, f"/plans/{slug}/record/baseline", notice=notice)


def _overview(visit: Visit, slug: str, *, form: Form | None = None, status: int = 200) -> Response:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        baseline = baseline_of(session, plan.uid, actor=visit.actor)
        areas = areas_of(session, plan.uid, actor=visit.actor)
    lines = () if baseline is None else baseline.lines
    counts = tuple(AreaCount(area, _codes(lines, area.slug)) for area in areas)
    shown = BaselinePage(plan, baseline, counts, can_edit(visit, plan), form or Form())
    return page(visit, shown, status=status)


def _codes(lines: tuple[BaselineLineView, ...], area: str) -> tuple[tuple[str, int | None], ...]:
    return tuple((line.function_code, line.posts) for line in lines if line.area == area)


def _area_page(visit: Visit, slug: str, area: str, *, form: Form | None = None) -> BaselineAreaPage:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        there = area_named(session, visit, plan, area=area)
        baseline = baseline_of(session, plan.uid, actor=visit.actor)
        alone = len(areas_of(session, plan.uid, actor=visit.actor)) == 1
        functions = _functions(session, plan, there, alone=alone)
        texts = texts_for(session, visit, [each.title for each in functions])
    before = {} if baseline is None else _values(baseline, there.slug)
    return BaselineAreaPage(
        plan=plan,
        area=there,
        functions=functions,
        source="" if baseline is None else baseline.source,
        version=0 if baseline is None else baseline.version,
        form=form or Form(before),
        texts=texts,
    )


def _functions(
    session: Session, plan: PlanView, area: AreaView, *, alone: bool
) -> tuple[Function, ...]:
    level = Level.MISSION if area.kind is AreaKind.MISSION else Level.AREA
    found = loaded_edition(session, plan.edition).functions.values()
    fitting = [each for each in found if alone or each.level is level]
    return tuple(sorted(fitting, key=lambda each: each.tier))


def _values(baseline: BaselineView, area: str) -> Mapping[str, str]:
    lines = [line for line in baseline.lines if line.area == area]
    ticked = {f"line-{line.function_code}": YES for line in lines}
    posts = {f"posts-{x.function_code}": str(x.posts) for x in lines if x.posts is not None}
    return ticked | posts


def _order(visit: Visit, shown: BaselineAreaPage, typed: Typed) -> DraftBaseline:
    with visit.sessions.reading() as session:
        baseline = baseline_of(session, shown.plan.uid, actor=visit.actor)
    lines = () if baseline is None else baseline.lines
    known = {each.code for each in shown.functions}
    kept = [
        NewLine(line.function_code, line.area, line.posts)
        for line in lines
        if line.area != shown.area.slug or line.function_code not in known
    ]
    here = [
        NewLine(each.code, shown.area.slug, typed.number_or_none(f"posts-{each.code}"))
        for each in shown.functions
        if typed.is_checked(f"line-{each.code}")
    ]
    # a draft written anew on a signed baseline has no version yet: zero asks nothing
    seen = typed.number("version") or None
    return DraftBaseline(shown.plan.uid, (*kept, *here), typed.text("source"), seen)
