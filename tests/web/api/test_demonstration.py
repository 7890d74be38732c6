"""A demonstration is read by anybody through the API, and written by nobody without an account."""

import pytest

from tests.web.conftest import Site
from unbroken.people.rules import Role


@pytest.mark.parametrize(
    "path", ["missions", "plans", "gaps", "capacities", "transfers", "items", "scans", "me"]
)
def test_a_demonstration_is_read_without_signing_in(demonstration: Site, path: str) -> None:
    assert 200 == demonstration.anyone().get(f"/api/v1/{path}").status_code


def test_it_is_read_with_an_observers_eyes(demonstration: Site) -> None:
    told = demonstration.anyone().get("/api/v1/me").json()

    assert ("demonstration", None, ["observer"]) == (
        told["means"],
        told["account"],
        [grant["role"] for grant in told["grants"]],
    )


def test_it_is_not_written_without_an_account(demonstration: Site) -> None:
    answer = demonstration.anyone().client.post("/api/v1/scans")

    assert 401 == answer.status_code


def test_another_instance_is_not_read_without_signing_in(site: Site) -> None:
    assert 401 == site.anyone().get("/api/v1/missions").status_code


def test_a_token_that_does_not_hold_is_refused_and_not_ignored(demonstration: Site) -> None:
    answer = demonstration.anyone().get("/api/v1/missions", authorization="Bearer unb_nothing")

    assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


def test_a_signed_in_browser_reads_too(demonstration: Site) -> None:
    assert 200 == demonstration.as_(Role.DONOR).get("/api/v1/missions").status_code
