"""What answers of every shape say of child protection, and from when silence counts."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.sources.asking import asked_of, written
from unbroken.sources.figures import LABELS, differing, figures_of
from unbroken.sources.kept import question_of
from unbroken.sources.ports import Silence
from unbroken.sources.silences import SILENCE_WORDS, counts_from, interval, left_alone

GLOBAL = {"scheme": "fts-global-cluster", "required_usd": 100, "received_usd": 40}
OF_PLAN = {**GLOBAL, "scheme": "fts-plan-cluster"}
CP = {"name": "Protection: Child Protection", "required_usd": 9, "received_usd": None}
HAPI = {"stated": True, "rows": 105, "organisations": 51, "districts": 23}


@pytest.mark.parametrize(
    ("document", "stated"),
    [
        ({**GLOBAL, "clusters": {"12": CP}}, {"required_usd": "9", "received_usd": None}),
        ({**GLOBAL, "clusters": {}}, {"required_usd": None, "received_usd": None}),
        (
            {**GLOBAL, "clusters": {"12": CP}, "clusters_shared": {"12": -5}},
            {"shared_usd": "-5", "plan_required_usd": "100"},
        ),
        ({**OF_PLAN, "clusters": {"7": CP, "8": {"name": "Health"}}}, {"required_usd": "9"}),
        ({**OF_PLAN, "clusters": {"7": CP, "8": CP | {"required_usd": 1}}}, {"required_usd": None}),
        (
            {**OF_PLAN, "clusters": {"12": {"name": "Health", "required_usd": 4}}},
            {"required_usd": None},
        ),
        (
            {"caseloads": {"PRO-CPN": {"in_need": 7, "target": None}}},
            {"in_need": "7", "target": None},
        ),
        ({"caseloads": {}}, {"in_need": None}),
        (
            {"countries": {"COD": {"sectors": {"PRO-CPN": HAPI}}}},
            {"rows": "105", "districts": "23"},
        ),
        (
            {"countries": {"TCD": {"sectors": {"PRO-CPN": HAPI | {"stated": False, "rows": 0}}}}},
            {"rows": None},
        ),
        ({"countries": {"COD": {"sectors": {"PRO-CPN": HAPI}}, "TCD": {"sectors": {}}}}, {}),
        ({"sectors": {"PRO-CPN": HAPI}}, {"organisations": "51"}),
        ({"missions": [], "warnings": []}, {}),
        ({"clusters": [], "caseloads": None, "countries": 3}, {}),
    ],
)
def test_figures(document: dict[str, object], stated: dict[str, str | None]) -> None:
    found = figures_of(document)
    expected = {name: None if told is None else Decimal(told) for name, told in stated.items()}

    assert expected.items() <= found.items()
    assert bool(expected) == bool(found)


def test_of_several_countries_the_plans_own_is_meant() -> None:
    both = {"COD": {"sectors": {"PRO-CPN": HAPI}}, "TCD": {"sectors": {"PRO-CPN": {"rows": 1}}}}
    document = {"countries": both}

    assert {} == figures_of(document)
    assert {} == figures_of(document, "MLI")
    assert Decimal(105) == figures_of(document, "COD")["rows"]
    assert {} == figures_of({"countries": {"TCD": both["TCD"]}}, "COD")


def test_not_stated_and_zero_differ() -> None:
    one, other = {"rows": None, "target": Decimal(1)}, {"rows": Decimal(0), "target": Decimal(1)}

    assert ("rows",) == differing(one, other)
    assert () == differing(one, dict(one))
    assert LABELS.keys() >= one.keys()


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(min_size=1, max_size=9)))
def test_a_question_that_was_written_can_be_read(asked: dict[str, str]) -> None:
    assert asked == asked_of(written(asked))
    assert written(asked) == written(dict(reversed(asked.items())))


@pytest.mark.parametrize(
    ("document", "chosen", "plans", "question"),
    [
        ({"plan": "929"}, {}, ["a"], "plan=929"),
        ({"plan": None}, {"plan": "930", "by": "x"}, ["a"], "plan=930"),
        ({"countries": {"SOM": {}}}, {}, ["a"], "country=SOM"),
        ({"countries": {"SOM": {}, "COD": {}}}, {}, ["b", "a"], "beside=a%2Cb"),
        ({}, {}, [], ""),
    ],
)
def test_what_an_answer_is_about(
    document: dict[str, object], chosen: dict[str, str], plans: list[str], question: str
) -> None:
    assert question == question_of(document, chosen, plans)


@pytest.mark.parametrize(
    ("failures", "answered_on", "counts_on"),
    [
        (1, None, date(2026, 3, 9)),
        (1, date(2026, 3, 9), date(2026, 3, 11)),
        (2, date(2026, 3, 1), date(2026, 3, 9)),
        (3, date(2026, 3, 9), date(2026, 3, 9)),
    ],
)
def test_when_silence_counts(failures: int, answered_on: date | None, counts_on: date) -> None:
    today = date(2026, 3, 9)

    assert counts_on == counts_from(
        today, every_minutes=1440, failures=failures, answered_on=answered_on
    )


@given(st.integers(0, 10_000), st.integers(0, 86_400))
def test_it_is_left_alone_for_half_an_hour_to_a_day_or_as_long_as_it_asks(
    failures: int, wait: int
) -> None:
    alone = left_alone(failures, wait)

    assert timedelta(minutes=30) <= alone <= timedelta(days=1)
    assert alone >= timedelta(seconds=wait)


@given(st.uuids(), st.integers(60, 50_000))
def test_the_interval_is_its_own_and_at_most_a_tenth_longer(uid: UUID, every: int) -> None:
    assert 1 <= interval(every, uid) / timedelta(minutes=every) < 1.1
    assert interval(every, uid) == interval(every, uid)


def test_every_silence_has_its_words() -> None:
    assert set(Silence) == SILENCE_WORDS.keys()
