"""Links by mail: one act, one person, once; and the letters that bring them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid, NotFound, Stale
from unbroken.outbox.models import Message
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.transfers.commands.act_links import (
    MadeActLink,
    MakeActLink,
    make_act_link,
    open_act_link,
    require_own_link,
    sign_by_link,
)
from unbroken.transfers.commands.announcing import AskToSign, ask_to_sign
from unbroken.transfers.commands.signing import PackageOrder, SignOrder, sign_package
from unbroken.transfers.models import ActLink
from unbroken.transfers.rules import links as no
from unbroken.transfers.rules import refusals
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

LIFE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Post:
    """A scene with mailboxes of the receiver: one signs, one recommends, one belongs elsewhere."""

    scene: Scene
    signatory: UUID
    field: UUID

    @property
    def now(self) -> datetime:
        return self.scene.clock.now()

    def link(self, uid: UUID, account: UUID | None = None, act: Act = Act.CONFIRM) -> MadeActLink:
        order = MakeActLink(
            account_uid=account or self.signatory, capacity_uid=uid, act=act, life=LIFE
        )
        return make_act_link(self.scene.sessions, order, clock=self.scene.clock)

    def sign(self, secret: str, uid: UUID, act: Act = Act.CONFIRM, **said: object) -> S:
        order = SignOrder(act=act, capacity_uid=uid, **said)  # type: ignore[arg-type]
        clock = self.scene.clock
        done = sign_by_link(self.scene.sessions, secret, order, clock=clock, at=self.now)
        return done.state

    def letters(self) -> list[Message]:
        with self.scene.sessions.reading() as session:
            return list(session.exec(select(Message).order_by("id")))


@pytest.fixture
def post(sessions: Sessions, clock: FixedClock) -> Post:
    scene = make_scene(sessions, clock)
    with sessions.begin() as session:
        bodies = {each.uid: each for each in session.exec(select(Organisation))}
        agency, other = bodies[scene.agency], bodies[scene.other_agency]
        signatory = _account(session, agency, Grant(Role.COUNTRY_TEAM, Signing.SIGNS), "head")
        field = _account(session, agency, Grant(Role.COUNTRY_TEAM, Signing.RECOMMENDS), "field")
        _account(session, agency, Grant(Role.OBSERVER), "watcher")
        _account(session, other, Grant(Role.COUNTRY_TEAM, Signing.SIGNS), "other")
        return Post(scene, signatory, field)


def _account(session: Session, body: Organisation, grant: Grant, handle: str) -> UUID:
    known = make_account(session, handle=handle, grants=(grant,), organisation=body)
    return known.account.uid


def test_a_link_signs_one_act_and_says_so_in_the_receipt(post: Post) -> None:
    uid = post.scene.offered()
    made = post.link(uid)

    assert post.sign(made.secret, uid) is S.CONFIRMED
    receipt = post.scene.receipts(uid)[-1]
    assert (post.signatory, made.uid) == (receipt.account_uid, receipt.link_uid)


def test_opening_a_link_uses_nothing_up(post: Post) -> None:
    uid = post.scene.offered()
    made = post.link(uid)
    with post.scene.sessions.reading() as session:
        for _time in range(3):
            open_act_link(session, made.secret, at=post.now)

    assert post.sign(made.secret, uid) is S.CONFIRMED


def test_only_the_hash_of_a_link_is_kept(post: Post) -> None:
    made = post.link(post.scene.offered())
    with post.scene.sessions.reading() as session:
        row = session.exec(select(ActLink)).one()

    assert made.secret not in str(row.model_dump())
    assert not [each for each in post.letters() if made.secret in str(each.body)]


def test_a_link_works_once(post: Post) -> None:
    uid = post.scene.offered()
    made = post.link(uid, act=Act.RECOMMEND)
    post.sign(made.secret, uid, Act.RECOMMEND)

    with pytest.raises(no.LinkUsed):
        post.sign(made.secret, uid)
    assert post.scene.capacity(uid).state is S.RECOMMENDED


def test_of_two_who_use_a_link_at_once_one_does(post: Post) -> None:
    uid = post.scene.offered()
    made = post.link(uid)

    def attempt(act: Act) -> bool:
        try:
            post.sign(made.secret, uid, act, reason="We have no budget.")
        except (no.LinkUsed, refusals.NotOffered):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [Act.RECOMMEND, Act.DECLINE]))

    assert [False, True] == sorted(done)
    assert len(post.scene.receipts(uid)) == 2


@pytest.mark.parametrize(("hours", "works"), [(71, True), (72, False)])
def test_a_link_lives_as_long_as_is_set(post: Post, hours: int, *, works: bool) -> None:
    uid = post.scene.offered()
    made = post.link(uid)
    at = post.now + timedelta(hours=hours)
    with post.scene.sessions.reading() as session:
        if works:
            assert open_act_link(session, made.secret, at=at).capacity_uid == uid
        else:
            with pytest.raises(no.LinkExpired):
                open_act_link(session, made.secret, at=at)


def test_a_newer_link_ends_the_older_one(post: Post) -> None:
    uid = post.scene.offered()
    older, newer = post.link(uid), post.link(uid)

    with pytest.raises(no.LinkUsed):
        post.sign(older.secret, uid)
    assert post.sign(newer.secret, uid) is S.CONFIRMED


def test_a_link_of_another_account_is_refused(post: Post) -> None:
    made = post.link(post.scene.offered())
    with post.scene.sessions.reading() as session:
        opened = open_act_link(session, made.secret, at=post.now)

    with pytest.raises(no.LinkOfAnother):
        require_own_link(opened, post.field)


def test_a_link_of_another_capacity_is_refused(post: Post) -> None:
    uid, other = post.scene.offered(), post.scene.offered("DIG-REP")

    with pytest.raises(no.LinkDoesOther):
        post.sign(post.link(uid).secret, other)


@pytest.mark.parametrize("act", [Act.END, Act.NOT_APPLICABLE, Act.OFFER, Act.COUNTERSIGN])
def test_a_link_only_answers(post: Post, act: Act) -> None:
    uid = post.scene.offered()

    with pytest.raises(no.LinkDoesOther):
        post.sign(post.link(uid).secret, uid, act, reason="It was decided.")


def test_a_field_mailbox_does_not_confirm_by_link(post: Post) -> None:
    uid = post.scene.offered()

    with pytest.raises(no.LinkDoesOther):
        post.sign(post.link(uid, post.field).secret, uid)


def test_a_link_over_another_content_signs_nothing_and_stays(post: Post) -> None:
    uid = post.scene.offered()
    made = post.link(uid)

    with pytest.raises(Stale):
        post.sign(made.secret, uid, content_seen="0" * 64)
    assert post.sign(made.secret, uid) is S.CONFIRMED


def test_an_unknown_link_is_refused(post: Post) -> None:
    with post.scene.sessions.reading() as session, pytest.raises(no.LinkUnknown):
        open_act_link(session, "nothing", at=post.now)


def test_an_offer_writes_to_every_mailbox_that_may_answer(post: Post) -> None:
    uid = post.scene.offered("DIG-REP")
    letters = {str(each.body["account"]): each for each in post.letters()}

    assert {str(post.signatory), str(post.field)} == set(letters)
    signatory = letters[str(post.signatory)].body
    assert ("confirm", str(uid), "North") == (
        signatory["act"],
        signatory["capacity"],
        signatory["area"],
    )
    assert letters[str(post.field)].body["act"] == "recommend"


def test_a_letter_about_a_restricted_function_holds_no_name(post: Post) -> None:
    post.scene.offered("MRM-VER")

    for letter in post.letters():
        assert not [name for name in ("MRM-VER", "North", "drawdown") if name in str(letter.body)]


def test_a_package_of_offers_is_told_in_one_letter_each(post: Post) -> None:
    uids = list(post.scene.named("DIG-REP").capacities.values())
    listed = PackageOrder(act=Act.OFFER, capacities=tuple((uid, None) for uid in uids))
    sign_package(post.scene.sessions, listed, actor=post.scene.planner, clock=post.scene.clock)

    assert [(3, None)] * 2 == [
        (each.body["count"], each.body["capacity"]) for each in post.letters()
    ]


def test_a_colleague_asks_the_one_who_signs(post: Post) -> None:
    uid = post.scene.offered("DIG-REP")
    order = AskToSign(capacity_uid=uid, handle="head", act=Act.DECLINE)
    ask_to_sign(post.scene.sessions, order, actor=post.scene.field, clock=post.scene.clock)

    last = post.letters()[-1].body
    assert ("please-sign", "decline", str(post.scene.field.account_uid)) == (
        last["asks"],
        last["act"],
        last["made_by"],
    )


@pytest.mark.parametrize(
    ("who", "handle", "refusal"),
    [
        ("planner", "head", Forbidden),
        ("attester", "head", Forbidden),
        ("field", "other", NotFound),
        ("field", "watcher", NotFound),
        ("receiver", "field", Invalid),
    ],
)
def test_nobody_else_asks_and_nobody_else_is_asked(
    post: Post, who: str, handle: str, refusal: type[Exception]
) -> None:
    uid = post.scene.offered()
    order = AskToSign(capacity_uid=uid, handle=handle)

    with pytest.raises(refusal):
        ask_to_sign(
            post.scene.sessions, order, actor=getattr(post.scene, who), clock=post.scene.clock
        )


def test_nobody_is_asked_to_sign_what_is_answered(post: Post) -> None:
    uid = post.scene.confirmed()

    with pytest.raises(refusals.NotOffered):
        ask_to_sign(
            post.scene.sessions,
            AskToSign(capacity_uid=uid, handle="head"),
            actor=post.scene.field,
            clock=post.scene.clock,
        )
