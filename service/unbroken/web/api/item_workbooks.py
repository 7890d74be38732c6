"""``/plans/{plan}/checklist.xlsx`` and ``.csv``, and ``checklist-imports``: taken out and back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, PlanName, plan_of
from unbroken.web.api.items import Worker
from unbroken.web.item_workbook_files import CSV, XLSX, FileKind, exported, media_of
from unbroken.web.security import Reader
from unbroken.workbooks.item_answers import ChecklistImport, answer_of
from unbroken.workbooks.item_files import read_item_file, words_of
from unbroken.workbooks.item_import import ImportItems, import_items
from unbroken.workbooks.limits import limits_of

router = APIRouter(prefix="/plans/{plan}", tags=["items"])
IMPORT = TypeAdapter(ChecklistImport)
BINARY = {"schema": {"type": "string", "format": "binary"}}
TAKES: dict[str, object] = {
    **MAKES,
    "requestBody": {
        "required": True,
        "description": "The file itself, as its content type says.",
        "content": {media_of(kind): BINARY for kind in (XLSX, CSV)},
    },
}


async def sent_file(request: Request) -> bytes:
    """Return the file that a request is; the envelope has seen to its size."""
    return await request.body()


def _sends(kind: FileKind) -> dict[int | str, dict[str, object]]:
    return {200: {"description": "The whole file", "content": {media_of(kind): BINARY}}}


@router.get("/checklist.xlsx", response_class=Response, responses=_sends(XLSX))
def workbook(visit: Reader, plan: PlanName) -> Response:
    """Take a plan's checklists out as a workbook; complete as far as you may see them."""
    return exported(visit, plan_of(visit, plan), XLSX)


@router.get("/checklist.csv", response_class=Response, responses=_sends(CSV))
def table(visit: Reader, plan: PlanName) -> Response:
    """Take the items of a plan out as CSV; complete as far as you may see them."""
    return exported(visit, plan_of(visit, plan), CSV)


@router.post("/checklist-imports", response_model=ChecklistImport, openapi_extra=TAKES)
def take_back(
    request: Request,
    visit: Worker,
    plan: PlanName,
    raw: Annotated[bytes, Depends(sent_file)],
    *,
    dry_run: Annotated[bool, Query(description="Say what would change; write nothing.")] = False,
) -> Response:
    """Import a workbook or CSV that comes back: all that is sound, or nothing where rows block."""
    found, limits = plan_of(visit, plan), limits_of(visit.house.settings)
    has_text = request.headers.get("content-type", "").startswith(media_of(CSV))

    def act() -> Response:
        read = read_item_file(raw, words_of(visit.house.languages), limits, is_csv=has_text)
        order = ImportItems(plan=found.slug, sheets=read.sheets, dry_run=dry_run)
        done = import_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        told = answer_of(done, reader=visit.reader)
        return Response(IMPORT.dump_json(told), media_type=JSON)

    return once(visit, act)
