"""Adds up transactions: never across types or currencies, implausible amounts apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal, Inexact
from statistics import median_low
from typing import NamedTuple

from unbroken.sources.readers import Document
from unbroken_integrations.iati.activities import Activity, Transaction
from unbroken_integrations.iati.codes import TRANSACTION_TYPES

MULTIPLE = 10_000
"""How many times its reporter's median an amount may be.

The widest spread seen in a recorded file is 300; the loans stated in the wrong currency, a hundred
thousand and more. What is held back is listed, and the total as published stays beside the other.
"""

FEWEST = 3
"""Of fewer amounts a median says nothing; none is held back then."""

EXACT = Context(prec=80, traps=[Inexact])


class Entry(NamedTuple):
    """One transaction whose amount counts, with whose it is."""

    reporter: str
    activity: str
    transaction: Transaction
    amount: Decimal


class Held(NamedTuple):
    """An amount too far above what its reporter usually states, in the same currency."""

    entry: Entry
    median: Decimal


def entries_of(activities: Iterable[Activity]) -> list[Entry]:
    """Return the transactions that have a type and a readable amount, in their order."""
    return [
        Entry(activity.reporter, activity.identifier, each, each.amount)
        for activity in activities
        for each in activity.transactions
        if each.amount is not None
    ]


def implausible(entries: Sequence[Entry]) -> list[Held]:
    """Return what is to be held back, in the order of the entries."""
    sizes: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for each in entries:
        if each.amount:
            sizes[_group(each)].append(abs(each.amount))
    medians = {who: median_low(those) for who, those in sizes.items() if len(those) >= FEWEST}
    return [
        Held(each, medians[_group(each)])
        for each in entries
        if _group(each) in medians and abs(each.amount) > MULTIPLE * medians[_group(each)]
    ]


def totals(entries: Sequence[Entry], held: Sequence[Held]) -> list[Document]:
    """Return one entry for each type and currency, by type, then currency; empty for none."""
    apart = {id(each.entry.transaction) for each in held}
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for each in entries:
        groups[each.transaction.kind, each.transaction.currency].append(each)
    return [_total(groups[key], apart) for key in sorted(groups, key=_by_type)]


def totals_by_reporter(entries: Sequence[Entry], held: Sequence[Held]) -> Mapping[str, object]:
    """Return the same totals of each reporter alone, by its reference."""
    own: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        own[each.reporter].append(each)
    return {reporter: totals(those, held) for reporter, those in own.items()}


def added(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum; 0 for none."""
    total = Decimal(0)
    for each in amounts:
        total = EXACT.add(total, each)
    return total


def _group(entry: Entry) -> tuple[str, str]:
    return entry.reporter, entry.transaction.currency


def _by_type(key: tuple[str, str]) -> tuple[int, str, str]:
    kind, currency = key
    number = int(kind) if kind in TRANSACTION_TYPES else len(TRANSACTION_TYPES) + 1
    return number, kind, currency


def _total(group: Sequence[Entry], apart: set[int]) -> Document:
    kept = [each for each in group if id(each.transaction) not in apart]
    negative = [each.amount for each in kept if each.amount < 0]
    first = group[0].transaction
    return {
        "type": first.kind,
        "name": TRANSACTION_TYPES.get(first.kind),
        "currency": first.currency or None,
        "count": len(kept),
        "total": added(each.amount for each in kept),
        "negative_count": len(negative),
        "negative_total": added(negative),
        "undated_count": sum(not each.transaction.is_dated for each in kept),
        "held_back_count": len(group) - len(kept),
        "published_count": len(group),
        "published_total": added(each.amount for each in group),
    }
