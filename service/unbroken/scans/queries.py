"""Scans as people see them: what was due, what ran and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.scans.models import Scan, ScanState


@dataclass(frozen=True, slots=True)
class ScanView:
    """One scan; ``due_at`` is empty for one by hand, ``counts`` are gaps by what happened."""

    uid: UUID
    kind: str
    due_at: datetime | None
    scanned_on: date
    state: ScanState
    started_at: datetime
    finished_at: datetime | None
    skipped_ticks: int
    counts: Mapping[str, int]
    error: str


def scan_list(
    session: Session, *, limit: int = 50, before: int | None = None
) -> list[tuple[int, ScanView]]:
    """Return scans, the newest first, each with its key for ``before``; may be empty."""
    query = select(Scan).order_by(col(Scan.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Scan.id) < before)
    return [(row.id or 0, _view(row)) for row in session.exec(query)]


def _view(row: Scan) -> ScanView:
    return ScanView(
        uid=row.uid,
        kind=row.kind,
        due_at=row.due_at,
        scanned_on=row.scanned_on,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        skipped_ticks=row.skipped_ticks,
        counts={kind: int(str(count)) for kind, count in row.counts.items()},
        error=row.error,
    )
