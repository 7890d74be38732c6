"""Runs through the chains from end to end and reports what does not fit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.trail import rules
from unbroken.trail.models import Chain, Entry, Value
from unbroken.trail.rules import Author, ChainName, Link
from unbroken.trail.rules.verification import Checker, Fault, FaultKind, StoredEntry, StoredValue

BATCH = 1000

__all__ = ["Anchor", "ChainReport", "Fault", "FaultKind", "verify"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was published outside (in a digest, on an export): the chain once stood there."""

    chain_uid: UUID
    entry_count: int
    head_hash: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What was found in one chain; ``faults`` stand by position, empty if it is intact."""

    chain_uid: UUID
    plan_uid: UUID | None
    entry_count: int
    head_hash: str
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults


def verify(
    session: Session, *, plan_uid: UUID | None = None, anchors: Iterable[Anchor] = ()
) -> list[ChainReport]:
    """Return a report on every chain, or on that of one plan; memory does not grow with the chain.

    Whoever owns the database can rewrite a whole chain and its head: only ``anchors``, heads kept
    elsewhere, show that. An anchor of a chain that is gone is reported as a chain of its own.
    """
    wanted = select(Chain).order_by(col(Chain.scope))
    if plan_uid is not None:
        wanted = wanted.where(Chain.scope == rules.scope_of(plan_uid))
    chains = session.exec(wanted).all()
    known = list(anchors)
    reports = [_report(session, chain, known) for chain in chains]
    return reports if plan_uid is not None else [*reports, *_missing(chains, known)]


def _report(session: Session, chain: Chain, anchors: Sequence[Anchor]) -> ChainReport:
    mine = {a.entry_count: a.head_hash for a in anchors if a.chain_uid == chain.uid}
    checker = Checker(ChainName(chain.uid, chain.plan_uid), mine)
    try:
        for entry in stored_entries(session, chain.uid):
            checker.take(entry)
        faults = checker.finish(entry_count=chain.entry_count, head_hash=chain.head_hash)
    except (ValueError, TypeError, AttributeError):
        # SQLite keeps whatever is put into a column: a date or UUID there may be any text.
        faults = checker.break_off(entry_count=chain.entry_count)
    if chain.scope != rules.scope_of(chain.plan_uid):
        faults.append(Fault(FaultKind.HEAD_EDITED, 0, 0))
    return ChainReport(chain.uid, chain.plan_uid, chain.entry_count, chain.head_hash, tuple(faults))


def _missing(chains: Sequence[Chain], anchors: Sequence[Anchor]) -> list[ChainReport]:
    known = {chain.uid for chain in chains}
    return [
        ChainReport(a.chain_uid, None, a.entry_count, a.head_hash, (_gone(a),))
        for a in anchors
        if a.chain_uid not in known
    ]


def _gone(anchor: Anchor) -> Fault:
    return Fault(FaultKind.CHAIN_MISSING, 1, anchor.entry_count)


def stored_entries(session: Session, chain_uid: UUID) -> Iterator[StoredEntry]:
    """Yield every entry of a chain as it is kept, by position; memory does not grow with it.

    Raises:
        ValueError, TypeError, AttributeError: while reading, where a row is no entry at all.
    """
    rows = session.exec(
        select(Entry, Value)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .join(Value, col(Value.entry_id) == Entry.id, isouter=True)
        .where(Chain.uid == chain_uid)
        .order_by(col(Entry.position))
        .execution_options(yield_per=BATCH, populate_existing=True)
    )
    return (_entry(entry, value) for entry, value in rows)


def _entry(entry: Entry, value: Value | None) -> StoredEntry:
    link = Link(
        uid=entry.uid,
        position=entry.position,
        at=entry.at,
        author=Author(entry.account_uid, entry.organisation_uid, entry.role),
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_uid=entry.subject_uid,
        commitment=entry.commitment,
        previous_hash=entry.previous_hash,
    )
    return StoredEntry(link, entry.hash, None if value is None else _value(value))


def _value(value: Value) -> StoredValue:
    return StoredValue(value.salt, value.body, value.erased_at, value.erased_by_uid)
