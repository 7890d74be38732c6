"""Revisions of a plan: what was in force when, what each says, its dates and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from unbroken.plans.models import RevisionState
from unbroken.plans.queries import (
    PlanView,
    RevisionLine,
    TimetableRow,
    TimetableView,
    VeiledRow,
    derived_timetable,
    difference_between,
    find_plan,
    revision_view,
    revisions_of,
    timetable_of,
)
from unbroken.plans.rules import RevisionContent
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.pages.differences import Moved, Sentence, moved, sentences
from unbroken.web.pages.record import can_edit
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter(prefix="/plans/{slug}/revisions")
A_PAGE = 40
MOST_MOVED = 60
MOST = 1_000_000
ONCE_IN_FORCE = (RevisionState.IN_FORCE, RevisionState.SUPERSEDED)
Number = Annotated[int, Path(ge=1, le=MOST)]
Slug = Annotated[str, Query(max_length=120)]
Tier = Annotated[str, Query(max_length=1)]
Start = Annotated[int, Query(alias="from", ge=0, le=MOST)]


@dataclass(frozen=True, slots=True)
class RevisionsPage(Page):
    """The revisions of a plan, the newest first."""

    template: ClassVar[str] = "plans/revisions.html"

    plan: PlanView
    lines: tuple[RevisionLine, ...]
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """One page of a timetable, filtered; ``count`` is of all that fits, ``next`` leads on."""

    rows: tuple[TimetableRow, ...]
    veiled: tuple[VeiledRow, ...]
    count: int
    lost: int
    area: str
    tier: str
    next: str

    def titles(self) -> tuple[str, ...]:
        """Return the English titles of the functions in it."""
        return (*(row.title for row in self.rows), *(row.title for row in self.veiled))


@dataclass(frozen=True, slots=True)
class RevisionPage(Page):
    """One revision. ``other`` is what it is compared with; ``None`` where nothing came before.

    ``moves`` are rows that a draft would move, with the number of all of them.
    """

    template: ClassVar[str] = "plans/revision.html"

    plan: PlanView
    line: RevisionLine
    content: RevisionContent
    area_names: Mapping[str, str]
    detail: bool
    other: RevisionLine | None
    changes: tuple[Sentence, ...]
    moves: tuple[Moved, ...]
    moves_count: int
    dates: Dates
    can_edit: bool
    texts: CatalogueTexts


@router.get("")
def revisions_page(visit: Reader, slug: str) -> Response:
    """Return the revisions of a plan."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        lines = revisions_of(session, plan.uid, actor=visit.actor)
    return page(visit, RevisionsPage(plan, lines, can_edit(visit, plan)))


@router.get("/{number}")
def revision_page(
    visit: Reader, slug: str, number: Number, area: Slug = "", tier: Tier = "", start: Start = 0
) -> Response:
    """Return one revision: its content, what it changed, and its timetable."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        shown = revision_shown(session, visit, plan, number)
        found = timetable_of(session, plan.uid, number, actor=visit.actor)
        dates = _dates(found, area=area, tier=tier, start=start)
        texts = texts_for(session, visit, dates.titles())
    return page(visit, replace(shown, dates=dates, texts=texts))


def revision_shown(session: Session, visit: Visit, plan: PlanView, number: int) -> RevisionPage:
    """Return the page of a revision without its timetable.

    Raises:
        NotFound: there is none for the reader.
    """
    view = revision_view(session, plan.uid, number, actor=visit.actor)
    detail = visit.sees_detail(plan.place)
    names = {area.slug: area.name for area in view.content.areas}
    before = _before(session, visit, plan, view.line)
    moves = _moves(session, visit, plan, view.line, names=names)
    return RevisionPage(
        plan=plan,
        line=view.line,
        content=view.content,
        area_names=names,
        detail=detail,
        other=before,
        changes=_changes(session, visit, plan, (before, view.line), names=names),
        moves=moves[:MOST_MOVED],
        moves_count=len(moves),
        dates=Dates((), (), 0, 0, "", "", ""),
        can_edit=can_edit(visit, plan),
        texts=CatalogueTexts({}, visit.reader),
    )


def _before(
    session: Session, visit: Visit, plan: PlanView, line: RevisionLine
) -> RevisionLine | None:
    """Return what was in force before a revision, or is while it is none."""
    lines = revisions_of(session, plan.uid, actor=visit.actor)
    once = [each for each in lines if each.state in ONCE_IN_FORCE and each.number != line.number]
    if line.state not in ONCE_IN_FORCE:
        return next((each for each in once if each.state is RevisionState.IN_FORCE), None)
    when = (line.in_force_on, line.number)
    earlier = [each for each in once if (each.in_force_on, each.number) < when]
    return max(earlier, key=lambda each: (each.in_force_on, each.number), default=None)


def _changes(
    session: Session,
    visit: Visit,
    plan: PlanView,
    pair: tuple[RevisionLine | None, RevisionLine],
    *,
    names: Mapping[str, str],
) -> tuple[Sentence, ...]:
    older, newer = pair
    if older is None or not visit.sees_detail(plan.place):
        return ()
    found = difference_between(session, plan.uid, older.number, newer.number, actor=visit.actor)
    return sentences(found, names=names, reader=visit.reader)


def _moves(
    session: Session, visit: Visit, plan: PlanView, line: RevisionLine, *, names: Mapping[str, str]
) -> tuple[Moved, ...]:
    if line.state is not RevisionState.DRAFT or not visit.sees_detail(plan.place):
        return ()
    now = timetable_of(session, plan.uid, actor=visit.actor)
    then = derived_timetable(session, plan.uid, line.number, actor=visit.actor)
    return moved(now.rows, then, names=names)


def _dates(found: TimetableView, *, area: str, tier: str, start: int) -> Dates:
    rows = [row for row in found.rows if area in ("", row.area) and tier in ("", str(row.tier))]
    rows.sort(key=lambda row: (row.last_day_on, row.tier, row.function_code, row.area_name))
    given = {"area": area, "tier": tier, "from": start + A_PAGE}
    more = "?" + urlencode({key: value for key, value in given.items() if value})
    return Dates(
        rows=tuple(rows[start : start + A_PAGE]),
        veiled=tuple(row for row in found.veiled if tier in ("", str(row.tier))),
        count=len(rows),
        lost=sum(row.cannot_be_met for row in rows),
        area=area,
        tier=tier,
        next=more if start + A_PAGE < len(rows) else "",
    )
