"""The one query of money: whatever is asked, sums are those of the whole, and nothing hidden shows.

Donor and planner ask the same rows; what a donor may not see by month and area comes by country and
quarter, and no two questions tell more together than each alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.factories.people import actor_with
from tests.factories.plans import OPERATIONS, TRANSFER, a_claim
from tests.money.desks import MoneyDesk
from unbroken.money.commands.amending import withdraw_line
from unbroken.money.commands.orders import NewContribution, NewRequirement, WithdrawLine
from unbroken.money.queries.cover import (
    SUMS,
    Cliff,
    CoverAsk,
    CoverRow,
    Grain,
    cliffs,
    cover,
    streamed_cover,
)
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.rules import Actor, Role
from unbroken.plans.commands import (
    BringIntoForce,
    DraftRevision,
    add_claim,
    bring_into_force,
    draft_revision,
)
from unbroken.plans.models import Area

FUNCTIONS = ("REFER", "MRM-VER", "MRM-CHAIR")
AREAS = (None, "minust-gao", "minust-kidal")
HIDDEN = "MRM-VER"
GROUPED: tuple[tuple[Grain, ...], ...] = ((), *((grain,) for grain in Grain), tuple(Grain))


def perform(desk: MoneyDesk) -> MoneyDesk:
    """Bring a revision into force: from then on the plan performs its functions by area."""
    plan = desk.plan
    chosen = a_claim(chosen_on=date(2026, 2, 2))
    add_claim(desk.sessions, plan.slug, chosen, actor=plan.planner, clock=desk.clock)
    draft = DraftRevision(plan.slug, (OPERATIONS, TRANSFER), title="First")
    made = draft_revision(desk.sessions, draft, actor=plan.planner, clock=desk.clock)
    order = BringIntoForce(plan.slug, made.number, made.version)
    bring_into_force(desk.sessions, order, actor=plan.planner, clock=desk.clock)
    return desk


def portfolio(desk: MoneyDesk, seed: int) -> Iterator[NewRequirement | NewContribution]:
    chance = Random(seed)  # noqa: S311 - no secret
    for _ in range(14):
        month = chance.randint(1, 12)
        starts = date(2026, month, chance.randint(1, 28))
        where: dict[str, Any] = {
            "area": chance.choice(AREAS),
            "receiver": chance.choice([None, "unicef"]),
            "starts_on": starts,
            "ends_on": starts + timedelta(days=chance.randint(0, 200)),
        }
        amount = chance.choice([None, "0", "0.0001", f"{chance.randint(1, 10**7)}.37"])
        code = chance.choice(FUNCTIONS)
        if chance.random() < 0.5:
            yield desk.need(amount, code, basis=chance.choice(list(Basis)), **where)
        else:
            pot = chance.choice([Pot.VOLUNTARY, Pot.MISSION_BUDGET])
            stage = chance.choice(
                list(Stage) if pot is Pot.VOLUNTARY else [Stage.PAID, Stage.COMMITTED]
            )
            code = chance.choice([*FUNCTIONS, ""])
            yield desk.given(amount, stage, function=code, pot=pot, **where)


def total(rows: list[CoverRow], name: str) -> int | None:
    told = [getattr(row, name) for row in rows]
    stated = [value for value in told if value is not None]
    return sum(stated) if stated else None


def totals(rows: list[CoverRow]) -> dict[str, int | None]:
    return {name: total(rows, name) for name in (*SUMS, "unstated", "estimated")}


ASKED: dict[str, dict[str, Any]] = {
    "everything": {},
    "functions": {"functions": (HIDDEN, "REFER")},
    "tiers": {"tiers": (1,)},
    "themes": {"themes": ("A",)},
    "a-quarter": {"first": date(2026, 4, 9), "last": date(2026, 6, 2)},
    "least": {"least": 10_000_000},
    "lacking": {"only_lacking": True},
    "countries": {"countries": ("MLI", "HTI"), "missions": ("minust",), "plans": ("minust",)},
}


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_over_any_grouping_are_those_of_the_whole_for_every_reader(
    desk: MoneyDesk, seed: int
) -> None:
    perform(desk).enter(*portfolio(desk, seed))
    donor, planner = desk.plan.donor, desk.plan.planner

    for name, ask in ASKED.items():
        whole = totals(desk.rows(**ask))
        for reader in (donor, planner):
            found = {by: totals(desk.rows(*by, actor=reader, **ask)) for by in GROUPED}
            assert dict.fromkeys(GROUPED, whole) == found, name


@pytest.mark.parametrize("seed", [3, 4])
def test_what_is_hidden_comes_by_country_and_quarter_whatever_is_asked(
    desk: MoneyDesk, seed: int
) -> None:
    desk.enter(*portfolio(desk, seed))
    quarters = {date(2026, month, 1) for month in (1, 4, 7, 10)} | {date(2027, 1, 1)}
    quarters |= {date(2027, month, 1) for month in (4, 7)}

    rows = desk.rows(*Grain, actor=desk.plan.donor)
    hidden = [row for row in rows if row.function == HIDDEN]
    assert hidden
    assert {("", "", True)} == {(row.area, row.receiver, row.by_quarter) for row in hidden}
    assert {row.period for row in hidden} <= quarters
    assert len(hidden) == len({row.period for row in hidden})


def _answers(desk: MoneyDesk, actor: Actor) -> list[object]:
    """Return what a reader can learn of verification by many narrow questions."""
    narrow: list[dict[str, Any]] = [
        {},
        {"areas": ("minust-gao",)},
        {"areas": ("minust-kidal", "minust-gao")},
        {"receivers": ("unicef",)},
        {"only_lacking": True, "areas": ("minust-gao",)},
        *({"least": 10**n} for n in (5, 6, 7)),
        *({"first": date(2026, m, 1), "last": date(2026, m, 28)} for m in (4, 5, 6)),
        *({"first": date(2026, m, 1)} for m in (4, 5, 6, 7)),
        *({"last": date(2026, m, 28), "least": 500_000} for m in (4, 5, 6)),
    ]
    told: list[object] = []
    with desk.sessions.reading() as session:
        for wanted in narrow:
            ask = CoverAsk(by=tuple(Grain), functions=(HIDDEN,), **wanted)
            told.append(cover(session, ask, actor=actor))
            told += [
                cliffs(session, ask, actor=actor, today=date(2026, month, 15)) for month in (4, 6)
            ]
    return told


def test_no_set_of_questions_tells_two_months_or_areas_apart(desk: MoneyDesk) -> None:
    april = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30)}
    june = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 30)}
    (first,) = desk.enter(desk.need("100", HIDDEN, area="minust-gao", **april))
    before = _answers(desk, desk.plan.donor)
    seen_by_planner = _answers(desk, desk.plan.planner)
    _withdraw(desk, first)
    desk.enter(desk.need("100", HIDDEN, area="minust-kidal", receiver="unicef", **june))

    assert before == _answers(desk, desk.plan.donor)
    assert seen_by_planner != _answers(desk, desk.plan.planner)


def _withdraw(desk: MoneyDesk, line: UUID) -> None:
    order = WithdrawLine(desk.plan.slug, line, 1, desk.clock.today(), "Entered by mistake")
    withdraw_line(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)


def test_an_area_of_unpublished_end_hides_all_that_shares_its_money(desk: MoneyDesk) -> None:
    place = {"area": "minust-kidal"}
    desk.enter(desk.need("184", **place), desk.need("92", area="minust-gao"), desk.given("60"))
    with desk.sessions.begin() as session:
        changed = update(Area).where(Area.slug == "minust-kidal")  # type: ignore[arg-type]
        session.execute(changed.values(closings_public=False))

    rows = desk.rows(*Grain, actor=desk.plan.donor)

    assert {("", "", True)} == {(row.area, row.receiver, row.by_quarter) for row in rows}
    assert [] == desk.rows(actor=desk.plan.donor, areas=("minust-gao",))
    assert {"minust-gao", "minust-kidal", ""} == {row.area for row in desk.rows(Grain.AREA)}


def test_a_donor_who_plans_elsewhere_sees_detail_there_only(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184", HIDDEN, area="minust-gao"))
    donor, planner = actor_with(Role.DONOR), actor_with(Role.PLANNER, country_iso3="HTI")
    both = Actor(donor.account_uid, "both", None, (*donor.grants, *planner.grants))
    own = replace(both, grants=(*donor.grants, *desk.plan.planner.grants))

    assert {""} == {row.area for row in desk.rows(Grain.AREA, actor=both)}
    assert {"minust-gao"} == {row.area for row in desk.rows(Grain.AREA, actor=own)}


def test_a_function_of_which_nobody_said_a_need_is_there_and_not_nought(desk: MoneyDesk) -> None:
    perform(desk).enter(desk.need("184"), desk.given("5", function="MRM-CHAIR"))

    for reader in (desk.plan.planner, desk.plan.donor):
        rows = {row.function: row for row in desk.rows(Grain.FUNCTION, actor=reader)}
        assert {"MRM-CHAIR", "MRM-VER", "REFER"} == rows.keys()
        for code in ("MRM-CHAIR", "MRM-VER"):
            told = rows[code]
            assert (None, None, None, 1) == (
                told.required,
                told.uncovered,
                told.after_pledges,
                told.unstated,
            )
        assert 50_000 == rows["MRM-CHAIR"].voluntary
        assert 0 == rows["REFER"].unstated
    months = desk.rows(Grain.FUNCTION, Grain.MONTH, functions=(HIDDEN,))
    assert [(None, 1)] == [(row.period, row.unstated) for row in months]


def test_what_is_not_stated_is_found_by_function_and_not_by_receiver(desk: MoneyDesk) -> None:
    perform(desk)

    assert 3 == len(desk.rows(Grain.FUNCTION, first=date(2026, 5, 1), last=date(2026, 5, 1)))
    assert [] == desk.rows(receivers=("unicef",))
    assert [] == desk.rows(only_lacking=True)
    assert {"REFER", "MRM-VER"} == {
        row.function for row in desk.rows(Grain.FUNCTION, areas=("minust-gao",))
    }
    donor = desk.rows(Grain.FUNCTION, areas=("minust-gao",), actor=desk.plan.donor)
    assert {"REFER"} == {row.function for row in donor}
    assert [] == desk.rows(actor=desk.plan.outsider)


def test_a_withdrawn_need_is_not_stated_any_more(desk: MoneyDesk) -> None:
    (line,) = perform(desk).enter(desk.need("184"))
    _withdraw(desk, line)

    assert [(None, 1)] == [
        (row.required, row.unstated) for row in desk.rows(Grain.FUNCTION, functions=("REFER",))
    ]


def test_the_least_amount_is_of_the_function_and_not_of_a_row(desk: MoneyDesk) -> None:
    desk.enter(
        desk.need("184"), desk.need("92", "MRM-CHAIR"), desk.given("92", function="MRM-CHAIR")
    )

    assert 6 == len(desk.rows(*Grain, least=1_840_000))
    assert [] == desk.rows(*Grain, least=1_840_001)
    assert {"REFER"} == {row.function for row in desk.rows(Grain.FUNCTION, only_lacking=True)}


def test_a_theme_is_a_group_of_the_catalogue(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"), desk.given("1", function=""))

    assert {"REFER"} == {row.function for row in desk.rows(Grain.FUNCTION, themes=("A", "C"))}
    assert [] == desk.rows(themes=("B",))


def _cliffs(desk: MoneyDesk, today: date, *, actor: Actor | None = None) -> list[Cliff]:
    with desk.sessions.reading() as session:
        return cliffs(session, CoverAsk(), actor=actor or desk.plan.planner, today=today)


def test_the_cliff_is_the_first_month_from_today_that_lacks_money(desk: MoneyDesk) -> None:
    paid: dict[str, Any] = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 5, 31)}
    desk.enter(desk.need("184"), desk.given("61", **paid), desk.need("184", HIDDEN))

    found = {each.function: each for each in _cliffs(desk, date(2026, 4, 17))}
    assert (date(2026, 6, 1), False, 920_000) == (
        found["REFER"].first_on,
        found["REFER"].by_quarter,
        found["REFER"].uncovered,
    )
    assert date(2026, 4, 1) == found[HIDDEN].first_on
    assert [] == _cliffs(desk, date(2026, 9, 1))
    donor = {e.function: e for e in _cliffs(desk, date(2026, 5, 17), actor=desk.plan.donor)}
    assert (date(2026, 4, 1), True, 1_530_000) == (
        donor[HIDDEN].first_on,
        donor[HIDDEN].by_quarter,
        donor[HIDDEN].uncovered,
    )
    assert date(2026, 6, 1) == donor["REFER"].first_on


def test_rows_that_are_streamed_are_the_same(desk: MoneyDesk) -> None:
    perform(desk).enter(*portfolio(desk, 5))

    with desk.sessions.reading() as session:
        for actor in (desk.plan.donor, desk.plan.planner):
            ask = CoverAsk(by=tuple(Grain))
            assert cover(session, ask, actor=actor) == list(
                streamed_cover(session, ask, actor=actor)
            )
