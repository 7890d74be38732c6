"""``/notices/wish``: how the caller's own account is told, and what its next letter would tell."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.notices.commands.wishing import ChooseWish, choose_wish
from unbroken.notices.queries.wishes import WishView, wish_view
from unbroken.notices.rules.wishes import Wish
from unbroken.notices.rules.words import Cadence
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Flag
from unbroken.web.dependencies import Visit
from unbroken.web.security import Account

router = APIRouter(prefix="/notices/wish", tags=["notices"])
Weekday = Annotated[int, Field(strict=True, ge=0, le=6, description="0 is Monday.", examples=[0])]
Hour = Annotated[int, Field(strict=True, ge=0, le=23, examples=[7])]
Zone = Annotated[str, Field(min_length=1, max_length=60, examples=["Africa/Bamako"])]


class NextLine(TypedDict):
    """One thing that the next letter names: its kind, number and link, nothing else."""

    kind: str
    number: str
    path: str


class WishItem(TypedDict):
    """How an account is told; ``chosen`` is false where it goes by its role.

    ``next_at`` is when the next letter may leave, if there is anything to tell by then.
    ``waiting_lines`` are the worst of ``waiting`` things that it would tell now.
    """

    cadence: Cadence
    weekday: int
    hour: int
    zone: str
    at_once: bool
    only_own: bool
    chosen: bool
    told_at: datetime | None
    next_at: datetime | None
    waiting: int
    waiting_lines: list[NextLine]


class WishBody(Body):
    """How to be told; ``hour`` and ``weekday`` are of ``zone``."""

    cadence: Cadence
    weekday: Weekday = 0
    hour: Hour = 7
    zone: Zone = "UTC"
    at_once: Flag = True
    only_own: Flag = False


WISH = TypeAdapter(WishItem)


@router.get("", response_model=WishItem)
def wish(request: Request, visit: Account) -> Response:
    """Return how the caller's account is told, and what its next letter would tell."""
    view = _view(visit)
    return shown(request, WISH, _item(view), uid=_own(visit), version=view.version)


@router.put("", response_model=WishItem, openapi_extra=CHANGES)
def choose(request: Request, visit: Account, body: WishBody) -> Response:
    """Say how the caller's account is to be told."""
    return _chosen(request, visit, Wish(**body.model_dump()))


@router.delete("", response_model=WishItem, openapi_extra=CHANGES)
def leave(request: Request, visit: Account) -> Response:
    """Have the caller's account told by its role again."""
    return _chosen(request, visit, None)


def _chosen(request: Request, visit: Visit, wanted: Wish | None) -> Response:
    order = ChooseWish(wanted, version_from_if_match(request, _own(visit)))

    def act() -> Response:
        choose_wish(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit)
        return changed(WISH, _item(view), uid=_own(visit), version=view.version)

    return once(visit, act)


def _own(visit: Visit) -> UUID:
    # the way in lets nobody pass without an account
    return visit.actor.account_uid or UUID(int=0)


def _view(visit: Visit) -> WishView:
    with visit.sessions.reading() as session:
        return wish_view(session, actor=visit.actor, now=visit.clock.now())


def _item(view: WishView) -> WishItem:
    wish = view.wish
    return {
        "cadence": wish.cadence,
        "weekday": wish.weekday,
        "hour": wish.hour,
        "zone": wish.zone,
        "at_once": wish.at_once,
        "only_own": wish.only_own,
        "chosen": view.chosen,
        "told_at": view.told_at,
        "next_at": view.next_at,
        "waiting": view.waiting.count,
        "waiting_lines": [
            {"kind": line.kind.value, "number": line.number, "path": line.path}
            for line in view.waiting.lines
        ],
    }
