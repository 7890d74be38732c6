"""Portfolios of needs and money, made by hypothesis."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from unbroken.money.rules.lines import Figure, MoneyLine, NeedLine, Place
from unbroken.money.rules.words import Basis, Pot, Stage

DAY = date(2026, 1, 1)
days = st.integers(0, 800).map(lambda n: DAY + timedelta(days=n))
periods = st.tuples(days, st.integers(0, 500)).map(lambda t: (t[0], t[0] + timedelta(days=t[1])))
uids = st.uuids(version=4)
units = st.integers(0, 10**13)
places = st.builds(
    Place,
    function=st.sampled_from(["CSO-VOICE", "MRM-VER"]),
    area=st.sampled_from(["", "north", "south"]),
    receiver=st.sampled_from(["", "unicef", "ngo"]),
)
money_places = st.one_of(places, st.builds(Place, receiver=st.sampled_from(["", "unicef"])))
rates = st.sampled_from([Decimal(1), Decimal("0.0005071495"), Decimal("1.1684")])


@st.composite
def needs(draw: st.DrawFn) -> NeedLine:
    starts_on, ends_on = draw(periods)
    return NeedLine(
        uid=draw(uids),
        place=draw(places),
        starts_on=starts_on,
        ends_on=ends_on,
        usd=draw(st.one_of(st.none(), units)),
        basis=draw(st.sampled_from(Basis)),
    )


@st.composite
def figures(draw: st.DrawFn) -> dict[Stage, Figure]:
    stages = draw(st.sets(st.sampled_from(Stage), min_size=1))
    rate = draw(rates)
    return {stage: Figure(draw(st.one_of(st.none(), units)), rate, DAY) for stage in stages}


@st.composite
def money(draw: st.DrawFn) -> MoneyLine:
    starts_on, ends_on = draw(periods)
    return MoneyLine(
        uid=draw(uids),
        place=draw(money_places),
        starts_on=starts_on,
        ends_on=ends_on,
        pot=draw(st.sampled_from(Pot)),
        figures=draw(figures()),
        donor=draw(st.sampled_from(["", "sweden", "norway"])),
    )


need_lists = st.lists(needs(), max_size=6)
money_lists = st.lists(money(), max_size=6, unique_by=lambda line: line.uid)


def uid(number: int) -> UUID:
    return UUID(int=number)
