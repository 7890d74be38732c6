"""The trail on pages: who reads it, whether it is intact, and erasing by two stewards."""

import re

import pytest

from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.passing import Stage, make_stage
from unbroken.people.rules import Role
from unbroken.trail.rules import Action
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.rules.words import Act
from unbroken.web.trail_words import TRAIL_WORDS

ENTRY = re.compile(r'name="entry" value="([0-9a-f-]{36})"')
ERASURE = re.compile(r'name="erasure" value="([0-9a-f-]{36})"')
REASON = "The offer is not what we were told."


@pytest.fixture
def stage(site: Site) -> Stage:
    made = make_stage(site)
    uid = made.scene.offered()
    made.scene.act(made.scene.field, SignOrder(act=Act.DISPUTE, capacity_uid=uid, reason=REASON))
    return made


def _erase(steward: Visitor, path: str) -> str:
    html = steward.get(path).text
    sent = {"csrf": csrf_of(html), "entry": ENTRY.findall(html)[0], "reason": "person"}
    steward.client.post("/trail/erasures", data=sent | {"back": path})
    return steward.get(path).text


def test_the_newest_act_stands_first_and_the_chain_is_intact(stage: Stage) -> None:
    html = stage.planner().get(f"/plans/{stage.slug}/trail").text

    assert html.index("Offer disputed") < html.index("Capacity offered")
    assert "Intact" in html


def test_a_donor_reads_no_trail(stage: Stage) -> None:
    donor = stage.enter(Role.DONOR)
    paths = ("/trail", f"/plans/{stage.slug}/trail")

    assert [403, 403] == [donor.get(path).status_code for path in paths]


def test_a_country_team_reads_the_plans_trail_and_not_the_instances(stage: Stage) -> None:
    visitor = stage.receiver()

    assert visitor.get(f"/plans/{stage.slug}/trail").status_code == 200
    assert visitor.get("/trail").status_code == 403


def test_an_observer_reads_who_did_what_and_no_mailbox(stage: Stage) -> None:
    html = stage.enter(Role.OBSERVER).get("/trail").text

    assert "Signed in" in html
    assert "What was recorded" not in html


def test_a_steward_checks_every_chain(stage: Stage) -> None:
    html = stage.enter(Role.STEWARD).get("/trail?check=yes").text

    assert html.count("</i>Intact</span>") == 2


def test_one_steward_alone_erases_nothing(stage: Stage) -> None:
    path = f"/plans/{stage.slug}/trail"
    html = _erase(stage.enter(Role.STEWARD), path)

    assert "Another steward must grant it." in html
    assert ERASURE.findall(html) == []
    assert REASON in html


def test_two_stewards_erase_and_a_tombstone_stays(stage: Stage) -> None:
    path = f"/plans/{stage.slug}/trail"
    _erase(stage.enter(Role.STEWARD), path)
    second = stage.enter(Role.STEWARD)
    html = second.get(path).text
    sent = {"csrf": csrf_of(html), "erasure": ERASURE.findall(html)[0], "back": path}
    answer = second.client.post("/trail/erasures/grant", data=sent)
    html = second.get(path).text

    assert (303, path) == (answer.status_code, answer.headers["location"])
    assert "was erased on" in html
    assert REASON not in html
    assert "Intact" in html


def test_a_planner_cannot_ask_for_an_erasure(stage: Stage) -> None:
    visitor = stage.planner()
    html = visitor.get(f"/plans/{stage.slug}/trail").text
    sent = {"csrf": csrf_of(html), "entry": str(stage.scene.plan_uid), "reason": "person"}

    assert visitor.client.post("/trail/erasures", data=sent).status_code == 403


def test_every_act_has_a_word() -> None:
    kinds = [each for each in Action.__subclasses__() if each.__module__.startswith("unbroken.")]
    acts = {str(act) for kind in kinds for act in kind}

    assert TransferAction in kinds
    assert set() == acts - set(TRAIL_WORDS)
