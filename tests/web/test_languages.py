"""In which language a page answers."""

import pytest

from tests.web.conftest import Site
from unbroken.kit.languages import PSEUDO
from unbroken.people.rules import Role


def test_the_browsers_language_is_used_at_first(site: Site) -> None:
    html = site.anyone().get("/about", accept_language="ar;q=0.9, fr;q=0.1").text

    assert '<html lang="ar" dir="rtl">' in html


def test_the_language_chosen_on_this_device_wins(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    answer = visitor.get("/language?to=es&back=/about")

    assert answer.headers["location"] == "/about"
    assert '<html lang="es" dir="ltr">' in visitor.get("/about", accept_language="fr").text


def test_the_accounts_language_goes_before_the_browsers(site: Site) -> None:
    html = site.as_(Role.PLANNER).get("/about", accept_language="fr").text

    assert '<html lang="en" dir="ltr">' in html


def test_an_unknown_language_is_not_kept(site: Site) -> None:
    visitor = site.anyone()
    visitor.get("/language?to=xx")

    assert '<html lang="en" dir="ltr">' in visitor.get("/about").text


def test_a_notice_is_said_once(site: Site) -> None:
    visitor = site.as_(Role.PLANNER)
    visitor.form("/sign-out", {}, on="/about")
    first, second = visitor.get("/sign-in").text, visitor.get("/sign-in").text

    assert "You are signed out." in first
    assert "You are signed out." not in second


@pytest.mark.parametrize("path", ["/api/v1/plans/nowhere", "/api/v1/nothing"])
def test_the_api_refuses_in_the_language_that_is_asked_for(site: Site, path: str) -> None:
    headers = site.bearer(Role.PLANNER) | {"accept-language": PSEUDO}
    problem = site.anyone().client.get(path, headers=headers).json()

    assert problem["title"].startswith("\u200f[")
    assert problem["detail"].startswith("\u200f[")


def test_faults_of_input_are_told_in_the_language_that_is_asked_for(site: Site) -> None:
    headers = site.bearer(Role.PLANNER) | {"accept-language": PSEUDO}
    problem = site.anyone().client.post("/api/v1/plans", json={}, headers=headers).json()

    assert problem["problems"]
    assert all(each["what"].startswith("\u200f[") for each in problem["problems"])


def test_without_a_wish_the_api_answers_in_the_accounts_language(site: Site) -> None:
    headers = site.bearer(Role.PLANNER)
    problem = site.anyone().client.get("/api/v1/nothing", headers=headers).json()

    assert problem["title"] == "Nothing here"
