"""Who reads which lines of a plan's money.

Lines tell what is planned where and why: donors read the cover of the plan, which is the same money
without that.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.kit.errors import Forbidden
from unbroken.money.models import Contribution, Requirement
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Role, sight_of
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of, plan_row

EVERY_LINE = (Role.PLANNER, Role.CO_CHAIR, Role.OBSERVER, Role.STEWARD)


@dataclass(frozen=True, slots=True)
class Reach:
    """The lines of one plan that a reader sees: all, or those of its own organisation.

    ``organisation_id`` is ``None`` for an account of no known organisation.
    """

    plan: Plan
    everything: bool
    organisation_id: int | None = None

    def lines(self, model: type[Requirement | Contribution]) -> ColumnElement[bool]:
        """Return the condition that a line of ``model`` is one of the plan's and is seen.

        Who answers for a receiver sees its lines, and those that name no receiver.
        """
        of_plan = col(model.plan_id) == row_id(self.plan)
        if self.everything:
            return of_plan
        receiver = col(model.receiver_id)
        return of_plan & or_(receiver.is_(None), receiver == self.organisation_id)

    def sees(self, line: Requirement | Contribution) -> bool:
        """Return whether a line of the plan is seen, as ``lines``."""
        return self.everything or line.receiver_id in (None, self.organisation_id)


def reach_of(session: Session, plan: Ref, *, actor: Actor) -> Reach:
    """Return which lines of a plan ``actor`` sees.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor reads the cover of the plan, but none of its lines.
    """
    place = place_of(session, plan, sight=sight_of(actor))
    everything = any(actor.has(role, place) for role in EVERY_LINE)
    if not everything and not actor.has(Role.COUNTRY_TEAM, place):
        raise Forbidden(
            "Your role reads the cover of a plan's money, not its lines.",
            remedy="Ask for the cover: /api/v1/money/cover says what is needed, covered and "
            "missing, by function and month.",
        )
    return Reach(plan_row(session, plan), everything, _own(session, actor.organisation_uid))


def _own(session: Session, organisation: UUID | None) -> int | None:
    if organisation is None:
        return None
    return session.exec(select(Organisation.id).where(Organisation.uid == organisation)).first()
