"""``/plans/{plan}/items``: many items of a plan in one act, tried first, undone; lines added."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import Problem
from unbroken.people.rules import Role
from unbroken.plans.queries.rows import plan_row
from unbroken.transfers.commands.adding import AddItem, add_item
from unbroken.transfers.commands.item_changes import ChangeItems, ItemsChanged, change_items
from unbroken.transfers.commands.undoing import undo_last
from unbroken.transfers.queries.item_entries import ItemEntry, find_item
from unbroken.transfers.queries.item_rows import item_rows
from unbroken.transfers.queries.judging import Edit, ItemChange, Judged, judge_items
from unbroken.transfers.rules.items import Fact
from unbroken.web.api.answers import JSON, made, once
from unbroken.web.api.checklist_shapes import (
    BulkChange,
    BulkOutcome,
    FactChange,
    ItemOutcome,
    ItemProblem,
    NewItem,
    Outcome,
    Undone,
)
from unbroken.web.api.inputs import MAKES, PlanName, plan_of
from unbroken.web.api.items import ITEM, Worker
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

router = APIRouter(tags=["items"])
Giver = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]
BULK = TypeAdapter(BulkOutcome)
UNDONE = TypeAdapter(Undone)


@router.post("/plans/{plan}/items/changes", response_model=BulkOutcome, openapi_extra=MAKES)
def change(visit: Worker, plan: PlanName, body: BulkChange) -> Response:
    """Change many lines in one act: all of them or none; a dry run says what each comes to."""
    uid = plan_of(visit, plan).uid
    wanted = tuple(
        ItemChange(item_uid=one.item, changes=one.changes.changes(), version_seen=one.version)
        for one in body.items
    )
    if body.dry_run:
        return _answer(_tried(visit, uid, wanted), is_written=False)

    def act() -> Response:
        order = ChangeItems(plan=uid, items=wanted)
        came = change_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _answer(_written(visit, uid, wanted, came), is_written=True)

    return once(visit, act)


@router.post("/plans/{plan}/items/undo", response_model=Undone, openapi_extra=MAKES)
def undo(visit: Worker, plan: PlanName) -> Response:
    """Undo your last act on the lines of a plan, whole or not at all; once more does it again."""
    uid = plan_of(visit, plan).uid

    def act() -> Response:
        came = undo_last(visit.sessions, uid, actor=visit.actor, clock=visit.clock)
        return Response(UNDONE.dump_json({"items": list(came.items)}), media_type=JSON)

    return once(visit, act)


@router.post(
    "/capacities/{capacity_uid}/items",
    status_code=201,
    response_model=ItemEntry,
    openapi_extra=MAKES,
)
def add(request: Request, visit: Giver, capacity_uid: UUID, body: NewItem) -> Response:
    """Add a line of your own to a capacity; what is signed stays as it was signed."""

    def act() -> Response:
        order = AddItem(capacity_uid=capacity_uid, **dict(body))
        added = add_item(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        with visit.sessions.reading() as session:
            view = find_item(session, added.item_uid, actor=visit.actor)
        root = request.url.path.partition("/capacities/")[0]
        path = f"{root}/items/{view.uid}"
        return made(ITEM, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)


def _tried(visit: Visit, plan: UUID, wanted: Sequence[ItemChange]) -> list[ItemOutcome]:
    with visit.sessions.reading() as session:
        row = plan_row(session, plan)
        on = visit.clock.today(row.time_zone)
        judged = judge_items(session, row, wanted, actor=visit.actor, on=on)
        versions = _versions(visit, plan, wanted)
    edits = {edit.row.uid: edit for edit in judged.edits}
    uids = dict.fromkeys(one.item_uid for one in wanted)
    return [_outcome(visit, uid, judged, edits.get(uid), versions.get(uid)) for uid in uids]


def _outcome(
    visit: Visit, uid: UUID, judged: Judged, edit: Edit | None, version: int | None
) -> ItemOutcome:
    outcome = Outcome.UNCHANGED
    if uid in judged.refused:
        outcome = Outcome.REFUSED
    elif uid in judged.stale:
        outcome = Outcome.STALE
    elif edit is not None:
        outcome = Outcome.WAITING if edit.waits else Outcome.CHANGED
    return {
        "item": uid,
        "outcome": outcome,
        "version": version,
        "changes": list(_facts(edit)) if edit else [],
        "problems": [_problem(visit, each) for each in judged.refused.get(uid, ())],
    }


def _facts(edit: Edit) -> Iterator[FactChange]:
    for name, (old, new) in edit.changed.items():
        yield {"fact": name, "old": _plain(old), "new": _plain(new)}


def _plain(fact: Fact) -> str | None:
    return None if fact in {None, ""} else str(fact)


def _problem(visit: Visit, problem: Problem) -> ItemProblem:
    return {
        "path": problem.path,
        "what": visit.say(problem.what),
        "remedy": visit.say(problem.remedy) if problem.remedy else "",
    }


def _written(
    visit: Visit, plan: UUID, wanted: Sequence[ItemChange], came: ItemsChanged
) -> list[ItemOutcome]:
    outcomes = dict.fromkeys(came.changed, Outcome.CHANGED)
    outcomes |= dict.fromkeys(came.waiting, Outcome.WAITING)
    versions = _versions(visit, plan, wanted)
    return [
        {
            "item": one.item_uid,
            "outcome": outcomes.get(one.item_uid, Outcome.UNCHANGED),
            "version": versions.get(one.item_uid),
            "changes": [],
            "problems": [],
        }
        for one in wanted
    ]


def _versions(visit: Visit, plan: UUID, wanted: Sequence[ItemChange]) -> dict[UUID, int]:
    with visit.sessions.reading() as session:
        number = plan_row(session, plan).id or 0
        rows = item_rows(session, number, [one.item_uid for one in wanted])
    return {uid: row.version for uid, row in rows.items()}


def _answer(outcomes: list[ItemOutcome], *, is_written: bool) -> Response:
    body = BULK.dump_json({"written": is_written, "items": outcomes})
    return Response(body, media_type=JSON)
