"""Resolution 2764, element by element: what is met, at risk, not met, or unknown."""

from datetime import date

import pytest

from tests.factories.gaps import IN_FORCE, World
from tests.factories.people import actor_with
from unbroken.functions.rules import ELEMENTS as LETTERS
from unbroken.gaps.queries import ElementView, elements
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.elements import ELEMENTS, ElementState, Evidence, state_of_element
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor, Role

DAY = date(2026, 3, 2)
WHOLE, PART = Evidence("Done.", DAY), Evidence("Half done.", DAY, is_whole=False)
OBSERVER = actor_with(Role.OBSERVER)
CASES = {
    "whole evidence, no gap": ([WHOLE], [], ElementState.MET),
    "whole evidence beside a part": ([PART, WHOLE], [], ElementState.MET),
    "whole evidence and a gap": ([WHOLE], [Severity.LOW], ElementState.AT_RISK),
    "a part and a critical gap": ([PART], [Severity.CRITICAL], ElementState.AT_RISK),
    "a part and no gap": ([PART], [], ElementState.UNKNOWN),
    "nothing at all: no gap proves nothing": ([], [], ElementState.UNKNOWN),
    "no evidence and a critical gap": ([], [Severity.CRITICAL], ElementState.NOT_MET),
    "no evidence and a high gap": ([], [Severity.LOW, Severity.HIGH], ElementState.NOT_MET),
    "no evidence and a medium gap": ([], [Severity.MEDIUM], ElementState.UNKNOWN),
}


@pytest.mark.parametrize("case", CASES)
def test_state_of_an_element_follows_from_evidence_and_gaps(case: str) -> None:
    evidence, gaps, expected = CASES[case]

    assert expected is state_of_element(evidence, gaps)


def test_every_element_is_there_once_and_names_no_paragraph() -> None:
    assert tuple(LETTERS) == tuple(element.letter for element in ELEMENTS)
    assert not any("paragraph" in element.text for element in ELEMENTS)


def _of(sessions: Sessions, world: World, actor: Actor = OBSERVER) -> dict[str, ElementView]:
    with sessions.reading() as session:
        found = elements(session, f"plan-w{world.number}", actor=actor, on=DAY)
    return {view.element.letter: view for view in found}


def test_dated_assessment_meets_element_d(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_assessment(IN_FORCE)

    view = _of(shared, world)["D"]

    assert (ElementState.MET, [IN_FORCE]) == (view.state, [one.on for one in view.evidence])


def test_assessment_known_only_later_is_no_evidence_yet(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_assessment(IN_FORCE, known_on=date(2026, 3, 3))

    assert ElementState.UNKNOWN is _of(shared, world)["D"].state


def test_open_gap_puts_what_is_shown_at_risk(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_meeting(IN_FORCE)
        world.with_gap("disputed")

    view = _of(shared, world)["G"]

    assert (ElementState.AT_RISK, ["disputed"]) == (view.state, [gap.rule for gap in view.gaps])


def test_meeting_without_the_authorities_is_a_part(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_meeting(IN_FORCE, authorities=False)

    assert ElementState.UNKNOWN is _of(shared, world)["G"].state


def test_high_gap_without_evidence_is_not_met(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session)
        world.with_gap("no-receiver")

    assert ElementState.NOT_MET is _of(shared, world)["H"].state


def test_waived_gap_does_not_watch(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session)
        world.with_gap("no-receiver", waived_by_uid=OBSERVER.account_uid, waived_until_on=DAY)

    assert ElementState.UNKNOWN is _of(shared, world)["H"].state


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("confirmed", "confirmed"), ElementState.MET),
        (("confirmed", "offered"), ElementState.UNKNOWN),
    ],
)
def test_every_function_confirmed_meets_element_h(
    shared: Sessions, states: tuple[str, str], expected: ElementState
) -> None:
    with shared.begin() as session:
        world = World(session)
        for code, state in zip(("VET", "LAW"), states, strict=True):
            world.with_loaded_function(code, elements=["H"])
            world.offered_to().with_capacity(state=state, confirmed_on=IN_FORCE)

    view = _of(shared, world)["H"]

    assert expected is view.state
    assert [IN_FORCE] == [one.on for one in view.evidence]


def test_filled_posts_meet_element_e(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_post(authorised=2, filled=2)

    (evidence,) = _of(shared, world)["E"].evidence

    assert ("2 of 2 posts on record are filled.", True) == (evidence.text, evidence.is_whole)


def test_plan_that_one_may_not_see_has_no_elements(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session)

    with pytest.raises(NotFound):
        _of(shared, world, actor_with(Role.PLANNER, country_iso3="HTI"))
