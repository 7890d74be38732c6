"""A request that comes twice counts once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid
from unbroken.kit.idempotency import (
    New,
    Replay,
    Request,
    begin_request,
    drop_request,
    finish_request,
    forget_old,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REQUEST = Request(uuid4(), "k-1", "a" * 64)
ANSWER = Replay(201, '{"uid": "é"}', {"Location": "/x"})


def begin(kit: Sessions, request: Request = REQUEST) -> New:
    begun = begin_request(kit, request, at=NOW)
    assert isinstance(begun, New)
    return begun


def test_the_second_time_the_first_answer_comes_again(kit: Sessions) -> None:
    finish_request(kit, begin(kit), ANSWER)

    assert begin_request(kit, REQUEST, at=NOW) == ANSWER


def test_a_request_still_running_is_a_conflict(kit: Sessions) -> None:
    begin(kit)
    with pytest.raises(Conflict, match="still running"):
        begin(kit)


def test_the_same_key_for_another_request_is_refused(kit: Sessions) -> None:
    begin(kit)
    with pytest.raises(Invalid, match="another request"):
        begin(kit, Request(REQUEST.account_uid, "k-1", "b" * 64))


def test_keys_of_two_accounts_do_not_meet(kit: Sessions) -> None:
    begin(kit)

    other = Request(uuid4(), "k-1", "b" * 64)

    assert begin(kit, other) == New(other)


def test_a_dropped_request_can_be_tried_again(kit: Sessions) -> None:
    drop_request(kit, begin(kit))

    assert begin(kit) == New(REQUEST)


def test_dropping_never_forgets_a_known_answer(kit: Sessions) -> None:
    new = begin(kit)
    finish_request(kit, new, ANSWER)
    drop_request(kit, new)

    assert begin_request(kit, REQUEST, at=NOW) == ANSWER


def test_old_keys_are_forgotten_and_new_ones_kept(kit: Sessions) -> None:
    begin(kit)

    assert [forget_old(kit, before=NOW), forget_old(kit, before=NOW + timedelta(1))] == [0, 1]


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\nb"])
def test_a_key_that_is_no_key_is_refused(kit: Sessions, key: str) -> None:
    with pytest.raises(Invalid):
        begin(kit, Request(REQUEST.account_uid, key, "a" * 64))


def test_of_eight_that_come_at_once_one_is_new(kit: Sessions) -> None:
    def attempt(_: int) -> str:
        try:
            return type(begin_request(kit, REQUEST, at=NOW)).__name__
        except Conflict:
            return "Conflict"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(attempt, range(8)))

    assert told == ["Conflict"] * 7 + ["New"]
