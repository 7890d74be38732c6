"""What people say of items: short, scanned, and taken back only by who said it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.factories.items import is_intact, later, rows_of, told
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from unbroken.people.rules import NOBODY, Actor
from unbroken.plans.models import Plan, PlanState
from unbroken.transfers.commands.commenting import CommentItem, comment_item, withdraw_comment
from unbroken.transfers.models import ItemComment, Transfer


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    made = make_scene(sessions, clock)
    made.named()
    return made


def say(scene: Scene, text: str = "Ask again in May.", *, by: Actor | None = None) -> UUID:
    order = CommentItem(item_uid=rows_of(scene)[0].uid, text=text)
    return comment_item(scene.sessions, order, actor=by or scene.planner, clock=scene.clock)


def take_back(scene: Scene, uid: UUID, *, by: Actor | None = None) -> None:
    withdraw_comment(scene.sessions, uid, actor=by or scene.planner, clock=scene.clock)


def comments(scene: Scene) -> list[ItemComment]:
    with scene.sessions.reading() as session:
        return list(session.exec(select(ItemComment).order_by("id")))


@pytest.mark.parametrize("who", ["planner", "receiver", "field", "co_chair"])
def test_each_side_says_something(scene: Scene, who: str) -> None:
    by: Actor = getattr(scene, who)
    uid = say(scene, "  Ask again in May. ", by=by)

    made = comments(scene)[0]
    expected = (uid, "Ask again in May.", by.account_uid, by.organisation_uid, scene.clock.at)
    assert expected == (made.uid, made.text, made.account_uid, made.organisation_uid, made.at)


@pytest.mark.parametrize("who", ["donor", "observer", "steward", "attester"])
def test_others_say_nothing(scene: Scene, who: str) -> None:
    with pytest.raises(Forbidden):
        say(scene, by=getattr(scene, who))


def test_nobody_says_nothing(scene: Scene) -> None:
    with pytest.raises(SignInNeeded):
        say(scene, by=NOBODY)


@pytest.mark.parametrize("text", ["", "  ", "a" * 281, "Call +223 76 12 34 56"])
def test_what_is_no_comment_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        say(scene, text)

    assert {"comment"} == {each.path for each in refusal.value.problems}
    assert [] == comments(scene)


def test_a_comment_on_nothing_is_not_found(scene: Scene) -> None:
    order = CommentItem(item_uid=uuid4(), text="Ask again.")
    with pytest.raises(NotFound):
        comment_item(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_a_comment_leaves_the_item_as_it_is_and_touches_its_transfer(scene: Scene) -> None:
    before = rows_of(scene)
    say(later(scene, 24 * 60))

    with scene.sessions.reading() as session:
        touched = session.exec(select(Transfer)).one().touched_on
    assert (before, TODAY + timedelta(days=1)) == (rows_of(scene), touched)


def test_the_trail_keeps_what_was_said(scene: Scene) -> None:
    uid = say(scene)

    action, subject, values = told(scene)[-1]
    expected = {"comment": str(uid), "text": "Ask again in May."}
    assert ("transfers:item:commented", rows_of(scene)[0].uid, expected, True) == (
        action,
        subject,
        values,
        is_intact(scene),
    )


def test_a_comment_that_is_taken_back_is_blank(scene: Scene) -> None:
    uid = say(scene)
    take_back(scene, uid)

    made = comments(scene)[0]
    assert ("", scene.clock.at) == (made.text, made.withdrawn_at)
    assert "transfers:item:comment-withdrawn" == told(scene)[-1][0]


@pytest.mark.parametrize("who", ["receiver", "co_chair", "steward"])
def test_others_do_not_take_it_back(scene: Scene, who: str) -> None:
    uid = say(scene)
    with pytest.raises(Forbidden):
        take_back(scene, uid, by=getattr(scene, who))


def test_a_comment_is_taken_back_once(scene: Scene) -> None:
    uid = say(scene)
    take_back(scene, uid)
    with pytest.raises(Conflict):
        take_back(scene, uid)


def test_what_was_never_said_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        take_back(scene, uuid4())


def test_in_a_plan_that_was_cancelled_nobody_says_anything(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        session.exec(select(Plan)).one().state = PlanState.CANCELLED
    with pytest.raises(Conflict):
        say(scene)
