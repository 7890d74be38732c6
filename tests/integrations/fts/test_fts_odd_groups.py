"""Odd grouped answers, overviews and tables of FTS: right or refused, never a silent zero."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.altering import altered, document_of
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.adapter import FtsClusters, FtsLocations, FtsOverview
from unbroken_integrations.fts.figures import covered


def made(value: object) -> Payload:
    return Payload("a.json", json.dumps(value).encode())


def told(refused: Invalid) -> str:
    return " ".join(f"{each.path} {each.what}" for each in refused.problems)


def grouped(kind: str = "GlobalCluster") -> dict[str, Any]:
    """Over-funded, with a correction below zero as regional plans have it."""
    rows = [
        {"type": kind, "id": "12", "name": "Child Protection", "totalFunding": 300},
        {"type": kind, "name": "Not specified", "totalFunding": 40},
    ]
    return {
        "status": "ok",
        "data": {
            "requirements": {
                "totalRevisedReqs": 130,
                "objects": [
                    {"id": 12, "name": "CP", "objectType": kind, "revisedRequirements": 30},
                    {
                        "id": 10,
                        "name": "Protection",
                        "objectType": kind,
                        "revisedRequirements": 100,
                    },
                ],
            },
            "report3": {
                "fundingTotals": {
                    "total": 330,
                    "objects": [
                        {
                            "objectsBreakdown": rows,
                            "totalBreakdown": {
                                "objectsSum": 340,
                                "sharedFunding": -10,
                                "overlapCorrection": 0,
                                "totalFunding": 330,
                            },
                        }
                    ],
                },
                "pledgeTotals": {"total": 0},
            },
        },
    }


def clusters(value: object) -> dict[str, Any]:
    return dict(FtsClusters().read([made(value)], {}))


def test_over_funding_is_shown_and_shared_money_may_be_below_zero() -> None:
    found = clusters(grouped())

    assert found["shared_usd"] == -10
    assert found["clusters"]["12"] == {
        "name": "CP",
        "required_usd": 30,
        "received_usd": 300,
        "gap_usd": -270,
        "covered_share": 10,
    }
    assert found["clusters"]["10"]["received_usd"] is None
    assert found["clusters"]["10"]["gap_usd"] is None


def test_without_report3_nothing_is_stated_as_received() -> None:
    answer = grouped()
    del answer["data"]["report3"]
    found = clusters(answer)

    assert (found["received_usd"], found["not_specified_usd"], found["shared_usd"]) == (None,) * 3
    assert {row["received_usd"] for row in found["clusters"].values()} == {None}
    assert len(found["warnings"]) == 1


def test_without_requirements_nothing_is_stated_as_required() -> None:
    answer = grouped()
    del answer["data"]["requirements"]
    found = clusters(answer)

    assert (found["required_usd"], found["received_usd"]) == (None, 330)
    assert {row["covered_share"] for row in found["clusters"].values()} == {None}
    del answer["data"]["report3"]
    with pytest.raises(Invalid):
        clusters(answer)


def test_a_requirement_of_zero_has_a_gap_and_no_share() -> None:
    answer = grouped()
    answer["data"]["requirements"]["objects"][0]["revisedRequirements"] = 0
    row = clusters(answer)["clusters"]["12"]

    assert (row["required_usd"], row["gap_usd"], row["covered_share"]) == (0, -300, None)


@pytest.mark.parametrize("path", ["objectsSum", "sharedFunding", "totalFunding"])
def test_a_breakdown_that_contradicts_itself_is_refused(path: str) -> None:
    answer = grouped()
    answer["data"]["report3"]["fundingTotals"]["objects"][0]["totalBreakdown"][path] += 1

    with pytest.raises(Invalid):
        clusters(answer)


def test_rows_that_do_not_add_up_or_come_twice_are_refused() -> None:
    answer = grouped()
    rows = answer["data"]["report3"]["fundingTotals"]["objects"][0]["objectsBreakdown"]
    rows[0]["totalFunding"] = None
    with pytest.raises(Invalid):
        clusters(answer)
    answer = grouped()
    answer["data"]["requirements"]["objects"] *= 2
    with pytest.raises(Invalid) as refused:
        clusters(answer)
    assert "comes twice" in told(refused.value)


def test_a_country_that_repeats_the_plan_states_no_requirement_of_its_own() -> None:
    answer = grouped("ProjectLocation")
    answer["data"]["requirements"]["objects"][0]["revisedRequirements"] = 130
    found: Any = FtsLocations().read([made(answer)], {})

    assert found["locations"]["12"]["required_usd"] is None
    assert found["locations"]["10"]["required_usd"] == 100
    assert any("the plan's, not its own" in each for each in found["warnings"])


def overview() -> dict[str, Any]:
    return {
        "status": "ok",
        "data": {
            "totals": {
                "objectsSum": 9,
                "overlapCorrection": -2,
                "sharedFunding": 0,
                "totalFunding": 7,
                "revisedRequirements": 20,
            },
            "plans": [
                {"id": 1, "name": "One", "requirements": {"revisedRequirements": 10}},
                {"id": "2", "funding": {"totalFunding": 0}, "countries": [{"iso3": "SOM"}]},
            ],
        },
    }


def plans(value: object) -> dict[str, Any]:
    return dict(FtsOverview().read([made(value)], {}))


def test_a_plan_without_funding_is_not_reported_and_zero_is_zero() -> None:
    found = plans(overview())

    assert [found["plans"][each]["reported"] for each in ("1", "2")] == [False, True]
    assert [found["plans"][each]["received_usd"] for each in ("1", "2")] == [None, 0]
    assert found["plans"]["2"]["required_usd"] is None
    assert found["totals"]["received_usd"] == 7
    assert "not reported" in found["warnings"][0]


def test_an_overview_without_totals_says_so_and_a_wrong_one_is_refused() -> None:
    answer = overview()
    answer["data"]["totals"]["totalFunding"] = 8
    with pytest.raises(Invalid):
        plans(answer)
    del answer["data"]["totals"]
    assert set(plans(answer)["totals"].values()) == {None}
    answer["data"]["plans"].append({"id": 1})
    with pytest.raises(Invalid):
        plans(answer)


@pytest.mark.parametrize(
    ("required", "received", "share"),
    [
        (91_875_589, 29_841_887, "0.3248"),
        (20_000, 1, "0"),
        (20_000, 3, "0.0002"),
        (1, 11, "11"),
        (10, -1, "-0.1"),
        (0, 5, None),
        (None, 5, None),
        (-5, 5, None),
    ],
)
def test_a_share_has_four_places_half_to_even(
    required: int | None, received: int, share: str | None
) -> None:
    assert covered(required, received) == (None if share is None else Decimal(share))


@settings(max_examples=250)
@given(altered(grouped()))
def test_any_altered_grouping_is_right_or_refused(value: object) -> None:
    found = document_of(lambda: clusters(value))
    if found is None:
        return
    for row in found["clusters"].values():
        is_known = row["required_usd"] is not None and row["received_usd"] is not None
        assert (row["gap_usd"] is not None) == is_known


@settings(max_examples=150)
@given(altered(overview()))
def test_any_altered_overview_is_right_or_refused(value: object) -> None:
    found = document_of(lambda: plans(value))
    if found is None:
        return
    assert all(
        each["reported"] == (each["received_usd"] is not None) for each in found["plans"].values()
    )


CELLS = st.sampled_from(["", "12", "10", "x", "-5", "Not specified", "Multiple (shared)", "929"])


@settings(max_examples=100)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=6), max_size=4))
def test_any_table_is_right_or_refused(rows: list[list[str]]) -> None:
    lines = ["id,clusterCode,cluster,requirements,funding", *(",".join(row) for row in rows)]
    found = document_of(
        lambda: FtsClusters().read([Payload("t.csv", "\n".join(lines).encode())], {})
    )
    if found is None:
        return
