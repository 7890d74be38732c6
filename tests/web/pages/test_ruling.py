"""The rules of a plan on its pages: read by all, tried by those who see it whole, set by two."""

import re

import pytest

from tests.factories.plans import PlanScene, make_plan_in_force
from tests.web.conftest import Site, Visitor
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role

RULE = "/plans/minust/rules/no-receiver"
REASON = "Decided by the task force, S/2026/12."


@pytest.fixture
def plan(site: Site, clock: FixedClock) -> PlanScene:
    """Return a plan with a revision in force."""
    return make_plan_in_force(site.house.sessions, clock)


def _send(who: Visitor, path: str, sent: dict[str, str]) -> int:
    html = who.get(RULE).text
    hidden = dict(re.findall(r'name="(key|version)" value="([^"]+)"', html))
    status: int = who.form(path, hidden | sent, on=RULE).status_code
    return status


def test_rule_is_tried_then_set_by_one_hand_and_signed_by_another(
    site: Site, plan: PlanScene
) -> None:
    planner, co_chair = site.as_(Role.PLANNER), site.as_(Role.CO_CHAIR)
    off = {"off": "yes", "until_on": "2027-01-31"}
    tried = planner.get(f"{RULE}?tried=yes&off=yes&days=30").text
    refused = _send(planner, RULE, off)
    done = [
        _send(planner, RULE, off | {"reason": REASON}),
        _send(co_chair, f"{RULE}/countersignature", {}),
    ]
    shown = site.as_(Role.DONOR).get(f"/plans/{plan.slug}/rules").text
    done.append(_send(planner, f"{RULE}/end", {}))

    assert "What it would have done" in tried
    assert (422, [303, 303, 303]) == (refused, done)
    assert REASON in shown
    assert "switched off" in shown
    assert REASON not in planner.get(RULE).text


def test_who_sees_no_detail_tries_nothing(site: Site, plan: PlanScene) -> None:
    donor = site.as_(Role.DONOR)
    page = donor.get(f"/plans/{plan.slug}/rules/no-receiver").text

    assert "Try it on the past" not in page
    assert donor.get(f"{RULE}?tried=yes&off=yes").status_code == 403
    assert donor.get("/plans/minust/rules/no-rule").status_code == 404


def test_trial_that_cannot_be_is_told_on_the_page(site: Site, plan: PlanScene) -> None:
    assert plan.slug == "minust"
    answer = site.as_(Role.OBSERVER).get(
        f"{RULE}?tried=yes&counted=near_days&number=9999&days=many"
    )

    assert answer.status_code == 422
    assert "too small or too large" in answer.text
