"""From the overview of all plans of a year to one document; plans are never added up."""

from collections.abc import Mapping
from dataclasses import dataclass

from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    enveloped,
    left_out,
    listing,
    mapping,
    maybe_listing,
    maybe_mapping,
    named,
    sifted,
    text,
)
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.figures import check_breakdown, money

TOTALS = {
    "objects_sum_usd": "objectsSum",
    "overlap_correction_usd": "overlapCorrection",
    "shared_usd": "sharedFunding",
    "received_usd": "totalFunding",
    "original_required_usd": "origRequirements",
    "required_usd": "revisedRequirements",
    "progress_percent": "progress",
}


@dataclass(frozen=True, slots=True)
class _Plan:
    identity: str
    told: Mapping[str, object]
    is_reported: bool


def overview_document(payload: Payload) -> dict[str, object]:
    """Return the document of ``fts-overview``; the README of this folder tells its fields.

    Raises:
        Fault: it is no such answer, names a plan twice, or its totals contradict each other.
    """
    at = f"{payload.name}: data"
    data = mapping(enveloped(payload)["data"], at=at)
    plans, problems = sifted(listing(data.get("plans"), at=f"{at}.plans"), _plan, at=f"{at}.plans")
    _check_each_once(plans, f"{at}.plans")
    told = _totals(data.get("totals"), f"{at}.totals")
    return {
        "totals": told,
        "plans": {each.identity: each.told for each in sorted(plans, key=_number)},
        "warnings": [*left_out(problems), *_warnings(plans), *_totals_warning(told)],
    }


def _number(plan: _Plan) -> int:
    return int(plan.identity)


def _check_each_once(plans: list[_Plan], at: str) -> None:
    named = [each.identity for each in plans]
    twice = next((each for each in named if named.count(each) > 1), "")
    if twice:
        raise Fault(at, "{number} comes twice.", number=twice)


def _totals(value: object, at: str) -> dict[str, Number | None]:
    """As FTS states them: they are less than the plans together, as regional plans overlap."""
    told = maybe_mapping(value, at=at) or {}
    found = {name: amount(told.get(name), at=f"{at}.{name}") for name in TOTALS.values()}
    check_breakdown(found, at=at)
    return {name: found[theirs] for name, theirs in TOTALS.items()}


def _plan(record: object, at: str) -> _Plan:
    told = mapping(record, at=at)
    number = named(told.get("id"), at=f"{at}.id")
    received = _of(told, "funding", "totalFunding", at)
    required = _of(told, "requirements", "revisedRequirements", at)
    row = {
        "id": int(number),
        "code": text(told.get("code")) or None,
        "name": text(told.get("name")),
        "type": _name(told.get("planType"), f"{at}.planType"),
        "years": _each(told, "usageYears", "year", at),
        "countries": _each(told, "countries", "iso3", at),
        "reported": received is not None,
        **money(required, received),
        "original_required_usd": _of(told, "requirements", "origRequirements", at),
        "shared_usd": _of(told, "funding", "sharedFunding", at),
        "on_boundary_usd": _of(told, "funding", "onBoundaryFunding", at),
    }
    return _Plan(number, row, received is not None)


def _of(told: Mapping[str, object], part: str, name: str, at: str) -> Number | None:
    found = maybe_mapping(told.get(part), at=f"{at}.{part}") or {}
    return amount(found.get(name), at=f"{at}.{part}.{name}")


def _name(value: object, at: str) -> str | None:
    return text((maybe_mapping(value, at=at) or {}).get("name")) or None


def _each(told: Mapping[str, object], part: str, name: str, at: str) -> list[str]:
    place = f"{at}.{part}"
    found = [mapping(each, at=place) for each in maybe_listing(told.get(part), at=place)]
    return sorted({text(each.get(name)) for each in found} - {""})


def _warnings(plans: list[_Plan]) -> list[Sentence]:
    missing = sum(1 for each in plans if not each.is_reported)
    if not missing:
        return []
    return [
        counted(
            "One plan has no figure of what was received: not reported, which is not zero.",
            "{count} plans have no figure of what was received: not reported, which is not zero.",
            missing,
        )
    ]


def _totals_warning(told: Mapping[str, Number | None]) -> list[Sentence]:
    if any(each is not None for each in told.values()):
        return []
    return [sentence("FTS states no totals in this answer.")]
