"""Passwords reset by mailbox and changed by who knows them."""

from datetime import timedelta

import pytest

from tests.factories.people import CHEAP, PASSWORD
from tests.people.conftest import Cast
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, SignInNeeded, TooMany
from unbroken.people.commands.links import MadeLink
from unbroken.people.commands.openings import SignedIn
from unbroken.people.commands.passwords import Passwords
from unbroken.people.commands.resets import (
    AskedReset,
    AskReset,
    ChangePassword,
    ResetPassword,
    ask_reset,
    change_password,
    make_reset_link,
    reset_password,
)
from unbroken.people.commands.sign_ins import SignInByPassword, sign_in
from unbroken.people.commands.tokens import NewToken, make_token
from unbroken.people.queries import actor_by_session_secret, actor_by_token
from unbroken.people.rules import NOBODY
from unbroken.people.rules.tries import TryLimits

NEW = "seven loud mountains"
LIMITS = TryLimits(resets_per_mailbox=2)
MAILBOX = "cp-mali@example.org"


def enter(sessions: Sessions, password: str, clock: FixedClock) -> SignedIn:
    order = SignInByPassword("cp-mali", password, "192.0.2.7")
    return sign_in(sessions, order, clock=clock, passwords=CHEAP, limits=LIMITS)


def ask(sessions: Sessions, clock: FixedClock, mailbox: str = MAILBOX) -> AskedReset | None:
    return ask_reset(sessions, AskReset(mailbox, "192.0.2.7"), clock=clock, limits=LIMITS)


def link_for(sessions: Sessions, clock: FixedClock) -> MadeLink:
    asked = ask(sessions, clock)
    assert asked is not None
    link = make_reset_link(sessions, asked.account_uid, clock=clock)
    assert link is not None
    return link


@pytest.mark.usefixtures("cast")
def test_a_reset_password_replaces_the_old_one(sessions: Sessions, clock: FixedClock) -> None:
    link = link_for(sessions, clock)
    reset_password(sessions, ResetPassword(link.secret, NEW), clock=clock, passwords=CHEAP)

    assert enter(sessions, NEW, clock).handle == "cp-mali"
    with pytest.raises(SignInNeeded):
        enter(sessions, PASSWORD, clock)


def test_a_reset_ends_sign_ins_and_tokens(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    open_before = enter(sessions, PASSWORD, clock)
    order = NewToken("scripts", timedelta(days=1))
    token = make_token(sessions, order, actor=cast.team.actor, clock=clock)
    link = link_for(sessions, clock)
    reset_password(sessions, ResetPassword(link.secret, NEW), clock=clock, passwords=CHEAP)

    with sessions.reading() as session:
        assert actor_by_session_secret(session, open_before.secret, at=clock.now()) is None
        assert actor_by_token(session, token.secret, at=clock.now()) is None


@pytest.mark.usefixtures("cast")
def test_a_reset_link_works_once(sessions: Sessions, clock: FixedClock) -> None:
    order = ResetPassword(link_for(sessions, clock).secret, NEW)
    reset_password(sessions, order, clock=clock, passwords=CHEAP)

    with pytest.raises(Conflict):
        reset_password(sessions, order, clock=clock, passwords=CHEAP)


@pytest.mark.usefixtures("cast")
def test_a_reset_link_ends_after_an_hour(sessions: Sessions, clock: FixedClock) -> None:
    order = ResetPassword(link_for(sessions, clock).secret, NEW)
    late = FixedClock(clock.at + timedelta(hours=1))

    with pytest.raises(Conflict):
        reset_password(sessions, order, clock=late, passwords=CHEAP)


@pytest.mark.usefixtures("cast")
def test_a_second_reset_link_ends_the_first(sessions: Sessions, clock: FixedClock) -> None:
    first = link_for(sessions, clock)
    link_for(sessions, clock)

    with pytest.raises(Conflict):
        reset_password(sessions, ResetPassword(first.secret, NEW), clock=clock, passwords=CHEAP)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("mailbox", [MAILBOX, "unknown@example.org"])
def test_known_and_unknown_mailboxes_are_limited_alike(
    sessions: Sessions, clock: FixedClock, mailbox: str
) -> None:
    made = [ask(sessions, clock, mailbox) is not None for _ in range(2)]

    assert made == [mailbox == MAILBOX] * 2
    with pytest.raises(TooMany):
        ask(sessions, clock, mailbox)


def test_a_changed_password_ends_the_other_sign_ins(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    here, elsewhere = enter(sessions, PASSWORD, clock), enter(sessions, PASSWORD, clock)
    with sessions.reading() as session:
        found = actor_by_session_secret(session, here.secret, at=clock.now())
    assert found is not None
    order = ChangePassword(PASSWORD, NEW, keep=found.sign_in_uid)
    change_password(sessions, order, actor=cast.team.actor, clock=clock, passwords=CHEAP)

    with sessions.reading() as session:
        assert actor_by_session_secret(session, here.secret, at=clock.now()) == found
        assert actor_by_session_secret(session, elsewhere.secret, at=clock.now()) is None


def test_who_does_not_know_the_password_cannot_change_it(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = ChangePassword("not this one at all", NEW)

    with pytest.raises(Invalid):
        change_password(sessions, order, actor=cast.team.actor, clock=clock, passwords=CHEAP)


def test_nobody_changes_no_password(sessions: Sessions, clock: FixedClock) -> None:
    order = ChangePassword(PASSWORD, NEW)

    with pytest.raises(SignInNeeded):
        change_password(sessions, order, actor=NOBODY, clock=clock, passwords=CHEAP)


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    stored = CHEAP.hash("caf\u00e9 au bord du lac")

    assert CHEAP.fits("cafe\u0301 au bord du lac", stored)


def test_the_default_costs_follow_the_recommendation() -> None:
    stored = Passwords().hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
