"""Transfers: those of a plan by function and area, and one in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.rules import Dimension
from unbroken.people.queries import organisation_views
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan, function_areas_of, steps_of
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries import (
    CapacityDetail,
    ItemView,
    LinkedView,
    TransferView,
    capacity_view,
    transfer_view,
)
from unbroken.transfers.queries.board import BoardFilter, BoardLine, transfer_board
from unbroken.transfers.rules.words import CapacityState, ItemState
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.pages.capacities import signed_texts
from unbroken.web.receipt_words import ReceiptLine, receipt_lines
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader
from unbroken.workbooks.phone_forms import makes_forms

router = APIRouter()
Text = Annotated[str, Query(max_length=120)]
LAST_RECEIPTS = 12


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The transfers of one function in one area."""

    name: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """One function with its areas."""

    code: str
    title: str
    tier: int
    areas: tuple[AreaGroup, ...]


@dataclass(frozen=True, slots=True)
class TransfersPage(Page):
    """The transfers of a plan; ``functions`` (code, English title) and ``areas`` to filter by."""

    template: ClassVar[str] = "transfers/board.html"

    plan: PlanView
    groups: tuple[FunctionGroup, ...]
    wanted: BoardFilter
    functions: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]
    states: tuple[CapacityState, ...]
    next: str
    may_name: bool
    may_form: bool
    texts: CatalogueTexts


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of the checklist with its due day; ``None`` where no timetable is in force."""

    item: ItemView
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class CapacityLine:
    """One capacity of a transfer; ``parts`` are titles as the reader sees them."""

    detail: CapacityDetail
    parts: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class TransferPage(Page):
    """One transfer in full; ``receipts`` are those signed last, the newest first."""

    template: ClassVar[str] = "transfers/transfer.html"

    plan: PlanView
    transfer: TransferView
    title: str
    lines: tuple[CapacityLine, ...]
    items: tuple[ItemLine, ...]
    agreements: tuple[LinkedView, ...]
    receipts: tuple[tuple[Dimension, ReceiptLine], ...]
    receipt_count: int
    may_add: bool
    texts: CatalogueTexts


@router.get("/plans/{slug}/transfers")
def transfers_page(  # one parameter for each filter
    visit: Reader,
    slug: str,
    function: Text = "",
    area: Text = "",
    state: Text = "",
    after: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Return the transfers of a plan that fit, by function and area."""
    wanted_state = CapacityState(state) if state in set(CapacityState) else None
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        wanted = BoardFilter(plan_uid=plan.uid, function=function, area=area, state=wanted_state)
        board = transfer_board(session, wanted, actor=visit.actor, on=visit.today, after=after)
        titles = titles_of(session, plan.edition)
        known = _choices(session, visit, plan)
        codes = sorted({code for code, _slug, _name in known})
        functions = tuple((code, titles.get(code, "")) for code in codes)
        groups = _groups(board.lines, titles)
        named = [title for _code, title in functions]
        texts = texts_for(session, visit, [*named, *(group.title for group in groups)])
    content = TransfersPage(
        plan=plan,
        groups=groups,
        wanted=wanted,
        functions=functions,
        areas=tuple(dict.fromkeys((slug, name) for _code, slug, name in known)),
        states=tuple(CapacityState),
        next=_next(wanted, plan, board.after) if board.after else "",
        may_name=visit.actor.has(Role.PLANNER, plan.place),
        may_form=makes_forms(visit.actor, plan),
        texts=texts,
    )
    return page(visit, content)


@router.get("/transfers/{uid}")
def transfer_page(visit: Reader, uid: UUID) -> Response:
    """Return one transfer with its capacities, checklist, agreements and last receipts."""
    with visit.sessions.reading() as session:
        transfer = transfer_view(session, uid, actor=visit.actor, on=visit.today)
        first = transfer.capacities[0]
        plan = find_plan(session, first.plan_slug, sight=visit.sight)
        details = [
            capacity_view(session, each.uid, actor=visit.actor, on=visit.today)
            for each in transfer.capacities
        ]
        due = _due_days(session, visit, plan, first.function_code, first.area_slug)
        names = {each.uid: each.name for each in organisation_views(session)}
        titles = titles_of(session, details[0].edition)
        title = titles.get(first.function_code, first.function_code)
        english = [text for detail in details for text in signed_texts(detail)]
        texts = texts_for(session, visit, [title, *english])
    today = visit.clock.today(plan.time_zone)
    receipts = _receipts(details, names)
    content = TransferPage(
        plan=plan,
        transfer=transfer,
        title=title,
        lines=tuple(_capacity_line(each, texts) for each in details),
        items=_items(details, due, today=today),
        agreements=_agreements(details),
        receipts=receipts[:LAST_RECEIPTS],
        receipt_count=len(receipts),
        may_add=visit.is_signed_in and visit.actor.has(Role.PLANNER, plan.place),
        texts=texts,
    )
    return page(visit, content)


def _choices(session: Session, visit: Visit, plan: PlanView) -> list[tuple[str, str, str]]:
    return [
        (row.function_code, row.area, row.area_name)
        for row in function_areas_of(session, plan.uid, actor=visit.actor)
    ]


def _groups(lines: Sequence[BoardLine], titles: Mapping[str, str]) -> tuple[FunctionGroup, ...]:
    made = []
    for code, those in groupby(lines, key=lambda line: line.capacities[0].function_code):
        found = list(those)
        areas = tuple(
            AreaGroup(name, tuple(here))
            for name, here in groupby(found, key=lambda line: line.capacities[0].area_name)
        )
        tier = found[0].capacities[0].tier
        made.append(FunctionGroup(code, titles.get(code, code), tier, areas))
    return tuple(made)


def _next(wanted: BoardFilter, plan: PlanView, after: UUID) -> str:
    given = {
        "function": wanted.function,
        "area": wanted.area,
        "state": wanted.state.value if wanted.state else "",
        "after": str(after),
    }
    chosen = urlencode({name: value for name, value in given.items() if value})
    return f"/plans/{plan.slug}/transfers?{chosen}"


def _due_days(
    session: Session, visit: Visit, plan: PlanView, code: str, area: str
) -> Mapping[str, date]:
    here = [
        row.uid
        for row in function_areas_of(session, plan.uid, actor=visit.actor)
        if (row.function_code, row.area) == (code, area)
    ]
    return {
        step.step: step.due_on for uid in here for step in steps_of(session, uid, actor=visit.actor)
    }


def _items(
    details: Sequence[CapacityDetail], due: Mapping[str, date], *, today: date
) -> tuple[ItemLine, ...]:
    lines = [
        ItemLine(item, due.get(item.step), _is_late(item, due.get(item.step), today=today))
        for detail in details
        for item in detail.items
    ]
    return tuple(sorted(lines, key=lambda line: (line.due_on or date.max, line.item.item_id)))


def _is_late(item: ItemView, due_on: date | None, *, today: date) -> bool:
    return item.state is ItemState.OPEN and due_on is not None and due_on < today


def _agreements(details: Sequence[CapacityDetail]) -> tuple[LinkedView, ...]:
    found = {each.uid: each for detail in details for each in detail.agreements}
    return tuple(found.values())


def _receipts(
    details: Sequence[CapacityDetail], names: Mapping[UUID, str]
) -> tuple[tuple[Dimension, ReceiptLine], ...]:
    lines = [
        (detail.entry.dimension, line)
        for detail in details
        for line in receipt_lines(detail.receipts, names=names, titles=dict(detail.part_titles))
    ]
    return tuple(sorted(lines, key=lambda pair: pair[1].receipt.at, reverse=True))


def _capacity_line(detail: CapacityDetail, texts: CatalogueTexts) -> CapacityLine:
    titles = dict(detail.part_titles)
    return CapacityLine(detail, tuple(texts(titles.get(key, key)) for key in detail.entry.parts))
