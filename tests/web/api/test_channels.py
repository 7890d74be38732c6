"""Channels by API: keys told once, states seen, and the same request twice."""

from tests.web.api.conftest import CHANNEL, World


def test_a_channel_is_kept_by_api(world: World) -> None:
    made = [world.post("/channels", CHANNEL, idempotency_key="a") for _ in range(2)]
    uid, key = made[0].json()["uid"], made[0].json()["key"]
    path = f"/channels/{uid}"
    one = world.get(path)
    etag = one.headers["etag"]
    unseen = world.call("PATCH", path, {"name": "Room"})
    patched = world.call("PATCH", path, {"name": "Room"}, headers={"If-Match": etag})
    stale = world.post(f"{path}/key", if_match=etag)
    keyed = world.post(f"{path}/key", if_match=patched.headers["etag"])
    tested = world.post(f"{path}/test")
    results = world.items(f"{path}/results")
    ended = world.call("DELETE", path)
    names = [item["uid"] for item in world.items("/channels?plan=minust")]

    assert made[0].content == made[1].content
    assert key.startswith("whsec_")
    assert f"/api/v1{path}" == made[0].headers["location"]
    assert "no-store" == made[0].headers["cache-control"]
    assert "key" not in one.json()
    assert (428, 200, 412, 200) == tuple(
        answer.status_code for answer in (unseen, patched, stale, keyed)
    )
    assert (2, True) == (keyed.json()["key_number"], keyed.json()["key"] != key)
    assert keyed.json()["old_key_until_at"] is not None
    assert (202, ["waiting"]) == (tested.status_code, [each["state"] for each in results])
    assert (204, "ended") == (ended.status_code, world.get(path).json()["state"])
    assert [world.known["channel"]] == names


def test_no_key_is_kept_with_the_answers_that_are(world: World) -> None:
    made = world.post("/channels", CHANNEL, idempotency_key="a")
    with world.house.sessions.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT * FROM idempotency_key").all()

    assert made.json()["uid"] in str(kept)
    assert made.json()["key"] not in str(kept)


def test_what_cannot_be_reached_is_refused(world: World) -> None:
    cases: list[dict[str, object]] = [
        {"address": "http://hooks.example.org/"},
        {"address": "https://user:word@hooks.example.org/"},
        {"kind": "teams"},
        {"news": []},
        {"language": "de"},
        {"plan": None},
    ]
    answers = [world.post("/channels", {**CHANNEL, **changed}) for changed in cases]

    assert [422, 422, 422, 422, 422, 403] == [answer.status_code for answer in answers]
