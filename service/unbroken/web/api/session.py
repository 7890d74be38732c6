"""``/api/v1/me``: who the API takes its caller for."""

from collections.abc import Iterator
from functools import cache
from uuid import UUID

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.kit.errors import Forbidden, SignInNeeded
from unbroken.people.rules import Role, Signing
from unbroken.web.api import features
from unbroken.web.dependencies import Means, Visitor
from unbroken.web.security import Decision, Gate, Reader, require

router = APIRouter(tags=["session"])


class GrantItem(TypedDict):
    """One role and where it holds; both places empty means everywhere."""

    role: Role
    signing: Signing
    country_iso3: str | None
    plan: UUID | None


class Me(TypedDict):
    """Who is calling and by what means.

    ``may`` are the operations that the caller's roles open; each still asks at which place they
    hold.
    """

    account: UUID | None
    handle: str
    organisation: UUID | None
    means: Means
    language: str
    demonstration: bool
    grants: list[GrantItem]
    may: list[str]


ME = TypeAdapter(Me)


@router.get("/me", response_model=Me)
def me(visit: Reader) -> Response:
    """Say who is calling, with which roles, and what these open."""
    actor = visit.actor
    found: Me = {
        "account": actor.account_uid,
        "handle": actor.handle,
        "organisation": actor.organisation_uid,
        "means": visit.visitor.means,
        "language": visit.reader.locale,
        "demonstration": visit.is_demonstration,
        "grants": [
            {
                "role": grant.role,
                "signing": grant.signing,
                "country_iso3": grant.country_iso3,
                "plan": grant.plan_uid,
            }
            for grant in actor.grants
        ],
        "may": [name for name, decision in operations() if is_let_in(decision, visit.visitor)],
    }
    return Response(ME.dump_json(found), media_type="application/json")


@cache
def operations() -> tuple[tuple[str, Decision], ...]:
    """Return every operation of the features, such as ``POST /plans``, and who is let in."""
    return tuple(_operations())


def is_let_in(decision: Decision, visitor: Visitor) -> bool:
    """Return whether ``visitor`` passes ``decision``."""
    try:
        require(decision, visitor)
    except (Forbidden, SignInNeeded):
        return False
    return True


def _operations() -> Iterator[tuple[str, Decision]]:
    for router_of_feature in features.ROUTERS:
        for route in router_of_feature.routes:
            if not isinstance(route, APIRoute):
                continue
            gates = [d.call for d in route.dependant.dependencies if isinstance(d.call, Gate)]
            for method in sorted(route.methods or ()):
                yield f"{method} {route.path}", gates[0].decision
