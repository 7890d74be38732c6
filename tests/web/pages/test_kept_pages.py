"""What a device may keep: the server sends it, and nothing restricted is in it."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from tests.factories.many_offers import (
    HIDDEN_AREA,
    RESTRICTED,
    SECRET_AREA,
    SECRET_REASON,
    ManyOffers,
    make_many_offers,
)
from tests.web.conftest import Site, Visitor
from tests.web.pages.passing import Stage, make_stage
from unbroken.transfers.commands import AddAgreement, add_agreement
from unbroken.transfers.queries.keeping import may_be_kept
from unbroken.transfers.rules.words import AgreementKind
from unbroken.web.kept_pages import MOST_BYTES, Bundle

BUNDLE = TypeAdapter(Bundle)


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


@pytest.fixture
def offers(stage: Stage) -> ManyOffers:
    return make_many_offers(stage.scene, areas=3)


def _bundle(visitor: Visitor, path: str = "/offline/pages") -> Bundle:
    answer = visitor.get(path)
    assert answer.headers["cache-control"] == "no-store"
    return BUNDLE.validate_json(answer.content)


def test_the_inbox_and_what_waits_in_it_are_sent(stage: Stage, offers: ManyOffers) -> None:
    visitor = stage.receiver()
    told = _bundle(visitor)
    addresses = {page.address for page in told.pages}

    assert {"/inbox", "/inbox/waiting", "/offline"} < addresses
    assert {f"/capacities/{uid}" for uid in offers.public} < addresses
    assert told.next == ""
    assert told.account == visitor.get("/offline/session").json()["account"]


def test_nothing_restricted_is_sent_and_what_is_left_out_is_counted(
    stage: Stage, offers: ManyOffers
) -> None:
    pages = {page.address: page.html for page in _bundle(stage.receiver()).pages}
    everything = "".join(pages.values())
    live = stage.receiver().get("/inbox").text

    for secret in (RESTRICTED, SECRET_AREA, HIDDEN_AREA):
        assert secret in live
    for secret in (RESTRICTED, SECRET_AREA, SECRET_REASON, HIDDEN_AREA):
        assert secret not in everything
    for uid in (offers.restricted, offers.unpublished):
        assert str(uid) not in everything
    assert "6 more can be read on line only." in pages["/inbox"]


def test_kept_pages_carry_no_token_and_say_when_they_were_kept(
    stage: Stage, offers: ManyOffers
) -> None:
    visitor = stage.receiver()
    pages = {page.address: page.html for page in _bundle(visitor).pages}
    page = pages[f"/capacities/{offers.public[0]}"]

    assert f'action="/capacities/{offers.public[0]}/acts"' in page
    assert 'name="csrf" value=""' in page
    assert all('name="csrf" value=""' in html for html in pages.values())
    assert "Kept on this device" in page
    assert "Kept on this device" not in pages["/inbox/waiting"]
    assert "Kept on this device" not in visitor.get(f"/capacities/{offers.public[0]}").text


def test_what_does_not_fit_comes_with_the_next_request(
    stage: Stage, offers: ManyOffers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unbroken.web.kept_pages.MOST_BYTES", MOST_BYTES // 4)
    visitor, path = stage.receiver(), "/offline/pages"
    seen: list[str] = []
    while path:
        told = _bundle(visitor, path)
        seen += [page.address for page in told.pages]
        path = told.next

    assert len(seen) == len(set(seen))
    assert {f"/capacities/{uid}" for uid in offers.public} < set(seen)


def test_forms_of_what_may_be_kept_may_wait_and_others_say_that_they_do_not(
    stage: Stage, offers: ManyOffers
) -> None:
    visitor = stage.receiver()
    public = visitor.get(f"/capacities/{offers.public[0]}").text
    for uid in (offers.restricted, offers.unpublished):
        page = visitor.get(f"/capacities/{uid}").text

        assert 'name="waits"' not in page
        assert "needs-network" in page

    assert (
        'value="Confirm all · Posts: \u2068Function DIG-REP\u2069 · \u2068District 1\u2069"'
        in public
    )
    assert "needs-network" not in public


def test_a_capacity_that_rests_on_a_delicate_agreement_is_not_kept(
    stage: Stage, offers: ManyOffers
) -> None:
    scene, uid = stage.scene, offers.public[0]
    order = AddAgreement(
        plan=scene.plan_uid,
        kind=AgreementKind.ACTION_PLAN,
        title="Action plan",
        names_mission=True,
        known_on=date(2026, 2, 1),
        source="Letter of 1 February 2026",
        capacities=(uid,),
    )
    add_agreement(scene.sessions, order, actor=scene.planner, clock=scene.clock)
    with scene.sessions.reading() as session:
        kept = may_be_kept(session, offers.public)

    assert frozenset(offers.public) - kept == {uid}
