"""Capacities, transfers and items on pages: what each side reads and signs."""

from uuid import UUID, uuid4

import pytest

from tests.web.conftest import Site, csrf_of
from tests.web.pages.passing import Stage, act_form, make_stage
from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.rules.words import Act, CapacityState


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


def _state(stage: Stage, uid: UUID) -> CapacityState:
    return stage.scene.capacity(uid).state


def test_a_country_team_reads_what_is_offered_and_until_when(stage: Stage) -> None:
    uid = stage.scene.offered()
    html = stage.receiver().get(f"/capacities/{uid}").text

    assert "What is offered" in html
    assert "<bdi>10</bdi> × post" in html
    assert "12 March 2026" in html
    assert "10 days left" in html


def test_confirming_leaves_a_receipt_with_its_signature(stage: Stage) -> None:
    uid, visitor = stage.scene.offered(), stage.receiver()
    answer = act_form(visitor, uid, Act.CONFIRM).send()
    html = visitor.get(f"/capacities/{uid}").text

    assert (303, f"/capacities/{uid}#receipts") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert CapacityState.CONFIRMED is _state(stage, uid)
    assert stage.scene.receipts(uid)[-1].signature in html


def test_a_part_is_confirmed_by_ticking_parts_and_the_rest_stays_with_the_giver(
    stage: Stage,
) -> None:
    uid = stage.scene.offered(dimension=Dimension.SKILLS)
    visitor = stage.receiver()
    act_form(visitor, uid, Act.CONFIRM_PART).send(parts=["abduction", "use"])

    assert ["abduction", "use"] == stage.scene.capacity(uid).parts
    assert "Taken in parts" in visitor.get(f"/capacities/{uid}").text


def test_sending_a_form_twice_signs_once(stage: Stage) -> None:
    uid = stage.scene.offered()
    form = act_form(stage.receiver(), uid, Act.CONFIRM)
    first, second = form.send(), form.send()

    assert (303, 303) == (first.status_code, second.status_code)
    assert first.headers["location"] == second.headers["location"]
    assert [Act.OFFER, Act.CONFIRM] == [receipt.act for receipt in stage.scene.receipts(uid)]


def test_a_stale_form_signs_nothing_and_shows_both_states(stage: Stage) -> None:
    uid = stage.scene.offered()
    form = act_form(stage.receiver(), uid, Act.DECLINE)
    stage.scene.act(stage.scene.field, SignOrder(act=Act.RECOMMEND, capacity_uid=uid))
    answer = form.send(reason="We have no budget.")

    assert answer.status_code == 412
    assert CapacityState.RECOMMENDED is _state(stage, uid)
    assert "Somebody was faster. Nothing was signed." in answer.text
    assert "You saw" in answer.text
    assert "What happened in between" in answer.text
    assert "We have no budget.</textarea>" in answer.text


def test_a_stale_form_can_be_sent_again_from_the_page_that_says_so(stage: Stage) -> None:
    uid = stage.scene.offered()
    visitor = stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    stage.scene.act(stage.scene.field, SignOrder(act=Act.RECOMMEND, capacity_uid=uid))
    form.send()
    act_form(visitor, uid, Act.CONFIRM).send()

    assert CapacityState.CONFIRMED is _state(stage, uid)


def test_a_withdrawn_offer_keeps_what_was_typed_on_the_page(stage: Stage) -> None:
    uid = stage.scene.offered("DIG-REP")
    form = act_form(stage.receiver(), uid, Act.DECLINE)
    stage.scene.act(stage.scene.planner, SignOrder(act=Act.WITHDRAW, capacity_uid=uid))
    answer = form.send(reason="We have no budget.")

    assert answer.status_code == 412
    assert "We have no budget.</q>" in answer.text


def test_a_refused_form_says_why_and_keeps_what_was_typed(stage: Stage) -> None:
    uid = stage.scene.offered()
    form = act_form(stage.receiver(), uid, Act.CONFIRM_ON_CONDITION)
    answer = form.send(reason="The posts are funded.", until_on="2027-01-01")

    assert answer.status_code == 422
    assert "Give a day from 2 Mar 2026 to 30 Jun 2026." in answer.text
    assert "The posts are funded.</textarea>" in answer.text
    assert 'value="2027-01-01"' in answer.text


def test_a_refused_form_frees_its_key(stage: Stage) -> None:
    uid = stage.scene.offered()
    form = act_form(stage.receiver(), uid, Act.DECLINE)
    form.send(reason="")
    form.send(reason="We have no budget.")

    assert CapacityState.DECLINED is _state(stage, uid)


@pytest.mark.parametrize(
    ("field", "typed"), [("quantity", "ten"), ("quantity", "٣"), ("until_on", "31.12.2026")]
)
def test_what_cannot_be_read_is_told_at_its_field(stage: Stage, field: str, typed: str) -> None:
    uid = stage.scene.offered()
    answer = act_form(stage.receiver(), uid, Act.CONFIRM_PART).send(**{field: typed})

    assert answer.status_code == 422
    assert "is not a" in answer.text


def test_a_planner_sees_no_form_to_confirm(stage: Stage) -> None:
    uid = stage.scene.offered()
    html = stage.planner().get(f"/capacities/{uid}").text

    assert 'value="confirm"' not in html
    assert 'value="withdraw"' in html


def test_a_planner_cannot_confirm_by_hand(stage: Stage) -> None:
    uid, visitor = stage.scene.offered(), stage.planner()
    form = act_form(visitor, uid, Act.WITHDRAW)
    answer = form.send(act="confirm")

    assert answer.status_code == 403
    assert CapacityState.OFFERED is _state(stage, uid)


def test_a_field_office_recommends_and_does_not_sign(stage: Stage) -> None:
    uid, visitor = stage.scene.offered(), stage.field()
    html = visitor.get(f"/capacities/{uid}").text
    act_form(visitor, uid, Act.RECOMMEND).send(reason="The team is in place.")

    assert 'name="act" value="confirm"' not in html
    assert "The field recommends to confirm" in stage.receiver().get(f"/capacities/{uid}").text


def test_a_form_without_its_token_is_refused(stage: Stage) -> None:
    uid = stage.scene.offered()
    form = act_form(stage.receiver(), uid, Act.CONFIRM)
    answer = form.send(csrf="")

    assert answer.status_code == 403
    assert CapacityState.OFFERED is _state(stage, uid)


def test_a_co_chair_countersigns_what_waits(stage: Stage) -> None:
    uid = stage.scene.offered("DIG-REP")
    order = SignOrder(act=Act.NOT_APPLICABLE, capacity_uid=uid, reason="Nothing of it is here.")
    stage.scene.act(stage.scene.planner, order)
    act_form(stage.enter(Role.CO_CHAIR), uid, Act.COUNTERSIGN).send()

    assert CapacityState.NOT_APPLICABLE is _state(stage, uid)


def test_a_donor_does_not_see_capacities_of_restricted_functions(stage: Stage) -> None:
    hidden, shown = stage.scene.offered("MRM-VER"), stage.scene.offered("DIG-REP")
    donor = stage.enter(Role.DONOR)

    assert [404, 200] == [donor.get(f"/capacities/{uid}").status_code for uid in (hidden, shown)]


def test_an_observer_is_offered_no_act(stage: Stage) -> None:
    uid = stage.scene.offered()
    html = stage.enter(Role.OBSERVER).get(f"/capacities/{uid}").text

    assert "/acts" not in html
    assert "It waits for the answer of" in html


def test_an_unknown_capacity_is_nothing(stage: Stage) -> None:
    assert stage.planner().get(f"/capacities/{uuid4()}").status_code == 404


def test_transfers_stand_by_function_and_area(stage: Stage) -> None:
    stage.scene.offered("MRM-VER")
    stage.scene.offered("DIG-REP")
    html = stage.planner().get(f"/plans/{stage.slug}/transfers").text

    assert html.index("Function MRM-VER") < html.index("<h2>Function DIG-REP")
    assert "North" in html


def test_transfers_are_filtered_by_function_and_state(stage: Stage) -> None:
    stage.scene.offered("MRM-VER")
    stage.scene.confirmed("DIG-REP")
    base = f"/plans/{stage.slug}/transfers"
    visitor = stage.planner()

    assert "<h2>Function MRM-VER" not in visitor.get(f"{base}?function=DIG-REP").text
    assert "<h2>Function MRM-VER" not in visitor.get(f"{base}?state=confirmed").text
    assert "No transfer here" in visitor.get(f"{base}?area=nowhere").text


def test_a_plan_that_is_not_seen_has_no_transfers_page(stage: Stage) -> None:
    assert stage.planner().get("/plans/nowhere/transfers").status_code == 404


def test_a_transfer_shows_its_capacities_checklist_and_signatures(stage: Stage) -> None:
    named = stage.scene.named()
    html = stage.receiver().get(f"/transfers/{named.transfer_uid}").text

    assert "Do thing 1 of MRM-VER." in html
    assert "none yet" in html
    assert "30 June 2026" in html


def test_a_planner_names_a_receiver(stage: Stage) -> None:
    visitor = stage.planner()
    path = f"/plans/{stage.slug}/transfers"
    html = visitor.get(f"{path}/new?function=MRM-VER").text
    answer = visitor.client.post(path, data=_naming(stage, html))
    html = visitor.get(answer.headers["location"]).text

    assert answer.status_code == 303
    assert "<bdi>7</bdi> × post" in html


def test_naming_twice_by_a_double_press_names_once(stage: Stage) -> None:
    visitor = stage.planner()
    path = f"/plans/{stage.slug}/transfers"
    sent = _naming(stage, visitor.get(f"{path}/new?function=MRM-VER").text)
    first, second = visitor.client.post(path, data=sent), visitor.client.post(path, data=sent)

    assert first.headers["location"] == second.headers["location"]


def test_a_refused_naming_keeps_what_was_typed(stage: Stage) -> None:
    visitor = stage.planner()
    path = f"/plans/{stage.slug}/transfers"
    sent = _naming(stage, visitor.get(f"{path}/new?function=MRM-VER").text)
    answer = visitor.client.post(path, data=sent | {"kind": "bridge"})

    assert answer.status_code == 422
    assert "A bridge has an end: give its last day." in answer.text
    assert 'value="7"' in answer.text


def test_a_country_team_names_no_receiver(stage: Stage) -> None:
    assert stage.receiver().get(f"/plans/{stage.slug}/transfers/new").status_code == 403


def _naming(stage: Stage, html: str) -> dict[str, str]:
    key = html.split('name="key" value="')[1].split('"', maxsplit=1)[0]
    return {
        "csrf": csrf_of(html),
        "key": key,
        "function": "MRM-VER",
        "function_area": str(stage.scene.function_areas["MRM-VER"]),
        "receiver": str(stage.scene.agency),
        "giver": str(stage.scene.mission),
        "counted": "posts",
        "quantity": "7",
    }


def _item(stage: Stage) -> str:
    named = stage.scene.named()
    html = stage.receiver().get(f"/transfers/{named.transfer_uid}").text
    return html.split('href="/items/')[1].split('"')[0]


def _item_form(html: str, **typed: str) -> dict[str, str]:
    version = html.split('name="version" value="')[1].split('"', maxsplit=1)[0]
    key = html.split('name="key" value="')[1].split('"', maxsplit=1)[0]
    return {"csrf": csrf_of(html), "version": version, "key": key, **typed}


def test_an_item_is_done_with_a_reference_to_its_evidence(stage: Stage) -> None:
    uid, visitor = _item(stage), stage.receiver()
    sent = _item_form(
        visitor.get(f"/items/{uid}").text,
        done_on="2026-03-01",
        title="Note on the handover",
        dated_on="2026-02-27",
        classification="restricted",
        custodian="Child protection section",
    )
    answer = visitor.client.post(f"/items/{uid}/done", data=sent)
    html = visitor.get(f"/items/{uid}").text

    assert answer.status_code == 303
    assert "Note on the handover" in html
    assert "Open it again" in html


def test_a_stale_item_form_records_nothing(stage: Stage) -> None:
    uid, visitor = _item(stage), stage.receiver()
    html = visitor.get(f"/items/{uid}").text
    visitor.client.post(f"/items/{uid}/done", data=_item_form(html, done_on="2026-03-01"))
    late = _item_form(html, reason="It does not exist here.") | {"key": "another"}
    answer = visitor.client.post(f"/items/{uid}/aside", data=late)

    assert answer.status_code == 412
    assert "Somebody was faster. Nothing was recorded." in answer.text
    assert "It does not exist here.</textarea>" in answer.text


def test_evidence_without_its_date_is_told(stage: Stage) -> None:
    uid, visitor = _item(stage), stage.receiver()
    html = visitor.get(f"/items/{uid}").text
    sent = _item_form(html, done_on="2026-03-01", title="Note")
    answer = visitor.client.post(f"/items/{uid}/done", data=sent)

    assert answer.status_code == 422
    assert 'value="Note"' in answer.text


def test_a_donor_records_nothing_on_items(stage: Stage) -> None:
    uid, donor = _item(stage), stage.enter(Role.DONOR)
    html = donor.get("/plans").text
    sent = {"csrf": csrf_of(html), "version": "1", "key": "k", "done_on": "2026-03-01"}

    assert donor.client.post(f"/items/{uid}/done", data=sent).status_code == 403
