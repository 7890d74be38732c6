"""Signing in and out, by password and by a demonstration's link."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories.people import CHEAP, PASSWORD
from tests.people.conftest import Cast
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, SignInNeeded, TooMany
from unbroken.people.commands.accounts import (
    ChangeGrants,
    CloseAccount,
    change_grants,
    close_account,
)
from unbroken.people.commands.openings import SignedIn
from unbroken.people.commands.passwords import PasswordCosts, Passwords
from unbroken.people.commands.sign_in_links import SignInByLink, make_sign_in_link, sign_in_by_link
from unbroken.people.commands.sign_ins import (
    SignInByPassword,
    note_session_use,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from unbroken.people.models import Account, SignIn, SignInTry
from unbroken.people.queries import SessionActor, actor_by_session_secret, sign_in_views
from unbroken.people.rules import Actor, Grant, Role
from unbroken.people.rules.lives import ABSOLUTE, IDLE
from unbroken.people.rules.tries import TryLimits

LIMITS = TryLimits(per_account=2, per_address=3)
RIGHT = SignInByPassword("cp-mali", PASSWORD, "192.0.2.7")
WRONG = replace(RIGHT, password="not this one at all")


def enter(
    sessions: Sessions, order: SignInByPassword, clock: FixedClock, passwords: Passwords = CHEAP
) -> SignedIn:
    return sign_in(sessions, order, clock=clock, passwords=passwords, limits=LIMITS)


def fail(sessions: Sessions, clock: FixedClock, *orders: SignInByPassword) -> None:
    for order in orders:
        with pytest.raises(SignInNeeded):
            enter(sessions, order, clock)


def who(sessions: Sessions, secret: str, clock: FixedClock) -> SessionActor | None:
    with sessions.reading() as session:
        return actor_by_session_secret(session, secret, at=clock.now())


class Counting(Passwords):
    """Counts how often a password was checked."""

    def __init__(self) -> None:
        super().__init__(PasswordCosts(passes=1, memory_kib=8))
        self.checks = 0

    def fits(self, password: str, stored: str | None) -> bool:
        self.checks += 1
        return super().fits(password, stored)


def later(clock: FixedClock, by: timedelta) -> FixedClock:
    return FixedClock(clock.at + by)


@pytest.mark.parametrize("login", ["cp-mali", " CP-Mali ", "cp-mali@example.org"])
def test_an_office_signs_in_by_handle_or_mailbox(
    sessions: Sessions, cast: Cast, clock: FixedClock, login: str
) -> None:
    made = enter(sessions, replace(RIGHT, login=login), clock)

    found = who(sessions, made.secret, clock)
    assert found is not None
    assert found.actor == cast.team.actor


def test_wrong_password_and_unknown_login_get_the_same_answer(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    answers = []
    for order in (WRONG, replace(RIGHT, login=f"not-{cast.team.account.handle}")):
        with pytest.raises(SignInNeeded) as refusal:
            enter(sessions, order, clock)
        answers.append((refusal.value.render(), refusal.value.facts))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("login", ["cp-mali", "unknown"])
@pytest.mark.usefixtures("cast")
def test_an_unknown_login_costs_as_much_as_a_wrong_password(
    sessions: Sessions, clock: FixedClock, login: str
) -> None:
    counting = Counting()
    with pytest.raises(SignInNeeded):
        enter(sessions, replace(WRONG, login=login), clock, counting)

    assert counting.checks == 1


def test_only_hashes_of_secrets_are_stored(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = enter(sessions, RIGHT, clock)

    with sessions.reading() as session:
        row = session.exec(select(SignIn)).one()
        assert made.secret not in repr(row.model_dump())
    assert made.secret not in repr(made)
    assert cast.team.account.password_hash is not None
    assert cast.team.account.password_hash.startswith("$argon2id$")


def test_each_sign_in_has_its_own_secret_and_csrf_token(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    first, second = enter(sessions, RIGHT, clock), enter(sessions, RIGHT, clock)

    assert len({first.secret, second.secret, first.csrf_token, second.csrf_token}) == 4
    assert cast.team.account.uid == first.account_uid == second.account_uid


@pytest.mark.usefixtures("cast")
def test_signing_in_ends_the_sign_in_the_browser_came_with(
    sessions: Sessions, clock: FixedClock
) -> None:
    first = enter(sessions, RIGHT, clock)
    second = enter(sessions, replace(RIGHT, previous_secret=first.secret), clock)

    assert who(sessions, first.secret, clock) is None
    assert who(sessions, second.secret, clock) is not None


@pytest.mark.usefixtures("cast")
def test_a_stolen_cookie_is_useless_after_signing_out(
    sessions: Sessions, clock: FixedClock
) -> None:
    made = enter(sessions, RIGHT, clock)
    sign_out(sessions, made.secret, clock=clock)
    sign_out(sessions, made.secret, clock=clock)

    assert who(sessions, made.secret, clock) is None


@pytest.mark.usefixtures("cast")
def test_an_idle_sign_in_ends(sessions: Sessions, clock: FixedClock) -> None:
    made = enter(sessions, RIGHT, clock)

    assert who(sessions, made.secret, later(clock, IDLE - timedelta(seconds=1))) is not None
    assert who(sessions, made.secret, later(clock, IDLE)) is None


@pytest.mark.usefixtures("cast")
def test_a_busy_sign_in_ends_too(sessions: Sessions, clock: FixedClock) -> None:
    made = enter(sessions, RIGHT, clock)
    spent = timedelta(0)
    while spent < ABSOLUTE:
        found = who(sessions, made.secret, later(clock, spent))
        assert found is not None
        note_session_use(sessions, found.sign_in_uid, clock=later(clock, spent))
        spent += timedelta(hours=6)

    assert who(sessions, made.secret, later(clock, ABSOLUTE)) is None


@pytest.mark.usefixtures("cast")
def test_use_is_written_at_most_once_a_minute(sessions: Sessions, clock: FixedClock) -> None:
    made = enter(sessions, RIGHT, clock)
    found = who(sessions, made.secret, clock)
    assert found is not None
    seen = []
    for seconds in (59, 60, 100):
        at = later(clock, timedelta(seconds=seconds))
        note_session_use(sessions, found.sign_in_uid, clock=at)
        with sessions.reading() as session:
            seen.append(sign_in_views(session, made.account_uid, at=at.now())[0].seen_at)

    minute = clock.at + timedelta(seconds=60)
    assert seen == [clock.at, minute, minute]


def test_changed_roles_reach_a_sign_in_that_is_open(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = enter(sessions, RIGHT, clock)
    grants = (Grant(Role.OBSERVER),)
    order = ChangeGrants(made.account_uid, grants, 1)
    change_grants(sessions, order, actor=cast.steward.actor, clock=clock)

    found = who(sessions, made.secret, clock)
    assert found is not None
    assert found.actor.grants == grants


def test_a_closed_account_is_out_at_once_and_stays_out(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = enter(sessions, RIGHT, clock)
    order = CloseAccount(made.account_uid, 1)
    close_account(sessions, order, actor=cast.steward.actor, clock=clock)

    assert who(sessions, made.secret, clock) is None
    fail(sessions, clock, RIGHT)


@pytest.mark.parametrize(
    ("part", "may"), [("team", True), ("steward", True), ("outsider", False), ("nobody", False)]
)
def test_signing_out_everywhere_is_for_the_account_and_the_steward(
    sessions: Sessions, cast: Cast, clock: FixedClock, part: str, *, may: bool
) -> None:
    made = [enter(sessions, RIGHT, clock) for _ in range(2)]
    actor: Actor = cast.actors()[part]
    with suppress(Forbidden, SignInNeeded):
        sign_out_everywhere(sessions, cast.team.account.uid, actor=actor, clock=clock)

    assert [who(sessions, one.secret, clock) is None for one in made] == [may, may]


def test_a_password_hashed_at_other_costs_is_hashed_again(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    dearer = Passwords(PasswordCosts(passes=2, memory_kib=16))
    enter(sessions, RIGHT, clock, dearer)

    with sessions.reading() as session:
        stored = session.exec(select(Account).where(Account.handle == "cp-mali")).one()
        assert stored.password_hash != cast.team.account.password_hash
        assert stored.password_hash is not None
        assert not dearer.is_outdated(stored.password_hash)


@pytest.mark.usefixtures("cast")
def test_too_many_failures_of_an_account_shut_out_the_right_password_too(
    sessions: Sessions, clock: FixedClock
) -> None:
    fail(sessions, clock, WRONG, replace(WRONG, login="cp-mali@example.org"))

    with pytest.raises(TooMany) as refusal:
        enter(sessions, replace(RIGHT, address="198.51.100.1"), clock)
    assert refusal.value.facts == {"seconds": 900}


@pytest.mark.usefixtures("cast")
def test_an_unknown_login_is_limited_like_a_known_one(
    sessions: Sessions, clock: FixedClock
) -> None:
    unknown = replace(WRONG, login="nobody-here")
    fail(sessions, clock, unknown, unknown)

    with pytest.raises(TooMany):
        enter(sessions, unknown, clock)


@pytest.mark.usefixtures("cast")
def test_too_many_failures_from_an_address_shut_out_its_other_accounts(
    sessions: Sessions, clock: FixedClock
) -> None:
    fail(sessions, clock, *(replace(WRONG, login=f"guess-{n}") for n in range(3)))

    with pytest.raises(TooMany):
        enter(sessions, RIGHT, clock)
    assert enter(sessions, replace(RIGHT, address="198.51.100.1"), clock).handle == "cp-mali"


@pytest.mark.usefixtures("cast")
def test_the_next_window_begins_anew(sessions: Sessions, clock: FixedClock) -> None:
    fail(sessions, clock, WRONG, WRONG)

    assert enter(sessions, RIGHT, later(clock, LIMITS.window)).handle == "cp-mali"


@pytest.mark.usefixtures("cast")
def test_windows_older_than_a_day_are_forgotten(sessions: Sessions, clock: FixedClock) -> None:
    fail(sessions, clock, WRONG)
    fail(sessions, later(clock, timedelta(days=2)), WRONG)

    with sessions.reading() as session:
        assert [row.failures for row in session.exec(select(SignInTry))] == [1, 1]


def test_a_demonstrations_link_signs_in_once(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    uid = cast.team.account.uid
    link = make_sign_in_link(sessions, uid, clock=clock, demonstration=True)
    order = SignInByLink(link.secret)
    made = sign_in_by_link(sessions, order, clock=clock, demonstration=True)

    assert made.account_uid == uid
    with pytest.raises(Conflict):
        sign_in_by_link(sessions, order, clock=clock, demonstration=True)


def test_sign_in_links_exist_in_demonstrations_only(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = make_sign_in_link(sessions, cast.team.account.uid, clock=clock, demonstration=True)

    with pytest.raises(Forbidden):
        make_sign_in_link(sessions, cast.team.account.uid, clock=clock, demonstration=False)
    with pytest.raises(Forbidden):
        sign_in_by_link(sessions, SignInByLink(link.secret), clock=clock, demonstration=False)
