"""The lines of a plan that its reader sees, as workbooks of money compare and show them."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.errors import NotFound
from unbroken.money.queries.listing import Page, contributions, line_history, requirements
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import Ref
from unbroken.workbooks.money_columns import Table

View = TypeVar("View", RequirementView, ContributionView)
Line: TypeAlias = RequirementView | ContributionView
AT_ONCE = 500


def standing_lines(session: Session, plan: Ref, *, actor: Actor) -> dict[Table, list[Line]]:
    """Return the lines that hold now, by table, in the order of their last change.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    needs = _all(lambda after: requirements(session, plan, actor=actor, after=after, limit=AT_ONCE))
    money = _all(
        lambda after: contributions(session, plan, actor=actor, after=after, limit=AT_ONCE)
    )
    return {Table.REQUIREMENTS: list(needs), Table.CONTRIBUTIONS: list(money)}


def states_of(session: Session, plan: str, uid: UUID, *, actor: Actor) -> dict[int, Line]:
    """Return every state of a line of ``plan`` by its number; empty where there is none."""
    try:
        found = line_history(session, uid, actor=actor)
    except NotFound:
        return {}
    return {each.line.number: each.line for each in found.states if each.line.plan == plan}


def _all(read: Callable[[int], Page[View]]) -> Iterator[View]:
    after: int | None = 0
    while after is not None:
        page = read(after)
        yield from page.items
        after = page.after
