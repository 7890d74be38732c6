"""The trail: who did what to what, when; and whether the record is intact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.kit.errors import Forbidden
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.trail.queries import EntryView, FaultKind, entries, verify
from unbroken.web.api.answers import JSON
from unbroken.web.api.inputs import PlanName, plan_of
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

router = APIRouter(tags=["trail"])
READERS = (Role.PLANNER, Role.CO_CHAIR, Role.OBSERVER, Role.STEWARD)
TrailReader = Annotated[Visit, access(Roles(*READERS))]
Verifier = Annotated[Visit, access(Roles(Role.OBSERVER, Role.STEWARD))]


class TrailEntry(TypedDict):
    """One act; ``values`` is null once erased, and ``erased_at`` says when."""

    uid: UUID
    position: int
    at: datetime
    account: UUID
    organisation: UUID
    role: str
    action: str
    subject_kind: str
    subject: UUID
    values: Mapping[str, object] | None
    erased_at: datetime | None
    hash: str


class FaultItem(TypedDict):
    """What does not fit, and between which positions."""

    kind: FaultKind
    first: int
    last: int


class ChainItem(TypedDict):
    """One chain: a plan's, or the instance's where ``plan`` is null."""

    chain: UUID
    plan: UUID | None
    entries: int
    head_hash: str
    intact: bool
    faults: list[FaultItem]


class Verification(TypedDict):
    """Whether every chain is intact; heads kept elsewhere show later that nothing was cut off."""

    intact: bool
    chains: list[ChainItem]


ENTRIES = TypeAdapter(Listing[TrailEntry])
VERIFICATION = TypeAdapter(Verification)


@router.get("/plans/{plan}/trail", response_model=Listing[TrailEntry])
def plan_trail(request: Request, visit: TrailReader, plan: PlanName, pages: Pages) -> Response:
    """List what was done on a plan, the newest first."""
    view = plan_of(visit, plan)
    if not any(visit.actor.has(role, view.place) for role in READERS):
        raise Forbidden(
            _("Your role does not see the trail of this plan."),
            remedy=_("Ask a planner of this plan or a steward for what you need."),
        )
    after = pages.after(int)
    with visit.sessions.reading() as session:
        found = entries(
            session,
            plan_uid=view.uid,
            limit=pages.limit + 1,
            before=None if after is None else int(after[0] or 0),
        )
    shown = found[: pages.limit]
    link = next_link(request, pages, shown[-1].position) if len(found) > pages.limit else None
    return listing(ENTRIES, [_entry(each) for each in shown], link=link)


@router.get("/trail/verification", response_model=Verification)
def verification(visit: Verifier) -> Response:
    """Run through every chain from end to end and say what does not fit."""
    with visit.sessions.reading() as session:
        reports = verify(session)
    found: Verification = {
        "intact": all(report.is_intact for report in reports),
        "chains": [
            {
                "chain": report.chain_uid,
                "plan": report.plan_uid,
                "entries": report.entry_count,
                "head_hash": report.head_hash,
                "intact": report.is_intact,
                "faults": [
                    {"kind": f.kind, "first": f.first, "last": f.last} for f in report.faults
                ],
            }
            for report in reports
        ],
    }
    return Response(VERIFICATION.dump_json(found), media_type=JSON)


def _entry(view: EntryView) -> TrailEntry:
    return {
        "uid": view.uid,
        "position": view.position,
        "at": view.at,
        "account": view.author.account_uid,
        "organisation": view.author.organisation_uid,
        "role": view.author.role,
        "action": view.action,
        "subject_kind": view.subject_kind,
        "subject": view.subject_uid,
        "values": view.values,
        "erased_at": view.erased_at,
        "hash": view.hash,
    }
