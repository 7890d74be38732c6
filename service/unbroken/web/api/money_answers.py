"""How lines of money are answered: in lists, one by one, and with all they ever said."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.money.commands.amending import withdraw_line
from unbroken.money.commands.orders import WithdrawLine
from unbroken.money.queries.listing import Page, line_history, line_view, no_line
from unbroken.money.queries.views import ContributionView, HistoryView, RequirementView
from unbroken.people.rules import Role
from unbroken.web.api.answers import changed, shown
from unbroken.web.api.inputs import NAME
from unbroken.web.api.money_shapes import FUNCTION, Withdrawal
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

Writer = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]
Wanted = Annotated[
    str | None,
    Query(max_length=120, pattern=f"^$|{NAME}", description="A slug; empty for lines without."),
]
Code = Annotated[
    str | None, Query(max_length=20, pattern=FUNCTION, description="A code; empty for pools.")
]
HISTORY = TypeAdapter(HistoryView)
Line = TypeVar("Line", RequirementView, ContributionView)


def after_of(pages: Pages) -> int:
    """Return the number of the line after which a page goes on, 0 for the first."""
    after = pages.after(int)
    return 0 if after is None else int(after[0] or 0)


def listed(
    request: Request, pages: Pages, adapter: TypeAdapter[Listing[Line]], found: Page[Line]
) -> Response:
    """Return one page of lines, with its link to the next."""
    link = None if found.after is None else next_link(request, pages, found.after)
    return listing(adapter, list(found.items), link=link)


def entered(adapter: TypeAdapter[Listing[Line]], found: list[Line]) -> Response:
    """Return the lines that were just put on record."""
    response = listing(adapter, found, link=None)
    response.status_code = 201
    return response


def view_of(visit: Visit, uid: UUID, kind: type[Line]) -> Line:
    """Return a line of one kind as the visitor sees it.

    Raises:
        NotFound: there is none, or it is of the other kind.
        Forbidden: the visitor sees no lines.
    """
    with visit.sessions.reading() as session:
        found = line_view(session, uid, actor=visit.actor)
    if not isinstance(found, kind):
        raise no_line(uid)
    return found


def version_of(view: RequirementView | ContributionView) -> int:
    """Return the version of a line for its ETag: it rises with each state and a withdrawal."""
    return view.number + (view.gone_on is not None)


def changed_line(visit: Visit, uid: UUID, adapter: TypeAdapter[Line], kind: type[Line]) -> Response:
    """Return a line just changed, with its new ETag."""
    view = view_of(visit, uid, kind)
    return changed(adapter, view, uid=view.uid, version=version_of(view))


def withdraw(
    visit: Visit, view: RequirementView | ContributionView, seen: int, body: Withdrawal
) -> None:
    """Let a line hold no more from today on. Raises as ``withdraw_line``."""
    order = WithdrawLine(view.plan, view.uid, seen, body.known_on, body.reason)
    withdraw_line(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def history(
    request: Request,
    visit: Visit,
    uid: UUID,
    kind: type[RequirementView] | type[ContributionView],
) -> Response:
    """Return all that a line of one kind ever said. Raises as ``view_of``."""
    with visit.sessions.reading() as session:
        found = line_history(session, uid, actor=visit.actor)
    last = found.states[-1].line
    if not isinstance(last, kind):
        raise no_line(uid)
    return shown(request, HISTORY, found, uid=uid, version=version_of(last))
