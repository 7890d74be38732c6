"""Pages of donors' interests and of what accounts are told of."""

import re

import pytest

from tests.factories.people import make_organisation
from tests.factories.plans import make_plan
from tests.web.conftest import Site, Visitor
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import OrganisationKind, Role

SECRET = re.compile(r"/feeds/money/([A-Za-z0-9_-]{43})\.atom")
NEW = "/money/interests/new?plan=minust&function=REFER"
WISH = {"plan": "minust", "function": "REFER", "amount": "250 000.50", "currency": "usd"}
WATCHES = "/money/watches"


@pytest.fixture
def planned(site: Site, clock: FixedClock) -> Site:
    """Return a site with the plan ``minust``."""
    make_plan(site.house.sessions, clock)
    with site.house.sessions.begin() as session:
        make_organisation(session, name="Norad", kind=OrganisationKind.DONOR)
    return site


def registered(donor: Visitor, **changes: str) -> str:
    """Register an interest and return the address of its page."""
    answer = donor.form("/money/interests/new", WISH | changes, on=NEW)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def version_in(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found is not None
    return found[1]


def test_a_donor_registers_and_changes_what_it_would_pay(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)
    first = registered(donor)
    second = registered(donor, amount="", note="For two years.")
    html = donor.get(first).text

    assert first == second
    assert "For two years." in html
    assert "not stated" in html
    assert "Function REFER" in donor.get("/money/interests").text


def test_the_form_asks_for_the_plan_first(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)

    assert 'name="amount"' not in donor.get("/money/interests/new").text
    assert '<option value="REFER" selected>' in donor.get(NEW).text
    assert 404 == donor.get("/money/interests/new?plan=no-such").status_code


def test_what_cannot_be_used_is_told_beside_its_field(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)
    answer = donor.form("/money/interests/new", WISH | {"amount": "much"}, on=NEW)

    assert 422 == answer.status_code
    assert 'value="much"' in answer.text
    assert "Write digits, with a point for decimals" in answer.text


def test_a_planner_answers_and_the_donor_reads_it(planned: Site) -> None:
    donor, planner = planned.as_(Role.DONOR), planned.as_(Role.PLANNER)
    path = registered(donor)
    html = planner.get(path).text
    sent = {"version": version_in(html), "answer": "in-talks", "note": "Call +223 20 22 41 43"}
    refused = planner.form(f"{path}/answer", sent, on=path)
    done = planner.form(f"{path}/answer", sent | {"note": "We will write."}, on=path)
    seen = donor.get(path).text

    assert (422, 303) == (refused.status_code, done.status_code)
    assert "In talks" in seen
    assert "We will write." in seen
    assert "/answer" not in seen
    assert path in planner.get("/plans/minust/interests").text


def test_a_donor_withdraws(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)
    path = registered(donor)
    sent = {"version": version_in(donor.get(path).text)}

    assert 303 == donor.form(f"{path}/withdraw", sent, on=path).status_code
    assert "Withdrawn" in donor.get(path).text


def test_other_donors_know_nothing_of_it(planned: Site) -> None:
    path = registered(planned.as_(Role.DONOR))
    other = planned.as_(Role.DONOR)

    assert 404 == other.get(path).status_code
    assert "No interest is registered" in other.get("/plans/minust/interests").text


def test_who_is_no_donor_does_not_register(planned: Site) -> None:
    assert 403 == planned.as_(Role.OBSERVER).get(NEW).status_code


def test_a_watch_shows_the_address_of_its_feed_once(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)
    sent = {"country": "MLI", "function": "REFER", "tier": "2", "least": "1 000", "by_feed": "yes"}
    made = donor.form(WATCHES, sent, on=WATCHES)
    found = SECRET.search(made.text)
    listed = donor.get(WATCHES).text

    assert found is not None
    assert None is SECRET.search(listed)
    assert all(f">{each}<" in listed for each in ("MLI", "REFER"))
    assert 200 == planned.anyone().get(found[0]).status_code


def test_an_address_is_made_anew_revoked_and_the_watch_ended(planned: Site) -> None:
    donor = planned.as_(Role.DONOR)
    assert 303 == donor.form(WATCHES, {"by_mail": "yes"}, on=WATCHES).status_code
    uid = re.findall(r"/money/watches/([0-9a-f-]{36})/feed", donor.get(WATCHES).text)[0]
    at = f"{WATCHES}/{uid}"
    first, second = (
        SECRET.findall(donor.form(f"{at}/feed", {}, on=WATCHES).text)[0] for _n in "12"
    )
    anyone = planned.anyone()

    def opened(secret: str) -> int:
        return anyone.get(f"/feeds/money/{secret}.atom").status_code

    assert (404, 200) == (opened(first), opened(second))
    assert 303 == donor.form(f"{at}/feed/end", {}, on=WATCHES).status_code
    assert 404 == opened(second)
    assert 303 == donor.form(f"{at}/end", {}, on=WATCHES).status_code
    assert "You are told of nothing yet" in donor.get(WATCHES).text


def test_a_watch_that_tells_nobody_is_refused_and_keeps_what_was_typed(planned: Site) -> None:
    answer = planned.as_(Role.DONOR).form(WATCHES, {"country": "MLI", "least": "x"}, on=WATCHES)

    assert 422 == answer.status_code
    assert "Choose mail, a feed or both." in answer.text
    assert '<option value="MLI" selected>' in answer.text
    assert 'value="x"' in answer.text
