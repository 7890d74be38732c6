"""Exchange rates are put on record; what was converted before keeps the rate it had."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from unbroken.kit.currencies import is_currency
from unbroken.kit.db import new_uid
from unbroken.money.models import ExchangeRate
from unbroken.money.rules.currencies import DOLLAR, inverse

MOST_AT_ONCE = 500
LONGEST_RATE = 40


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates out of an answer: rows that are new, and how many differ from what is on record."""

    new: list[dict[str, object]]
    differing: int


def rates_of(session: Session, rates: Iterable[Mapping[str, object]], source: str) -> Rates:
    """Return which rates of a source are not on record; one that is there is never overwritten.

    Amounts were converted by it: where the source now says otherwise, that is counted. What is no
    currency of today, the dollar itself, and what is no rate are left out.
    """
    query = select(ExchangeRate.currency, col(ExchangeRate.on_day), ExchangeRate.per_usd)
    rows = session.exec(query.where(ExchangeRate.source == source))
    known = {(currency, on): rate for currency, on, rate in rows}
    found: dict[tuple[str, date], dict[str, object]] = {}
    differing = 0
    for each in rates:
        on, currency = each["on"], str(each["currency"])
        rate = f"{Decimal(str(each['per_usd'])):f}"
        if not isinstance(on, date) or not _is_rate(currency, rate):
            continue
        if (currency, on) in known:
            differing += Decimal(known[currency, on]) != Decimal(rate)
            continue
        row = {"currency": currency, "on_day": on, "per_usd": rate, "source": source}
        found[currency, on] = row
    return Rates(list(found.values()), differing)


def _is_rate(currency: str, rate: str) -> bool:
    is_priced = is_currency(currency) and currency != DOLLAR
    try:
        return is_priced and len(rate) <= LONGEST_RATE and inverse(Decimal(rate)) > 0
    except (ValueError, ArithmeticError):
        return False


def put_rates(session: Session, rates: Rates, *, snapshot: UUID, at: datetime) -> None:
    """Store the new rates of a snapshot, in the transaction."""
    common = {"snapshot_uid": snapshot, "loaded_at": at}
    for start in range(0, len(rates.new), MOST_AT_ONCE):
        rows = rates.new[start : start + MOST_AT_ONCE]
        values = [{**row, **common, "uid": new_uid()} for row in rows]
        session.connection().execute(insert(ExchangeRate), values)
