"""What the acts on the catalogue are called in the trail, and whose they are."""

from unbroken.kit.errors import Forbidden
from unbroken.people.rules import SYSTEM, Actor, Role
from unbroken.trail.rules import Action


class CatalogueAction(Action):
    """The acts of the catalogue in the trail."""

    EDITION_LOADED = "catalogue:edition:loaded"
    TRANSLATIONS_LOADED = "catalogue:translations:loaded"


def require_steward(actor: Actor) -> None:
    """Let stewards and the system itself pass.

    Raises:
        Forbidden: the actor is neither.
    """
    if actor != SYSTEM and not actor.has(Role.STEWARD):
        raise Forbidden("Only a steward loads an edition.", remedy="Ask a steward.")
