"""A message is put once, claimed by one, and settled only by who holds it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from unbroken.kit.db import Sessions
from unbroken.outbox.commands import Claimed, Draft, claim, fail, put, put_back, settle
from unbroken.outbox.models import Message, MessageState
from unbroken.outbox.queries import counts, messages, standing


def add(sessions: Sessions, key: str = "digest:1", *, delay: timedelta = timedelta()) -> UUID:
    with sessions.begin() as session:
        return put(session, Draft("digest", key, "a@example.org", {"gap": 4}, delay))


def take(sessions: Sessions, owner: str, *, seconds: float = 60, limit: int = 1) -> list[Claimed]:
    return claim(sessions, owner=owner, lease_seconds=seconds, limit=limit)


def row(sessions: Sessions) -> Message:
    with sessions.reading() as session:
        return session.exec(select(Message)).one()


def test_the_same_key_is_put_once(sessions: Sessions) -> None:
    assert add(sessions) == add(sessions)
    assert len(take(sessions, "a", limit=9)) == 1


def test_a_claimed_message_is_offered_to_nobody_else(sessions: Sessions) -> None:
    uid = add(sessions)

    assert [message.uid for message in take(sessions, "a")] == [uid]
    assert take(sessions, "b") == []


def test_a_message_is_not_due_before_its_delay(sessions: Sessions) -> None:
    add(sessions, delay=timedelta(hours=1))

    assert take(sessions, "a") == []


def test_a_settled_message_stays_sent(sessions: Sessions) -> None:
    add(sessions)
    (mine,) = take(sessions, "a")

    assert settle(sessions, mine)
    assert not settle(sessions, mine)
    assert (row(sessions).state, row(sessions).settled_at is None) == (MessageState.SENT, False)


def test_an_expired_lease_is_taken_over_and_the_old_owner_changes_nothing(
    sessions: Sessions,
) -> None:
    add(sessions)
    (old,) = take(sessions, "a", seconds=-1)
    (new,) = take(sessions, "b")

    assert not settle(sessions, old)
    assert not fail(sessions, old, error="late", retry_in=None)
    assert (row(sessions).owner, row(sessions).attempts) == ("b", 2)
    assert settle(sessions, new)


def test_an_owner_who_claims_again_cannot_settle_its_first_claim(sessions: Sessions) -> None:
    add(sessions)
    (first,) = take(sessions, "a", seconds=-1)
    take(sessions, "a")

    assert not settle(sessions, first)


def test_a_failed_message_comes_again_after_its_pause(sessions: Sessions) -> None:
    add(sessions)
    (mine,) = take(sessions, "a")
    fail(sessions, mine, error="refused", retry_in=timedelta())
    (again,) = take(sessions, "a")

    assert (again.attempts, row(sessions).last_error) == (2, "refused")


def test_a_message_failed_for_good_is_listed_and_not_claimed(sessions: Sessions) -> None:
    uid = add(sessions)
    (mine,) = take(sessions, "a")
    fail(sessions, mine, error="no such mailbox", retry_in=None)
    with sessions.reading() as session:
        (found,) = messages(session, states=(MessageState.FAILED,), limit=5)
        assert (found[1].uid, found[1].trouble) == (uid, "no such mailbox")
        assert counts(session)[MessageState.FAILED] == 1
    assert take(sessions, "b") == []


def test_a_put_is_undone_with_its_transaction(sessions: Sessions) -> None:
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:  # noqa: PT012
        put(session, Draft("digest", "k", "a@example.org", {}))
        raise ZeroDivisionError

    assert take(sessions, "a") == []


def test_eight_claimers_never_get_one_message_twice(sessions: Sessions) -> None:
    for number in range(40):
        add(sessions, f"k{number}")

    def drain(owner: str) -> list[UUID]:
        got: list[UUID] = []
        while batch := take(sessions, owner, limit=3):
            got += [message.uid for message in batch]
        return got

    with ThreadPoolExecutor(8) as pool:
        taken = Counter(uid for got in pool.map(drain, "abcdefgh") for uid in got)

    assert (len(taken), set(taken.values())) == (40, {1})


def test_a_message_given_back_goes_to_the_next_at_once_and_was_no_attempt(
    sessions: Sessions,
) -> None:
    add(sessions)
    (mine,) = take(sessions, "a")

    assert put_back(sessions, mine)
    assert not put_back(sessions, mine)
    assert not settle(sessions, mine)
    assert [1] == [theirs.attempts for theirs in take(sessions, "b")]


def test_how_the_outbox_stands_is_told_by_topic_and_state(sessions: Sessions) -> None:
    for number in range(4):
        add(sessions, f"digest:{number}")
    add(sessions, "later", delay=timedelta(hours=1))
    first, second, _ = take(sessions, "a", limit=3)
    settle(sessions, first)
    fail(sessions, second, error="gone", retry_in=None)
    with sessions.reading() as session:
        found = standing(session)

    assert (2, 1, True) == (found.waiting, found.dead, found.oldest >= timedelta())
    told = {state: 1 for state in MessageState if state is not MessageState.DROPPED}
    assert {("digest", state): count for state, count in told.items()} == found.recent
