"""Who may do what, by the names of the callers, for the tables of access."""

from tests.web.api.conftest import CALLERS

Row = tuple[str, frozenset[str], object]
ANY = frozenset(CALLERS)
SEES = ANY - {"foreign planner"}
DETAIL = SEES - {"donor"}
CONCERNED = SEES - {"other team"}
PLANNER = frozenset({"planner"})
RECEIVER = frozenset({"signer", "field"})
WORKS = frozenset({"planner", "signer", "field", "other team", "co-chair"})
DONOR = frozenset({"donor"})
INTERESTED = frozenset({"planner", "signer", "field", "other team", "donor", "observer"})
GRANTS = frozenset({"co-chair"})
SIDES = frozenset({"planner", "signer", "field", "co-chair"})
