"""What waits for whom, and one signature over a chosen package."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from tests.factories.capacities import LAST_DAY
from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.passing import Stage, make_stage
from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role, Signing
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.queries.board import checks_due
from unbroken.transfers.rules.costs import Cost
from unbroken.transfers.rules.words import Act, CapacityState

HASHES = re.compile(r'name="content_hash" value="([0-9a-f]{64})"')
CHOSEN = re.compile(r'name="capacity" value="([0-9a-f-]{36}\.[0-9]+)"')


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


def _offer_two(stage: Stage) -> list[UUID]:
    named = stage.scene.named("DIG-REP").capacities
    found = [named[Dimension.POSTS], named[Dimension.SKILLS]]
    for uid in found:
        stage.scene.act(stage.scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
    return found


def _read(visitor: Visitor, uids: list[UUID]) -> dict[str, str | list[str]]:
    chosen = "&".join(f"capacity={uid}" for uid in uids)
    return _sent(visitor.get(f"/inbox/package?{chosen}").text)


def _sent(page: str) -> dict[str, str | list[str]]:
    html = page.split('<form class="pack"', 1)[1]
    key = html.split('name="key" value="')[1].split('"', maxsplit=1)[0]
    return {
        "csrf": csrf_of(html),
        "act": html.split('name="act" value="')[1].split('"', maxsplit=1)[0],
        "key": key,
        "capacity": CHOSEN.findall(html),
        "content_hash": HASHES.findall(html),
    }


def test_an_empty_inbox_says_so_in_words(stage: Stage) -> None:
    assert "Nothing waits for your answer" in stage.receiver().get("/inbox").text


def test_an_offer_stands_in_the_inbox_of_its_receiver_only(stage: Stage) -> None:
    uid = stage.scene.offered()
    other = stage.enter(Role.COUNTRY_TEAM, stage.scene.other_agency)

    assert str(uid) in stage.receiver().get("/inbox").text
    assert str(uid) not in other.get("/inbox").text


def test_a_field_office_is_told_that_it_prepares_and_does_not_sign(stage: Stage) -> None:
    stage.scene.offered()
    told = "Your authorised signatory signs."

    assert told in stage.field().get("/inbox").text
    assert told not in stage.receiver().get("/inbox").text


def test_a_line_tells_cost_funding_and_what_silence_means(stage: Stage) -> None:
    uid = stage.scene.named().capacities[Dimension.POSTS]
    cost = Cost(1_200_000_000, "USD")
    stage.scene.act(stage.scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid, cost=cost))
    html = re.sub(r"<[^>]+>", "", stage.receiver().get("/inbox").text)

    assert "USD 120,000 a year" in html
    assert "funded until: not stated" in html
    assert "If nobody answers by 12 Mar 2026, it counts as unknown, never as received" in html
    assert "that gap is critical. Tier 1: what is lost here cannot be made good." in html


def test_an_offer_to_an_authority_waits_for_who_attests(stage: Stage) -> None:
    scene = stage.scene
    uid = scene.offered("DIG-REP", receiver=scene.authority)
    other = stage.enter(Role.COUNTRY_TEAM, scene.other_agency, signing=Signing.SIGNS)
    html = other.get("/inbox").text

    assert "Offered to authorities that do not sign in" in html
    assert str(uid) in html


def test_everything_that_waits_in_a_plan_is_signed_from_one_link(stage: Stage) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    path = f"/inbox/package?plan={stage.slug}"
    assert path in visitor.get("/inbox").text
    answer = visitor.client.post("/inbox/package", data=_sent(visitor.get(path).text))

    assert answer.status_code == 303
    assert [CapacityState.CONFIRMED] * 2 == [stage.scene.capacity(uid).state for uid in uids]


def test_a_plan_is_narrowed_to_a_function(stage: Stage) -> None:
    first, _second = _offer_two(stage)
    other = stage.scene.offered("MRM-VER")
    html = stage.receiver().get(f"/inbox/package?plan={stage.slug}&function=MRM-VER").text

    assert str(other) in html
    assert str(first) not in html


@pytest.mark.parametrize(
    ("act", "typed", "state"),
    [
        (Act.RECOMMEND, {}, CapacityState.RECOMMENDED),
        (Act.DECLINE, {"reason": "We have no budget for it."}, CapacityState.DECLINED),
        (Act.ASK_TIME, {"until_on": "2026-04-15"}, CapacityState.TIME_ASKED),
    ],
)
def test_other_answers_are_given_for_many_at_once(
    stage: Stage, act: Act, typed: dict[str, str], state: CapacityState
) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    html = visitor.get(f"/inbox/package?plan={stage.slug}&act={act.value}").text
    answer = visitor.client.post("/inbox/package", data=_sent(html) | typed)

    assert answer.status_code == 303
    assert [state] * 2 == [stage.scene.capacity(uid).state for uid in uids]


def test_a_package_that_lacks_its_reason_says_so_and_keeps_what_was_typed(stage: Stage) -> None:
    _offer_two(stage)
    visitor = stage.receiver()
    html = visitor.get(f"/inbox/package?plan={stage.slug}&act=ask_time").text
    sent = _sent(html) | {"reason": "We wait for our budget.", "until_on": "tomorrow"}
    answer = visitor.client.post("/inbox/package", data=sent)

    assert answer.status_code == 422
    assert "Write it as 2026-12-31." in answer.text
    assert "We wait for our budget.</textarea>" in answer.text


def test_the_summary_is_marked_as_not_signed_and_mails_no_restricted_function(
    stage: Stage,
) -> None:
    _offer_two(stage)
    stage.scene.offered("MRM-VER")
    html = stage.receiver().get(f"/inbox/summary?plan={stage.slug}").text
    text = html.split("<textarea", 1)[1].split("</textarea>", maxsplit=1)[0]
    mail = html.split('href="mailto:', 1)[1].split('"', maxsplit=1)[0]

    assert "For signature. Not signed." in html
    assert "Function MRM-VER" in html
    assert "Function DIG-REP" in text
    assert "One more concerns a restricted function." in text
    assert not [name for name in ("MRM-VER", "North") if name in mail]
    assert "MRM-VER" not in text


def test_the_summary_is_told_in_a_language_of_choice(stage: Stage) -> None:
    _offer_two(stage)
    answer = stage.receiver().get(f"/inbox/summary?plan={stage.slug}&in=ar")

    assert 'lang="ar" dir="rtl"' in answer.text


def test_a_planner_sees_what_was_offered_and_waits(stage: Stage) -> None:
    uid = stage.scene.offered()
    html = stage.planner().get("/inbox").text

    assert "Offered by your side, waits for others" in html
    assert str(uid) in html


def test_a_co_chair_sees_what_waits_for_the_second_signature(stage: Stage) -> None:
    uid = stage.scene.offered("DIG-REP")
    order = SignOrder(act=Act.NOT_APPLICABLE, capacity_uid=uid, reason="Nothing of it is here.")
    stage.scene.act(stage.scene.planner, order)
    html = stage.enter(Role.CO_CHAIR).get("/inbox").text

    assert "Waits for your countersignature" in html
    assert str(uid) in html


def test_a_check_is_due_from_its_day_on(stage: Stage) -> None:
    uid, due_on = stage.scene.confirmed(), LAST_DAY + timedelta(days=92)
    with stage.scene.sessions.reading() as session:
        before = checks_due(session, actor=stage.scene.receiver, on=due_on - timedelta(days=1))
        after = checks_due(session, actor=stage.scene.receiver, on=due_on)

    assert () == before
    assert [(uid, due_on)] == [(due.entry.uid, due.due_on) for due in after]


def test_one_signature_confirms_all_that_is_listed(stage: Stage) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    answer = visitor.client.post("/inbox/package", data=_read(visitor, uids))
    packages = {stage.scene.receipts(uid)[-1].package_uid for uid in uids}

    assert answer.status_code == 303
    assert [CapacityState.CONFIRMED] * 2 == [stage.scene.capacity(uid).state for uid in uids]
    assert len(packages) == 1


def test_a_package_sent_twice_is_signed_once(stage: Stage) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    sent = _read(visitor, uids)
    answers = [visitor.client.post("/inbox/package", data=sent).status_code for _ in range(2)]

    assert [303, 303] == answers
    assert [2, 2] == [len(stage.scene.receipts(uid)) for uid in uids]


def test_a_stale_package_signs_nothing_and_marks_what_changed(stage: Stage) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    sent = _read(visitor, uids)
    order = SignOrder(act=Act.RECOMMEND, capacity_uid=uids[1])
    stage.scene.act(stage.scene.field, order)
    answer = visitor.client.post("/inbox/package", data=sent)

    assert answer.status_code == 412
    assert answer.text.count("changed since you read it") == 1
    assert CapacityState.OFFERED is stage.scene.capacity(uids[0]).state


def test_a_package_whose_content_was_another_signs_nothing(stage: Stage) -> None:
    uids, visitor = _offer_two(stage), stage.receiver()
    sent = _read(visitor, uids)
    assert 2 == len(sent["content_hash"])
    answer = visitor.client.post("/inbox/package", data=sent | {"content_hash": ["0" * 64] * 2})

    assert answer.status_code == 412
    assert CapacityState.OFFERED is stage.scene.capacity(uids[0]).state


def test_a_package_without_a_tick_leads_back(stage: Stage) -> None:
    answer = stage.receiver().get("/inbox/package")

    assert (303, "/inbox") == (answer.status_code, answer.headers["location"])


def test_a_donor_has_no_inbox(stage: Stage) -> None:
    assert stage.enter(Role.DONOR).get("/inbox").status_code == 403
