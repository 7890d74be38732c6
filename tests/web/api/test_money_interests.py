"""Interests and watches by programs: what is said comes back, and no donor learns of a receiver."""

import re

from tests.web.api.conftest import World

WISH = {"plan": "minust", "function": "MRM-VER", "amount": "12.5", "currency": "EUR"}
BROKEN: tuple[tuple[dict[str, object], str], ...] = (
    ({"amount": "1e3"}, "amount"),
    ({"amount": "-5"}, "amount"),
    ({"amount": 5}, "amount"),
    ({"currency": "XXQ"}, "currency"),
    ({"function": "NO-SUCH"}, "function"),
    ({"note": "Call +223 20 22 41 43"}, "note"),
)
UNUSABLE: tuple[dict[str, object], ...] = (
    {"countries": ["Mali"]},
    {"tiers": [0]},
    {"least_usd": "-1"},
    {"plans": ["no-such"]},
    {"missions": ["no-such"]},
    {"themes": ["Z"]},
    {"countries": ["MLI"] * 51},
)
SECRET = re.compile(r"/feeds/money/([A-Za-z0-9_-]{43})\.atom$")


def test_an_interest_comes_back_as_it_was_said(world: World) -> None:
    made = world.post("/money/interests", WISH | {"note": "For two years."}, by="donor")
    same = world.post("/money/interests", WISH | {"note": "For two years."}, by="donor")

    item = made.json()
    assert (201, 201, item) == (made.status_code, same.status_code, same.json())
    assert f"/api/v1/money/interests/{item['uid']}" == made.headers["location"]
    told = ("function", "amount", "currency", "note", "state", "answer")
    assert ["MRM-VER", "12.50", "EUR", "For two years.", "registered", None] == [
        item[name] for name in told
    ]


def test_a_donor_reads_an_answer_and_not_whose_it_is(world: World) -> None:
    path = f"/money/interests/{world.known['interest']}"
    etag = world.get(path, by="signer").headers["etag"]
    body = {"answer": "covered", "note": "Paid by others."}
    answered = world.post(f"{path}/answer", body, by="signer", if_match=etag)
    seen = world.get(path, by="donor")

    assert (200, "answered", "covered") == (
        answered.status_code,
        seen.json()["state"],
        seen.json()["answer"],
    )
    assert "unicef" not in seen.text.casefold()
    assert "example.org" not in seen.text


def test_a_withdrawal_says_which_state_it_saw(world: World) -> None:
    path = f"/money/interests/{world.known['interest']}"
    etag = world.get(path, by="donor").headers["etag"]
    blind = world.post(f"{path}/withdraw", by="donor")
    done = world.post(f"{path}/withdraw", by="donor", if_match=etag)

    assert (428, 200, "withdrawn") == (blind.status_code, done.status_code, done.json()["state"])


def test_a_list_is_filtered_and_goes_on(world: World) -> None:
    world.post("/money/interests", WISH, by="donor")
    first = world.get("/money/interests?plan=minust&limit=1").json()
    rest = world.get(first["next"].removeprefix("/api/v1")).json()

    assert ["REFER", "MRM-VER"] == [each["items"][0]["function"] for each in (first, rest)]
    assert rest["next"] is None
    assert [] == world.items("/money/interests?state=answered")


def test_what_cannot_be_used_says_where(world: World) -> None:
    for said, path in BROKEN:
        answer = world.post("/money/interests", WISH | said, by="donor")

        assert 422 == answer.status_code
        assert path in [each["path"] for each in answer.json()["problems"]]


def test_a_watch_says_what_it_asks(world: World) -> None:
    body = {
        "countries": ["MLI"],
        "missions": ["minust"],
        "plans": ["minust"],
        "functions": ["REFER"],
        "tiers": [1, 2],
        "themes": ["A"],
        "least_usd": "1000.50",
        "by_mail": False,
    }
    made = world.post("/money/watches", body, by="donor")

    assert body == {name: made.json()[name] for name in body}
    assert made.json() == world.get(f"/money/watches/{made.json()['uid']}", by="donor").json()


def test_the_address_of_a_feed_is_told_once_and_opens_it(world: World) -> None:
    path = f"/money/watches/{world.known['watch']}"
    made = world.post(f"{path}/feed", by="donor")
    found = SECRET.search(made.json()["address"])
    assert found is not None
    listed = world.get("/money/watches", by="donor").text

    at = f"/feeds/money/{found[1]}.atom"
    assert (201, "no-store", True) == (
        made.status_code,
        made.headers["cache-control"],
        world.get(path, by="donor").json()["has_feed"],
    )
    assert found[1] not in listed
    assert 200 == world.client.get(at).status_code
    assert 204 == world.call("DELETE", f"{path}/feed", by="donor").status_code
    assert 404 == world.client.get(at).status_code


def test_an_ended_watch_is_gone(world: World) -> None:
    path = f"/money/watches/{world.known['watch']}"
    ended = world.call("DELETE", path, by="donor")

    assert (204, 404, []) == (
        ended.status_code,
        world.call("DELETE", path, by="donor").status_code,
        world.items("/money/watches", by="donor"),
    )


def test_a_filter_that_cannot_be_used_is_refused(world: World) -> None:
    answers = [world.post("/money/watches", said, by="donor") for said in UNUSABLE]

    assert {422} == {each.status_code for each in answers}
    assert len(world.items("/money/watches", by="donor")) == 1
