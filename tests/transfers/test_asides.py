"""The second hand under *not applicable*: who may put it there, and what comes of it."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.factories.capacities import TODAY
from tests.factories.items import change, is_intact, later, row_of, rows_of, told
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound, Refused, SignInNeeded, Stale
from unbroken.people.rules import NOBODY, Actor, Grant, Role, Signing
from unbroken.transfers.commands.asides import AnswerAside, agree_aside, refuse_aside
from unbroken.transfers.commands.items import ItemChanged
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.asides import NothingAsked
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import Classification
from unbroken.transfers.rules.words import ItemState as S

ASIDE: Changes = {F.STATE: S.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}
SHOWN: Changes = {
    F.STATE: S.DONE,
    F.DONE_ON: TODAY,
    F.EVIDENCE_TITLE: "Note",
    F.EVIDENCE_ON: TODAY,
    F.EVIDENCE_CLASS: Classification.PUBLIC,
}


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    made = make_scene(sessions, clock)
    made.named()
    made.named("DIG-REP")
    return made


def first(scene: Scene, code: str = "MRM-VER") -> UUID:
    return next(row.uid for row in rows_of(scene) if row.code == code)


def named(scene: Scene, who: str) -> Actor:
    """Return an actor of the scene; ``planning co-chair`` is a planner who also chairs."""
    grants = (Grant(Role.PLANNER), Grant(Role.CO_CHAIR))
    team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
    others = {
        "second co-chair": Actor(uuid4(), "chair-2", uuid4(), (Grant(Role.CO_CHAIR),)),
        "planning co-chair": Actor(uuid4(), "chair-3", scene.mission, grants),
        "chairing receiver": Actor(uuid4(), "chair-4", scene.agency, (team, Grant(Role.CO_CHAIR))),
        "nobody": NOBODY,
    }
    return others[who] if who in others else getattr(scene, who)


def answer(
    scene: Scene, command: Callable[..., ItemChanged], who: str | Actor, *, seen: int | None = None
) -> ItemChanged:
    actor = named(scene, who) if isinstance(who, str) else who
    order = AnswerAside(item_uid=first(scene), version_seen=seen)
    return command(scene.sessions, order, actor=actor, clock=scene.clock)


AGREES = [
    # who asks, who answers, why not
    ("planner", "receiver", None),
    ("planner", "colleague", None),
    ("planner", "co_chair", None),
    ("planner", "field", no.NotYours),
    ("planner", "planner", no.SameHand),
    ("planner", "attester", no.NotYours),
    ("planner", "custodian", no.NotYours),
    ("planner", "steward", no.NeverSigns),
    ("planner", "observer", no.NotYours),
    ("planner", "donor", no.NotYours),
    ("planner", "nobody", SignInNeeded),
    ("planner", "dual", no.NotIndependent),
    ("planner", "planning co-chair", no.NotIndependent),
    ("planner", "chairing receiver", None),
    ("receiver", "planner", no.NotYours),
    ("receiver", "colleague", no.NotYours),
    ("receiver", "co_chair", None),
    ("receiver", "planning co-chair", no.NotIndependent),
    ("field", "receiver", no.NotYours),
    ("field", "co_chair", None),
    ("dual", "receiver", no.NotYours),
    ("dual", "co_chair", None),
    ("co_chair", "receiver", None),
    ("co_chair", "co_chair", no.SameHand),
    ("co_chair", "second co-chair", None),
    ("co_chair", "planner", no.NotYours),
]


@pytest.mark.parametrize(("asks", "answers", "why"), AGREES)
def test_only_an_independent_second_hand_agrees(
    scene: Scene, asks: str, answers: str, why: type[Refused] | None
) -> None:
    change(scene, ASIDE, first(scene), by=named(scene, asks))
    if why is None:
        assert S.NOT_APPLICABLE is answer(scene, agree_aside, answers).state
        return
    with pytest.raises(why):
        answer(scene, agree_aside, answers)
    assert S.OPEN is row_of(scene, first(scene)).facts.state


REFUSES = [
    ("planner", "planner", None),
    ("planner", "receiver", None),
    ("planner", "co_chair", None),
    ("planner", "field", no.NotYours),
    ("planner", "attester", no.NotYours),
    ("planner", "steward", no.NeverSigns),
    ("receiver", "receiver", None),
    ("receiver", "colleague", None),
    ("receiver", "co_chair", None),
    ("receiver", "planner", no.NotYours),
    ("co_chair", "receiver", None),
    ("co_chair", "planner", no.NotYours),
]


@pytest.mark.parametrize(("asks", "answers", "why"), REFUSES)
def test_the_second_hand_or_who_asked_says_no(
    scene: Scene, asks: str, answers: str, why: type[Refused] | None
) -> None:
    change(scene, ASIDE, first(scene), by=named(scene, asks))
    if why is None:
        answer(scene, refuse_aside, answers)
    else:
        with pytest.raises(why):
            answer(scene, refuse_aside, answers)

    assert ("" if why is None else ASIDE[F.REASON]) == row_of(
        scene, first(scene)
    ).facts.aside_reason


def test_what_is_agreed_is_set_aside_with_its_reason_and_without_evidence(scene: Scene) -> None:
    change(scene, SHOWN, first(scene))
    change(later(scene, 1), ASIDE, first(scene))
    answer(scene, agree_aside, "receiver")

    row = row_of(scene, first(scene))
    expected = (S.NOT_APPLICABLE, ASIDE[F.REASON], "", None, "", None)
    assert expected == (
        row.facts.state,
        row.facts.reason,
        row.facts.aside_reason,
        row.facts.done_on,
        row.facts.evidence_title,
        row.aside_by_uid,
    )


def test_what_is_refused_is_as_it_was_before_somebody_asked(scene: Scene) -> None:
    change(scene, SHOWN, first(scene))
    before = row_of(scene, first(scene))
    change(later(scene, 1), ASIDE, first(scene))
    answer(scene, refuse_aside, "receiver")

    after = row_of(scene, first(scene))
    assert (before.facts, None, None) == (
        after.facts,
        after.aside_by_uid,
        after.aside_organisation_uid,
    )


def test_both_hands_stand_in_the_trail(scene: Scene) -> None:
    change(scene, ASIDE, first(scene))
    answer(scene, agree_aside, "receiver")

    names = [action for action, _uid, _values in told(scene)[-2:]]
    assert ["transfers:item:aside-asked", "transfers:item:called-not-applicable"] == names
    assert is_intact(scene)


@pytest.mark.parametrize("command", [agree_aside, refuse_aside])
def test_nothing_is_answered_that_nobody_asked(
    scene: Scene, command: Callable[..., ItemChanged]
) -> None:
    with pytest.raises(NothingAsked):
        answer(scene, command, "receiver")


@pytest.mark.parametrize("command", [agree_aside, refuse_aside])
def test_an_answer_is_to_what_was_read(scene: Scene, command: Callable[..., ItemChanged]) -> None:
    change(scene, ASIDE, first(scene))
    with pytest.raises(Stale):
        answer(scene, command, "receiver", seen=1)


def test_an_answer_is_given_once(scene: Scene) -> None:
    change(scene, ASIDE, first(scene))
    answer(scene, agree_aside, "receiver", seen=2)
    with pytest.raises(NothingAsked):
        answer(scene, agree_aside, "co_chair")


def test_an_item_that_is_none_is_not_found(scene: Scene) -> None:
    order = AnswerAside(item_uid=uuid4())
    with pytest.raises(NotFound):
        agree_aside(scene.sessions, order, actor=scene.receiver, clock=scene.clock)


def test_lower_tiers_need_no_second_hand(scene: Scene) -> None:
    change(scene, ASIDE, first(scene, "DIG-REP"))

    assert S.NOT_APPLICABLE is row_of(scene, first(scene, "DIG-REP")).facts.state


def test_whoever_asks_anew_with_another_reason_is_who_asked(scene: Scene) -> None:
    change(scene, ASIDE, first(scene))
    change(scene, {**ASIDE, F.REASON: "No such office."}, first(scene), by=scene.receiver)
    with pytest.raises(no.NotYours):
        answer(scene, agree_aside, "colleague")

    assert S.NOT_APPLICABLE is answer(scene, agree_aside, "co_chair").state


def test_what_was_set_aside_is_opened_again_by_either_side(scene: Scene) -> None:
    change(scene, ASIDE, first(scene))
    answer(scene, agree_aside, "receiver")
    change(scene, {F.STATE: S.OPEN, F.REASON: "It is asked for now."}, first(scene))

    assert S.OPEN is row_of(scene, first(scene)).facts.state
