"""What waits for the reader: answers, second signatures, offers made, checks that are due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries import CapacityEntry, inbox
from unbroken.transfers.queries.board import (
    LIMIT,
    DueCheck,
    checks_due,
    waiting_for_others,
    waiting_for_second,
)
from unbroken.transfers.queries.waiting import (
    Chosen,
    WaitingEntry,
    waiting_counts,
    waiting_now,
    waiting_to_attest,
)
from unbroken.transfers.rules.words import Act
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.pages.packages import PACK_ACTS
from unbroken.web.pages.proposals import ProposalLine, lines_of
from unbroken.web.rendering import Page, page
from unbroken.web.security import Roles, access
from unbroken.web.silence_words import Silence, silence_of

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
A_PAGE = 25
SIGNING = frozenset({Act.CONFIRM, Act.CONFIRM_PART, Act.DECLINE})


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One capacity that waits; ``title`` is the function's in English.

    ``may_pack`` is whether the reader may take it into a package, ``only_recommends`` whether the
    reader may prepare the answer and not sign it. ``silence`` is what follows without an answer.
    """

    entry: CapacityEntry
    title: str
    days_left: int | None
    may_pack: bool = False
    only_recommends: bool = False
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """What waits in one plan, the most urgent first; ``in_all`` counts all pages of it."""

    plan: PlanView
    lines: tuple[WaitingLine, ...]
    in_all: int

    @property
    def packable(self) -> int:
        """Return how many of the lines the reader may take into a package."""
        return sum(line.may_pack for line in self.lines)


@dataclass(frozen=True, slots=True)
class InboxPage(Page):
    """Everything that waits; each part may be empty.

    ``left_out`` counts what a page that a device keeps does not tell.
    """

    template: ClassVar[str] = "transfers/inbox.html"

    answers: tuple[WaitingPlan, ...]
    seconds: tuple[WaitingLine, ...]
    attests: tuple[WaitingLine, ...]
    others: tuple[WaitingLine, ...]
    checks: tuple[DueCheck, ...]
    titles: Mapping[str, str]
    next: str
    is_receiver: bool
    is_planner: bool
    texts: CatalogueTexts
    proposals: tuple[ProposalLine, ...] = ()
    most: int = LIMIT
    left_out: int = 0


@router.get("/inbox")
def inbox_page(visit: Signatory, after: Annotated[UUID | None, Query()] = None) -> Response:
    """Return what waits for the reader, the most urgent first."""
    return page(visit, inbox_content(visit, after=after))


def inbox_content(visit: Visit, *, after: UUID | None = None) -> InboxPage:
    """Return what waits for the reader of ``visit``, to be shown or to be kept."""
    actor, on = visit.actor, visit.today
    with visit.sessions.reading() as session:
        plans = _Plans(session, visit)
        answers, more = _answers(session, visit, plans, after=after)
        seconds = waiting_for_second(session, actor=actor, on=on)
        attests = waiting_to_attest(session, actor=actor, on=on)
        others = waiting_for_others(session, actor=actor, on=on)
        checks = checks_due(session, actor=actor, on=on)
        proposals = lines_of(session, visit)
        made = _Lines(plans.titles([*seconds, *others, *(c.entry for c in checks)]), on)
        return InboxPage(
            answers=answers,
            seconds=tuple(made.line(each) for each in seconds),
            attests=tuple(_waiting(each, plans) for each in attests),
            others=tuple(made.line(each) for each in others),
            checks=checks,
            titles=made.titles,
            next=f"/inbox?after={more}" if more else "",
            is_receiver=actor.has(Role.COUNTRY_TEAM),
            is_planner=actor.has(Role.PLANNER),
            texts=texts_for(session, visit, plans.shown | {line.title for line in proposals}),
            proposals=proposals,
        )


@dataclass(frozen=True, slots=True)
class _Plans:
    """Finds each plan once, with the titles of its functions."""

    session: Session
    visit: Visit
    known: dict[str, PlanView] = field(default_factory=dict)
    by_edition: dict[str, Mapping[str, str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)

    def __call__(self, slug: str) -> PlanView:
        if slug not in self.known:
            self.known[slug] = find_plan(self.session, slug, sight=self.visit.sight)
        return self.known[slug]

    def today(self, slug: str) -> date:
        """Return the civil date where a plan is."""
        return self.visit.clock.today(self(slug).time_zone)

    def titles(self, entries: Sequence[CapacityEntry]) -> dict[str, str]:
        """Return the English titles of the functions of ``entries`` by code."""
        return {each.function_code: self.title(each) for each in entries}

    def title(self, entry: CapacityEntry) -> str:
        """Return the English title of the function of ``entry``."""
        edition = self(entry.plan_slug).edition
        if edition not in self.by_edition:
            self.by_edition[edition] = titles_of(self.session, edition)
        title = self.by_edition[edition].get(entry.function_code, entry.function_code)
        self.shown.add(title)
        return title


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes the lines that ask no answer of the reader."""

    titles: Mapping[str, str]
    on: date

    def line(self, entry: CapacityEntry) -> WaitingLine:
        left = None if entry.answer_by is None else (entry.answer_by - self.on).days
        title = self.titles.get(entry.function_code, entry.function_code)
        return WaitingLine(entry, title, left)


def _answers(
    session: Session, visit: Visit, plans: _Plans, *, after: UUID | None
) -> tuple[tuple[WaitingPlan, ...], UUID | None]:
    actor, on, own = visit.actor, visit.today, visit.actor.organisation_uid
    if own is None:
        return (), None
    found = inbox(session, own, actor=actor, on=on, after=after, limit=A_PAGE)
    if not found.items:
        return (), None
    uids = Chosen(uids=tuple(entry.uid for entry in found.items))
    waiting = waiting_now(session, uids, actor=actor, on=on, limit=A_PAGE)
    counts = waiting_counts(session, own, actor=actor)
    ordered = sorted(waiting, key=lambda each: each.entry.plan_slug)
    made = [
        WaitingPlan(plans(slug), tuple(_waiting(each, plans) for each in those), counts[slug])
        for slug, those in groupby(ordered, key=lambda each: each.entry.plan_slug)
    ]
    urgent = sorted(made, key=lambda each: each.lines[0].entry.answer_by or date.max)
    return tuple(urgent), found.after


def _waiting(each: WaitingEntry, plans: _Plans) -> WaitingLine:
    entry, may = each.entry, set(each.may)
    today = plans.today(entry.plan_slug)
    return WaitingLine(
        entry=entry,
        title=plans.title(entry),
        days_left=None if entry.answer_by is None else (entry.answer_by - today).days,
        may_pack=bool(may & set(PACK_ACTS)),
        only_recommends=Act.RECOMMEND in may and not may & SIGNING,
        silence=silence_of(entry, last_day_on=each.last_day_on, on=today),
    )
