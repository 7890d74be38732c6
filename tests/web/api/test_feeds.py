"""Feeds of one's own by programs: what is said comes back, and an address is told once."""

import re

from tests.web.api.conftest import World

ADDRESS = re.compile(r"http://testserver(/feeds/(calendar|news)/([A-Za-z0-9_-]{43})\.(ics|atom))$")
UNUSABLE: tuple[dict[str, object], ...] = (
    {},
    {"kind": "weather"},
    {"kind": "calendar", "plans": ["no-such"]},
    {"kind": "calendar", "dates": ["holidays"]},
    {"kind": "news", "only_own": "yes"},
)


def test_a_feed_comes_back_as_it_was_said_and_its_address_once(world: World) -> None:
    asked = {"kind": "calendar", "plans": ["minust"], "only_own": True, "dates": ["checks", "ends"]}
    made = world.post("/feeds", asked)
    found = ADDRESS.search(made.json()["address"])
    assert found is not None
    uid = made.json()["feed"]
    item = world.get(f"/feeds/{uid}").json()

    assert (201, "no-store", f"/api/v1/feeds/{uid}") == (
        made.status_code,
        made.headers["cache-control"],
        made.headers["location"],
    )
    assert asked | {"dates": ["ends", "checks"]} == {name: item[name] for name in asked}
    assert item in world.items("/feeds")
    assert found[3] not in world.get("/feeds").text
    assert 200 == world.client.get(found[1]).status_code


def test_an_address_ends_when_another_is_made_and_with_its_feed(world: World) -> None:
    made = world.post("/feeds", {"kind": "news"})
    path = f"/feeds/{made.json()['feed']}"
    anew = world.post(f"{path}/address")
    at = [ADDRESS.search(each.json()["address"]) for each in (made, anew)]
    paths = [found[1] for found in at if found is not None]
    before = [world.client.get(each).status_code for each in paths]
    ended = world.call("DELETE", path)

    assert (201, [404, 200], 204) == (anew.status_code, before, ended.status_code)
    assert [404, 404] == [world.client.get(each).status_code for each in paths]
    assert 404 == world.get(path).status_code


def test_what_cannot_be_used_is_refused(world: World) -> None:
    before = world.items("/feeds")

    assert {422} == {world.post("/feeds", said).status_code for said in UNUSABLE}
    assert before == world.items("/feeds")
