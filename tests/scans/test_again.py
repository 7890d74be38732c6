"""After a look between scans a full scan finds nothing to write: on any acts, on any days."""

from random import Random

import pytest

from tests.scans.again import Told
from tests.scans.meddling import Meddler
from unbroken.kit.db import Sessions

PLANS = ("unitams", "minusma", "monusco-south-kivu")
FIRST = 20260302


def a_history(
    sessions: Sessions, slug: str, chance: Random, *, steps: int
) -> tuple[Told, list[str]]:
    """Play a history with meddling between its acts; return it with all that a look had missed."""
    told, missed = Told(sessions, slug), list[str]()
    told.begin()
    meddler, acts = Meddler(told, chance), list(told.acts)
    for _ in range(steps):
        for _ in range(chance.choice((0, 1, 1, 2, 6))):
            if acts:
                told.play(acts.pop(0))
        for _ in range(chance.choice((0, 0, 1, 3))):
            meddler.meddle()
        if chance.random() < 0.15:
            meddler.silence()
        missed += told.look()
        told.wait(chance.choice((0, 1, 1, 2, 7, 30, chance.randint(1, 400))))
        missed += told.look()
    return told, missed


def test_looking_again_leaves_what_a_full_scan_would(sessions: Sessions) -> None:
    chance = Random(FIRST)  # noqa: S311 - so that a failure comes again
    told, missed = a_history(sessions, "unitams", chance, steps=14)

    assert ([], []) == (missed, told.untold)
    assert told.looked > 10


@pytest.mark.full
@pytest.mark.parametrize("slug", PLANS)
@pytest.mark.parametrize("seed", range(2))
def test_whole_histories_with_meddling(sessions: Sessions, slug: str, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - so that a failure comes again
    told, missed = a_history(sessions, slug, chance, steps=120)

    assert ([], []) == (missed, told.untold)


@pytest.mark.full
@pytest.mark.parametrize("slug", PLANS)
def test_nothing_turns_on_a_day_that_was_not_named(sessions: Sessions, slug: str) -> None:
    told = Told(sessions, slug)
    told.begin()
    missed = []
    for act in told.acts:
        while told.day < act.known_on:
            told.wait(1)
            missed += told.look()
        told.play(act)
    for _ in range(60):
        told.wait(1)
        missed += told.look()

    assert [] == missed
