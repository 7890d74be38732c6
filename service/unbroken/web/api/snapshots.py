"""``/plans/{plan}/snapshots`` and ``/sources``: what outside systems said, and how they are."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.sources.queries.outside import OutsideSourceView, outside_sources
from unbroken.sources.queries.snapshots import OutsideFigure, SnapshotView, snapshots_of
from unbroken.web.api.inputs import PlanName, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Steward

router = APIRouter(tags=["outside sources"])


class RestatedItem(TypedDict):
    """What a figure was in the answer before; a null ``was`` was not stated."""

    on: datetime
    was: str | None


class FigureItem(TypedDict):
    """One figure of an outside system, exactly; a null ``amount`` is not stated, not zero."""

    name: str
    label: str
    amount: str | None
    restated: RestatedItem | None


class SnapshotItem(TypedDict):
    """The newest answer to one question. Its figures are never part of the plan's own."""

    uid: UUID
    kind: str
    question: dict[str, str]
    source: str
    name: str
    retrieved_at: datetime
    last_seen_at: datetime
    stated_on: date | None
    sha256: str
    connector: str
    answers: int
    figures: list[FigureItem]
    not_in_it: list[str]
    warnings: list[str]
    silent_since: datetime | None
    silent_reason: str


class SourceItem(TypedDict):
    """One question that is asked by itself; null ``silent_since``: it answers."""

    uid: UUID
    kind: str
    question: str
    base_url: str
    is_on: bool
    every_minutes: int
    answered_at: datetime | None
    stated_on: date | None
    not_before_at: datetime | None
    failures: int
    silent_since: datetime | None
    silent_reason: str
    snapshots: int
    plans: list[UUID]


SNAPSHOTS = TypeAdapter(Listing[SnapshotItem])
SOURCES = TypeAdapter(Listing[SourceItem])


@router.get("/plans/{plan}/snapshots", response_model=Listing[SnapshotItem])
def snapshots(visit: Reader, plan: PlanName) -> Response:
    """List what outside systems said of what a plan is about, by kind; all on one page.

    An empty list says that nothing was loaded, not that nothing is missing.
    """
    view = plan_of(visit, plan)
    with visit.sessions.reading() as session:
        found = snapshots_of(session, view.uid, country_iso3=view.country_iso3)
    return listing(SNAPSHOTS, [_snapshot(each, visit) for each in found], link=None)


@router.get("/sources", response_model=Listing[SourceItem])
def sources(visit: Steward) -> Response:
    """List the outside sources, by kind and question; all on one page."""
    with visit.sessions.reading() as session:
        found = outside_sources(session)
    return listing(SOURCES, [_source(each) for each in found], link=None)


def _snapshot(view: SnapshotView, visit: Visit) -> SnapshotItem:
    return {
        "uid": view.uid,
        "kind": view.kind,
        "question": view.question,
        "source": visit.say(view.source),
        "name": view.name,
        "retrieved_at": view.retrieved_at,
        "last_seen_at": view.last_seen_at,
        "stated_on": view.stated_on,
        "sha256": view.sha256,
        "connector": view.connector,
        "answers": view.answers,
        "figures": [_figure(each, visit) for each in view.figures],
        "not_in_it": [visit.say(each) for each in view.lacks],
        "warnings": list(view.warnings),
        "silent_since": view.silent_since,
        "silent_reason": view.silent_reason,
    }


def _figure(figure: OutsideFigure, visit: Visit) -> FigureItem:
    before = figure.restated
    restated: RestatedItem | None = None
    if before is not None:
        restated = {"on": before.on, "was": None if before.was is None else f"{before.was:f}"}
    return {
        "name": figure.name,
        "label": visit.say(figure.label),
        "amount": None if figure.amount is None else f"{figure.amount:f}",
        "restated": restated,
    }


def _source(view: OutsideSourceView) -> SourceItem:
    return {
        "uid": view.uid,
        "kind": view.kind,
        "question": view.question,
        "base_url": view.base_url,
        "is_on": view.is_on,
        "every_minutes": view.every_minutes,
        "answered_at": view.answered_at,
        "stated_on": view.stated_on,
        "not_before_at": view.not_before_at,
        "failures": view.failures,
        "silent_since": view.silent_since,
        "silent_reason": view.silent_reason,
        "snapshots": view.snapshots,
        "plans": list(view.plan_uids),
    }
