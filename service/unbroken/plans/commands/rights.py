"""Who may change missions and plans; pure. Others read.

Source: resolution 2764 (2024), element H: the mission's side prepares the transfer; stewards keep
the register and never act on a plan.
"""

from uuid import UUID

from unbroken.kit.errors import Forbidden, SignInNeeded
from unbroken.people.rules import Actor, Place, Role

NO_PLAN = UUID(int=0)


def may_edit(actor: Actor, place: Place) -> bool:
    """Return whether ``actor`` plans at ``place``; for a plan not yet made, in its country."""
    return actor.account_uid is not None and actor.has(Role.PLANNER, place)


def may_add_missions(actor: Actor, country_iso3: str) -> bool:
    """Return whether ``actor`` adds missions in a country: a steward, or a planner of it."""
    steward = actor.account_uid is not None and actor.has(Role.STEWARD)
    return steward or may_edit(actor, Place(NO_PLAN, country_iso3))


def require_planner(actor: Actor, place: Place) -> None:
    """Pass where ``actor`` may change the plan at ``place``.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the actor is no planner there.
    """
    require_account(actor)
    if not may_edit(actor, place):
        raise Forbidden("Only a planner of this plan changes it.", remedy="Ask a planner.")


def require_mission_keeper(actor: Actor, country_iso3: str) -> None:
    """Pass where ``actor`` may add missions in a country.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the actor is neither planner of the country nor steward.
    """
    require_account(actor)
    if not may_add_missions(actor, country_iso3):
        raise Forbidden("Only a planner or a steward adds missions.", remedy="Ask one of them.")


def require_account(actor: Actor) -> None:
    """Pass where somebody is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    if actor.account_uid is None:
        raise SignInNeeded
