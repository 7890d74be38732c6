"""A line of money out of what was typed: amounts in three states, each fault beside its field."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, sentence
from unbroken.money.commands.orders import NewContribution, NewFigure, NewRequirement, StatedRate
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.typed import AmbiguousAmount, NoAmount, amount_from
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.web.pages.typed import Typed
from unbroken.workbooks.money_orders import rate_of

Line = RequirementView | ContributionView


@dataclass(frozen=True, slots=True)
class LineTyped:
    """Reads a line out of a form; ``before`` is its present state, ``today`` its day if none."""

    typed: Typed
    today: date
    before: Line | None = None

    def requirement(self) -> NewRequirement:
        """Return the requirement that was typed; ``typed.check`` says whether it holds."""
        amount = self._amount("amount", is_needed=True)
        old = self.before.money if isinstance(self.before, RequirementView) else None
        is_same = old is not None and old.amount == amount and self._same_currency()
        return NewRequirement(
            **self._common(),
            amount=amount,
            basis=self.typed.choice("basis", Basis),
            rate=self._rate() or (rate_of(old) if old is not None and is_same else None),
        )

    def contribution(self) -> NewContribution:
        """Return the contribution that was typed; ``typed.check`` says whether it holds."""
        figures = tuple(each for stage in Stage if (each := self._figure(stage)) is not None)
        return NewContribution(
            **self._common(),
            donor=self.typed.text("donor"),
            pot=self.typed.choice("pot", Pot),
            figures=figures,
            part_of=self._part_of(),
        )

    def _common(self) -> dict[str, Any]:
        typed = self.typed
        return {
            "function": typed.text("function"),
            "area": typed.text("area"),
            "receiver": typed.text("receiver"),
            "starts_on": typed.day("starts_on"),
            "ends_on": typed.day("ends_on"),
            "currency": typed.text("currency").upper(),
            "title": typed.text("title"),
            "source": typed.text("source"),
            "known_on": self.today if self.before else typed.day("known_on"),
            "illustrative": typed.is_checked("illustrative"),
        }

    def _figure(self, stage: Stage) -> NewFigure | None:
        at = stage.value
        amount = self._amount(at, is_needed=False)
        on = self.typed.day_or_none(f"{at}-on")
        due_on = self.typed.day_or_none(f"{at}-due_on")
        is_said = amount is not None or self.typed.is_checked(f"{at}-unstated")
        if not is_said:
            if on or due_on:
                remedy = _("Give the amount, or tick that it is not stated.")
                self.typed.fault(at, _("is missing, though a day is given"), remedy)
            return None
        return NewFigure(
            stage=stage, amount=amount, on=on, due_on=due_on, rate=self._rate_of(stage, on, amount)
        )

    def _rate_of(self, stage: Stage, on: date | None, amount: Decimal | None) -> StatedRate | None:
        stated = self._rate()
        if stated is not None or not isinstance(self.before, ContributionView):
            return stated
        known = {(each.stage, each.on): each.money for each in self.before.figures}
        old = known.get((stage, on))
        is_same = old is not None and old.amount == amount and self._same_currency()
        return rate_of(old) if old is not None and is_same else None

    def _same_currency(self) -> bool:
        now = self.typed.text("currency").upper()
        return self.before is not None and self.before.currency == now

    def _rate(self) -> StatedRate | None:
        per_usd = self._number("rate")
        if per_usd is None:
            return None
        on = self.typed.day_or_none("rate_on") or self.today
        return StatedRate(per_usd, on, self.typed.text("rate_source"))

    def _part_of(self) -> UUID | None:
        text = self.typed.text("part_of")
        try:
            return UUID(text) if text else None
        except ValueError:
            remedy = _("Copy it from the address of that line's page.")
            self.typed.fault("part_of", _("is no id of a line"), remedy)
            return None

    def _amount(self, name: str, *, is_needed: bool) -> Decimal | None:
        """Return an amount, ``None`` where it is not stated or nothing is said."""
        is_unstated = self.typed.is_checked(f"{name}-unstated")
        amount = self._number(name)
        is_blank = not self.typed.text(name)
        if is_unstated and not is_blank:
            remedy = _("Empty the amount, or take the tick away.")
            self.typed.fault(name, _("is given and said to be not stated"), remedy)
        elif is_needed and is_blank and not is_unstated:
            remedy = _("Give the amount, 0 for nothing, or tick that it is not stated.")
            self.typed.fault(name, _("is missing"), remedy)
        return amount

    def _number(self, name: str) -> Decimal | None:
        text = self.typed.text(name)
        if not text:
            return None
        try:
            return amount_from(text)
        except AmbiguousAmount as fault:
            self.typed.fault(name, *_two_ways(fault))
        except NoAmount:
            remedy = _("Write digits only; the currency has its own field.")
            self.typed.fault(name, sentence("{text} is no amount", text=text[:40]), remedy)
        return None


def _two_ways(fault: AmbiguousAmount) -> tuple[Marked, Marked]:
    large, small = (f"{each:f}" for each in fault.both)
    return (
        sentence("can be read as {large} or as {small}", large=large, small=small),
        sentence("Write {large}, or {small}.", large=large, small=f"{small}0"),
    )
