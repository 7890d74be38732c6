"""Overviews of UN INFO: not stated is not zero, sums are exact, the nameless group stays."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.tree import ROOT
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.uninfo.adapter import UninfoReader

OVERVIEW = ROOT / "tests" / "data" / "integrations" / "uninfo" / "overview.json"


def read(*contents: object) -> dict[str, Any]:
    raw = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in contents]
    payloads = [Payload(f"{n}.json", each) for n, each in enumerate(raw)]
    return dict(UninfoReader().read(payloads, {}))


def is_read_or_refused(content: object) -> bool:
    """Return whether it gives plain values, or a refusal that names a problem."""
    try:
        plain(read(content))
    except Invalid as refused:
        return bool(refused.problems)
    return True


def row(identity: object = 1, **told: object) -> dict[str, object]:
    return {"id": identity, "name": "n", "short": "s", "count": 1, "metrics": []} | told


def metric(name: str, total: object) -> dict[str, object]:
    return {"metricName": name, "metricId": 99, "total": total}


def spoken(document: dict[str, Any]) -> str:
    return " | ".join(document["warnings"])


def test_groups_and_totals_are_exact_and_the_nameless_group_is_kept() -> None:
    told = read(OVERVIEW.read_bytes())

    assert told["totals"] == {
        "required": Decimal("5167.798"),
        "available": Decimal("4176.549"),
        "spent": Decimal(100),
    }
    first = told["groups"][0]
    assert (first["id"], first["name"], first["required"]) == (None, "Not assigned", 1000)
    assert "no id" in spoken(told)


def test_a_figure_that_is_not_there_is_not_stated_and_zero_is_zero() -> None:
    told = read(OVERVIEW.read_bytes())

    spent = {each["id"]: each["spent"] for each in told["groups"]}
    assert spent == {None: 100, "4": None, "16": 0}
    assert told["groups_that_state"] == {"required": 3, "available": 3, "spent": 2}
    assert "does not state what is spent" in spoken(told)


def test_more_than_is_required_is_shown_as_it_is() -> None:
    told = read(OVERVIEW.read_bytes())

    assert told["groups"][1]["unfunded"] == Decimal("-499.625")
    assert "more than it requires" in spoken(told)


@pytest.mark.parametrize("answer", [[], {"data": []}, [row()], [row(metrics=None)]])
def test_an_answer_without_figures_is_not_zero(answer: object) -> None:
    told = read(answer)

    assert told["totals"] == {"required": None, "available": None, "spent": None}
    assert told["has_figures"] is False
    assert "filter by year may be why" in spoken(told)


def test_of_overlapping_frameworks_the_latest_end_of_each_code_is_kept() -> None:
    told = read(
        [
            row(1, code="MLI", endDate="2024-12-31", metrics=[metric("Total Expenditure", 5)]),
            row(2, code="MLI", endDate="2026-12-31", metrics=[metric("Total Expenditure", 7)]),
            row(3, code="NER", endYear=2024, metrics=[metric("Total Expenditure", 11)]),
            row(4, code="TCD", metrics=[metric("Total Expenditure", 13)]),
        ]
    )

    assert [each["id"] for each in told["groups"]] == ["2", "3", "4"]
    assert told["totals"]["spent"] == 31
    assert "older framework" in spoken(told)


def test_an_id_that_comes_twice_is_told() -> None:
    assert "more than once" in spoken(read([row(1)], [row(1)]))


def test_a_row_that_cannot_be_read_is_left_out_and_named() -> None:
    told = read([row(1, metrics=[metric("Total Expenditure", "many")]), row(2), 7])

    assert [each["id"] for each in told["groups"]] == ["2"]
    assert "2 records were left out" in spoken(told)
    assert "0.json[0].metrics[0].total" in spoken(told)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<html></html>", b'[{"id": 1', b"{}", b'{"error": "x"}', b"7", b"null", b"[1, 2]"),
        b'[{"id": 1, "metrics": [{"metricName": "Total Expenditure", "total": NaN}]}]',
        b'[{"id": 1, "metrics": [{"metricId": 8, "total": 1}, {"metricId": 8, "total": 2}]}]',
        b'[{"other": 1}]',
        b"[" * 50_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_overview_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(content)

    assert all(each.path.startswith("0.json") for each in refused.value.problems)
    assert refused.value.problems


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "metrics", "metricId", "total", "code", "endDate", "endYear"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_any_json_is_read_or_refused(value: object) -> None:
    assert is_read_or_refused(value)
