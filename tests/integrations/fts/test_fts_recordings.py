"""What the recorded answers of FTS must give, to the dollar, and OCHA's own table beside them."""

import csv
import itertools
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.adapter import (
    FtsClusters,
    FtsFlows,
    FtsLocations,
    FtsOrganizations,
    FtsOverview,
    FtsPlans,
)

DATA = Path(__file__).parents[2] / "data" / "integrations" / "fts"
FIRST = "custom-search-locationid-1-year-2020.json"
PAGES = (
    FIRST,
    "custom-search-locationid-1-year-2020-page-2.json",
    "custom-search-locationid-1-year-2020-page-3.json",
)
BY_GLOBAL_CLUSTER = "1-fts-flow-custom-search-planid-929-groupby-globalcluster.json"
BY_CLUSTER = "1-fts-flow-custom-search-planid-929-groupby-cluster.json"
BY_ORGANIZATION = "fts_flow-custom-search-planid-1063-groupby-organization.json"
BY_LOCATION = "fts_flow-custom-search-planid-1061-groupby-location.json"
OVERVIEW = "2-fts-flow-plan-overview-progress-2020.json"
Found = dict[str, Any]
TABLE = "requirements-funding-globalcluster-2026-04-18.csv"


def recorded(name: str) -> Payload:
    return Payload(name, (DATA / name).read_bytes())


@pytest.fixture(scope="module")
def flows() -> Found:
    return dict(FtsFlows().read([recorded(name) for name in PAGES], {}))


def clusters(name: str, chosen: Mapping[str, str] | None = None) -> Found:
    return dict(FtsClusters().read([recorded(name)], chosen or {}))


def test_flows_are_counted_and_received_is_the_total_that_fts_states(flows: Found) -> None:
    assert (flows["flows"], flows["incoming"], flows["internal"]) == (484, 328, 156)
    assert flows["received_usd"] == 725_591_299
    assert flows["pledged_usd"] == 0
    assert flows["check"] == {"funding_total_usd": 725_591_299, "agrees": True}
    assert flows["statuses"] == {"paid": 333, "commitment": 151}


def test_child_protection_received_alone_and_has_some_together_with_protection(
    flows: Found,
) -> None:
    assert flows["clusters"]["12"] == {"alone_usd": 2_510_925, "shared_usd": 249_997, "flows": 5}
    assert flows["cluster_details"]["12"] == {
        "name": "Child Protection",
        "received_flows": 3,
        "received_shared_usd": 0,
        "internal_flows": 2,
        "internal_alone_usd": 480_084,
        "internal_shared_usd": 249_997,
    }


def test_received_splits_over_plans_and_over_donors_without_a_rest(flows: Found) -> None:
    assert flows["plans"] == {"929": 564_447_748, "1006": 15_000_000, "none": 146_143_551}
    assert flows["donors"][0] == {
        "name": "United States of America, Government of",
        "usd": 240_629_700,
    }
    assert sum(flows["plans"].values()) == flows["received_usd"]
    assert sum(each["usd"] for each in flows["donors"]) == flows["received_usd"]
    assert flows["donors"] == sorted(flows["donors"], key=lambda row: (-row["usd"], row["name"]))
    assert flows["warnings"] == [
        "2 received flows name no organisation that gave them (668632 USD)."
    ]


def test_pages_come_in_any_order_and_a_page_twice_counts_once(flows: Found) -> None:
    for order in itertools.islice(itertools.permutations(PAGES), 1, None, 2):
        assert FtsFlows().read([recorded(name) for name in order], {}) == flows
    twice: Found = dict(FtsFlows().read([recorded(name) for name in (*PAGES, FIRST)], {}))
    assert twice["received_usd"] == 725_591_299
    assert "One page was given twice." in twice["warnings"]


def test_a_page_set_that_is_not_whole_is_refused() -> None:
    for missing in PAGES:
        with pytest.raises(Invalid) as refused:
            FtsFlows().read([recorded(name) for name in PAGES if name != missing], {})
        assert "flows on all pages" in refused.value.problems[0].what


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b'"fundingTotal":725591299', b'"fundingTotal":725591300', "the flows add up to 725591299"),
        (b'"status":"ok"', b'"status":"error"', "not ok"),
    ],
)
def test_a_wrong_total_or_status_is_refused(old: bytes, new: bytes, told: str) -> None:
    contents = [recorded(name).content.replace(b": ", b":") for name in PAGES]
    assert old in contents[0]
    altered = [Payload("p", each.replace(old, new)) for each in contents]

    with pytest.raises(Invalid) as refused:
        FtsFlows().read(altered, {})

    assert told in _told(refused.value)


def _told(refused: Invalid) -> str:
    return " ".join(str(each.what) for each in refused.problems)


def test_plan_929_by_global_cluster() -> None:
    found = clusters(BY_GLOBAL_CLUSTER)

    assert found["plan"] == 929
    assert found["required_usd"] == 1_131_050_820
    assert found["required_usd"] == sum(
        each["required_usd"] or 0 for each in found["clusters"].values()
    )
    assert found["received_usd"] == 564_467_765
    assert (found["not_specified_usd"], found["shared_usd"]) == (158_871_041, 44_825_602)
    assert found["clusters"]["12"] == {
        "name": "Child Protection",
        "required_usd": None,
        "received_usd": 2_991_009,
        "gap_usd": None,
        "covered_share": None,
    }
    assert found["clusters"]["10"] == {
        "name": "Protection",
        "required_usd": 91_875_589,
        "received_usd": 29_841_887,
        "gap_usd": 62_033_702,
        "covered_share": Decimal("0.3248"),
    }
    assert found["clusters_shared"]["12"] == 249_997
    assert found["warnings"] == []


def test_plan_929_by_cluster_of_the_plan() -> None:
    found = clusters(BY_CLUSTER)
    asked = [each for each in found["clusters"].values() if each["required_usd"] is not None]

    assert found["scheme"] == "fts-plan-cluster"
    assert len(asked) == 16
    assert sum("COVID-19" in each["name"] for each in asked) == 7
    assert (found["not_specified_usd"], found["shared_usd"]) == (160_548_636, 24_156_904)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        (BY_GLOBAL_CLUSTER, "fts_requirements_funding_globalcluster_afg.csv"),
        (BY_CLUSTER, "fts_requirements_funding_cluster_afg.csv"),
    ],
)
def test_the_table_that_ocha_made_of_the_same_answers_says_the_same(name: str, table: str) -> None:
    found = clusters(name)
    with (DATA / "ocha-reference-output" / table).open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))

    stated = {
        each["cluster"]: (_number(each["requirements"]), _number(each["funding"])) for each in told
    }
    assert stated.pop("Not specified") == (None, found["not_specified_usd"])
    assert stated.pop("Multiple clusters/sectors (shared)") == (None, found["shared_usd"])
    assert stated == {
        each["name"]: (each["required_usd"], each["received_usd"])
        for each in found["clusters"].values()
    }


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def test_plan_1063_by_organisation() -> None:
    found: Any = FtsOrganizations().read([recorded(BY_ORGANIZATION)], {})
    children = found["organizations"]["2915"]

    assert (found["plan"], found["required_usd"]) == (1063, 2_267_407_090)
    assert found["received_usd"] == 1_079_774_793
    assert found["on_boundary_usd"] == 3_691_701
    assert (children["required_usd"], children["received_usd"]) == (153_724_210, 59_665_395)


def test_a_regional_plan_by_country() -> None:
    found: Any = FtsLocations().read([recorded(BY_LOCATION)], {})

    assert found["locations"]["169"]["required_usd"] == 310_442_000
    assert found["locations"]["169"]["received_usd"] == 56_507_707
    assert found["locations"]["220"]["received_usd"] is None
    assert found["warnings"] == []


def test_shared_money_of_a_regional_plan_may_be_below_zero() -> None:
    name = "fts_flow-custom-search-planid-1072-groupby-location.json"
    found: Any = FtsLocations().read([recorded(name)], {})
    rows = [each["received_usd"] for each in found["locations"].values()]

    assert (found["received_usd"], found["shared_usd"]) == (368_900_143, -5_165_766)
    assert sum(rows) + found["not_specified_usd"] + found["shared_usd"] == found["received_usd"]


def test_countries_that_repeat_the_plan_state_no_requirement_of_their_own() -> None:
    name = "fts_flow-custom-search-planid-1103-groupby-location.json"
    found: Any = FtsLocations().read([recorded(name)], {})

    assert found["required_usd"] == 1_850_500_037
    assert {each["required_usd"] for each in found["locations"].values()} == {None}
    assert found["warnings"] == [
        "The requirement of 5 rows is the plan's, not their own; it is left out."
    ]


def test_what_a_regional_plan_asks_for_without_a_country_stands_apart() -> None:
    name = "1-fts-flow-custom-search-planid-943-groupby-location.json"
    found: Any = FtsLocations().read([recorded(name)], {})

    assert found["not_specified_required_usd"] == 99_034_109
    assert found["not_specified_usd"] == -615_694
    assert found["locations"]["114"]["required_usd"] == 1_475_421_996
    assert found["warnings"] == []


def test_several_plans_stand_side_by_side() -> None:
    name = "1-fts-flow-custom-search-emergencyid-911-planid-1010832929-groupby-plan.json"
    found: Any = FtsPlans().read([recorded(name)], {})

    assert {number: row["received_usd"] for number, row in found["plans"].items()} == {
        "832": 65_374_888,
        "929": 186_988_307,
        "1010": 18_604_280,
    }
    with pytest.raises(Invalid):
        FtsLocations().read([recorded(name)], {})


def test_a_grouped_answer_is_read_by_its_own_kind_only() -> None:
    for name in (BY_LOCATION, BY_ORGANIZATION):
        with pytest.raises(Invalid) as refused:
            clusters(name)
        assert "grouped by" in _told(refused.value)


def test_the_overview_gives_each_plan_and_the_totals_as_stated() -> None:
    found: Any = FtsOverview().read([recorded(OVERVIEW)], {})

    assert found["totals"]["received_usd"] == 18_842_947_137
    assert found["totals"]["required_usd"] == 38_536_692_263
    assert found["totals"]["progress_percent"] == Decimal("48.9")
    assert [*found["plans"]] == ["832", "929", "943", "952", "1006", "1010"]
    plan = found["plans"]["929"]
    assert plan["countries"] == ["AFG"]
    assert (plan["required_usd"], plan["received_usd"]) == (1_131_050_820, 564_467_765)
    assert plan["reported"] is True


@pytest.mark.parametrize(
    ("plan", "required", "received", "share"),
    [
        ("1399", 2_868_115, 8_654_833, Decimal("3.0176")),
        ("1221", 48_070_726, 10_257_127, Decimal("0.2134")),
        ("1325", None, 70_331, None),
        ("1284", 1_080_101, None, None),
    ],
)
def test_the_table_of_all_plans_is_read_for_one(
    plan: str, required: int | None, received: int | None, share: Decimal | None
) -> None:
    row = clusters(TABLE, {"plan": plan})["clusters"]["12"]

    assert (row["required_usd"], row["received_usd"]) == (required, received)
    assert row["covered_share"] == share


def test_the_table_takes_codes_and_hashtags_and_wants_one_plan() -> None:
    lines = recorded(TABLE).content.decode().splitlines()
    tags = "#country+code,#activity+id,,#activity+code,,,#date+year,#sector+code,#sector,,,"
    tagged = Payload(TABLE, "\r\n".join([lines[0], tags, *lines[1:]]).encode("utf-16"))
    found = FtsClusters().read([tagged], {"plan": "hafg26", "country": "AFG", "year": "2026"})

    assert found == clusters(TABLE, {"plan": "1502"})
    for chosen in ({}, {"plan": "1"}, {"plan": "1502", "year": "1999"}):
        with pytest.raises(Invalid):
            clusters(TABLE, chosen)


def test_the_plan_is_as_chosen_where_no_name_says_it() -> None:
    content = recorded(BY_GLOBAL_CLUSTER).content
    read = FtsClusters().read

    assert read([Payload("a.json", content)], {})["plan"] is None
    assert read([Payload("a.json", content)], {"plan": "929"})["plan"] == 929
    with pytest.raises(Invalid):
        read([Payload("a.json", content)], {"plan": "x"})


def test_two_answers_are_never_added(flows: Found) -> None:
    del flows
    with pytest.raises(Invalid):
        FtsClusters().read([recorded(BY_CLUSTER), recorded(BY_GLOBAL_CLUSTER)], {})
