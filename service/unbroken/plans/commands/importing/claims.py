"""Claims that an import adds, and those that it lets count from today on."""

from uuid import UUID

from sqlmodel import Session

from unbroken.plans.commands.acts import By
from unbroken.plans.commands.claiming import NewClaim
from unbroken.plans.commands.claims import (
    AddClaims,
    ChooseClaim,
    add_claims_in,
    choose_claim_in,
)
from unbroken.plans.commands.importing.areas import StoredAreas, Work
from unbroken.plans.models import Area, ClosingClaim, Plan
from unbroken.plans.queries.contents import claims_by_area
from unbroken.plans.queries.effective import vague_date_of
from unbroken.plans.rules.dates import Precision
from unbroken.plans.rules.exchange import (
    ClaimEntry,
    Verb,
)


def put_claims(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Add the claims that are new and choose those that count from today on."""
    there = StoredAreas.of(session, plan, work.document)
    changes = work.comparison.of("closings")
    added = [(c.entry, c.within) for c in changes if c.verb is Verb.ADDED]
    claims = [
        (entry, _new_claim(entry, area))
        for entry, within in added
        if isinstance(entry, ClaimEntry) and within and (area := there.of_entry(within))
    ]
    if claims:
        with work.noting(None, [entry for entry, _ in claims]):
            add_claims_in(session, AddClaims(plan.uid, tuple(new for _, new in claims)), by=by)
    for change in changes:
        if change.verb is Verb.CHANGED and isinstance(change.entry, ClaimEntry):
            with work.noting(change.entry):
                uid = _claim_uid(session, plan, change.entry)
                choose_claim_in(session, ChooseClaim(plan.uid, uid), by=by)


def _new_claim(entry: ClaimEntry, area: Area) -> NewClaim:
    day = entry.closes
    return NewClaim(
        area=area.uid,
        kind=entry.kind,
        closes=None if day is None else day.on,
        precision=Precision.UNKNOWN if day is None else day.precision,
        known_on=entry.known_on,
        source=entry.source,
        event=entry.event,
        chosen_on=entry.chosen,
        disputed=entry.disputed,
        received_by=entry.received_by,
        note=entry.note,
        counts=entry.chosen == entry.known_on,
    )


def _claim_uid(session: Session, plan: Plan, entry: ClaimEntry) -> UUID:
    wanted = (entry.kind, entry.closes, entry.known_on, entry.source, entry.event)
    rows = [row for rows in claims_by_area(session, plan).values() for row in rows]
    return next(row.uid for row in rows if _says(row) == wanted and row.chosen_on is None)


def _says(row: ClosingClaim) -> tuple[object, ...]:
    return (row.kind, vague_date_of(row), row.known_on, row.source, row.event)
