"""Who watches is told once of what rises above the limit, and nothing of what is restricted."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import select

from tests.money.donors import DonorDesk, text_of
from unbroken.kit.db import row_id
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from unbroken.money.commands.amending import amend_requirement, withdraw_line
from unbroken.money.commands.orders import AmendRequirement, WithdrawLine
from unbroken.money.commands.watching import (
    MakeWatch,
    end_feed,
    end_watch,
    make_feed,
    make_watch,
)
from unbroken.money.models_interest import Told, Watch
from unbroken.money.queries.watches import watch_views
from unbroken.money.rules.watching import (
    MOST_WATCHES,
    TOPIC,
    Filters,
    Lack,
    filters_from,
    is_told,
)
from unbroken.outbox.models import Message
from unbroken.people.models import Account
from unbroken.people.rules import NOBODY, Actor
from unbroken.scans.telling import put_letters

LACK = Lack(
    country="MLI",
    mission="minust",
    plan="minust",
    function="REFER",
    tier=2,
    theme="A",
    before=0,
    after=100,
)


def items_of(letter: Message) -> list[dict[str, str]]:
    items: Any = letter.body["items"]
    return list(items)


def amend(donors: DonorDesk, line: UUID, amount: str, *, number: int = 1, **more: object) -> None:
    said = donors.desk.need(amount, **more)  # type: ignore[arg-type]
    order = AmendRequirement(donors.desk.plan.slug, line, number, said, "Costed anew")
    planner = donors.desk.plan.planner
    amend_requirement(donors.sessions, order, actor=planner, clock=donors.desk.clock)


FILTERS: tuple[tuple[dict[str, Any], bool], ...] = (
    ({}, True),
    ({"countries": ("MLI", "HTI")}, True),
    ({"countries": ("HTI",)}, False),
    ({"missions": ("minust",)}, True),
    ({"missions": ("other",)}, False),
    ({"plans": ("minust",)}, True),
    ({"plans": ("second",)}, False),
    ({"functions": ("REFER",)}, True),
    ({"functions": ("MRM-VER",)}, False),
    ({"tiers": (1, 2)}, True),
    ({"tiers": (1,)}, False),
    ({"themes": ("A",)}, True),
    ({"themes": ("B",)}, False),
    ({"countries": ("MLI",), "tiers": (1,)}, False),
)


@pytest.mark.parametrize(("asked", "told"), FILTERS)
def test_every_filter_must_fit(asked: dict[str, Any], told: bool) -> None:  # noqa: FBT001
    assert told is is_told(LACK, Filters(**asked), least=0)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0, 51, True), (0, 50, False), (50, 51, True), (51, 90, False), (90, 10, False)],
)
def test_told_is_what_rises_above_the_limit(
    before: int,
    after: int,
    told: bool,  # noqa: FBT001
) -> None:
    lack = replace(LACK, before=before, after=after)

    assert told is is_told(lack, Filters(), least=50)


@given(st.lists(st.integers(0, 100), max_size=30), st.integers(0, 100))
def test_one_rise_is_told_once(totals: list[int], least: int) -> None:
    pairs = zip([0, *totals], totals, strict=False)
    told = sum(
        is_told(replace(LACK, before=before, after=after), Filters(), least=least)
        for before, after in pairs
    )
    above = [total > least for total in totals]
    rises = sum(now and not was for was, now in zip([False, *above], above, strict=False))

    assert rises == told


@given(
    st.builds(
        Filters,
        countries=st.lists(st.text(max_size=3)).map(tuple),
        tiers=st.lists(st.integers(1, 4)).map(tuple),
        themes=st.lists(st.sampled_from("ABC")).map(tuple),
    )
)
def test_filters_come_back_as_they_were_stored(filters: Filters) -> None:
    assert filters == filters_from(filters.stored())


def test_a_gap_is_told_once_however_often_is_scanned(donors: DonorDesk) -> None:
    donors.watch()
    donors.watch(by="other donor", by_mail=False)
    donors.watch(countries=("HTI",))
    donors.desk.enter(donors.desk.need("184"))
    for days in (0, 0, 1, 40):
        donors.later(days).scan()

    assert [1, 2] == [each.watch_id for each in donors.told()]
    (letter,) = donors.letters(TOPIC)
    assert "donor@example.org" == letter.recipient
    (item,) = items_of(letter)
    assert ("REFER", "184", "2026-03-01") == (
        item["function_code"],
        item["uncovered_usd"],
        item["month"],
    )


def test_what_a_scan_finds_comes_in_one_letter(donors: DonorDesk) -> None:
    donors.watch()
    needs = [donors.desk.need("184", code) for code in ("REFER", "MRM-VER", "MRM-CHAIR")]
    donors.desk.enter(*needs)
    donors.scan()

    (letter,) = donors.letters(TOPIC)
    assert 3 == letter.body["count"]


def test_a_gap_that_grows_above_the_limit_is_told_then(donors: DonorDesk) -> None:
    donors.watch(least="100")
    (line,) = donors.desk.enter(donors.desk.need("100"))
    donors.scan()
    before = len(donors.told())
    amend(donors, line, "300")
    donors.scan()
    amend(donors, line, "400", number=2)
    donors.later(1).scan()

    assert (0, [3_000_000]) == (before, [each.uncovered_units for each in donors.told()])


def test_a_gap_that_closed_and_opens_again_is_told_again(donors: DonorDesk) -> None:
    donors.watch()
    (line,) = donors.desk.enter(donors.desk.need("100"))
    donors.scan()
    planner = donors.desk.plan.planner
    order = WithdrawLine(donors.desk.plan.slug, line, 1, donors.desk.clock.today(), "Not needed")
    withdraw_line(donors.sessions, order, actor=planner, clock=donors.desk.clock)
    donors.scan()
    later = donors.later(3)
    later.desk.enter(later.desk.need("100"))
    later.scan()

    assert [date(2026, 3, 2), date(2026, 3, 5)] == [each.opened_on for each in donors.told()]


def test_a_cliff_that_appears_is_told(donors: DonorDesk) -> None:
    donors.desk.enter(donors.desk.need("184"))
    donors.scan()
    donors.watch()
    money = donors.desk.given("92", ends_on=date(2026, 5, 31))
    donors.desk.enter(money)
    donors.scan()

    (told,) = donors.told()
    assert (date(2026, 6, 1), 920_000) == (told.turns_on, told.uncovered_units)


def test_a_letter_about_a_restricted_function_has_a_number_and_a_link(donors: DonorDesk) -> None:
    donors.watch(functions=("MRM-VER",))
    donors.desk.enter(donors.desk.need("184", "MRM-VER"), donors.desk.need("92"))
    donors.scan()

    (letter,) = donors.letters(TOPIC)
    (item,) = items_of(letter)
    assert {"number", "link"} == set(item)
    assert item["link"].removeprefix("/gaps/").startswith(item["number"])
    said = text_of([letter]).casefold()
    assert [] == [word for word in ("mrm", "minust", "mali", "refer", "usd") if word in said]


def test_an_account_is_told_of_plans_that_it_sees(donors: DonorDesk) -> None:
    donors.watch(by="foreign")
    donors.watch(by="observer")
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()

    assert ["observer@example.org"] == [each.recipient for each in donors.letters(TOPIC)]


def test_a_watch_is_its_owners_only(donors: DonorDesk) -> None:
    uid = donors.watch()
    other = donors.actors["other donor"]
    for act in (end_watch, end_feed, make_feed):
        with pytest.raises(NotFound):
            act(donors.sessions, uid, actor=other, clock=donors.desk.clock)
        with pytest.raises(SignInNeeded):
            act(donors.sessions, uid, actor=NOBODY, clock=donors.desk.clock)
    with donors.sessions.reading() as session:
        assert () == watch_views(session, actor=other)


BROKEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"countries": ("Mali",)}, "countries"),
    ({"missions": ("no-such",)}, "missions"),
    ({"plans": ("no-such",)}, "plans"),
    ({"functions": ("NO-SUCH",)}, "functions"),
    ({"tiers": (9,)}, "tiers"),
    ({"themes": ("Z",)}, "themes"),
    ({"tiers": tuple(range(60))}, "tiers"),
    ({"least": "-1"}, "least"),
    ({"least": "NaN"}, "least"),
    ({"least": "0.00001"}, "least"),
)


def test_a_filter_that_cannot_be_used_says_which(donors: DonorDesk) -> None:
    for asked, path in BROKEN:
        with pytest.raises(Invalid) as refused:
            donors.watch(**asked)
        assert path in [problem.path for problem in refused.value.problems]


def test_a_plan_out_of_sight_is_no_filter(donors: DonorDesk) -> None:
    with pytest.raises(Invalid):
        donors.watch(by="foreign", plans=("minust",))


def test_an_account_has_so_many_watches_and_no_more(donors: DonorDesk) -> None:
    with donors.sessions.begin() as session:
        mine = select(Account).where(Account.uid == donors.actors["donor"].account_uid)
        account = session.exec(mine).one()
        now = donors.desk.clock.now()
        session.add_all(
            Watch(account_id=row_id(account), filters={}, created_at=now)
            for _n in range(MOST_WATCHES)
        )

    with pytest.raises(Conflict):
        donors.watch()


def test_who_has_no_role_watches_nothing(donors: DonorDesk) -> None:
    donor = donors.actors["donor"]
    bare = Actor(donor.account_uid, donor.handle, donor.organisation_uid)
    with pytest.raises(Forbidden):
        make_watch(donors.sessions, MakeWatch(), actor=bare, clock=donors.desk.clock)


def test_what_a_scan_that_broke_off_left_is_written_by_the_next(donors: DonorDesk) -> None:
    donors.watch()
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    with donors.sessions.begin() as session:
        session.connection().execute(update(Told).values(waits=True, uid=UUID(int=5)))
    donors.scan()
    with donors.sessions.begin() as session:
        put_letters(session)

    assert 2 == len(donors.letters(TOPIC))
    assert [False] == [each.waits for each in donors.told()]


def test_over_many_scans_each_rise_is_told_once(donors: DonorDesk) -> None:
    donors.watch(least="100")
    donors.watch(by="other donor", least="100", by_mail=False)
    (line,) = donors.desk.enter(donors.desk.need("50"))
    donors.scan()
    for number, amount in enumerate(("150", "150.01", "90", "100", "200", "0"), start=1):
        later = donors.later(number)
        amend(later, line, amount, number=number, starts_on=date(2026, 6, 1))
        later.scan()
        later.scan()

    rises = [date(2026, 3, 3), date(2026, 3, 7)]
    assert [rises, rises] == [
        [each.opened_on for each in donors.told() if each.watch_id == watch] for watch in (1, 2)
    ]
    assert [1, 1] == [letter.body["count"] for letter in donors.letters(TOPIC)]
