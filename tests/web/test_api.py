"""The manners of the API: paging, ETags, keys, problem documents, its description."""

import json

import pytest

from tests.web import probe
from tests.web.conftest import Site, Visitor, csrf_of
from unbroken.people.rules import Role
from unbroken.web.api.conditional import etag_of
from unbroken.web.api.paging import make_cursor

THINGS = "/api/v1/things"


@pytest.fixture
def signed_in(site: Site) -> Visitor:
    """Return a browser that sends the header instead of a form's token."""
    visitor = site.as_(Role.PLANNER)
    visitor.client.headers["X-CSRF-Token"] = csrf_of(visitor.get("/about").text)
    return visitor


def test_a_list_is_read_to_its_end_page_by_page(site: Site) -> None:
    visitor, path, numbers = site.anyone(), f"{THINGS}?limit=4&kind=x", []
    while path:
        answer = visitor.get(path).json()
        numbers += [each["number"] for each in answer["items"]]
        path = answer["next"]

    assert list(range(10)) == numbers


def test_the_next_page_stands_in_the_link_header_too(site: Site) -> None:
    answer = site.anyone().get(f"{THINGS}?limit=4&kind=x")

    assert f'<{answer.json()["next"]}>; rel="next"' == answer.headers["link"]
    assert "kind=x" in answer.json()["next"]


@pytest.mark.parametrize(
    "cursor", ["x", "!!", make_cursor("text"), make_cursor(1, 2), make_cursor(), "W10=", "ø"]
)
def test_a_foreign_cursor_is_refused(site: Site, cursor: str) -> None:
    answer = site.anyone().client.get(THINGS, params={"cursor": cursor})

    assert (422, "query.cursor") == (answer.status_code, answer.json()["problems"][0]["path"])


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_limit_is_between_1_and_100(site: Site, limit: str) -> None:
    answer = site.anyone().get(f"{THINGS}?limit={limit}")

    assert (422, "query.limit") == (answer.status_code, answer.json()["problems"][0]["path"])


def test_what_a_client_has_is_not_sent_again(site: Site) -> None:
    visitor = site.anyone()
    etag = visitor.get(f"{THINGS}/one").headers["etag"]
    again = visitor.client.get(f"{THINGS}/one", headers={"If-None-Match": f'"x", W/{etag}'})

    assert (304, b"") == (again.status_code, again.content)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (None, 428),
        ("*", 428),
        ("3", 412),
        ('"3"', 412),
        (etag_of(probe.OTHER, 3), 412),
        (etag_of(probe.UID, 3), 200),
    ],
)
def test_a_change_says_which_state_it_saw(
    signed_in: Visitor, told: str | None, status: int
) -> None:
    headers = {} if told is None else {"If-Match": told}
    answer = signed_in.client.patch(f"{THINGS}/one", json={"number": 1}, headers=headers)

    assert status == answer.status_code


def test_a_write_with_a_cookie_needs_the_token_in_a_header(signed_in: Visitor) -> None:
    del signed_in.client.headers["X-CSRF-Token"]

    assert signed_in.client.post(THINGS, json={"number": 1}).status_code == 403


def test_a_write_with_a_bearer_token_needs_nothing_else(site: Site) -> None:
    answer = site.anyone().client.post(
        THINGS, json={"number": 1}, headers=site.bearer(Role.PLANNER)
    )

    assert (201, "/api/v1/things/one") == (answer.status_code, answer.headers["location"])


def test_the_same_request_twice_is_done_once(signed_in: Visitor) -> None:
    before, key = len(probe.acts), {"Idempotency-Key": "a-1"}
    answers = [signed_in.client.post(THINGS, json={"number": 5}, headers=key) for _ in range(2)]

    assert len(probe.acts) == before + 1
    assert (answers[0].status_code, answers[0].content) == (201, answers[1].content)
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


def test_a_key_is_not_used_for_another_request(signed_in: Visitor) -> None:
    key = {"Idempotency-Key": "a-2"}
    signed_in.client.post(THINGS, json={"number": 5}, headers=key)
    answer = signed_in.client.post(THINGS, json={"number": 6}, headers=key)

    assert answer.status_code == 422


@pytest.mark.own_messages
def test_a_refused_request_frees_its_key(signed_in: Visitor) -> None:
    key = {"Idempotency-Key": "a-3"}
    refused = signed_in.client.post(THINGS, json={"number": 9}, headers=key)
    again = signed_in.client.post(THINGS, json={"number": 4}, headers=key)

    assert (409, 201) == (refused.status_code, again.status_code)


@pytest.mark.own_messages
def test_a_refusal_is_a_problem_document(signed_in: Visitor) -> None:
    answer = signed_in.client.post(THINGS, json={"number": 9})
    told = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert ("conflict", 409, "There are 9 already.") == (
        told["code"],
        told["status"],
        told["detail"],
    )


def test_unreadable_input_says_where_and_does_not_repeat_it(signed_in: Visitor) -> None:
    answer = signed_in.client.post(THINGS, json={"number": "canary", "more": 1})

    assert answer.status_code == 422
    assert ["number", "more"] == [each["path"] for each in answer.json()["problems"]]
    assert "canary" not in answer.text


def test_a_failure_nobody_foresaw_tells_only_its_number(site: Site) -> None:
    answer = site.anyone().get(f"{THINGS}/broken")

    assert (500, "error") == (answer.status_code, answer.json()["code"])
    assert "canary" not in answer.text
    assert len(answer.json()["request_id"]) == 16


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("DELETE", 405)])
def test_unknown_addresses_and_methods_are_problems_too(
    site: Site, method: str, status: int
) -> None:
    path = "/api/v1/nothing" if status == 404 else f"{THINGS}/one"
    answer = site.anyone().client.request(method, path)

    assert (status, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )


def test_problems_are_told_in_the_language_that_is_asked_for(site: Site) -> None:
    answer = site.anyone().get("/api/v1/nothing", accept_language="ar-XB")

    assert answer.json()["detail"].startswith("\u200f[")


def test_the_api_describes_itself_with_our_errors(site: Site) -> None:
    document = site.anyone().get("/api/v1/openapi.json").json()
    answers = document["paths"][THINGS]["post"]["responses"]

    assert {"201", "409", "422", "428"} <= set(answers)
    assert "HTTPValidationError" not in json.dumps(document)
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}


def test_the_reference_lists_operations_and_brings_nothing_from_elsewhere(site: Site) -> None:
    html = site.anyone().get("/docs").text

    assert THINGS in html
    assert "https://" not in html
    assert "<script" not in html
