"""The rates that are on record, as the rules read them."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from unbroken.money.models import ExchangeRate
from unbroken.money.rules.currencies import DOLLAR, OLDEST_DAYS, Rate, RateBook


def rate_book(session: Session, currencies: Iterable[str], *, first: date, last: date) -> RateBook:
    """Return the rates that convert ``currencies`` on days from ``first`` to ``last``.

    Of two sources on one day the one loaded later holds.
    """
    wanted = sorted(set(currencies) - {DOLLAR})
    if not wanted:
        return RateBook()
    query = (
        select(ExchangeRate)
        .where(
            col(ExchangeRate.currency).in_(wanted),
            col(ExchangeRate.on_day) >= first - timedelta(days=OLDEST_DAYS),
            col(ExchangeRate.on_day) <= last,
        )
        .order_by(col(ExchangeRate.loaded_at), col(ExchangeRate.id))
    )
    return RateBook(
        (row.currency, Rate(row.on_day, Decimal(row.per_usd), row.source))
        for row in session.exec(query)
    )
