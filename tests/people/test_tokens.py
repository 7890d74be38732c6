"""Bearer tokens: shown once, ending, revoked by their account or a steward."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from tests.people.conftest import Cast
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound, SignInNeeded
from unbroken.people.commands.accounts import CloseAccount, close_account
from unbroken.people.commands.tokens import (
    MadeToken,
    NewToken,
    make_token,
    note_token_use,
    revoke_token,
)
from unbroken.people.models import BearerToken
from unbroken.people.queries import TokenActor, actor_by_token, token_views
from unbroken.people.rules import NOBODY
from unbroken.trail.queries import entries

MONTH = timedelta(days=30)


def make(sessions: Sessions, cast: Cast, clock: FixedClock) -> MadeToken:
    order = NewToken("weekly report", MONTH)
    return make_token(sessions, order, actor=cast.team.actor, clock=clock)


def who(sessions: Sessions, secret: str, clock: FixedClock) -> TokenActor | None:
    with sessions.reading() as session:
        return actor_by_token(session, secret, at=clock.now())


def test_a_token_acts_as_its_account(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    made = make(sessions, cast, clock)

    found = who(sessions, made.secret, clock)
    assert found is not None
    assert found.actor == cast.team.actor


def test_neither_tables_nor_trail_hold_a_tokens_secret(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = make(sessions, cast, clock)

    with sessions.reading() as session:
        stored = repr(session.exec(select(BearerToken)).one().model_dump())
        recorded = repr(entries(session, plan_uid=None, limit=10))
    assert made.secret not in stored + recorded + repr(made)
    assert "weekly report" in recorded


def test_a_token_ends(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    made = make(sessions, cast, clock)

    assert who(sessions, made.secret, FixedClock(clock.at + MONTH)) is None


@pytest.mark.parametrize("lives", [timedelta(0), timedelta(days=367)])
def test_a_token_lives_between_a_moment_and_a_year(
    sessions: Sessions, cast: Cast, clock: FixedClock, lives: timedelta
) -> None:
    with pytest.raises(Invalid):
        make_token(sessions, NewToken("report", lives), actor=cast.team.actor, clock=clock)


def test_nobody_makes_no_token(sessions: Sessions, clock: FixedClock) -> None:
    with pytest.raises(SignInNeeded):
        make_token(sessions, NewToken("report", MONTH), actor=NOBODY, clock=clock)


@pytest.mark.parametrize(
    ("part", "refusal"),
    [("team", None), ("steward", None), ("outsider", NotFound), ("nobody", SignInNeeded)],
)
def test_a_token_is_revoked_by_its_account_or_a_steward(
    sessions: Sessions, cast: Cast, clock: FixedClock, part: str, refusal: type[Exception] | None
) -> None:
    made = make(sessions, cast, clock)
    found = None
    try:
        revoke_token(sessions, made.uid, actor=cast.actors()[part], clock=clock)
    except (NotFound, SignInNeeded) as error:
        found = type(error)

    assert found == refusal
    assert (who(sessions, made.secret, clock) is None) == (refusal is None)


def test_a_revoked_token_leaves_the_list(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    made = make(sessions, cast, clock)
    kept = make(sessions, cast, clock)
    revoke_token(sessions, made.uid, actor=cast.team.actor, clock=clock)

    with sessions.reading() as session:
        uids = [view.uid for view in token_views(session, cast.team.account.uid)]
    assert uids == [kept.uid]


def test_no_token_is_revoked_by_chance(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        revoke_token(sessions, UUID(int=1), actor=cast.steward.actor, clock=clock)


def test_the_token_of_a_closed_account_is_useless(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = make(sessions, cast, clock)
    order = CloseAccount(cast.team.account.uid, 1)
    close_account(sessions, order, actor=cast.steward.actor, clock=clock)

    assert who(sessions, made.secret, clock) is None


def test_last_used_is_written_at_most_once_a_minute(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    made = make(sessions, cast, clock)
    used = []
    for seconds in (0, 59, 60):
        note_token_use(sessions, made.uid, clock=FixedClock(clock.at + timedelta(seconds=seconds)))
        with sessions.reading() as session:
            used.append(token_views(session, cast.team.account.uid)[0].used_at)

    assert used == [clock.at, clock.at, clock.at + timedelta(seconds=60)]
