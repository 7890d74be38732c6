"""What surrounds every request."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from tests.factories.people import PASSWORD
from tests.web.conftest import Site, csrf_of
from unbroken.people.rules import Role
from unbroken.web.app import create_app
from unbroken.web.security import client_address

PATHS = ("/about", "/health", "/nothing", "/api/v1/nothing", "/api/v1/things/broken")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_content_policy(site: Site, path: str) -> None:
    headers = site.anyone().get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_body_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    sent = b"x" * (site.house.settings.upload_limit_kb * 1024 + 1)
    answer = site.anyone().client.post("/api/v1/things", content=sent)

    assert (413, "too-large") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("path", ["/api/v1/things", "/sign-in"])
def test_a_body_that_hides_its_size_is_cut_off(site: Site, path: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield from (b"number=1234567890&" * 512 for _ in range(20))

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = site.anyone().client.post(path, content=chunks(), headers=headers)

    assert answer.status_code == 413


def test_head_is_answered_like_get(site: Site) -> None:
    assert site.anyone().client.head("/about").status_code == 200


def test_an_error_on_a_page_is_a_page_with_its_number(site: Site) -> None:
    answer = site.anyone().get("/probe/forgetful")

    assert answer.status_code == 500
    assert "Number of this request:" in answer.text
    assert "undefined" not in answer.text.lower()


def test_health_is_told_without_signing_in(site: Site) -> None:
    told = site.anyone().get("/health").json()

    assert ("ok", "2026-03-02", None) == (told["status"], told["today"], told["last_tick"])


def test_the_style_sheet_is_kept_for_ever_under_its_version(site: Site) -> None:
    visitor = site.anyone()
    path = site.app.state.static.address("unbroken.css")
    answer = visitor.get(path)
    again = visitor.client.get(path, headers={"If-None-Match": answer.headers["etag"]})

    assert "immutable" in answer.headers["cache-control"]
    assert "default-src" in answer.headers["content-security-policy"]
    assert again.status_code == 304


def test_a_page_of_an_older_version_still_finds_its_style_sheet(site: Site) -> None:
    answer = site.anyone().get("/static/000000000000/unbroken.css")

    assert (200, "public, no-cache") == (answer.status_code, answer.headers["cache-control"])


def test_no_file_outside_the_folder_can_be_named(site: Site) -> None:
    assert site.anyone().get("/static/x/..%2fapp.py").status_code == 404


def test_an_error_page_keeps_the_frame_of_whoever_is_signed_in(site: Site) -> None:
    assert "Sign out" in site.as_(Role.PLANNER).get("/nothing").text


def test_an_error_page_does_not_spoil_a_form_that_is_open_elsewhere(site: Site) -> None:
    visitor, handle = site.anyone(), site.account(Role.PLANNER).account.handle
    token = csrf_of(visitor.get("/sign-in").text)
    visitor.get("/nothing")
    visitor.get("/api/v1/nothing")
    sent = {"login": handle, "password": PASSWORD, "csrf": token}

    assert visitor.client.post("/sign-in", data=sent).status_code == 303


def test_behind_https_cookies_are_bound_to_the_host(site: Site) -> None:
    settings = site.house.settings.model_copy(update={"secure_cookies": True})
    app = create_app(replace(site.house, settings=settings))
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        answer = client.get("/sign-in")

    assert answer.headers["set-cookie"].startswith("__Host-unbroken-form=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "testclient"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (3, "203.0.113.9", "testclient"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_comes_from(
    site: Site, hops: int, forwarded: str, expected: str
) -> None:
    settings = site.house.settings.model_copy(update={"forwarded_hops": hops})
    app = create_app(replace(site.house, settings=settings))
    scope = {
        "type": "http",
        "app": app,
        "client": ("testclient", 1),
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }

    assert expected == client_address(Request(scope))
