"""Writing what a scan found to have happened to gaps, and waivers whose day is past."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.commands.grouping import put_under_headlines
from unbroken.gaps.queries.running import waiver_is_over
from unbroken.gaps.rules import Finding
from unbroken.gaps.rules.lives import keeps_acknowledgement
from unbroken.gaps.rules.words import GapState, Happening, Severity
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
gap, gap_event = table("gap"), table("gap_event")
CHUNK = 500
NO_WAIVER = {
    **dict.fromkeys(("waiver_asked_by_uid", "waiver_asked_at", "waiver_asked_until_on")),
    **dict.fromkeys(("waived_by_uid", "waived_until_on")),
    "waiver_reason": "",
}
NOT_ACKNOWLEDGED = {
    **dict.fromkeys(("acknowledged_by_uid", "acknowledged_at")),
    "acknowledged_note": "",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """Which scan wrote (``None``: a look between scans), when, and which day it looked at."""

    scan_uid: UUID | None
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
    _update_gaps(session, [*again, *others], known, by=by)
    _restate(session, found.restated)
    known |= _insert_gaps(session, plan_id, new, by=by)
    _insert_events(session, [*new, *again, *others], known, by=by)
    if found.happened:
        put_under_headlines(session, plan_id)


def end_waivers(session: Session, plan_id: int, *, by: Scanned) -> list[str]:
    """End the waivers of a plan whose day is past, once, and return the keys of their gaps.

    On its last day a waiver still holds. In the caller's transaction; may be empty.
    """
    over = select(gap.c.key, *_KNOWN).where(gap.c.plan_id == plan_id, waiver_is_over(by.on))
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
    closed_at: datetime | None


_KNOWN = tuple(gap.c[name] for name in ("id", "severity", "turns_on", "facts", "closed_at"))


def _gaps_by_key(session: Session, keys: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        statement = select(gap.c.key, *_KNOWN).where(gap.c.key.in_(chunk))
        found |= {key: _Known(*rest) for key, *rest in session.connection().execute(statement)}
    return found


def _restate(session: Session, findings: Sequence[Finding]) -> None:
    statement = update(gap).where(gap.c.key == bindparam("of")).values(facts=bindparam("new"))
    rows = [{"of": each.key, "new": dict(each.found.facts)} for each in findings]
    if rows:
        session.connection().execute(statement, rows)


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


def _update_gaps(
    session: Session, happened: Sequence[Change], known: dict[str, _Known], *, by: Scanned
) -> None:
    """Write what happened, one statement for all gaps to which the same did."""
    alike: dict[tuple[Happening, tuple[str, ...]], list[dict[str, object]]] = defaultdict(list)
    for change in happened:
        before = known[change.key]
        new = {f"new_{name}": value for name, value in _values(change, before, by=by).items()}
        alike[change.kind, tuple(new)].append({"number": before.id, **new})
    for (kind, names), rows in alike.items():
        values: dict[str, object] = {name.removeprefix("new_"): bindparam(name) for name in names}
        counted = {"times_opened": gap.c.times_opened + 1} if kind is Happening.REOPENED else {}
        statement = (
            update(gap)
            .where(gap.c.id == bindparam("number"))
            .values(**values, **counted, version=gap.c.version + 1)
        )
        session.connection().execute(statement, rows)


def _values(change: Change, known: _Known, *, by: Scanned) -> dict[str, object]:
    seen = {} if change.finding is None else _seen(change.finding, by=by)
    match change.kind:
        case Happening.CLOSED:
            closed = {"closed_on": by.on, "closed_at": by.at, "changed_at": by.at}
            return {"state": GapState.CLOSED, **closed, "headline_uid": None}
        case Happening.SET_ASIDE:
            return {**seen, "state": GapState.SET_ASIDE, "headline_uid": None}
        case Happening.REOPENED:
            opened = {"closed_on": None, "opened_on": by.on, "opened_at": by.at}
            answered = {} if _is_seen_still(known, change, by=by) else NOT_ACKNOWLEDGED
            return {**seen, "state": GapState.OPEN, **opened, **answered}
        case Happening.WORSENED:
            # an acknowledgement only holds until a gap worsens
            return {**seen, **NOT_ACKNOWLEDGED}
        case _:
            return seen


def _is_seen_still(known: _Known, change: Change, *, by: Scanned) -> bool:
    now = change.finding and change.finding.severity
    before = Severity(known.severity)
    return keeps_acknowledgement(before, now or before, closed_at=known.closed_at, at=by.at)


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
