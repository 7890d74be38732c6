"""Outside sources on a page and in the API: how each is, and what stands beside a plan."""

import json
from uuid import UUID

import pytest

from tests.factories.plans import PlanScene, make_plan
from tests.sources.outside import CLIENTS, CLUSTERS, DATA, READERS
from tests.web.conftest import Site
from unbroken.kit.clock import FixedClock
from unbroken.kit.reaching import Reach
from unbroken.money.commands.fetching import Outside, fetch
from unbroken.money.commands.loading import LoadAnswer, load_answer
from unbroken.money.commands.outside_sources import AddOutsideSource, add_outside_source
from unbroken.people.rules import Role
from unbroken.sources.readers import Payload

PLAN = "minust"


@pytest.fixture
def scene(site: Site, clock: FixedClock) -> PlanScene:
    return make_plan(site.house.sessions, clock)


def _silent(scene: PlanScene) -> UUID:
    order = AddOutsideSource(
        kind="hapi-presence",
        asked={"country": "MLI"},
        plans=(scene.slug,),
        secret_name="UNBROKEN_SECRET_HAPI",
    )
    uid = add_outside_source(
        scene.sessions, order, clients=CLIENTS, actor=scene.steward, clock=scene.clock
    )
    outside = Outside(READERS, CLIENTS, Reach, lambda _name: "")
    fetch(scene.sessions, uid, outside=outside, clock=scene.clock)
    return uid


def _loaded(scene: PlanScene, *, less: int = 0) -> None:
    file = DATA / "fts" / CLUSTERS
    told = file.read_text("utf-8")
    for number in (2991009, 519642163, 564467765):
        told = told.replace(str(number), str(number - less))
    order = LoadAnswer(
        kind="fts-clusters",
        payloads=[Payload(file.name, told.encode())],
        chosen={},
        about={},
        plans=(scene.slug,),
    )
    reader = READERS["fts-clusters"]
    load_answer(scene.sessions, order, reader, actor=scene.planner, clock=scene.clock)


def test_a_steward_sees_why_a_source_is_silent_and_switches_it(
    site: Site, scene: PlanScene
) -> None:
    uid, steward = _silent(scene), site.as_(Role.STEWARD)
    before = steward.get("/sources").text
    switched = steward.form(f"/sources/{uid}/on", {}, on="/sources")
    after = steward.get("/sources").text
    again = steward.form(f"/sources/{uid}/off", {}, on="/sources")

    assert "The variable that holds its token is not set." in before
    assert "none yet" in before
    assert ("Switch on" in before, "Switch off" in after) == (True, True)
    assert (303, 303) == (switched.status_code, again.status_code)
    assert f"/plans/{PLAN}" in after


def test_nobody_else_opens_the_page(site: Site) -> None:
    assert 403 == site.as_(Role.PLANNER).get("/sources").status_code
    assert "No outside source is entered" in site.as_(Role.STEWARD).get("/sources").text


def test_what_stands_beside_a_plan_says_source_date_and_what_it_lacks(
    site: Site, scene: PlanScene
) -> None:
    _loaded(scene)
    answer = site.anyone().client.get(
        f"/api/v1/plans/{PLAN}/snapshots", headers=site.bearer(Role.DONOR)
    )
    (item,) = answer.json()["items"]
    figures = {each["name"]: each["amount"] for each in item["figures"]}

    assert (200, "fts-clusters", {"plan": "929"}) == (
        answer.status_code,
        item["kind"],
        item["question"],
    )
    assert {
        "required_usd": None,
        "received_usd": "2991009",
        "not_specified_usd": "158871041",
        "parent_required_usd": "91875589",
    }.items() <= figures.items()
    assert "OCHA" in item["source"]
    assert any("not stated" in each or "no requirement" in each for each in item["not_in_it"])
    assert item["retrieved_at"].startswith("2026-03-02")


def test_the_page_beside_a_plan_says_what_was_restated(site: Site, scene: PlanScene) -> None:
    visitor = site.as_(Role.DONOR)
    empty = visitor.get(f"/plans/{PLAN}/outside").text
    _loaded(scene, less=1)
    _loaded(scene)
    html = visitor.get(f"/plans/{PLAN}/outside").text

    assert "No answer of an outside system is here" in empty
    assert "2,991,009" in html
    assert "restated on" in html
    assert "2,991,008" in html
    assert "not stated" in html
    assert 404 == visitor.get("/plans/nowhere/outside").status_code


def test_stewards_read_sources_by_api(site: Site, scene: PlanScene) -> None:
    _silent(scene)
    get = site.anyone().client.get
    allowed = get("/api/v1/sources", headers=site.bearer(Role.STEWARD))
    refused = get("/api/v1/sources", headers=site.bearer(Role.DONOR))
    (item,) = allowed.json()["items"]

    assert (403, "no-secret", 1) == (refused.status_code, item["silent_reason"], item["failures"])
    assert "SECRET" not in json.dumps(item)
