"""Who may have which certificate; pure.

Restricted ones go to those who read the whole of what they say: of a plan to its planners, the
task-force co-chair, observers and stewards, of a transfer also to the country team that it
concerns. Public ones may be made by whoever reads the plan.
"""

from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.errors import Forbidden, SignInNeeded
from unbroken.kit.languages import LANGUAGES
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor, Place, Role

FULL = (Role.PLANNER, Role.CO_CHAIR, Role.OBSERVER, Role.STEWARD)


def may_have(actor: Actor, place: Place, *, kind: Kind, audience: Audience) -> bool:
    """Return whether ``actor`` may have such a certificate; of a transfer, one that they see."""
    if audience is Audience.PUBLIC:
        return any(grant.covers(place) for grant in actor.grants)
    roles = FULL if kind is Kind.PLAN else (*FULL, Role.COUNTRY_TEAM)
    return any(actor.has(role, place) for role in roles)


def require_may_have(actor: Actor, place: Place, *, kind: Kind, audience: Audience) -> None:
    """Pass where ``actor`` may have such a certificate.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: a role that does not read all of it.
    """
    if may_have(actor, place, kind=kind, audience=audience):
        return
    if actor.account_uid is None:
        raise SignInNeeded
    raise Forbidden(
        _("Your role does not read all that this certificate says."),
        remedy=_("Make the public one, or ask a planner of this plan."),
    )


def is_written(language: str) -> bool:
    """Return whether certificates are written in ``language``."""
    return language in LANGUAGES
