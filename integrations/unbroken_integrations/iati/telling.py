"""Turns activities into the document that the reader gives, and what is odd into warnings."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from unbroken.sources.readers import Document
from unbroken_integrations.iati.activities import Activity, Fault, Share
from unbroken_integrations.iati.codes import WATCHED_SECTORS
from unbroken_integrations.iati.duplicates import Repeats
from unbroken_integrations.iati.money import (
    Held,
    added,
    entries_of,
    implausible,
    totals,
    totals_by_reporter,
)
from unbroken_integrations.iati.warnings import warnings_of

WHOLE, TOLERANCE = 100, 1
"""Percentages should make a hundred; roundings of one are let pass."""


def document_of(activities: Sequence[Activity], repeats: Repeats) -> Document:
    """Return what the activities state together, with all that makes it doubtful."""
    entries = entries_of(activities)
    held = implausible(entries)
    told = {
        "source": "iati",
        "versions": sorted({each.version for each in activities if each.version}),
        "activities": len(activities),
        "activities_without_transactions": sum(not each.transactions for each in activities),
        "activities_without_identifier": sum(not each.identifier for each in activities),
        "reporters": _reporters(activities),
        "transactions": totals(entries, held),
        "transactions_by_reporter": _by_reporter(totals_by_reporter(entries, held)),
        "negative_transactions": sum(each.amount < 0 for each in entries),
        "left_out": _left_out(activities),
        "held_back": [_held(each) for each in held],
        "watched_sectors": [_watched(code, activities) for code in WATCHED_SECTORS],
        **_codes(activities),
        "hierarchy": _hierarchy(activities),
        "children_of_activities_here": len(children_here(activities)),
        "splits": _splits(activities),
    }
    return told | {"warnings": warnings_of(activities, held, repeats)}


def children_here(activities: Sequence[Activity]) -> list[Activity]:
    """Return the activities whose parent is among the others."""
    known = {each.identifier for each in activities if each.identifier}
    return [each for each in activities if known & set(each.parents) - {each.identifier}]


def _reporters(activities: Iterable[Activity]) -> list[Document]:
    own: dict[str, list[Activity]] = {}
    for each in activities:
        own.setdefault(each.reporter, []).append(each)
    return [
        {
            "ref": ref or None,
            "name": next((each.reporter_name for each in those if each.reporter_name), None),
            "activities": len(those),
            "as_secondary_reporter": sum(each.is_secondary for each in those),
        }
        for ref, those in sorted(own.items())
    ]


def _by_reporter(told: object) -> list[Document]:
    found = dict(told) if isinstance(told, dict) else {}
    return [{"ref": ref or None, "transactions": found[ref]} for ref in sorted(found)]


def _left_out(activities: Iterable[Activity]) -> Document:
    faults = Counter(one.fault for each in activities for one in each.transactions)
    return {fault.value: faults[fault] for fault in Fault if fault}


def _held(held: Held) -> Document:
    one = held.entry.transaction
    return {
        "reporter": held.entry.reporter or None,
        "activity": held.entry.activity or None,
        "type": one.kind,
        "currency": one.currency or None,
        "amount": held.entry.amount,
        "median_of_reporter": held.median,
    }


def _watched(code: str, activities: Iterable[Activity]) -> Document:
    found = [(each, share) for each in activities for share in each.sectors if share.code == code]
    shares = {each.identifier: share.percentage for each, share in found}
    return {
        "code": code,
        "name": WATCHED_SECTORS[code],
        "activities": len({id(each) for each, _ in found}),
        "in": [{"activity": name or None, "percentage": part} for name, part in shares.items()],
    }


def _codes(activities: Sequence[Activity]) -> Document:
    return {
        "sectors": _counted(activities, lambda each: _codes_of(each.sectors)),
        "other_sector_vocabularies": _counted(activities, lambda each: each.other_vocabularies),
        "activities_without_dac_sector": sum(not each.sectors for each in activities),
        "countries": _counted(activities, lambda each: _codes_of(each.countries)),
        "regions": _counted(activities, lambda each: _codes_of(each.regions)),
        "humanitarian_plans": _counted(activities, lambda each: each.plans),
    }


def _codes_of(shares: Iterable[Share]) -> list[str]:
    return [each.code for each in shares]


def _counted(
    activities: Iterable[Activity], codes_of: Callable[[Activity], Iterable[str]]
) -> list[Document]:
    """Return how many activities name each code, the most frequent first, then by code."""
    counts = Counter(code for each in activities for code in set(codes_of(each)))
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{"code": code, "activities": count} for code, count in ordered]


def _hierarchy(activities: Iterable[Activity]) -> list[Document]:
    levels: dict[str, list[Activity]] = {}
    for each in activities:
        levels.setdefault(each.hierarchy, []).append(each)
    return [
        {
            "level": level or None,
            "activities": len(those),
            "with_transactions": sum(bool(each.transactions) for each in those),
        }
        for level, those in sorted(levels.items())
    ]


def _splits(activities: Iterable[Activity]) -> Document:
    """Return how many activities belong to several codes, and where the parts make no whole."""
    those = list(activities)
    return {
        "over_sectors": sum(len(_distinct(each.sectors)) > 1 for each in those),
        "over_countries": sum(len(_distinct(each.countries + each.regions)) > 1 for each in those),
        "sector_percentages_not_100": sum(_is_no_whole(each.sectors) for each in those),
        "country_percentages_not_100": sum(
            _is_no_whole(each.countries + each.regions) for each in those
        ),
    }


def _distinct(shares: Iterable[Share]) -> set[str]:
    return {each.code for each in shares}


def _is_no_whole(shares: Sequence[Share]) -> bool:
    stated = [each.percentage for each in shares if each.percentage is not None]
    if not stated:
        return len(_distinct(shares)) > 1
    return len(stated) < len(shares) or abs(added(stated) - WHOLE) > TOLERANCE
