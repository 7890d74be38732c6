"""What several people do at the same moment: one wins, the others are told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.factories.people import CHEAP, PASSWORD
from tests.people.conftest import Cast
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import UnbrokenError
from unbroken.people.commands.accounts import CloseAccount, close_account
from unbroken.people.commands.organisations import NewOrganisation, create_organisation
from unbroken.people.commands.sign_in_links import SignInByLink, make_sign_in_link, sign_in_by_link
from unbroken.people.commands.sign_ins import SignInByPassword, sign_in
from unbroken.people.queries.registers import active_stewards
from unbroken.people.rules import OrganisationKind
from unbroken.people.rules.tries import TryLimits
from unbroken.trail.queries import verify

SIX = 6


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Return how often which answer came: a refusal's code, or ``done``."""
    together = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        together.wait(timeout=10)
        try:
            act()
        except UnbrokenError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_one_of_six_users_of_a_link_signs_in(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = make_sign_in_link(sessions, cast.team.account.uid, clock=clock, demonstration=True)
    order = SignInByLink(link.secret)

    def use() -> None:
        sign_in_by_link(sessions, order, clock=clock, demonstration=True)

    assert at_once(*[use] * SIX) == {"done": 1, "conflict": SIX - 1}


def test_two_stewards_who_close_each_other_leave_one(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    first, second = cast.steward, cast.second_steward

    answers = at_once(
        lambda: close_account(
            sessions, CloseAccount(second.account.uid, 1), actor=first.actor, clock=clock
        ),
        lambda: close_account(
            sessions, CloseAccount(first.account.uid, 1), actor=second.actor, clock=clock
        ),
    )

    with sessions.reading() as session:
        assert len(active_stewards(session)) == 1
    assert answers == {"done": 1, "conflict": 1}


@pytest.mark.usefixtures("cast")
def test_guesses_sent_at_once_do_not_pass_the_limit(sessions: Sessions, clock: FixedClock) -> None:
    wrong = SignInByPassword("cp-mali", "not this one at all", "192.0.2.7")
    limits = TryLimits(per_account=2)

    def guess() -> None:
        sign_in(sessions, wrong, clock=clock, passwords=CHEAP, limits=limits)

    answers = at_once(*[guess] * SIX)

    assert answers == {"sign-in-needed": 2, "too-many": SIX - 2}


def test_organisations_of_one_name_made_at_once_get_different_slugs(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("Task force", OrganisationKind.TASK_FORCE)

    def make() -> None:
        create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    assert at_once(*[make] * SIX) == {"done": SIX}


@pytest.mark.usefixtures("cast")
def test_the_trail_is_whole_after_sign_ins_at_once(sessions: Sessions, clock: FixedClock) -> None:
    order = SignInByPassword("cp-mali", PASSWORD, "192.0.2.7")

    def enter() -> None:
        sign_in(sessions, order, clock=clock, passwords=CHEAP, limits=TryLimits())

    assert at_once(*[enter] * SIX) == {"done": SIX}
    with sessions.reading() as session:
        assert all(report.is_intact for report in verify(session))
