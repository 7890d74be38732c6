"""The open offers of a plan as a phone form may list them, and what is left out of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col

from unbroken.functions.rules import Function
from unbroken.people.rules import Actor
from unbroken.plans.models import Plan
from unbroken.plans.queries import PlanView
from unbroken.transfers.queries.cases import function_in
from unbroken.transfers.queries.rows import (
    CapacityEntry,
    Joined,
    entry_of,
    joined_rows,
    waits_for_answer,
)


class LeftOut(StrEnum):
    """Why an open offer is not in a phone form."""

    RESTRICTED = "restricted"
    WAITS = "waits-for-countersignature"


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """One open offer. ``title`` and ``part_titles`` (by key) are English, of its own edition."""

    entry: CapacityEntry
    title: str
    part_titles: Mapping[str, str]
    content_hash: str


@dataclass(frozen=True, slots=True)
class OpenOffers:
    """The offers by tier, function and area, and how many were left out for which reason."""

    offers: tuple[OpenOffer, ...]
    left_out: Mapping[LeftOut, int]


def open_offers(session: Session, plan: PlanView, *, actor: Actor, on: date) -> OpenOffers:
    """Return the open offers of ``plan`` that ``actor`` sees; may be empty.

    Restricted functions are answered in the service only: a telephone that is lost must not tell
    where nobody watches.
    """
    mine = (col(Plan.uid) == plan.uid, waits_for_answer())
    rows = joined_rows(session, actor, *mine)
    reasons = Counter(why for row in rows if (why := _left_out(row)))
    functions = _Functions(session)
    offers = [_offer(row, functions, on=on) for row in rows if not _left_out(row)]
    return OpenOffers(tuple(sorted(offers, key=_order)), dict(reasons))


def _left_out(row: Joined) -> LeftOut | None:
    if row.function_area.restricted:
        return LeftOut.RESTRICTED
    return LeftOut.WAITS if row.capacity.pending_uid is not None else None


@dataclass(frozen=True, slots=True)
class _Functions:
    """Reads each function of each edition once."""

    session: Session
    known: dict[tuple[str, str], Function] = field(default_factory=dict)

    def of(self, edition: str, code: str) -> Function:
        """Return one function."""
        if (edition, code) not in self.known:
            found = function_in(self.session, edition=edition, code=code)
            self.known[edition, code] = found
        return self.known[edition, code]


def _offer(row: Joined, functions: _Functions, *, on: date) -> OpenOffer:
    entry = entry_of(row, on=on)
    function = functions.of(row.capacity.edition, entry.function_code)
    titles = {
        part.key: part.title
        for need in function.capacities
        for part in need.parts
        if need.dimension is entry.dimension
    }
    parts = {key: titles.get(key, key) for key in entry.parts}
    return OpenOffer(entry, function.title, parts, row.capacity.content_hash)


def _order(offer: OpenOffer) -> tuple[int, str, str, str, str]:
    entry = offer.entry
    return entry.tier, entry.function_code, entry.area_slug, entry.dimension.value, str(entry.uid)
