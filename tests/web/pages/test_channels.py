"""The pages of channels: a key that stands there once, what came of messages, and refusals."""

import re
from dataclasses import replace

import pytest

from tests.factories.plans import make_plan
from tests.web.conftest import Site
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role

PLAN, HERE = "minust", "/plans/minust/channels"
FILLED = {
    "kind": "webhook",
    "name": "Dashboard",
    "address": "https://hooks.example.org/in?token=x",
    "language": "fr",
    "least": "high",
    "news-gap-opened": "yes",
}
KEY = re.compile(r"whsec_[A-Za-z0-9+/=]{40,}")


@pytest.fixture
def keeping(site: Site, clock: FixedClock) -> Site:
    settings = site.house.settings.model_copy(update={"secret_signing": "s" * 40})
    house = replace(site.house, settings=settings, resolve=lambda _host, _port: ["8.8.8.8"])
    site.app.state.house = house
    make_plan(house.sessions, clock)
    return Site(site.app, house)


def test_a_planner_registers_tests_changes_and_ends_a_channel(keeping: Site) -> None:
    planner = keeping.as_(Role.PLANNER)
    link = planner.get(f"/plans/{PLAN}/record").text
    made = planner.form(HERE, FILLED, on=HERE)
    uid = re.findall(r"/channels/([0-9a-f-]{36})/key", made.text)[0]
    one = f"/channels/{uid}"
    shown = planner.get(one).text
    version = re.findall(r'name="version" value="(\d+)"', shown)[0]
    keyed = planner.form(f"{one}/key", {"version": version}, on=one)
    stale = planner.form(f"{one}/key", {"version": version}, on=one)
    tested = planner.form(f"{one}/test", {}, on=one)
    faulty = planner.form(one, FILLED | {"name": "", "version": "2"}, on=one)
    edited = planner.form(one, FILLED | {"name": "Room", "version": "2"}, on=one)
    ended = planner.form(f"{one}/end", {}, on=one)

    assert HERE in link
    assert len(KEY.findall(made.text)) == len(KEY.findall(keyed.text)) == 1
    assert KEY.findall(made.text) != KEY.findall(keyed.text)
    assert not KEY.findall(shown)
    assert "Waits to be sent" in shown
    assert (412, 303, 422, 303, 303) == tuple(
        answer.status_code for answer in (stale, tested, faulty, edited, ended)
    )
    assert "Both keys sign until" in planner.get(one).text
    assert "No channel yet" in planner.get(HERE).text


def test_a_steward_keeps_those_of_the_whole_instance_and_nobody_else_any(keeping: Site) -> None:
    planner, steward = keeping.as_(Role.PLANNER), keeping.as_(Role.STEWARD)
    of_plan = planner.form(HERE, FILLED, on=HERE)
    uid = re.findall(r"/channels/([0-9a-f-]{36})/key", of_plan.text)[0]
    room = FILLED | {"kind": "slack", "address": "UNBROKEN_SECRET_NOWHERE"}
    refused = steward.form("/channels", room, on="/channels")
    made = steward.form("/channels", FILLED, on="/channels")
    donor = keeping.as_(Role.DONOR)

    assert "/channels" in steward.get("/people").text
    assert (422, True) == (refused.status_code, "is not set, or holds no address" in refused.text)
    assert (200, True) == (made.status_code, "The whole instance" in made.text)
    assert 404 == steward.get(f"/channels/{uid}").status_code
    assert (403, 403, 403) == tuple(
        donor.get(path).status_code for path in ("/channels", HERE, f"/channels/{uid}")
    )
    assert 403 == planner.get("/channels").status_code


def test_where_nothing_can_be_signed_the_page_says_so(site: Site, clock: FixedClock) -> None:
    make_plan(site.house.sessions, clock)
    planner = site.as_(Role.PLANNER)
    refused = planner.form(HERE, FILLED, on=HERE)

    assert "UNBROKEN_SECRET_SIGNING is not set" in planner.get(HERE).text
    assert (409, True) == (refused.status_code, "32 characters or more" in refused.text)
