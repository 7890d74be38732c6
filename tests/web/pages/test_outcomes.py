"""What came of an act that waited for the network: the form's own address, read by a script."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from tests.factories.transfers import Scene
from tests.web.conftest import Site, Visitor
from tests.web.pages.passing import OpenForm, Stage, act_form, make_stage
from unbroken.functions.rules import Dimension
from unbroken.kit.canonical import digest
from unbroken.kit.idempotency import IdempotencyKey, RequestState, forget_old
from unbroken.people.models import Account
from unbroken.people.rules import Role
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.rules.words import Act
from unbroken.web.act_forms import ActInput

JSON = {"accept": "application/json"}


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


def _send(form: OpenForm, **typed: str | list[str]) -> tuple[int, Any]:
    answer = form.visitor.client.post(form.path, data=form.sent | typed, headers=JSON)
    assert answer.headers["content-type"].startswith("application/"), answer.text
    return answer.status_code, answer.json()


def _later(visitor: Visitor, form: OpenForm) -> OpenForm:
    """Return the form as it is sent much later: with the token of the day."""
    csrf = visitor.get("/offline/session").json()["csrf"]
    return OpenForm(visitor, form.path, form.sent | {"csrf": csrf})


def _withdraw(scene: Scene, uid: UUID) -> None:
    scene.act(scene.planner, SignOrder(act=Act.WITHDRAW, capacity_uid=uid, reason="It changed."))


def test_an_act_is_applied_and_says_where_its_receipt_is(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = _later(visitor, act_form(visitor, uid, Act.CONFIRM))
    status, told = _send(form)

    assert (200, "applied", False) == (status, told["came"], told["again"])
    assert told["link"] == f"/capacities/{uid}#receipts"
    assert [Act.OFFER, Act.CONFIRM] == [each.act for each in stage.scene.receipts(uid)]


def test_an_act_sent_again_is_applied_once_and_says_so(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    told = [_send(form) for _time in range(3)]

    assert [False, True, True] == [each["again"] for _status, each in told]
    assert {(200, "applied")} == {(status, each["came"]) for status, each in told}
    assert [Act.OFFER, Act.CONFIRM] == [each.act for each in stage.scene.receipts(uid)]


def test_an_act_sent_again_after_its_key_was_forgotten_is_not_done_twice(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM_ON_CONDITION)
    typed = {"reason": "Once the money is there.", "until_on": "2026-03-20"}
    first = _send(form, **typed)
    later = stage.site.house.machine_clock.now() + timedelta(days=400)
    assert forget_old(stage.scene.sessions, before=later) == 1
    second = _send(form, **typed)

    assert (200, 200) == (first[0], second[0])
    assert (False, True) == (first[1]["again"], second[1]["again"])
    assert 2 == len(stage.scene.receipts(uid))


def test_what_somebody_else_did_meanwhile_is_never_taken_for_the_own_act(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    stage.scene.act(stage.scene.colleague, SignOrder(act=Act.CONFIRM, capacity_uid=uid))
    status, told = _send(form)

    assert (412, "changed") == (status, told["came"])


def test_an_act_cut_off_before_it_was_done_is_done_when_it_comes_again(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    _began(stage, form, minutes=1)
    running = _send(form)
    _began(stage, form, minutes=20)
    again = [_send(form) for _time in range(2)]

    assert (409, "later") == (running[0], running[1]["came"])
    assert [(200, False), (200, True)] == [(status, told["again"]) for status, told in again]
    assert 2 == len(stage.scene.receipts(uid))


def test_an_act_cut_off_after_it_was_done_is_not_done_again(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    _send(form)
    _began(stage, form, minutes=20)
    status, told = _send(form)

    assert (200, "applied", True) == (status, told["came"], told["again"])
    assert 2 == len(stage.scene.receipts(uid))


def _began(stage: Stage, form: OpenForm, *, minutes: int) -> None:
    """Have the server think that it took the form so long ago, and died before it answered."""
    then = stage.site.house.machine_clock.now() - timedelta(minutes=minutes)
    with stage.scene.sessions.begin() as session:
        known = session.exec(select(IdempotencyKey)).first() or _key_of(session, form, at=then)
        known.state, known.created_at = RequestState.RUNNING, then
        session.add(known)


def _key_of(session: Session, form: OpenForm, *, at: datetime) -> IdempotencyKey:
    handle = str(form.sent["account"])
    account = session.exec(select(Account.uid).where(Account.handle == handle)).one()
    filled = ActInput.model_validate(form.sent)
    sent = filled.model_dump(mode="json", exclude_defaults=True)
    content = digest({"path": form.path, "sent": sent})
    return IdempotencyKey(
        account_uid=account,
        key=filled.key,
        request_digest=content,
        state=RequestState.RUNNING,
        created_at=at,
    )


def test_a_changed_thing_is_shown_as_seen_and_as_it_is(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    _withdraw(stage.scene, uid)
    status, told = _send(form)
    rows = [(row["what"], row["saw"], row["now"]) for row in told["compared"][0]["rows"]]

    assert (412, "changed") == (status, told["came"])
    assert rows[:2] == [("State", "Offered", "Withdrawn"), ("How much", "10", "10")]
    assert [told["compared"][0]["since"][0].split(" · ")[0]] == ["Withdrawn"]
    assert told["link"] == f"/capacities/{uid}"


def test_a_refused_act_says_why_and_how_to_mend_it(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.DECLINE)
    status, told = _send(form, reason="Call Mr Diallo, +223 76 12 34 56.")

    assert (422, "refused") == (status, told["came"])
    assert told["faults"][0]["path"] == "reason"
    assert told["faults"][0]["what"]


def test_a_form_of_an_older_edition_is_taken(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    for name in ("content_hash", "account", "seen"):
        form.sent.pop(name, None)

    assert (200, "applied") == ((got := _send(form, gone="yes"))[0], got[1]["came"])


def test_a_form_that_cannot_be_read_any_more_is_refused_with_a_reason(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    status, told = _send(form, act="accept")

    assert (422, "urn:unbroken:problem:invalid") == (status, told["type"])
    assert told["problems"][0]["path"] == "act"


def test_an_act_is_sent_by_the_account_that_wrote_it_and_no_other(stage: Stage) -> None:
    uid, visitor, other = stage.scene.offered("DIG-REP"), stage.receiver(), stage.receiver()
    form = _later(other, act_form(visitor, uid, Act.CONFIRM))
    handle = visitor.get("/offline/session").json()["account"]
    status, told = _send(form, account=handle)

    assert (409, "refused") == (status, told["came"])
    assert 1 == len(stage.scene.receipts(uid))


def test_who_is_signed_out_is_told_so(stage: Stage) -> None:
    uid, visitor = stage.scene.offered("DIG-REP"), stage.receiver()
    form = act_form(visitor, uid, Act.CONFIRM)
    status, told = _send(OpenForm(stage.site.anyone(), form.path, form.sent))

    assert (401, "sign-in-needed") == (status, told["code"])
    assert {"account": "", "csrf": ""} == stage.site.anyone().get("/offline/session").json()


def test_a_thing_that_is_gone_leads_back_to_the_inbox(stage: Stage) -> None:
    visitor = stage.receiver()
    form = act_form(visitor, stage.scene.offered("DIG-REP"), Act.CONFIRM)
    path = "/capacities/0198c0ff-ee00-4000-8000-0000000000ab/acts"
    status, told = _send(OpenForm(visitor, path, form.sent))

    assert (404, "refused", "/inbox") == (status, told["came"], told["link"])


def _package(stage: Stage, visitor: Visitor) -> tuple[list[UUID], dict[str, str | list[str]]]:
    named = stage.scene.named("DIG-REP").capacities
    uids = [named[Dimension.POSTS], named[Dimension.SKILLS]]
    for uid in uids:
        stage.scene.act(stage.scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
    html = visitor.get("/inbox/package?" + "&".join(f"capacity={uid}" for uid in uids)).text
    form = html.split('action="/inbox/package"')[1]
    sent: dict[str, str | list[str]] = {
        name: form.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]
        for name in ("csrf", "key", "account")
    }
    for name in ("capacity", "content_hash", "seen"):
        told = form.split(f'name="{name}" value="')[1:]
        sent[name] = [each.split('"', maxsplit=1)[0].replace("&amp;", "&") for each in told]
    return uids, sent


def test_a_package_counts_once(stage: Stage) -> None:
    visitor = stage.receiver()
    uids, sent = _package(stage, visitor)
    form = OpenForm(visitor, "/inbox/package", sent)
    told = [_send(form) for _time in range(2)]
    forget_old(
        stage.scene.sessions,
        before=stage.site.house.machine_clock.now() + timedelta(days=1),
    )
    told.append(_send(form))

    assert {(200, "applied")} == {(status, each["came"]) for status, each in told}
    assert [False, True, True] == [each["again"] for _status, each in told]
    assert [2, 2] == [len(stage.scene.receipts(uid)) for uid in uids]


def test_a_package_of_which_one_changed_shows_that_one_in_both_states(stage: Stage) -> None:
    visitor = stage.receiver()
    uids, sent = _package(stage, visitor)
    _withdraw(stage.scene, uids[1])
    status, told = _send(OpenForm(visitor, "/inbox/package", sent))

    assert (412, "changed", 1) == (status, told["came"], len(told["compared"]))
    assert told["compared"][0]["title"].startswith("Skills")
    assert told["compared"][0]["rows"][0] == {"what": "State", "saw": "Offered", "now": "Withdrawn"}
    assert [1, 2] == [len(stage.scene.receipts(uid)) for uid in uids]


def test_a_reader_without_a_role_that_signs_keeps_nothing(stage: Stage) -> None:
    donor = stage.enter(Role.DONOR)

    assert 403 == donor.get("/offline/pages").status_code
    assert "offline.js" not in donor.get("/plans").text
