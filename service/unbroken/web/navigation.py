"""The places every page leads to. A feature adds its own line to ``PLACES``."""

from dataclasses import dataclass, replace

from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor, Role

READERS = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the navigation: its English label, where it leads and for which roles."""

    label: str
    path: str
    roles: frozenset[Role] | None = None
    is_here: bool = False


PLACES = (
    Place(_("Plans"), "/plans", READERS),
    Place(_("Gaps"), "/gaps", READERS),
    Place(_("Money"), "/money", READERS),
    Place(_("Functions"), "/functions", READERS),
    Place(_("Inbox"), "/inbox", frozenset({Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR})),
    Place(_("Trail"), "/trail", frozenset({Role.STEWARD, Role.OBSERVER})),
    Place(_("People"), "/people", frozenset({Role.STEWARD})),
    Place(_("Sources"), "/sources", frozenset({Role.STEWARD})),
    Place(_("About"), "/about"),
)


def places_for(actor: Actor, *, path: str) -> tuple[Place, ...]:
    """Return the places ``actor`` may go to, in order, the present one marked."""
    return tuple(
        replace(place, is_here=_is_here(place, path))
        for place in PLACES
        if place.roles is None or any(actor.has(role) for role in place.roles)
    )


def _is_here(place: Place, path: str) -> bool:
    return path == place.path or path.startswith(f"{place.path.rstrip('/')}/")
