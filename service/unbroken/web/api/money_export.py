"""``/plans/{plan}/money/export.csv`` and ``.xlsx``: each line of a plan's money."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.web.api.inputs import PlanName, plan_of
from unbroken.web.item_workbook_files import CSV, XLSX, FileKind, media_of
from unbroken.web.money_files import line_file
from unbroken.web.security import Reader

router = APIRouter(prefix="/plans/{plan}/money", tags=["money"])
Tags = Annotated[bool, Query(description="With HXL hashtags below the names.")]


def _sends(kind: FileKind) -> dict[int | str, dict[str, object]]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The whole file", "content": {media_of(kind): binary}}}


@router.get("/export.csv", response_class=Response, responses=_sends(CSV))
def table(visit: Reader, plan: PlanName, *, hxl: Tags = False) -> Response:
    """Take the lines of a plan's money out as CSV; the last line counts them.

    Donors see sums only; a receiver gets the lines meant for it.
    """
    return line_file(visit, plan_of(visit, plan), CSV, with_tags=hxl)


@router.get("/export.xlsx", response_class=Response, responses=_sends(XLSX))
def workbook(visit: Reader, plan: PlanName, *, hxl: Tags = False) -> Response:
    """Take the lines of a plan's money out as a workbook; the last row counts them.

    Donors see sums only; a receiver gets the lines meant for it.
    """
    return line_file(visit, plan_of(visit, plan), XLSX, with_tags=hxl)
