"""In which language a page answers."""

from tests.web.conftest import Site
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
