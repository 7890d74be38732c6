"""What recorded answers of HPC must give; nothing is added; odd ones are read or refused."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.altering import altered, document_of
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.hpc.adapter import HpcMonitoring, HpcProjects

DATA = Path(__file__).parents[2] / "data" / "integrations" / "hpc"
MONITORING = "1185-responsemonitoring.json"
PAGE_6, PAGE_8 = "project-search-rsyr22-page-6.json", "project-search-rsyr22-page-8.json"

CASELOAD = {"caseloadId": 1, "availableGlobalClusterCode": "PRO-CPN", "inNeed": 10, "target": 5}
CASELOADS: Mapping[str, object] = {
    "data": {
        "caseloads": [CASELOAD, {"caseloadId": 2, "availableGlobalClusterCode": "n/a"}],
        "lastPublishedDate": "17/12/2024",
        "planGlobalClusters": [{"globalClusterId": 12, "globalClusterCode": "PRO-CPN"}],
    }
}
PROJECTS: Mapping[str, object] = {
    "status": "ok",
    "data": {
        "results": [
            {"id": 1, "currentRequestedFunds": "10.5", "globalClusters": [{"code": "PRO"}]},
            {"id": 2, "globalClusters": [{"code": "PRO"}, {"code": "HEA", "name": "Health"}]},
        ],
        "pagination": {"count": 2, "total": 2, "currentPage": 1, "pages": 1},
    },
}


def recorded(name: str) -> Payload:
    return Payload(name, (DATA / name).read_bytes())


def made(value: object) -> Payload:
    return Payload("a.json", json.dumps(value).encode())


def monitoring(caseloads: list[object], **more: object) -> dict[str, Any]:
    answer = {"data": {"caseloads": caseloads, **more}}
    return dict(HpcMonitoring().read([made(answer)], {}))


def test_child_protection_of_plan_1185() -> None:
    found: Any = HpcMonitoring().read([recorded(MONITORING)], {})

    assert found["plan"] == 1185
    assert found["published"] == date(2025, 1, 15)
    assert found["caseloads"]["PRO-CPN"] == {
        "global_cluster": 12,
        "name": "Child Protection",
        "in_need": 9_213_752,
        "target": 4_607_549,
    }
    assert found["caseloads"]["MPC"]["in_need"] is None
    assert len(found["rows"]) == 15
    assert found["warnings"] == []


def test_caseloads_of_one_code_are_not_added() -> None:
    found = monitoring([CASELOAD, CASELOAD | {"caseloadId": 2}, CASELOAD | {"caseloadId": 2}])

    assert found["caseloads"]["PRO-CPN"]["in_need"] is None
    assert [each["in_need"] for each in found["rows"]] == [10, 10]
    assert "2 caseloads carry PRO-CPN; they overlap and are not added." in found["warnings"]


@pytest.mark.parametrize("odd", [-1, True, "many", 1.5, []])
def test_a_caseload_without_sound_numbers_is_left_out_and_named(odd: object) -> None:
    found = monitoring([CASELOAD | {"inNeed": odd}, CASELOAD | {"caseloadId": 2}])

    assert found["left_out"] == 1
    assert found["caseloads"]["PRO-CPN"]["in_need"] == 10
    assert any("caseloads[0].inNeed" in each for each in found["warnings"])


@pytest.mark.parametrize("told", [None, "12/31/2024", "soon"])
def test_an_unknown_day_is_not_stated_and_said(told: object) -> None:
    found = monitoring([CASELOAD], lastPublishedDate=told)

    assert found["published"] is None
    assert len(found["warnings"]) == 1


def test_projects_by_cluster() -> None:
    sixth: Any = HpcProjects().read([recorded(PAGE_6)], {})
    last: Any = HpcProjects().read([recorded(PAGE_8)], {})

    assert {row["name"]: row["projects"] for row in sixth["clusters"].values()} == {
        "Protection": 86,
        "Health": 13,
        "Multi-sector": 1,
    }
    assert (last["projects"], last["last_page"], last["whole"]) == (55, True, False)
    assert (last["total"], last["pages"], last["pages_read"]) == (755, 8, [8])


def test_pages_together_say_which_they_are() -> None:
    found = HpcProjects().read([recorded(name) for name in (PAGE_8, PAGE_6, PAGE_8)], {})

    assert (found["projects"], found["pages_read"], found["whole"]) == (155, [6, 8], False)


def test_a_project_of_two_clusters_is_shared_and_a_whole_search_says_so() -> None:
    found: Any = HpcProjects().read([made(PROJECTS)], {})

    assert found["whole"] is True
    assert found["clusters"]["PRO"]["projects"] == 2
    assert found["clusters"]["HEA"]["alone_usd"] == 0
    assert found["clusters"]["HEA"]["shared_usd"] is None
    assert found["warnings"] == ["One project does not state what it asks for."]


@pytest.mark.parametrize("pagination", [{"count": 3}, {"total": 3}, {"currentPage": 2}])
def test_pages_that_do_not_hold_what_they_state_are_refused(pagination: dict[str, int]) -> None:
    whole: Any = json.loads(json.dumps(PROJECTS))
    whole["data"]["pagination"] |= pagination

    with pytest.raises(Invalid):
        HpcProjects().read([made(whole)], {})


@settings(max_examples=150)
@given(altered(CASELOADS))
def test_any_altered_monitoring_is_read_or_refused(value: object) -> None:
    found = document_of(lambda: HpcMonitoring().read([made(value)], {}))
    if found is None:
        return


@settings(max_examples=150)
@given(altered(PROJECTS), st.booleans())
def test_any_altered_search_is_read_or_refused(value: object, twice: bool) -> None:  # noqa: FBT001
    found = document_of(lambda: HpcProjects().read([made(value), made(PROJECTS)][: 1 + twice], {}))
    if found is None:
        return
