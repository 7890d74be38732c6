"""What was written of money is read as it was written, in every language and form."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.money.desks import make_desk
from tests.workbooks.money_books import LANGUAGES_READ, LIMITS, WORDS, Bench, stock, told
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import LANGUAGES
from unbroken.money.queries.views import (
    AmountView,
    ContributionView,
    FigureView,
    RequirementView,
)
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.words import Basis, Change, Pot, Stage
from unbroken.people.rules import NOBODY
from unbroken.workbooks.money_columns import COLUMNS, HEADINGS, ON_LINE, Key, Table
from unbroken.workbooks.money_export import money_rows
from unbroken.workbooks.money_files import MoneyFile, read_money_file
from unbroken.workbooks.money_reading import told_by
from unbroken.workbooks.money_values import Value, bare, values_of
from unbroken.workbooks.readers import Reading
from unbroken.workbooks.sheets_out import Column, SheetOut
from unbroken.workbooks.writing import write_book, write_csv


@pytest.fixture
def bench(sessions: Sessions, clock: FixedClock) -> Bench:
    return Bench(make_desk(sessions, clock))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_exported_changes_nothing_when_it_comes_back(bench: Bench, language: str) -> None:
    stock(bench.desk)
    before, raw = bench.digest(), bench.book(language)
    done = bench.send(raw)
    assert (told(done), done.changes, done.conflicts) == ([], (), ())
    assert (len(done.rows), done.unchanged) == (7, 7)
    assert bench.digest() == before


@pytest.mark.parametrize("table", Table)
def test_the_same_as_csv(bench: Bench, table: Table) -> None:
    stock(bench.desk)
    done = bench.send(bench.csv(table), is_csv=True)
    assert (told(done), done.changes, done.unchanged) == ([], (), len(done.rows))
    assert done.rows


units = st.one_of(st.none(), st.just(0), st.integers(0, 10**17))
amounts = units.map(lambda n: None if n is None else to_amount(n))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
texts = st.sampled_from(
    [
        "",
        "Note to the file, no. 7",
        "ملاحظة للملف",
        "Établi le 3 mars;\nrevu, “signé”",
        "2026-02-01",
        "1,200",
        "TRUE",
        "-5 % of posts",
        "=1+1",
        "' quoted",
        "not stated",
    ]
)


def views(**more: st.SearchStrategy[object]) -> dict[str, st.SearchStrategy[object]]:
    return {
        "uid": st.uuids(version=4),
        "number": st.integers(1, 99),
        "change": st.just(Change.ENTERED),
        "plan": st.just("minust"),
        "area": st.sampled_from(["", "gao"]),
        "area_name": st.just(""),
        "receiver": st.sampled_from(["", "unicef"]),
        "receiver_name": st.just(""),
        "starts_on": days,
        "ends_on": days,
        "currency": st.sampled_from(["USD", "XOF"]),
        "title": texts,
        "reason": st.just(""),
        "source": texts,
        "illustrative": st.booleans(),
        "known_on": days,
        "gone_on": st.none(),
        "made_at": st.just(datetime(2026, 1, 1, tzinfo=UTC)),
        "made_by": st.just(""),
        **more,
    }


moneys = st.builds(
    AmountView,
    amount=amounts,
    usd=st.none(),
    usd_rate=st.none(),
    rate_on=st.none(),
    rate_source=st.just(""),
)
need_views = st.builds(
    RequirementView,
    **views(
        function=st.just("REFER"),
        basis=st.sampled_from(Basis),
        is_estimate=st.booleans(),
        money=moneys,
    ),
)


@st.composite
def figure_views(draw: st.DrawFn) -> tuple[FigureView, ...]:
    stages = draw(st.sets(st.sampled_from(Stage), min_size=1))
    return tuple(
        FigureView(
            stage=stage,
            money=draw(moneys),
            on=draw(st.one_of(st.none(), days)),
            due_on=draw(st.one_of(st.none(), days)) if stage is Stage.PLEDGED else None,
        )
        for stage in Stage
        if stage in stages
    )


money_views = st.builds(
    ContributionView,
    **views(
        function=st.sampled_from(["", "REFER"]),
        donor=st.sampled_from(["", "sweden"]),
        donor_name=st.just(""),
        pot=st.sampled_from(Pot),
        is_pool=st.booleans(),
        part_of=st.one_of(st.none(), st.uuids(version=4)),
        figures=figure_views(),
    ),
)


@settings(max_examples=40)
@given(
    lines=st.one_of(
        st.lists(need_views, min_size=1, max_size=6), st.lists(money_views, min_size=1, max_size=6)
    ),
    language=st.sampled_from(LANGUAGES),
    is_csv=st.booleans(),
)
def test_every_line_is_read_as_it_was_written(
    lines: list[RequirementView | ContributionView], language: str, *, is_csv: bool
) -> None:
    is_need = isinstance(lines[0], RequirementView)
    table = Table.REQUIREMENTS if is_need else Table.CONTRIBUTIONS
    reader = LANGUAGES_READ.translator(language)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    rows = list(money_rows(table, lines, Reading(NOBODY, reader, at.date(), at)))
    columns = tuple(
        Column(reader.gettext(HEADINGS[key].title), kind=HEADINGS[key].kind)
        for key in COLUMNS[table]
    )
    if is_csv:
        raw = write_csv(columns, rows)
    else:
        raw = write_book([SheetOut("x", columns, rows)], right_to_left=False, made_at=at)
    file = read_money_file(raw, WORDS, LIMITS, is_csv=is_csv)
    assert _said(file, table) == [_stored(line, table) for line in lines]


def _said(file: MoneyFile, table: Table) -> list[dict[Key, Value]]:
    found = [told_by(row, WORDS) for row in file.rows]
    assert [each.problems for each in found] == [()] * len(found)
    return [{key: bare(each.values[key]) for key in ON_LINE[table]} for each in found]


def _stored(line: RequirementView | ContributionView, table: Table) -> dict[Key, Value]:
    values = values_of(line)
    return {key: bare(values[key]) for key in ON_LINE[table]}
