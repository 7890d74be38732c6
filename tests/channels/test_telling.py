"""A channel from its registration to its end, with a receiver that verifies what it gets."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.channels.receiver import Came, Receiver, Says, receiving
from tests.channels.stage import ROOT, SITE, Stage, messages
from tests.factories.people import make_account
from unbroken.gaps.rules.words import Severity
from unbroken.kit.errors import Conflict
from unbroken.kit.languages import Languages
from unbroken.notices.channel_writing import CHANNEL_WRITERS
from unbroken.notices.commands.channel_hearing import DISABLED_TOPIC, note_outcome
from unbroken.notices.commands.channel_keeping import (
    change_key,
    enable_channel,
    end_channel,
    send_channel_message_again,
    send_test,
)
from unbroken.notices.commands.channels import EditChannel, edit_channel
from unbroken.notices.rules.retries import RETRIES, WHOLE
from unbroken.notices.rules.words import ChannelState, News
from unbroken.notices.writing import Desk
from unbroken.outbox.commands import claim
from unbroken.outbox.models import MessageState
from unbroken.people.rules import Grant, Role
from unbroken.trail.models import Entry


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def _read(came: Came, key: str) -> dict[str, Any]:
    found: dict[str, Any] = Webhook(key).verify(came.body, dict(came.headers))
    return found


def _acts(stage: Stage, uid: UUID) -> list[str]:
    with stage.sessions.reading() as session:
        mine = select(Entry.action).where(Entry.subject_uid == uid).order_by(col(Entry.position))
        return [action.rpartition(":")[2] for action in session.exec(mine)]


def test_a_channel_is_told_once_its_receiver_has_answered_a_test(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.register(receiver.address)
    gap = uuid4()
    stage.happen(gap)
    before = (stage.view(made.uid).state, stage.put_news())
    assert stage.send() == 1
    told = (stage.view(made.uid).state, stage.put_news(), stage.send(), stage.put_news())
    test, news = (_read(came, made.key) for came in receiver.came)

    assert (ChannelState.UNCONFIRMED, 0) == before
    assert (ChannelState.ACTIVE, 1, 1, 0) == told
    assert ("notices.test", f"{SITE}/channels/{made.uid}") == (test["type"], test["data"]["link"])
    thing = {"kind": "gap-opened", "number": gap.hex[:8], "link": f"{SITE}/gaps/{gap}"}
    assert {"things": [thing], "rest": 0, "link": f"{SITE}/gaps?plan=minust"} == news["data"]
    assert ("notices.news", {"type", "timestamp", "data"}) == (news["type"], set(news))
    assert str(stage.results(made.uid)[0].uid) == receiver.came[1].headers["webhook-id"]
    assert ["registered", "confirmed"] == _acts(stage, made.uid)


def test_only_what_a_channel_asked_for_is_told_and_the_rest_is_counted(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.confirmed(
        receiver.address, least=Severity.HIGH, news=(News.GAP_OPENED, News.OFFERED)
    )
    stage.happen(uuid4(), severity=Severity.MEDIUM)
    stage.happen(uuid4(), kind=News.GAP_WORSENED, severity=Severity.CRITICAL)
    assert (0, 0) == (stage.put_news(), stage.put_news())
    offer, gaps = uuid4(), [uuid4() for _ in range(60)]
    stage.happen(offer, kind=News.OFFERED, severity=None)
    stage.happen(*gaps)
    stage.happen(gaps[0], severity=Severity.CRITICAL)
    assert (1, 1) == (stage.put_news(), stage.send())
    data = _read(receiver.came[-1], made.key)["data"]
    links = [thing["link"] for thing in data["things"]]

    assert (50, 11) == (len(links), data["rest"])
    assert f"{SITE}/gaps/{gaps[0]}" in links
    assert links == sorted(links), "no order may tell which is the worst"
    assert len(receiver.came[-1].body) < 20_000
    assert b"critical" not in receiver.came[-1].body


def test_a_receiver_that_is_down_finds_one_message_and_not_one_for_each_scan(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.confirmed(receiver.address)
    receiver.says = [Says(503, {"retry-after": "3600"})]
    stage.happen(uuid4())
    assert (1, 0) == (stage.put_news(), stage.send())
    stage.happen(uuid4())
    held, result = stage.put_news(), stage.results(made.uid)[0]
    stage.wait()
    assert (1, 1, 1) == (stage.send(), stage.put_news(), stage.send())

    assert (0, MessageState.WAITING, "told-to-wait", 1) == (
        held,
        result.state,
        result.trouble,
        result.attempts,
    )
    assert result.next_at is not None
    assert result.next_at - stage.database_time() > timedelta(minutes=55)
    ids = [came.headers["webhook-id"] for came in receiver.came]
    assert ids[1] == ids[2] != ids[3]


def test_two_processes_tell_a_channel_once(stage: Stage, receiver: Receiver) -> None:
    stage.confirmed(receiver.address)
    stage.happen(uuid4(), uuid4())
    with ThreadPoolExecutor(2) as both:
        put = list(both.map(lambda _n: stage.put_news(), range(2)))

    assert (1, 1, 0) == (sum(put), stage.send(), stage.send())


def test_while_a_key_is_changed_both_sign_for_a_day(stage: Stage, receiver: Receiver) -> None:
    first = stage.confirmed(receiver.address)
    by = stage.planner
    second = change_key(stage.sessions, first.uid, root=ROOT, seen=2, **by)
    send_test(stage.sessions, first.uid, **by)
    assert stage.send() == 1
    over = stage.database_time() - timedelta(seconds=1)
    stage.change(first.uid, old_key_until_at=over)
    send_test(stage.sessions, first.uid, **by)
    assert stage.send() == 1
    _confirming, during, after = receiver.came

    assert first.key != second.key
    assert _read(during, first.key) == _read(during, second.key)
    assert "notices.test" == _read(after, second.key)["type"]
    with pytest.raises(WebhookVerificationError):
        _read(after, first.key)
    assert ["registered", "confirmed", "key-changed", "tested", "tested"] == _acts(stage, first.uid)


def test_410_disables_at_once_and_whoever_made_it_is_written_to(
    stage: Stage, receiver: Receiver, languages: Languages
) -> None:
    with stage.sessions.begin() as session:
        known = make_account(session, grants=(Grant(Role.PLANNER, country_iso3="MLI"),))
    made = stage.confirmed(receiver.address, actor=known.actor)
    by: dict[str, Any] = {"actor": known.actor, "clock": stage.clock}
    receiver.says = [Says(410)]
    stage.happen(uuid4())
    assert (1, 0) == (stage.put_news(), stage.send())
    with pytest.raises(Conflict):
        send_test(stage.sessions, made.uid, **by)
    stage.happen(uuid4())
    gone = (stage.view(made.uid).state, stage.results(made.uid)[0].trouble, stage.put_news())
    (letter,) = claim(stage.sessions, owner="mail", lease_seconds=60, limit=9)
    desk = Desk(
        sessions=stage.sessions,
        clock=stage.clock,
        languages=languages,
        site=SITE,
        act_link_hours=1,
        signing_root=ROOT,
    )
    written = CHANNEL_WRITERS[DISABLED_TOPIC](desk, letter)
    enable_channel(stage.sessions, made.uid, **by)
    assert (1, 1, 1) == (stage.send(), stage.put_news(), stage.send())

    assert (ChannelState.DISABLED, "gone", 0) == gone
    assert written is not None
    assert (known.account.mailbox, True) == (written.to, made.uid.hex[:8] in written.subject)
    assert f"{SITE}/channels/{made.uid}" in written.text
    assert ChannelState.ACTIVE is stage.view(made.uid).state
    assert ["registered", "confirmed", "disabled", "enabled", "confirmed"] == _acts(stage, made.uid)


def test_failing_for_longer_than_all_tries_disables_and_the_dead_letter_is_sent_again(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.confirmed(receiver.address)
    by = stage.planner
    receiver.says = [Says(500)] * (len(RETRIES) + 1)
    stage.happen(uuid4())
    stage.put_news()
    for _ in RETRIES:
        stage.send()
        stage.wait()
    still = stage.view(made.uid).state
    stage.change(made.uid, failing_since_at=stage.database_time() - WHOLE)
    stage.send()
    dead = stage.results(made.uid)[0]
    with pytest.raises(Conflict):
        send_channel_message_again(stage.sessions, made.uid, dead.uid, **by)
    assert ChannelState.DISABLED is stage.view(made.uid).state
    enable_channel(stage.sessions, made.uid, **by)
    stage.send()
    send_channel_message_again(stage.sessions, made.uid, dead.uid, **by)
    stage.send()

    assert ChannelState.ACTIVE is still
    assert (MessageState.FAILED, "refused", 10) == (dead.state, dead.trouble, dead.attempts)
    ids = [came.headers["webhook-id"] for came in receiver.came]
    assert [str(dead.uid)] * 10 == ids[1:11]
    assert str(dead.uid) == ids[12]


def test_another_address_must_answer_first_and_nothing_that_waits_is_lost(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.confirmed(receiver.address)
    by = stage.planner
    stage.happen(uuid4())
    stage.put_news()
    order = EditChannel(uid=made.uid, version_seen=2, address=f"{receiver.address}/other")
    edit_channel(stage.sessions, order, terms=stage.terms, **by)
    state = stage.view(made.uid).state
    stage.send()
    stage.wait()
    stage.send()
    end_channel(stage.sessions, made.uid, **by)
    with pytest.raises(Conflict):
        end_channel(stage.sessions, made.uid, **by)

    assert ChannelState.UNCONFIRMED is state
    assert ["/hook", "/hook/other", "/hook/other"] == [came.path for came in receiver.came]
    assert "notices.news" == _read(receiver.came[-1], made.key)["type"]


def test_an_answer_from_the_old_address_confirms_no_other(stage: Stage, receiver: Receiver) -> None:
    made = stage.register(f"{receiver.address}/old")
    (test,) = claim(stage.sessions, owner="slow", lease_seconds=0, limit=9, senders=["webhook"])
    order = EditChannel(uid=made.uid, version_seen=1, address=receiver.address)
    edit_channel(stage.sessions, order, terms=stage.terms, **stage.planner)
    note_outcome(stage.sessions, test, "sent", clock=stage.clock)
    before = stage.view(made.uid).state
    stage.send()

    assert (ChannelState.UNCONFIRMED, ["/hook"]) == (before, [came.path for came in receiver.came])
    assert ChannelState.ACTIVE is stage.view(made.uid).state


def test_what_waits_for_a_channel_that_has_ended_is_dropped(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.confirmed(receiver.address)
    stage.happen(uuid4())
    stage.put_news()
    end_channel(stage.sessions, made.uid, actor=stage.scene.planner, clock=stage.clock)
    stage.send()
    with stage.sessions.reading() as session:
        (news,) = messages(session, "channel")

    assert (MessageState.DROPPED, 1) == (news.state, len(receiver.came))


def test_without_its_secret_a_machine_sends_nothing_and_says_so(
    stage: Stage, receiver: Receiver
) -> None:
    made = stage.register(receiver.address)
    bare = replace(stage, terms=replace(stage.terms, signing_root=""))

    assert (0, "no-secret") == (bare.send(), stage.results(made.uid)[0].trouble)
    assert [] == receiver.came
