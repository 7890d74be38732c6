"""What requests are made of: strict bodies, names, days and numbers, and the headers of writes."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from starlette.requests import Request

from unbroken.kit.errors import Forbidden, Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.web.dependencies import Visit

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
EDITION = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"
CODE = r"^[A-Z][A-Z0-9-]*$"
MOST = 1_000_000
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _only_a_day(value: object) -> object:
    if isinstance(value, str) and not WRITTEN_DAY.fullmatch(value):
        message = "write a day as 2024-05-31"
        raise ValueError(message)
    if not isinstance(value, str | date | None):
        message = "write a day as text: 2024-05-31"
        raise ValueError(message)  # noqa: TRY004 - Pydantic turns a ValueError into a problem
    return value


Day = Annotated[date, BeforeValidator(_only_a_day), Field(examples=["2024-05-31"])]
Flag = StrictBool
Count = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=NAME, examples=["minusma"])]
EditionName = Annotated[str, Field(max_length=40, pattern=EDITION, examples=["2026.2"])]
Code = Annotated[str, Field(max_length=40, pattern=CODE, examples=["MRM-VER"])]
Text = Annotated[str, Field(max_length=400)]
PlanName = Annotated[Name, Path(description="Slug or UUID of the plan.")]
AreaName = Annotated[Name, Path(description="Slug or UUID of the area.")]
Number = Annotated[int, Path(ge=1, le=MOST, description="Number of the revision.")]


class Body(BaseModel):
    """What a request carries; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """A request that carries nothing."""


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag that you read: it says which state you saw.",
    "schema": {"type": "string", "example": '"0198c0ffee00400080000000000000ab.3"'},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A UUID of yours: the same request sent again gets the same answer.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "example": "6f6f1f3e-4a53-4f0b-9c56-0d1f1e8a2a11",
    },
}
# Headers that a helper reads out of the request stand in the description by these.
MAKES: dict[str, object] = {"parameters": [IDEMPOTENCY_KEY]}
CHANGES: dict[str, object] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}


def plan_of(visit: Visit, plan: str) -> PlanView:
    """Return the plan called so, where the visitor sees it.

    Raises:
        NotFound: there is none in sight.
    """
    with visit.sessions.reading() as session:
        return find_plan(session, plan, sight=visit.sight)


def require_detail(visit: Visit, plan: PlanView) -> None:
    """Pass where the visitor may see areas and days of restricted functions.

    Raises:
        Forbidden: a map of where nobody watches is itself dangerous, so donors do not see it.
    """
    if not visit.sees_detail(plan.place):
        raise Forbidden(
            _("Your role does not see this part of a plan."),
            remedy=_("Ask a planner of this plan for what you need."),
        )


def cursor_uid(key: object) -> UUID:
    """Return the UUID inside a cursor.

    Raises:
        Invalid: it is none.
    """
    try:
        return UUID(str(key))
    except ValueError:
        problem = Problem("query.cursor", _("is not a cursor of this list"), _("Leave it out."))
        raise Invalid(problems=[problem]) from None


def here(request: Request, uid: UUID | str) -> str:
    """Return the address of the thing just made under the list that the request was sent to."""
    return f"{request.url.path}/{uid}"
