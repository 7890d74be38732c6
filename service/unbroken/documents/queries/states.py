"""What a certificate certifies: a plan or a transfer as it stands, in plain values.

Read with the eyes of one who sees everything; who may have it is decided before, and what a public
certificate leaves out is taken away after, by ``rules.veil``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from unbroken.documents.queries.receipts import receipts_by_capacity
from unbroken.documents.rules.words import Kind
from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.gaps.models import Gap
from unbroken.gaps.queries import CoverageCell, coverage_of
from unbroken.gaps.rules.words import GapState, Severity
from unbroken.kit.canonical import plain
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Grant, Role
from unbroken.plans.models import FunctionArea, Plan
from unbroken.plans.queries import (
    FunctionAreaView,
    PlanView,
    baseline_of,
    decisions_of,
    function_areas_of,
    revisions_of,
)
from unbroken.plans.queries.custody import custody_of
from unbroken.plans.queries.veil import veiled_areas
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.rows import Joined, joined_rows, light_view
from unbroken.transfers.rules.cover import cover_of, standing

EVERYTHING = Actor(
    account_uid=None, handle="documents", organisation_uid=None, grants=(Grant(Role.OBSERVER),)
)
State = dict[str, Any]
"""Plain values only: texts, whole numbers, booleans, ``None``, lists and mappings."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read for all capacities at once."""

    on: date
    bodies: Mapping[tuple[str, str], Mapping[str, Any]]
    receipts: Mapping[int, list[State]]
    rests: Mapping[int, UUID]
    cells: Mapping[tuple[str, str], CoverageCell]
    posts: Mapping[UUID, int | None]
    veiled: frozenset[str]


def plan_state(session: Session, plan: PlanView, *, on: date) -> State:
    """Return what stands on ``plan`` on that day: every function in every area, and its gaps."""
    rows = joined_rows(session, EVERYTHING, col(Plan.uid) == plan.uid)
    places = function_areas_of(session, plan.uid, actor=EVERYTHING)
    known = _known(session, plan, rows, on=on)
    by_place = _by(rows, lambda row: row.function_area.uid)
    functions = [_place(known, each, by_place.get(each.uid, []), plan) for each in places]
    gaps = _gaps(session, plan, None)
    return _state(session, Kind.PLAN, plan, functions=functions, gaps=gaps)


def transfer_state(session: Session, plan: PlanView, transfer: UUID, *, on: date) -> State:
    """Return what stands on one transfer of ``plan``; its function and area are not empty."""
    rows = joined_rows(session, EVERYTHING, col(Transfer.uid) == transfer)
    places = function_areas_of(session, plan.uid, actor=EVERYTHING)
    here = next(each for each in places if each.uid == rows[0].function_area.uid)
    known = _known(session, plan, rows, on=on)
    gaps = _gaps(session, plan, here.uid)
    return _state(
        session, Kind.TRANSFER, plan, functions=[_place(known, here, rows, plan)], gaps=gaps
    )


def _state(
    session: Session, kind: Kind, plan: PlanView, *, functions: list[State], gaps: State
) -> State:
    revision = next(
        (
            each
            for each in revisions_of(session, plan.uid, actor=EVERYTHING)
            if each.number == plan.revision
        ),
        None,
    )
    baseline = baseline_of(session, plan.uid, actor=EVERYTHING)
    custody = custody_of(session, plan.uid)
    made = {
        "kind": kind,
        "plan": _plan(plan),
        "decisions": [
            {
                "symbol": each.symbol,
                "title": each.title,
                "kind": each.kind,
                "decided_on": each.decided_on,
                "is_trigger": each.is_trigger,
                "source": each.source,
            }
            for each in decisions_of(session, plan.uid)
        ],
        "revision": revision
        and {
            "number": revision.number,
            "in_force_on": revision.in_force_on,
            "content_hash": revision.content_hash,
        },
        "baseline": baseline
        and baseline.signed_on
        and {
            "number": baseline.number,
            "signed_on": baseline.signed_on,
            "content_hash": baseline.content_hash,
            "lines": len(baseline.lines),
            "posts": sum(line.posts or 0 for line in baseline.lines),
        },
        "custodian": {"organisation": custody[0].organisation_name, "on": custody[0].taken_on}
        if custody
        else None,
        "functions": functions,
        "gaps": gaps,
    }
    return _plain(made)


def _plan(plan: PlanView) -> State:
    return {
        "uid": plan.uid,
        "slug": plan.slug,
        "title": plan.title,
        "kind": plan.kind,
        "scope": plan.scope,
        "state": plan.state,
        "mission": plan.mission,
        "acronym": plan.acronym,
        "country": plan.country_iso3,
        "edition": plan.edition,
        "mandate_ends_on": plan.mandate_ends_on,
        "transfer_ends_on": plan.transfer_ends_on,
        "illustrative": plan.illustrative,
    }


def _known(session: Session, plan: PlanView, rows: Sequence[Joined], *, on: date) -> _Known:
    coverage = coverage_of(session, plan.uid, actor=EVERYTHING, on=on)
    slugs = [area.slug for area in coverage.areas]
    cells = {
        (row.code, slug): cell
        for row in coverage.rows
        for slug, cell in zip(slugs, row.cells, strict=True)
        if cell is not None
    }
    baseline = baseline_of(session, plan.uid, actor=EVERYTHING)
    lines = baseline.lines if baseline and baseline.signed_on else ()
    editions = {row.capacity.edition for row in rows} | {plan.edition}
    return _Known(
        on=on,
        bodies=_bodies(session, editions),
        receipts=receipts_by_capacity(session, [row.capacity.id or 0 for row in rows]),
        rests=_uids(session, {row.capacity.rest_of_id for row in rows}),
        cells=cells,
        posts={line.function_area_uid: line.posts for line in lines},
        veiled=veiled_areas(session, plan.uid),
    )


def _bodies(
    session: Session, editions: Iterable[str]
) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    query = (
        select(EditionRow.name, FunctionRow.code, FunctionRow.body)
        .join(EditionRow, col(EditionRow.id) == FunctionRow.edition_id)
        .where(col(EditionRow.name).in_(editions))
    )
    return {(name, code): body for name, code, body in session.exec(query)}


def _uids(session: Session, ids: Iterable[int | None]) -> Mapping[int, UUID]:
    known = [each for each in ids if each is not None]
    query = select(Capacity.id, Capacity.uid).where(col(Capacity.id).in_(known))
    return {number: uid for number, uid in session.exec(query) if number is not None}


def _place(known: _Known, place: FunctionAreaView, rows: Sequence[Joined], plan: PlanView) -> State:
    cell = known.cells.get((place.function_code, place.area))
    body = known.bodies.get((plan.edition, place.function_code), {})
    transfers = _by(rows, lambda row: row.transfer.uid)
    return {
        "uid": place.uid,
        "function": place.function_code,
        "title": body.get("title", place.function_code),
        "tier": place.tier,
        "area": place.area_name,
        "area_slug": place.area,
        "restricted": place.restricted or place.area in known.veiled,
        "last_day_on": cell and cell.last_day_on,
        "cover": cell.cover if cell else "unknown",
        "bridged_until_on": cell and cell.bridged_until_on,
        "beside": cell.beside if cell else 0,
        "baseline_posts": known.posts.get(place.uid),
        "transfers": [_transfer(known, each) for each in transfers.values()],
    }


def _transfer(known: _Known, rows: Sequence[Joined]) -> State:
    transfer, giver, receiver = rows[0].transfer, rows[0].giver, rows[0].receiver
    return {
        "uid": transfer.uid,
        "kind": transfer.kind,
        "state": transfer.state,
        "is_lead": transfer.is_lead,
        "giver": _organisation(giver),
        "receiver": _organisation(receiver),
        "starts_on": transfer.starts_on,
        "ends_on": transfer.ends_on,
        "scope_note": transfer.scope_note,
        "illustrative": transfer.illustrative,
        "capacities": [_capacity(known, row) for row in rows],
    }


def _organisation(row: Organisation) -> State:
    return {"uid": row.uid, "name": row.name, "kind": row.kind}


def _capacity(known: _Known, row: Joined) -> State:
    capacity, view = row.capacity, light_view(row)
    titles = _titles(known, capacity, row.function_area.function_code)
    return {
        "uid": capacity.uid,
        "dimension": capacity.dimension,
        "unit": capacity.unit,
        "quantity": capacity.quantity,
        "parts": [{"key": key, "title": titles.get(key, key)} for key in sorted(capacity.parts)],
        "titles": titles,
        "state": capacity.state,
        "standing": standing(view, on=known.on),
        "cover": cover_of(view, on=known.on),
        "fits": view.fits,
        "rest_of": known.rests.get(capacity.rest_of_id or 0),
        "waits_for": capacity.pending_act,
        "condition": capacity.condition,
        "condition_until_on": capacity.condition_until_on,
        "answer_by": capacity.answer_by,
        "dispute_until_on": capacity.dispute_until_on,
        "funded_until_on": capacity.funded_until_on,
        "confirmed_on": capacity.confirmed_on,
        "checked": [capacity.checked_3_on, capacity.checked_6_on, capacity.checked_12_on],
        "check_failed_on": capacity.check_failed_on,
        "edition": capacity.edition,
        "language": capacity.language,
        "content_hash": capacity.content_hash,
        "signed_hash": capacity.signed_hash,
        "receipts": known.receipts.get(capacity.id or 0, []),
    }


def _titles(known: _Known, capacity: Capacity, code: str) -> Mapping[str, str]:
    body = known.bodies.get((capacity.edition, code), {})
    need = body.get("capacities", {}).get(capacity.dimension.value, {})
    return {part["key"]: part["title"] for part in need.get("parts", ())}


def _gaps(session: Session, plan: PlanView, function_area: UUID | None) -> State:
    query = (
        select(Gap.severity, func.count())
        .join(Plan, col(Plan.id) == Gap.plan_id)
        .where(Plan.uid == plan.uid, Gap.state == GapState.OPEN)
        .group_by(col(Gap.severity))
    )
    if function_area is not None:
        query = query.join(FunctionArea, col(FunctionArea.id) == Gap.function_area_id).where(
            FunctionArea.uid == function_area
        )
    counted = {Severity(severity).value: count for severity, count in session.exec(query)}
    return {severity.value: counted.get(severity.value, 0) for severity in Severity}


def _by(rows: Iterable[Joined], key: Callable[[Joined], UUID]) -> dict[UUID, list[Joined]]:
    found: dict[UUID, list[Joined]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _plain(made: Mapping[str, object]) -> State:
    result = plain(made)
    return result if isinstance(result, dict) else {}
