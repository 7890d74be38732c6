"""Turns one element ``iati-activity`` into plain values.

Only what is listed here is looked at: names of people, mailboxes and positions are never read.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from lxml import etree

from unbroken.sources.markup import attribute, child, children, text_of
from unbroken.sources.parsing import text
from unbroken_integrations.iati.codes import DAC_VOCABULARIES, PARENT, PLAN_VOCABULARY

AMOUNT = re.compile(r"[+-]?(\d{1,20}(\.\d{0,30})?|\.\d{1,30})", re.ASCII)
"""As the standard writes it: no thousands separators, no exponent, a point before decimals."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Fault(StrEnum):
    """Why a transaction's amount cannot be added to anything."""

    NONE = ""
    NO_TYPE = "without_type"
    NO_VALUE = "without_value"
    UNREADABLE = "unreadable_value"


class Transaction(NamedTuple):
    """One transaction; ``amount`` is ``None`` exactly where there is a fault."""

    kind: str
    currency: str
    amount: Decimal | None
    fault: Fault
    is_dated: bool
    as_written: str = ""


class Share(NamedTuple):
    """One code of a split (sector, country) with its percentage; ``None``: not stated."""

    code: str
    percentage: Decimal | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What one activity says of itself; texts are empty where it says nothing."""

    identifier: str
    reporter: str
    reporter_name: str
    is_secondary: bool
    version: str
    updated: str
    hierarchy: str
    sectors: tuple[Share, ...]
    other_vocabularies: tuple[str, ...]
    countries: tuple[Share, ...]
    regions: tuple[Share, ...]
    plans: tuple[str, ...]
    parents: tuple[str, ...]
    transactions: tuple[Transaction, ...]


def activity_of(element: etree._Element) -> Activity:
    """Return what the activity says; never fails, faults are kept with what they spoil."""
    currency = attribute(element, "default-currency").upper()
    reporter = child(element, "reporting-org")
    transactions = tuple(children(element, "transaction"))
    sectors, others = _sectors(element, transactions)
    return Activity(
        identifier=text(text_of(child(element, "iati-identifier"))),
        reporter=attribute(reporter, "ref"),
        reporter_name=text(text_of(_narrative(reporter))),
        is_secondary=attribute(reporter, "secondary-reporter").lower() in {"1", "true"},
        version=_version(element),
        updated=attribute(element, "last-updated-datetime"),
        hierarchy=attribute(element, "hierarchy"),
        sectors=sectors,
        other_vocabularies=others,
        countries=_shares(element, "recipient-country", transactions),
        regions=_shares(element, "recipient-region", transactions),
        plans=_plans(element),
        parents=_parents(element),
        transactions=tuple(_transaction(each, currency) for each in transactions),
    )


def _narrative(element: etree._Element | None) -> etree._Element | None:
    return None if element is None else child(element, "narrative")


def _version(element: etree._Element) -> str:
    return attribute(element.getparent(), "version") or attribute(element, "version")


def _sectors(
    element: etree._Element, transactions: tuple[etree._Element, ...]
) -> tuple[tuple[Share, ...], tuple[str, ...]]:
    """Return the DAC sectors of an activity and the vocabularies of its other ones.

    They stand on the activity or on each of its transactions; a percentage belongs to the first.
    """
    whole = list(children(element, "sector"))
    parts = [each for one in transactions for each in children(one, "sector")]
    found = {_share(each): None for each in whole if _is_dac(each)}
    known = {each.code for each in found}
    found |= {
        Share(code, None): None
        for each in parts
        if _is_dac(each) and (code := attribute(each, "code")) not in known
    }
    others = {attribute(each, "vocabulary") for each in whole + parts if not _is_dac(each)}
    return tuple(each for each in found if each.code), tuple(sorted(others))


def _is_dac(sector: etree._Element) -> bool:
    return attribute(sector, "vocabulary") in DAC_VOCABULARIES


def _shares(
    element: etree._Element, name: str, transactions: tuple[etree._Element, ...]
) -> tuple[Share, ...]:
    whole = {_share(each): None for each in children(element, name)}
    known = {each.code for each in whole}
    parts = {
        Share(code, None): None
        for one in transactions
        for each in children(one, name)
        if (code := attribute(each, "code")) not in known
    }
    return tuple(each for each in whole | parts if each.code)


def _share(element: etree._Element) -> Share:
    return Share(attribute(element, "code"), amount_of(attribute(element, "percentage")))


def _plans(element: etree._Element) -> tuple[str, ...]:
    scopes = children(element, "humanitarian-scope")
    codes = [attribute(s, "code") for s in scopes if attribute(s, "vocabulary") == PLAN_VOCABULARY]
    return tuple(dict.fromkeys(code for code in codes if code))


def _parents(element: etree._Element) -> tuple[str, ...]:
    related = children(element, "related-activity")
    return tuple(attribute(each, "ref") for each in related if attribute(each, "type") == PARENT)


def _transaction(element: etree._Element, default_currency: str) -> Transaction:
    kind = attribute(child(element, "transaction-type"), "code")
    value = child(element, "value")
    written = text_of(value)
    amount = amount_of(written)
    fault = _fault(kind, written, amount)
    return Transaction(
        kind=kind,
        currency=attribute(value, "currency").upper() or default_currency,
        amount=None if fault else amount,
        fault=fault,
        is_dated=_is_day(attribute(child(element, "transaction-date"), "iso-date")),
        as_written=written[:40] if fault else "",
    )


def _fault(kind: str, written: str, amount: Decimal | None) -> Fault:
    if not written:
        return Fault.NO_VALUE
    if amount is None:
        return Fault.UNREADABLE
    return Fault.NONE if kind else Fault.NO_TYPE


def amount_of(text: str) -> Decimal | None:
    """Return the number, or ``None`` where it is none or could mean two things ("1,234")."""
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def _is_day(text: str) -> bool:
    """Return whether it begins with a day of the calendar; some add a time or a zone."""
    if not DAY.match(text):
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
