"""What waits leaves once: retries, dead letters, ways out of order, and processes that die."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import col, select
from structlog.typing import EventDict

from tests.mail_servers import HOST, Mailroom, mail_server
from tests.notices.stage import DAY, MONDAY, SITE, Stage, desk_for
from tests.scans.stage import ActingClock, Killed, nothing
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.db import Sessions, database_now
from unbroken.kit.errors import Conflict, Forbidden
from unbroken.kit.instance import create_instance
from unbroken.kit.reaching import Reach
from unbroken.kit.settings import Settings
from unbroken.notices.commands.resending import ResendAll, resend, resend_all, send_trial
from unbroken.notices.commands.sending import AT_ONCE, LEASE_SECONDS, Post, send_due
from unbroken.notices.commands.turning import take_turn
from unbroken.notices.letters import WRITERS
from unbroken.notices.letters.trials import TRIAL_TOPIC
from unbroken.notices.ports import Envelope, Fitting, NotSent
from unbroken.notices.rules.retries import RETRIES
from unbroken.outbox.commands import Claimed, Draft, forget_settled, put
from unbroken.outbox.models import Message, MessageState
from unbroken.outbox.queries import counts, ways
from unbroken_integrations.smtp.adapter import SmtpSender

LATER = timedelta(seconds=1)


@dataclass
class Pigeon:
    """A way out that keeps what it carries, or refuses as it is told."""

    carried: list[Envelope] = field(default_factory=list)
    refuse: Callable[[Envelope], Exception | None] = lambda _envelope: None
    is_ready: bool = True
    is_open: bool = False

    def ready(self) -> bool:
        return self.is_ready

    def rest(self) -> None:
        self.is_open = False

    def send(self, envelope: Envelope) -> None:
        self.is_open = True
        error = self.refuse(envelope)
        if error is not None:
            raise error
        self.carried.append(envelope)


def note(_desk: object, message: Claimed) -> Envelope:
    return Envelope(uid=message.uid, to=message.recipient, subject="Note", text="Note\n")


def post_of(sessions: Sessions, sender: Any, *, owner: str = "first", **more: Any) -> Post:  # noqa: ANN401
    writers = {**WRITERS, "note": note}
    return Post(
        desk=desk_for(sessions),
        owner=owner,
        senders={"mail": sender},
        writers=writers,
        **{"chance": lambda: 0.0, **more},
    )


def add(sessions: Sessions, count: int = 1, topic: str = "note") -> list[UUID]:
    with sessions.begin() as session:
        drafts = [Draft(topic, f"note:{n}", f"office-{n}@example.org", {}) for n in range(count)]
        return [put(session, each) for each in drafts]


def rows(sessions: Sessions) -> list[Message]:
    with sessions.reading() as session:
        return list(session.exec(select(Message).order_by(col(Message.id))))


def let_pass(sessions: Sessions, **values: object) -> None:
    """Make every message due, and every lease over, as if the time had passed."""
    with sessions.begin() as session:
        before = database_now(session) - LATER
        due = {"available_at": before, "lease_until": before, **values}
        session.connection().execute(update(Message).values(**due))


def fail() -> None:
    raise ZeroDivisionError


def lose_database() -> None:
    raise PoolTimeoutError


def test_what_waits_leaves_oldest_first_and_only_once(sessions: Sessions) -> None:
    uids = add(sessions, AT_ONCE + 3)
    pigeon = Pigeon()
    post = post_of(sessions, pigeon)

    assert (AT_ONCE + 3, 0) == (send_due(post), send_due(post))
    assert uids == [each.uid for each in pigeon.carried]
    with sessions.reading() as session:
        (way,) = ways(session)
        assert (AT_ONCE + 3, 0, 0, "") == (way.sent, way.waiting, way.failed, way.trouble)


def test_nothing_is_claimed_for_a_way_that_is_not_set_up(sessions: Sessions) -> None:
    add(sessions)

    assert 0 == send_due(post_of(sessions, Pigeon(is_ready=False)))
    assert [(MessageState.WAITING, 0)] == [(each.state, each.attempts) for each in rows(sessions)]


def test_what_is_refused_for_now_follows_the_table_and_then_is_a_dead_letter(
    sessions: Sessions,
) -> None:
    add(sessions)
    post = post_of(sessions, Pigeon(refuse=lambda _e: NotSent("smtp-busy")))
    waits = []
    for _time in RETRIES:
        send_due(post)
        with sessions.reading() as session:
            waits.append(rows(sessions)[0].available_at - database_now(session))
        assert 0 == send_due(post)
        let_pass(sessions)
    send_due(post)
    (row,) = rows(sessions)

    for wait, listed in zip(waits, RETRIES, strict=True):
        assert listed - timedelta(seconds=60) < wait <= listed
    assert (MessageState.FAILED, 10, "smtp-busy") == (row.state, row.attempts, row.last_error)


def test_what_is_refused_for_good_is_tried_once_and_a_steward_has_it_sent_again(
    stage: Stage,
) -> None:
    sessions, steward = stage.sessions, stage.known["steward"].actor
    first, second = add(sessions, 2)
    pigeon = Pigeon(refuse=lambda _e: NotSent("smtp-recipient", again=False))
    post = post_of(sessions, pigeon)
    send_due(post)
    pigeon.refuse = lambda _e: None
    resend(sessions, first, actor=steward, clock=stage.clock)
    with pytest.raises(Conflict):
        resend(sessions, first, actor=steward, clock=stage.clock)
    with pytest.raises(Forbidden):
        resend(sessions, second, actor=stage.known["planner"].actor, clock=stage.clock)
    sent = send_due(post)
    others = ResendAll("mail", "smtp-busy"), ResendAll("mail", "smtp-recipient")
    again = [resend_all(sessions, each, actor=steward, clock=stage.clock) for each in others]

    assert (1, [0, 1], 1) == (sent, again, send_due(post))
    assert [first, second] == [each.uid for each in pigeon.carried]


def test_of_a_way_that_is_out_of_order_one_message_finds_out(sessions: Sessions) -> None:
    add(sessions, 5)
    closed = Pigeon(refuse=lambda _e: NotSent("smtp-unreachable", closed=True))
    send_due(post_of(sessions, closed))
    tried = [each.attempts for each in rows(sessions)]
    let_pass(sessions)

    assert [1, 0, 0, 0, 0] == tried
    assert 5 == send_due(post_of(sessions, Pigeon()))


def test_one_message_that_cannot_be_written_or_carried_keeps_no_other_waiting(
    sessions: Sessions, lines: list[EventDict]
) -> None:
    uids = add(sessions, 3)
    unknown = add(sessions, 1, topic="unheard-of")
    with sessions.begin() as session:
        session.connection().execute(
            update(Message).where(col(Message.uid) == uids[0]).values(topic="unheard-of")
        )

    def break_on(envelope: Envelope) -> Exception | None:
        return ValueError("broken") if envelope.uid == uids[1] else None

    pigeon = Pigeon(refuse=break_on)

    assert unknown == [uids[0]]  # the same key: put once
    assert 1 == send_due(post_of(sessions, pigeon))
    assert [uids[2]] == [each.uid for each in pigeon.carried]
    assert ["not-written", "sender-broken", None] == [each.last_error for each in rows(sessions)]
    assert {"notices:not-written", "notices:sender-broke"} <= {str(e["action"]) for e in lines}


def test_who_is_told_to_stop_gives_back_what_it_has_not_tried(sessions: Sessions) -> None:
    add(sessions, 4)
    pigeon = Pigeon()
    post = post_of(sessions, pigeon, stopped=lambda: bool(pigeon.carried))

    assert 1 == send_due(post)
    assert [1, 0, 0, 0] == [each.attempts for each in rows(sessions)]
    assert 3 == send_due(post_of(sessions, pigeon, owner="second"))


def test_what_left_is_noted_as_sent_though_whoever_hears_of_it_breaks(
    sessions: Sessions, lines: list[EventDict]
) -> None:
    add(sessions, 2)
    post = post_of(sessions, Pigeon(), heard=lambda _message, _outcome: fail())
    sent = send_due(post)
    let_pass(sessions)

    assert (2, 0) == (sent, send_due(post))
    assert ["notices:not-heard"] * 2 == [each["action"] for each in lines]


def test_who_slept_past_the_lease_while_it_wrote_leaves_the_message_to_others(
    sessions: Sessions,
) -> None:
    uids = add(sessions)
    pigeon, told = Pigeon(), iter([0.0, LEASE_SECONDS])

    assert 0 == send_due(post_of(sessions, pigeon, elapsed=lambda: next(told)))
    let_pass(sessions)
    assert 1 == send_due(post_of(sessions, pigeon, owner="second"))
    assert uids == [each.uid for each in pigeon.carried]


def test_where_the_database_is_lost_no_letter_is_to_blame_and_no_way_stays_open(
    sessions: Sessions,
) -> None:
    add(sessions, 3)
    pigeon, acts = Pigeon(), [nothing, lose_database]

    def write(desk: object, message: Claimed) -> Envelope:
        acts.pop(0)()
        return note(desk, message)

    with pytest.raises(PoolTimeoutError):
        send_due(replace(post_of(sessions, pigeon), writers={"note": write}))
    assert (1, False) == (len(pigeon.carried), pigeon.is_open)
    left = [MessageState.CLAIMED] * 2
    assert [MessageState.SENT, *left] == [each.state for each in rows(sessions)]
    assert {None} == {each.last_error for each in rows(sessions)}


def test_four_who_send_at_once_send_each_message_once(sessions: Sessions) -> None:
    uids = add(sessions, 40)
    pigeon = Pigeon()
    with ThreadPoolExecutor(4) as pool:
        posts = [post_of(sessions, pigeon, owner=name) for name in "abcd"]
        sent = sum(pool.map(send_due, posts))

    assert 40 == sent
    assert Counter(uids) == Counter(each.uid for each in pigeon.carried)


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def smtp(room: Mailroom) -> Iterator[SmtpSender]:
    with mail_server(room) as port:
        settings = Settings(
            base_url=SITE,
            smtp_host=HOST,
            smtp_port=port,
            smtp_security="plain",
            smtp_from="unbroken@example.org",
        )
        sender = SmtpSender(Fitting(settings=settings, secret=lambda _name: "", reach=Reach))
        yield sender
        sender.rest()


def die(_message: Claimed, outcome: str) -> None:
    if outcome == "sent":
        raise Killed


def test_who_dies_between_sending_and_noting_it_has_it_sent_twice_under_one_id(
    stage: Stage, room: Mailroom, smtp: SmtpSender
) -> None:
    names = [f"gap {number}" for number in range(30)]
    stage.happen(Happening.OPENED, *names, severity=Severity.CRITICAL)
    stage.tell()
    with pytest.raises(Killed):
        send_due(post_of(stage.sessions, smtp, heard=die))
    blocked = send_due(post_of(stage.sessions, smtp, owner="second"))
    let_pass(stage.sessions)
    resumed = send_due(post_of(stage.sessions, smtp, owner="second"))

    assert (0, 3) == (blocked, resumed)
    ids = Counter(letter["Message-ID"] for letter in room.taken)
    assert [2, 1, 1] == sorted(ids.values(), reverse=True)
    twice = [letter for letter in room.taken if ids[letter["Message-ID"]] == 2]
    assert twice[0].get_content() == twice[1].get_content()
    assert {"30 critical gaps, 30 new things"} == {
        str(letter["Subject"]).removeprefix("Unbroken: ") for letter in room.taken
    }


def test_a_server_that_asks_for_patience_gets_the_letter_later(
    stage: Stage, room: Mailroom, smtp: SmtpSender
) -> None:
    send_trial(stage.sessions, actor=stage.known["steward"].actor, clock=stage.clock)
    room.to_recipient = "450 busy"
    first = send_due(post_of(stage.sessions, smtp))
    room.to_recipient = ""
    let_pass(stage.sessions)

    assert (0, 1) == (first, send_due(post_of(stage.sessions, smtp)))
    assert ["steward@example.org"] == [letter["To"] for letter in room.taken]
    assert TRIAL_TOPIC == rows(stage.sessions)[0].topic


def turning(stage: Stage, pigeon: Pigeon, *, is_demonstration: bool | None) -> Post:
    if is_demonstration is not None:
        with stage.sessions.begin() as session:
            create_instance(session, is_demonstration=is_demonstration, at=MONDAY)
    return post_of(stage.sessions, pigeon)


def test_a_demonstration_puts_letters_and_sends_none(stage: Stage) -> None:
    stage.happen(Happening.OPENED, "one", severity=Severity.CRITICAL)
    pigeon = Pigeon()

    assert 0 == take_turn(turning(stage, pigeon, is_demonstration=True), clock=stage.clock)
    assert ([], 3) == (pigeon.carried, len(rows(stage.sessions)))


def test_until_mail_can_leave_nothing_is_put_and_then_one_letter_tells_all(stage: Stage) -> None:
    stage.happen(Happening.OPENED, "one")
    pigeon = Pigeon(is_ready=False)
    post = turning(stage, pigeon, is_demonstration=False)
    sent = [take_turn(post, clock=stage.later(n * DAY).clock) for n in range(6)]
    pigeon.is_ready = True
    sent.append(take_turn(post, clock=stage.later(6 * DAY).clock))

    assert [0, 0, 0, 0, 0, 0, 3] == sent
    assert {1} == set(Counter(each.to for each in pigeon.carried).values())


def test_an_empty_database_has_nothing_to_turn(stage: Stage) -> None:
    assert 0 == take_turn(turning(stage, Pigeon(), is_demonstration=None), clock=stage.clock)


def test_a_step_that_fails_keeps_no_other_from_its_turn(
    stage: Stage, lines: list[EventDict]
) -> None:
    add(stage.sessions)
    pigeon = Pigeon()
    post = turning(stage, pigeon, is_demonstration=False)

    assert 1 == take_turn(post, clock=ActingClock([fail, fail, fail]))
    failed = {str(each["action"]) for each in lines if each["log_level"] == "error"}
    names = ("welcome", "escalate", "digest")
    assert {f"notices:{name}:failed" for name in names} == failed


def test_a_turn_ends_where_the_database_is_lost_and_where_the_process_is_told_to_end(
    stage: Stage,
) -> None:
    add(stage.sessions)
    stage.happen(Happening.OPENED, "one")
    post = turning(stage, Pigeon(), is_demonstration=False)
    with pytest.raises(PoolTimeoutError):
        take_turn(post, clock=ActingClock([lose_database]))

    assert 0 == take_turn(replace(post, stopped=lambda: True), clock=stage.clock)
    assert ([], [0]) == (stage.notices(), [each.attempts for each in rows(stage.sessions)])


def test_what_was_sent_long_ago_is_forgotten_a_few_at_a_time(sessions: Sessions) -> None:
    add(sessions, 4)
    pigeon = Pigeon(refuse=lambda e: NotSent("x", again=False) if "0" in e.to else None)
    send_due(post_of(sessions, pigeon))
    kept = timedelta(days=90)
    none_yet = forget_settled(sessions, older=kept)
    with sessions.reading() as session:
        long_ago = database_now(session) - kept - LATER
    let_pass(sessions, available_at=long_ago, settled_at=long_ago)
    gone = [forget_settled(sessions, older=kept, limit=2) for _time in range(3)]

    assert (0, [2, 1, 0]) == (none_yet, gone)
    with sessions.reading() as session:
        assert 1 == counts(session)[MessageState.FAILED]
