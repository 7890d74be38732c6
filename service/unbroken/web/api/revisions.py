"""``/plans/{plan}/revisions``: what was in force when, drafts, and what changed between two."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.plans.commands import (
    BringIntoForce,
    DraftRevision,
    EditDraft,
    MakeScenario,
    bring_into_force,
    draft_revision,
    edit_draft,
    make_scenario,
)
from unbroken.plans.queries import (
    PlanView,
    RevisionLine,
    RevisionView,
    difference_between,
    revision_view,
    revisions_of,
)
from unbroken.plans.rules import Change, Phase, PhaseKind, Precision, VagueDate
from unbroken.web.api.answers import changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    MOST,
    Body,
    Code,
    Day,
    Name,
    Number,
    PlanName,
    here,
    plan_of,
    require_detail,
)
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}/revisions", tags=["revisions"])
REVISION = TypeAdapter(RevisionView)
REVISIONS = TypeAdapter(Listing[RevisionLine])
DIFFERENCE = TypeAdapter(Listing[Change])
Title = Annotated[str, Field(max_length=200)]
Why = Annotated[str, Field(max_length=400)]


class PhaseBody(Body):
    """A dated part, both days included; no ``areas`` are all, ``drops`` are codes of functions."""

    name: Annotated[str, Field(max_length=120, examples=["Transfer"])]
    kind: PhaseKind
    starts_on: Day
    ends_on: Day
    areas: Annotated[list[Name], Field(default_factory=list, max_length=500)]
    drops: Annotated[list[Code], Field(default_factory=list, max_length=100)]

    def order(self) -> Phase:
        """Return it as commands take it."""
        return Phase(
            name=self.name,
            kind=self.kind,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            areas=tuple(self.areas),
            drops=tuple(self.drops),
        )


class Draft(Body):
    """What a draft says: its phases, and why there is a new revision."""

    phases: Annotated[list[PhaseBody], Field(default_factory=list, max_length=100)]
    title: Title = ""
    reason: Why = ""


class Closing(Body):
    """The supposed end of an area."""

    on: Day
    precision: Annotated[Precision, Field(json_schema_extra={"not": {"const": "unknown"}})] = (
        Precision.DAY
    )

    def order(self) -> VagueDate:
        """Return it as commands take it."""
        return VagueDate(self.on, self.precision)


class Scenario(Body):
    """What if these phases, ends and closings held? What is left out is as it is in force."""

    title: Title
    phases: Annotated[list[PhaseBody], Field(max_length=100)] | None = None
    mandate_ends_on: Day | None = None
    transfer_ends_on: Day | None = None
    closings: Annotated[dict[Name, Closing], Field(default_factory=dict, max_length=500)]
    reason: Why = ""


@router.get("", response_model=Listing[RevisionLine])
def revisions(visit: Reader, plan: PlanName) -> Response:
    """List the revisions of a plan, the newest first."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = revisions_of(session, uid, actor=visit.actor)
    return listing(REVISIONS, list(found), link=None)


@router.get("/difference", response_model=Listing[Change])
def compare(
    visit: Reader,
    plan: PlanName,
    older: Annotated[int, Query(alias="from", ge=1, le=MOST)],
    newer: Annotated[int, Query(alias="to", ge=1, le=MOST)],
) -> Response:
    """Show what changed between two revisions, field by field."""
    view = plan_of(visit, plan)
    require_detail(visit, view)
    with visit.sessions.reading() as session:
        found = difference_between(session, view.uid, older, newer, actor=visit.actor)
    return listing(DIFFERENCE, list(found), link=None)


@router.get("/in-force", response_model=RevisionView)
def in_force(request: Request, visit: Reader, plan: PlanName) -> Response:
    """Show the revision in force and what it says."""
    return _shown(request, visit, plan, None)


@router.get("/{number}", response_model=RevisionView)
def one(request: Request, visit: Reader, plan: PlanName, number: Number) -> Response:
    """Show a revision and what it says.

    Donors see neither its reason and posts nor what phases drop.
    """
    return _shown(request, visit, plan, number)


@router.post("", status_code=201, response_model=RevisionView, openapi_extra=MAKES)
def draft(request: Request, visit: Planner, plan: PlanName, body: Draft) -> Response:
    """Draft a revision of the registers as known today and these phases."""

    def act() -> Response:
        order = DraftRevision(plan, _phases(body.phases), body.title, body.reason)
        drafted = draft_revision(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _made(request, visit, plan, drafted.number)

    return once(visit, act)


@router.put("/{number}", response_model=RevisionView, openapi_extra=CHANGES)
def edit(request: Request, visit: Planner, plan: PlanName, number: Number, body: Draft) -> Response:
    """Change a draft; its registers become those known today."""
    seen = _seen(request, visit, plan, number)

    def act() -> Response:
        order = EditDraft(plan, number, seen, _phases(body.phases), body.title, body.reason)
        edit_draft(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, plan, number)

    return once(visit, act)


@router.post("/{number}/in-force", response_model=RevisionView, openapi_extra=CHANGES)
def force(request: Request, visit: Planner, plan: PlanName, number: Number) -> Response:
    """Bring a draft into force today; from now on it never changes."""
    seen = _seen(request, visit, plan, number)

    def act() -> Response:
        order = BringIntoForce(plan, number, seen)
        bring_into_force(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, plan, number)

    return once(visit, act)


@router.post("/scenarios", status_code=201, response_model=RevisionView, openapi_extra=MAKES)
def suppose(request: Request, visit: Planner, plan: PlanName, body: Scenario) -> Response:
    """Store a scenario with a timetable of its own; nothing else changes."""

    def act() -> Response:
        phases = None if body.phases is None else _phases(body.phases)
        closings: Mapping[str, VagueDate] = {k: c.order() for k, c in body.closings.items()}
        given = {**dict(body), "phases": phases, "closings": closings}
        order = MakeScenario(plan, **given)
        stored = make_scenario(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _made(request, visit, plan, stored.number)

    return once(visit, act)


def _phases(bodies: list[PhaseBody]) -> tuple[Phase, ...]:
    return tuple(body.order() for body in bodies)


def _view(visit: Visit, plan: PlanView, number: int | UUID | None) -> RevisionView:
    with visit.sessions.reading() as session:
        return revision_view(session, plan.uid, number, actor=visit.actor)


def _seen(request: Request, visit: Visit, plan: str, number: int) -> int:
    return version_from_if_match(request, _view(visit, plan_of(visit, plan), number).line.uid)


def _shown(request: Request, visit: Visit, plan: str, number: int | None) -> Response:
    view = _view(visit, plan_of(visit, plan), number)
    return shown(request, REVISION, view, uid=view.line.uid, version=view.line.version)


def _changed(visit: Visit, plan: str, number: int) -> Response:
    view = _view(visit, plan_of(visit, plan), number)
    return changed(REVISION, view, uid=view.line.uid, version=view.line.version)


def _made(request: Request, visit: Visit, plan: str, number: int) -> Response:
    view = _view(visit, plan_of(visit, plan), number)
    path = here(request, str(number)).replace("/scenarios/", "/")
    return made(REVISION, view, uid=view.line.uid, version=view.line.version, path=path)
