"""Writing what a scan found to have happened to gaps, and waivers whose day is past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.queries.running import waiver_is_over
from unbroken.gaps.rules import Finding
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
gap, gap_event = table("gap"), table("gap_event")
CHUNK = 500
NO_WAIVER = {
    **dict.fromkeys(("waiver_asked_by_uid", "waiver_asked_at", "waiver_asked_until_on")),
    **dict.fromkeys(("waived_by_uid", "waived_until_on")),
    "waiver_reason": "",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """Which scan wrote, when, and which day it looked at."""

    scan_uid: UUID
    at: datetime
    on: date


def apply_changes(session: Session, plan_id: int, found: Changes, *, by: Scanned) -> None:
    """Write what happened to the gaps of one plan, with its history; end waivers past their day.

    In the caller's transaction.
    """
    end_waivers(session, plan_id, by=by)
    known = _gaps_by_key(session, [change.key for change in found.happened])
    opened = [c for c in found.happened if c.kind is Happening.OPENED]
    new = [c for c in opened if c.key not in known]
    again = [Change(Happening.REOPENED, c.key, c.finding) for c in opened if c.key in known]
    others = [c for c in found.happened if c.kind is not Happening.OPENED]
    for change in (*again, *others):
        _update_gap(session, known[change.key], change, by=by)
    for finding in found.restated:
        _restate(session, finding)
    known |= _insert_gaps(session, plan_id, new, by=by)
    _insert_events(session, [*new, *again, *others], known, by=by)


def end_waivers(session: Session, plan_id: int, *, by: Scanned) -> list[str]:
    """End the waivers of a plan whose day is past, once, and return the keys of their gaps.

    On its last day a waiver still holds. In the caller's transaction; may be empty.
    """
    columns = (gap.c.key, gap.c.id, gap.c.severity, gap.c.turns_on, gap.c.facts)
    over = select(*columns).where(gap.c.plan_id == plan_id, waiver_is_over(by.on))
    known = {key: _Known(*rest) for key, *rest in session.connection().execute(over)}
    if not known:
        return []
    ids = [each.id for each in known.values()]
    ended = update(gap).where(gap.c.id.in_(ids)).values(**NO_WAIVER, version=gap.c.version + 1)
    session.connection().execute(ended)
    changes = [Change(Happening.WAIVER_ENDED, key, None) for key in sorted(known)]
    _insert_events(session, changes, known, by=by)
    return sorted(known)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    severity: str
    turns_on: date
    facts: dict[str, object]


def _gaps_by_key(session: Session, keys: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        statement = select(gap.c.key, gap.c.id, gap.c.severity, gap.c.turns_on, gap.c.facts).where(
            gap.c.key.in_(chunk)
        )
        found |= {key: _Known(*rest) for key, *rest in session.connection().execute(statement)}
    return found


def _restate(session: Session, finding: Finding) -> None:
    facts = dict(finding.found.facts)
    session.connection().execute(update(gap).where(gap.c.key == finding.key).values(facts=facts))


def _insert_gaps(
    session: Session, plan_id: int, new: Iterable[Change], *, by: Scanned
) -> dict[str, _Known]:
    rows = [_new_gap(plan_id, c.finding, by=by) for c in new if c.finding is not None]
    if rows:
        session.connection().execute(insert(gap), rows)
    return _gaps_by_key(session, [str(row["key"]) for row in rows])


def _new_gap(plan_id: int, finding: Finding, *, by: Scanned) -> dict[str, object]:
    return {
        "uid": uuid4(),
        "version": 1,
        "key": finding.key,
        "rule": finding.rule,
        "plan_id": plan_id,
        "state": GapState.OPEN,
        "opened_on": by.on,
        "opened_at": by.at,
        "times_opened": 1,
        "waiver_reason": "",
        **_seen(finding, by=by),
    }


def _seen(finding: Finding, *, by: Scanned) -> dict[str, object]:
    return {
        "function_area_id": finding.found.function_area_id,
        "capacity_id": finding.found.capacity_id,
        "severity": finding.severity,
        "restricted": finding.found.restricted,
        "turns_on": finding.found.turns_on,
        "facts": dict(finding.found.facts),
        "changed_at": by.at,
    }


def _update_gap(session: Session, known: _Known, change: Change, *, by: Scanned) -> None:
    values: dict[str, object] = {"version": gap.c.version + 1}
    if change.finding is not None:
        values |= _seen(change.finding, by=by)
    match change.kind:
        case Happening.CLOSED:
            values |= {"state": GapState.CLOSED, "closed_on": by.on, "changed_at": by.at}
        case Happening.SET_ASIDE:
            values |= {"state": GapState.SET_ASIDE}
        case Happening.REOPENED:
            values |= {
                "state": GapState.OPEN,
                "closed_on": None,
                "opened_on": by.on,
                "opened_at": by.at,
                "times_opened": gap.c.times_opened + 1,
            }
        case Happening.WORSENED:
            # an acknowledgement only holds until a gap worsens
            values |= {"acknowledged_by_uid": None, "acknowledged_at": None}
        case _:
            pass
    session.connection().execute(update(gap).where(gap.c.id == known.id).values(values))


def _insert_events(
    session: Session, happened: Sequence[Change], known: dict[str, _Known], *, by: Scanned
) -> None:
    rows = [_event(change, known[change.key], by=by) for change in happened]
    if rows:
        session.connection().execute(insert(gap_event), rows)


def _event(change: Change, known: _Known, *, by: Scanned) -> dict[str, object]:
    finding = change.finding
    return {
        "uid": uuid4(),
        "gap_id": known.id,
        "scan_uid": by.scan_uid,
        "kind": change.kind,
        "at": by.at,
        "happened_on": by.on,
        "severity": known.severity if finding is None else finding.severity,
        "turns_on": known.turns_on if finding is None else finding.found.turns_on,
        "facts": known.facts if finding is None else dict(finding.found.facts),
    }
