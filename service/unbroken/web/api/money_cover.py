"""``/money/cover``: where money is missing, for which function, from which month."""

import hashlib
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.kit.errors import Conflict, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.money.queries.cover import CoverAsk, Grain, cliffs, cliffs_of, cover, streamed_cover
from unbroken.money.queries.grounds import grounds
from unbroken.money.queries.stamps import STAMP
from unbroken.people.queries.quick import scope_of
from unbroken.web.api.answers import JSON
from unbroken.web.api.conditional import not_modified
from unbroken.web.api.cover_shapes import (
    CliffItem,
    CoverAnswer,
    CoverItem,
    Totals,
    cliff_of,
    item_of,
    totals_of,
)
from unbroken.web.api.paging import LONGEST_CURSOR, Paging, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.item_workbook_files import CSV, XLSX, media_of
from unbroken.web.kept_answers import KeptAnswer, Key, packed
from unbroken.web.money_asked import Asked
from unbroken.web.money_files import cover_file
from unbroken.web.security import Reader

router = APIRouter(prefix="/money", tags=["money"])
MOST, USUAL = 5000, 1000
MOST_ROWS = 50_000
MARK_LENGTH = 32
SOURCE = "Requirements and contributions on record, by plan"
TEXT = {"schema": {"type": "string", "format": "binary"}}


class _Told(TypedDict):
    """The whole answer before it is cut into pages."""

    items: list[CoverItem]
    totals: Totals
    cliffs: list[CliffItem]
    as_of: date | None


class _Rest(TypedDict):
    """What comes after it."""

    source: str
    illustrative: bool
    version: str
    next: str | None


ANSWER = TypeAdapter(CoverAnswer)
REST = TypeAdapter(_Rest)
TOLD = TypeAdapter(_Told)


def paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many rows.")] = USUAL,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Paging:
    """Return which page is asked for; the dependency behind ``CoverPages``."""
    return Paging(limit, cursor)


CoverPages = Annotated[Paging, Depends(paging)]


@router.get(
    "/cover",
    response_model=CoverAnswer,
    responses={200: {"content": {media_of(CSV): TEXT, media_of(XLSX): TEXT}}},
)
def money_cover(
    request: Request,
    visit: Reader,
    ask: Asked,
    pages: CoverPages,
    *,
    hxl: Annotated[bool, Query(description="With HXL hashtags, in CSV and workbooks.")] = False,
) -> Response:
    """Say what is needed, covered and lacking, by plan and whatever else is asked for.

    Donors see country and quarter of restricted functions. What nobody stated is ``null``, no 0.
    """
    wish = request.headers.get("accept", "")
    for kind in (CSV, XLSX):
        if media_of(kind) in wish:
            return cover_file(visit, ask, kind, with_tags=hxl)
    return _answer(request, visit, ask, pages)


@router.get(
    "/cover.csv", response_class=Response, responses={200: {"content": {media_of(CSV): TEXT}}}
)
def cover_csv(visit: Reader, ask: Asked, *, hxl: bool = False) -> Response:
    """Take the same rows out as CSV, all of them; the last line counts them."""
    return cover_file(visit, ask, CSV, with_tags=hxl)


@router.get(
    "/cover.xlsx", response_class=Response, responses={200: {"content": {media_of(XLSX): TEXT}}}
)
def cover_xlsx(visit: Reader, ask: Asked, *, hxl: bool = False) -> Response:
    """Take the same rows out as a workbook, all of them or none; the last row counts them."""
    return cover_file(visit, ask, XLSX, with_tags=hxl)


def _answer(request: Request, visit: Visit, ask: CoverAsk, pages: Paging) -> Response:
    """Return the answer that is kept, or a new one, or that the client's copy is still good."""
    scope = scope_of(visit.actor.grants)
    key = Key(scope, visit.today, request.url.path, request.url.query.encode())
    with visit.sessions.reading() as session:
        stamp = str(session.connection().scalar(STAMP))
        kept = visit.house.kept.find(key, stamp=stamp)
        if kept is None:
            kept = _new(request, _told(session, visit, ask), pages, stamp)
            visit.house.kept.keep(key, kept)
    if "gzip" in request.headers.get("accept-encoding", "") and not kept.packed:
        kept = packed(kept)
        visit.house.kept.keep(key, kept)
    headers = {"etag": kept.etag, "vary": "accept, authorization, cookie"}
    return not_modified(request, kept.etag) or Response(kept.body, media_type=JSON, headers=headers)


def _new(request: Request, told: _Told, pages: Paging, stamp: str) -> KeptAnswer:
    """Return one page as it is kept; its tag tells of what is in it and of nothing else."""
    whole = TOLD.dump_json(told)
    version = _mark(whole)
    page = _page(request, told, pages, version)
    if page["next"] is None and pages.cursor is None:
        rest: _Rest = {
            "source": page["source"],
            "illustrative": page["illustrative"],
            "version": version,
            "next": None,
        }
        more = REST.dump_json(rest)
        body = whole[:-1] + b"," + more[1:]
    else:
        body = ANSWER.dump_json(page)
    return KeptAnswer(stamp, f'"{_mark(body)}"', body)


def _told(session: Session, visit: Visit, ask: CoverAsk) -> _Told:
    with closing(streamed_cover(session, ask, actor=visit.actor)) as stream:
        rows = list(islice(stream, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooLarge(
            _("This answer has more than {most} rows."),
            remedy=_("Narrow the question, or take it out as CSV."),
            most=MOST_ROWS,
        )
    known = grounds(session, actor=visit.actor)
    by_function = rows
    if Grain.FUNCTION not in ask.by:
        by_function = cover(session, replace(ask, by=(Grain.FUNCTION,)), actor=visit.actor)
    if {Grain.FUNCTION, Grain.MONTH} <= set(ask.by):
        ends = cliffs_of(rows, today=visit.today)
    else:
        ends = cliffs(session, ask, actor=visit.actor, today=visit.today)
    totals = totals_of(by_function, known)
    return {
        "items": [item_of(row, known[row.plan]) for row in rows],
        "totals": totals,
        "cliffs": [cliff_of(each) for each in ends],
        "as_of": max((each["as_of"] for each in totals["plans"] if each["as_of"]), default=None),
    }


def _page(request: Request, told: _Told, pages: Paging, version: str) -> CoverAnswer:
    after = pages.after(int, str)
    start = 0
    if after is not None:
        start = max(0, int(after[0] or 0))
        if after[1] != version:
            raise Conflict(
                _("The money has changed since the page before was read."),
                remedy=_("Begin again with the first page."),
            )
    end = start + pages.limit
    is_more = end < len(told["items"])
    return {
        **told,
        "items": told["items"][start:end],
        "source": SOURCE,
        "illustrative": any(each["illustrative"] for each in told["totals"]["plans"]),
        "version": version,
        "next": next_link(request, pages, end, version) if is_more else None,
    }


def _mark(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:MARK_LENGTH]
