"""The page behind a link by mail: who it lets in, and what it says when it lets nobody in."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from httpx2 import Response
from sqlmodel import select

from tests.factories.people import PASSWORD
from tests.web.conftest import Site, Visitor, csrf_of
from tests.web.pages.passing import HIDDEN, Stage, make_stage
from unbroken.people.models import Account
from unbroken.people.rules import Role, Signing
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.commands.act_links import MakeActLink, make_act_link
from unbroken.transfers.rules.words import Act, CapacityState


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


def _signatory(stage: Stage) -> tuple[Visitor, str, UUID]:
    """Return a signed-in signatory of the receiver with its handle and account."""
    visitor = stage.receiver()
    with stage.scene.sessions.reading() as session:
        account = session.exec(select(Account).order_by(Account.id.desc())).first()  # type: ignore[union-attr]
    assert account is not None
    return visitor, account.handle, account.uid


def _link(stage: Stage, account: UUID, uid: UUID, act: Act = Act.CONFIRM) -> str:
    order = MakeActLink(account_uid=account, capacity_uid=uid, act=act, life=timedelta(hours=72))
    clock = stage.site.house.machine_clock
    return f"/act/{make_act_link(stage.scene.sessions, order, clock=clock).secret}"


def _with(stage: Stage, sign_in: str) -> None:
    house = stage.site.app.state.house
    settings = house.settings.model_copy(update={"act_link_sign_in": sign_in})
    stage.site.app.state.house = replace(house, settings=settings)


def _send(visitor: Visitor, link: str, act: Act, **typed: str) -> Response:
    html = visitor.get(link).text
    form = next(one for one in html.split("<form ") if f'name="act" value="{act.value}"' in one)
    hidden = {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall(form)}
    sent = {"act": act.value, "csrf": csrf_of(html), **hidden, **typed}
    return visitor.client.post(link, data=sent)


def test_a_link_leads_through_the_sign_in_and_lands_on_the_act(stage: Stage) -> None:
    uid = stage.scene.offered()
    _visitor, handle, account = _signatory(stage)
    link, fresh = _link(stage, account, uid, Act.DECLINE), stage.site.anyone()

    answer = fresh.get(link)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?to=/act/")
    fresh.form("/sign-in", {"login": handle, "password": PASSWORD})
    html = fresh.get(link).text
    opened = html.split("<details open>", 1)[1]
    assert "A link for one act" in html
    assert opened.index('value="decline"') < opened.index("</details>")


def test_a_link_signs_once_and_then_says_that_it_is_used(stage: Stage) -> None:
    uid = stage.scene.offered()
    visitor, _handle, account = _signatory(stage)
    link = _link(stage, account, uid)
    answer = _send(visitor, link, Act.CONFIRM)
    again = visitor.get(link)

    assert (303, f"/capacities/{uid}#receipts") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert CapacityState.CONFIRMED is stage.scene.capacity(uid).state
    assert again.status_code == 409
    assert "This link has been used" in again.text
    assert "what still waits for an answer stands in your inbox" in again.text


def test_a_link_of_another_account_says_whose_it_is(stage: Stage) -> None:
    uid = stage.scene.offered()
    _visitor, handle, account = _signatory(stage)
    other = stage.enter(Role.COUNTRY_TEAM, stage.scene.agency, signing=Signing.SIGNS)
    answer = other.get(_link(stage, account, uid))

    assert answer.status_code == 403
    assert handle in answer.text


def test_the_link_alone_is_enough_where_that_is_set(stage: Stage) -> None:
    uid = stage.scene.offered()
    _visitor, _handle, account = _signatory(stage)
    _with(stage, "never")
    answer = _send(stage.site.anyone(), _link(stage, account, uid), Act.CONFIRM)
    receipt = stage.scene.receipts(uid)[-1]

    assert (303, "/sign-in") == (answer.status_code, answer.headers["location"])
    assert (account, True) == (receipt.account_uid, receipt.link_uid is not None)


def test_a_device_that_signed_in_lately_is_enough_where_that_is_set(stage: Stage) -> None:
    uid = stage.scene.offered()
    _with(stage, "recent")
    visitor, _handle, account = _signatory(stage)
    link = _link(stage, account, uid)
    visitor.client.cookies.delete("unbroken")

    assert stage.site.anyone().get(link).status_code == 303
    assert _send(visitor, link, Act.RECOMMEND).status_code == 303
    assert CapacityState.RECOMMENDED is stage.scene.capacity(uid).state


def test_a_device_that_signed_out_is_not_enough(stage: Stage) -> None:
    uid = stage.scene.offered()
    _with(stage, "recent")
    visitor, _handle, account = _signatory(stage)
    visitor.form("/sign-out", {}, on="/account")

    assert visitor.get(_link(stage, account, uid)).status_code == 303


def test_a_refused_act_keeps_the_link_and_what_was_typed(stage: Stage) -> None:
    uid = stage.scene.offered()
    visitor, _handle, account = _signatory(stage)
    link = _link(stage, account, uid, Act.ASK_TIME)
    answer = _send(visitor, link, Act.ASK_TIME, until_on="soon", reason="Our budget is late.")

    assert answer.status_code == 422
    assert "Our budget is late.</textarea>" in answer.text
    assert f'action="{link}"' in answer.text
    assert _send(visitor, link, Act.CONFIRM).status_code == 303


def test_a_capacity_that_changed_meanwhile_shows_both_states(stage: Stage) -> None:
    uid = stage.scene.offered()
    visitor, _handle, account = _signatory(stage)
    link = _link(stage, account, uid)
    html = visitor.get(link).text
    form = next(one for one in html.split("<form ") if 'name="act" value="confirm"' in one)
    hidden = dict(HIDDEN.findall(form))
    hidden["seen"] = hidden["seen"].replace("&amp;", "&")
    stage.scene.act(stage.scene.field, SignOrder(act=Act.RECOMMEND, capacity_uid=uid))
    sent = {"act": "confirm", "csrf": csrf_of(html), **hidden}
    answer = visitor.client.post(link, data=sent)

    assert answer.status_code == 412
    assert "You saw" in answer.text
    assert CapacityState.RECOMMENDED is stage.scene.capacity(uid).state


def test_a_field_colleague_sends_it_to_the_one_who_signs(stage: Stage) -> None:
    uid = stage.scene.offered()
    _visitor, handle, _account = _signatory(stage)
    field = stage.field()
    html = field.get(f"/capacities/{uid}").text
    sent = {"csrf": csrf_of(html), "handle": handle, "act": "confirm"}
    answer = field.client.post(f"/capacities/{uid}/signatory", data=sent)

    assert f'<option value="{handle}">' in html
    assert answer.status_code == 303
