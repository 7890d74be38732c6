"""The invented money of one plan, as acts; pure."""

from collections.abc import Callable, Iterator

from unbroken.demo.words import InventedGift, InventedMoney, InventedNeed
from unbroken.money.commands.orders import (
    EnterMoney,
    NewContribution,
    NewFigure,
    NewRequirement,
    StatedRate,
)
from unbroken.money.rules.words import Stage

AreaSlug = Callable[[str], str]


def orders(
    plan: str, invented: InventedMoney, *, area: AreaSlug, source: str
) -> Iterator[EnterMoney]:
    """Yield what is put on record of a plan's money; ``area`` gives a slug for a region's name."""
    needs = tuple(_need(each, invented, area=area, source=source) for each in invented.needs)
    gifts = tuple(_gift(each, invented, area=area, source=source) for each in invented.gifts)
    yield EnterMoney(plan, needs, gifts)


def _need(
    need: InventedNeed, money: InventedMoney, *, area: AreaSlug, source: str
) -> NewRequirement:
    return NewRequirement(
        function=need.function,
        starts_on=need.starts,
        ends_on=need.ends,
        amount=need.amount,
        known_on=money.known,
        source=source,
        area=area(need.area) if need.area else None,
        receiver=need.receiver or None,
        illustrative=True,
    )


def _gift(
    gift: InventedGift, money: InventedMoney, *, area: AreaSlug, source: str
) -> NewContribution:
    rate = None
    if gift.per_usd is not None:
        rate = StatedRate(gift.per_usd, money.known, source)
    said = {
        Stage.REQUESTED: gift.requested,
        Stage.PLEDGED: gift.pledged,
        Stage.COMMITTED: gift.committed,
        Stage.PAID: gift.paid,
    }
    return NewContribution(
        starts_on=gift.starts,
        ends_on=gift.ends,
        figures=tuple(
            NewFigure(
                stage=stage,
                amount=amount,
                on=money.known,
                due_on=gift.due if stage is Stage.PLEDGED else None,
                rate=rate,
            )
            for stage, amount in said.items()
            if amount is not None
        ),
        known_on=money.known,
        source=source,
        donor=gift.donor or None,
        currency=gift.currency,
        pot=gift.pot,
        function=gift.function,
        area=area(gift.area) if gift.area else None,
        receiver=gift.receiver or None,
        illustrative=True,
    )
