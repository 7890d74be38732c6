"""From the pages of a search for flows to one document: what came in, checked by its own total.

Received is the sum of ``amountUSD`` over flows whose ``boundary`` is incoming, whose ``status`` is
no pledge and whose ``onBoundary`` is single. Parents and parked money that lie across the boundary
are ``shared`` and would be counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    identity,
    mapping,
    maybe_listing,
    stated,
    text,
)

INCOMING, INTERNAL, OUTGOING = "incoming", "internal", "outgoing"
BOUNDARIES = (INCOMING, INTERNAL, OUTGOING)
ON_BOUNDARY = ("single", "shared")
PLEDGE = "pledge"


@dataclass(frozen=True, slots=True)
class Party:
    """A plan, cluster or organisation that a flow comes from or goes to."""

    identity: str
    name: str
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow; ``identity`` is empty where FTS gives none. ``usd`` may be negative."""

    identity: str
    usd: Number
    boundary: str
    is_across: bool
    status: str
    donors: tuple[Party, ...]
    plans: tuple[Party, ...]
    clusters: tuple[Party, ...]
    is_addressed: bool

    @property
    def is_pledge(self) -> bool:
        """Whether the money is only promised."""
        return self.status == PLEDGE

    @property
    def is_received(self) -> bool:
        """Whether it counts as received by what was asked for."""
        return self.boundary == INCOMING and not self.is_across and not self.is_pledge

    @property
    def is_promised(self) -> bool:
        """Whether it counts as pledged to what was asked for."""
        return self.boundary == INCOMING and not self.is_across and self.is_pledge

    @property
    def is_passed_on(self) -> bool:
        """Whether it was passed on inside of what was asked for, and is no pledge."""
        return self.boundary == INTERNAL and not self.is_across and not self.is_pledge


def flow_of(record: object, at: str) -> Flow:
    """Return one flow of an answer.

    Raises:
        Fault: its amount, boundary or status is not stated, or what it is tied to is unreadable.
    """
    told = mapping(record, at=at)
    sources = _objects(told, "sourceObjects", at)
    destinations = _objects(told, "destinationObjects", at)
    return Flow(
        identity=identity(told.get("id"), at=f"{at}.id") or "",
        usd=stated(amount(told.get("amountUSD"), at=f"{at}.amountUSD"), at=f"{at}.amountUSD"),
        boundary=_one_of(told, "boundary", BOUNDARIES, at),
        is_across=_one_of(told, "onBoundary", ON_BOUNDARY, at) == "shared",
        status=_status(told, at),
        donors=_parties(sources, "Organization", needs_number=False),
        plans=_parties(destinations, "Plan"),
        clusters=_parties(destinations, "GlobalCluster"),
        is_addressed=bool(destinations),
    )


def _one_of(told: Mapping[str, object], name: str, known: Sequence[str], at: str) -> str:
    value = text(told.get(name)).casefold()
    if value not in known:
        place = f"{at}.{name}"
        raise Fault(place, "It is missing or none of those that FTS has.")
    return value


def _status(told: Mapping[str, object], at: str) -> str:
    value = text(told.get("status")).casefold()
    if not value:
        place = f"{at}.status"
        raise Fault(place, "It is not stated.")
    return value


@dataclass(frozen=True, slots=True)
class _Object:
    at: str
    told: Mapping[str, object]


def _objects(told: Mapping[str, object], name: str, at: str) -> list[_Object]:
    place = f"{at}.{name}"
    found = enumerate(maybe_listing(told.get(name), at=place))
    return [
        _Object(f"{place}[{number}]", mapping(each, at=f"{place}[{number}]"))
        for number, each in found
    ]


def _parties(
    objects: Sequence[_Object], kind: str, *, needs_number: bool = True
) -> tuple[Party, ...]:
    """Return those of one kind, each once; more than one stand side by side: none is alone."""
    found: dict[str, Party] = {}
    for each in objects:
        if text(each.told.get("type")) == kind:
            party = _party(each, needs_number=needs_number)
            found.setdefault(party.identity, party)
    made = tuple(found.values())
    return (
        made if len(made) == 1 else tuple(Party(p.identity, p.name, is_alone=False) for p in made)
    )


def _party(each: _Object, *, needs_number: bool) -> Party:
    number = identity(each.told.get("id"), at=f"{each.at}.id")
    name = text(each.told.get("name"))
    if number is None and (needs_number or not name):
        place = f"{each.at}.id"
        raise Fault(place, "It is not stated.")
    return Party(number or name, name, is_alone=each.told.get("behavior") == "single")
