"""The checklist of a plan: what is to do, where, by when and by whom; and what is one's own.

Everything is reached with Tab in the order in which it is read, ticked with Space and sent with
Enter. There are no access keys: they clash with those of browsers and screen readers.
Source: WCAG 2.2, success criteria 2.1.1, 2.1.2, 2.4.1, 2.4.3, 2.4.7 and 2.4.11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import ShownText
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries.checklist_counts import Figure, counts_of
from unbroken.transfers.queries.checklist_filters import ChecklistFilter, Reading, View
from unbroken.transfers.queries.checklist_texts import titles_in
from unbroken.transfers.queries.checklists import A_PAGE, ChecklistRow, checklist_rows
from unbroken.web.checklist_parts import (
    Choice,
    RowGroup,
    ViewLink,
    choices_of,
    groups_of,
    heading_of,
    views_of,
)
from unbroken.web.checklist_words import (
    GROUP_WORDS,
    SORT_WORDS,
    VIEW_NOTES,
    ChecklistQuery,
)
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Fault
from unbroken.web.item_acts import ITEM_ACTS
from unbroken.web.last_acts import LastAct, last_act_of
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader, Roles, access

router = APIRouter()
WORKING = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)
Worker = Annotated[Visit, access(Roles(*WORKING))]
MOST_AT_ONCE = 500
"""Items changed in one act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistPage(Page):
    """One page of a plan's checklist with its filters; ``query`` is that of this page."""

    template: ClassVar[str] = "checklists/checklist.html"

    plan: PlanView
    heading: str
    note: str
    figure: Figure
    views: tuple[ViewLink, ...]
    choices: tuple[Choice, ...]
    groups: tuple[RowGroup, ...]
    titles: Mapping[str, ShownText]
    count: int
    first: int
    query: ChecklistQuery
    pages: int
    may_work: bool
    acts: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str], ...]
    groupings: tuple[tuple[str, str], ...]
    last: LastAct | None
    faults: tuple[Fault, ...]
    today: date
    most: int = MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class MinePage(Page):
    """What is assigned to the reader over all plans, the most urgent first."""

    template: ClassVar[str] = "checklists/mine.html"

    rows: tuple[ChecklistRow, ...]
    titles: Mapping[str, ShownText]
    plans: Mapping[str, str]
    number: int
    has_more: bool


@router.get("/checklist/mine")
def mine_page(visit: Worker, query: Annotated[ChecklistQuery, Query()]) -> Response:
    """Return the items assigned to the reader or to the reader's organisation, in every plan."""
    wanted = ChecklistFilter(view=View.MINE)
    reading = Reading(actor=visit.actor, on=visit.today, detail=True)
    with visit.sessions.reading() as session:
        rows = checklist_rows(
            session, wanted, reading=reading, language=visit.reader.locale, page=query.number
        )
        found = {row.plan: find_plan(session, row.plan, sight=visit.sight) for row in rows}
        titles: dict[str, ShownText] = {}
        for plan in found.values():
            titles |= titles_shown(session, visit, plan)
    plans = {slug: plan.title for slug, plan in found.items()}
    return page(visit, MinePage(rows, titles, plans, query.number, len(rows) == A_PAGE))


@router.get("/plans/{slug}/checklist")
def checklist_page(visit: Reader, slug: str, query: Annotated[ChecklistQuery, Query()]) -> Response:
    """Return one page of a plan's checklist."""
    return page(visit, checklist_shown(visit, slug, query))


def checklist_shown(
    visit: Visit, slug: str, query: ChecklistQuery, *, faults: tuple[Fault, ...] = ()
) -> ChecklistPage:
    """Return what the checklist page shows; ``faults`` are of a form that was sent from it."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        wanted, reading = query.wanted(plan.slug), reading_of(visit, plan)
        counts = counts_of(session, wanted, reading=reading)
        rows = checklist_rows(
            session, wanted, reading=reading, language=visit.reader.locale, page=query.number
        )
        titles = titles_shown(session, visit, plan)
        last = last_act_of(session, visit, plan) if query.undo else None
    count = counts.views()[wanted.view]
    return ChecklistPage(
        plan=plan,
        heading=heading_of(wanted, counts, titles),
        note=VIEW_NOTES.get(wanted.view, ""),
        figure=counts.figure(),
        views=views_of(visit, plan, query, counts),
        choices=choices_of(visit, counts, query, titles),
        groups=groups_of(visit, rows, counts, titles),
        titles=titles,
        count=count,
        first=(query.number - 1) * A_PAGE + 1,
        query=query,
        pages=-(-count // A_PAGE),
        may_work=works_at(visit, plan),
        acts=tuple((act.value, form.title) for act, form in ITEM_ACTS.items()),
        sorts=tuple((each.value, word) for each, word in SORT_WORDS.items()),
        groupings=tuple((each.value, word) for each, word in GROUP_WORDS.items()),
        last=last,
        faults=faults,
        today=reading.on,
    )


def reading_of(visit: Visit, plan: PlanView) -> Reading:
    """Return how the visitor reads a plan's checklist, on the day it is there."""
    return Reading(
        actor=visit.actor,
        on=visit.clock.today(plan.time_zone),
        detail=visit.sees_detail(plan.place),
    )


def works_at(visit: Visit, plan: PlanView) -> bool:
    """Return whether the visitor has a role that works on checklists of this plan."""
    return visit.is_signed_in and any(visit.actor.has(role, plan.place) for role in WORKING)


def titles_shown(session: Session, visit: Visit, plan: PlanView) -> Mapping[str, ShownText]:
    """Return the titles of a plan's functions by code in the reader's language."""
    titles = titles_of(session, plan.edition)
    return titles_in(session, titles, language=visit.reader.locale)
