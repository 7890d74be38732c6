"""What a row of money orders: a new line, an amendment, or a later last day; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any
from uuid import UUID

from unbroken.money.commands.orders import (
    NewContribution,
    NewFigure,
    NewRequirement,
    StatedRate,
)
from unbroken.money.queries.views import AmountView, ContributionView, RequirementView
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.workbooks.money_columns import STAGE_KEYS, UNSTATED, Key
from unbroken.workbooks.money_values import Value, Values

FIELDS: Mapping[str, Key] = {
    "part_of": Key.PART_OF,
    "rate/source": Key.RATE_SOURCE,
    **{f"figures/{stage.value}/amount": keys[0] for stage, keys in STAGE_KEYS.items()},
    **{f"figures/{stage.value}/on": keys[1] for stage, keys in STAGE_KEYS.items()},
    **{f"figures/{stage.value}/due_on": Key.DUE_ON for stage in Stage},
    **{f"figures/{stage.value}": keys[0] for stage, keys in STAGE_KEYS.items()},
    "figures": Key.PLEDGED,
}
"""The column for a place that commands name otherwise."""


@dataclass(frozen=True, slots=True)
class Wish:
    """All that a line is to say; ``before`` is its present state, ``None`` for a new line."""

    values: Values
    before: RequirementView | ContributionView | None
    today: date

    def requirement(self) -> NewRequirement:
        """Return the order for a requirement."""
        amount = self._amount(Key.AMOUNT)
        old = self.before.money if isinstance(self.before, RequirementView) else None
        return NewRequirement(
            **self._common(),
            amount=amount,
            basis=Basis(self._text(Key.BASIS) or Basis.STATED),
            rate=self._rate(amount, old),
        )

    def contribution(self) -> NewContribution:
        """Return the order for a contribution."""
        part_of = self._text(Key.PART_OF)
        return NewContribution(
            **self._common(),
            donor=self._text(Key.DONOR),
            pot=Pot(self._text(Key.POT)),
            figures=tuple(each for stage in Stage if (each := self._figure(stage)) is not None),
            part_of=UUID(part_of) if part_of else None,
        )

    def _figure(self, stage: Stage) -> NewFigure | None:
        amount_key, on_key = STAGE_KEYS[stage]
        said, on = self.values.get(amount_key), self._day(on_key)
        due_on = self._day(Key.DUE_ON) if stage is Stage.PLEDGED else None
        if said is None and on is None and due_on is None:
            return None
        amount = None if said in {None, UNSTATED} else self._amount(amount_key)
        old = self._old(stage, on)
        return NewFigure(
            stage=stage, amount=amount, on=on, due_on=due_on, rate=self._rate(amount, old)
        )

    def _old(self, stage: Stage, on: date | None) -> AmountView | None:
        if not isinstance(self.before, ContributionView):
            return None
        known = {(each.stage, each.on): each.money for each in self.before.figures}
        return known.get((stage, on))

    def _rate(self, amount: Decimal | None, old: AmountView | None) -> StatedRate | None:
        """Return the rate that the row states; else that of an amount that stays as it is."""
        stated = self.values.get(Key.RATE)
        if isinstance(stated, Decimal):
            on = self._day(Key.RATE_ON) or self.today
            return StatedRate(stated, on, self._text(Key.RATE_SOURCE))
        is_same = old is not None and old.amount == amount
        same_currency = self.before is not None and self.before.currency == self._currency()
        return rate_of(old) if old is not None and is_same and same_currency else None

    def _common(self) -> dict[str, Any]:
        return {
            "function": self._text(Key.FUNCTION),
            "area": self._text(Key.AREA),
            "receiver": self._text(Key.RECEIVER),
            "starts_on": self._day(Key.STARTS_ON) or date.min,
            "ends_on": self._day(Key.ENDS_ON) or date.min,
            "currency": self._currency(),
            "title": self._text(Key.TITLE),
            "source": self._text(Key.SOURCE),
            "known_on": self.today if self.before else self._day(Key.KNOWN_ON) or self.today,
            "illustrative": bool(self.values.get(Key.ILLUSTRATIVE)),
        }

    def _currency(self) -> str:
        return self._text(Key.CURRENCY)

    def _text(self, key: Key) -> str:
        found = self.values.get(key)
        return found if isinstance(found, str) else ""

    def _day(self, key: Key) -> date | None:
        found: Value = self.values.get(key)
        return found if isinstance(found, date) else None

    def _amount(self, key: Key) -> Decimal | None:
        found = self.values.get(key)
        return found if isinstance(found, Decimal) else None


def rate_of(money: AmountView) -> StatedRate | None:
    """Return the rate by which an amount was converted, as if stated; ``None`` where none was.

    It is turned over with so many digits that turning it back gives exactly what is on record.
    """
    if money.usd_rate is None or money.rate_on is None or not money.rate_source:
        return None
    with localcontext(prec=60):
        return StatedRate(1 / money.usd_rate, money.rate_on, money.rate_source)
