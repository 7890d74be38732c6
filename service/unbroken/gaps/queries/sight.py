"""Which gaps an actor sees at all, and of which it sees detail, as conditions.

They are over ``Gap``, ``Plan`` and ``Mission``, which a statement has joined.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col

from unbroken.gaps.models import Gap
from unbroken.people.rules import Actor, Role, Sight, sight_of
from unbroken.plans.models import Mission, Plan


def in_sight(sight: Sight) -> list[ColumnElement[bool]]:
    """Return the conditions that a gap's plan is seen; none where everything is."""
    if sight.everything:
        return []
    plans = col(Plan.uid).in_(list(sight.plan_uids))
    return [or_(plans, col(Mission.country_iso3).in_(list(sight.countries)))]


def in_detail(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions that a gap is where the actor sees detail; none: everywhere."""
    detail = tuple(grant for grant in actor.grants if grant.role is not Role.DONOR)
    return in_sight(sight_of(replace(actor, grants=detail)))


def is_hidden(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a gap is one of which the actor sees no detail."""
    seen = in_detail(actor)
    return and_(col(Gap.restricted), *(~condition for condition in seen)) if seen else false()
