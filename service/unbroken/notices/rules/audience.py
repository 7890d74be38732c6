"""Whom news is for, by role; pure.

Source: roles of design judgement, 2026. Donors see restricted gaps by country and quarter only, so
no notice tells them that one opened today; they have their watches on money.
"""

from collections.abc import Iterable, Mapping

from unbroken.notices.rules.words import OF_GAPS, News
from unbroken.people.rules import Role

WORK = frozenset({Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR})
READ = WORK | {Role.OBSERVER}
AUDIENCE: Mapping[News, frozenset[Role]] = {
    **dict.fromkeys(OF_GAPS, READ),
    News.OFFERED: frozenset({Role.COUNTRY_TEAM, Role.CO_CHAIR}),
    News.ANSWERED: frozenset({Role.PLANNER, Role.CO_CHAIR, Role.OBSERVER}),
    News.DISPUTED: READ,
    News.REVISED: READ,
}


def news_for(roles: Iterable[Role]) -> frozenset[News]:
    """Return the kinds of news that somebody with these roles at a place is told of."""
    held = frozenset(roles)
    return frozenset(kind for kind, audience in AUDIENCE.items() if audience & held)
