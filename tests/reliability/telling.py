"""News in the midst of the storm, told by mail and by webhooks; in the end each was told once."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from tests.factories.people import make_account
from tests.notices.stage import Stage
from tests.reliability.causes import Told, sendings
from tests.reliability.crowd import Crowd
from tests.reliability.instance import WatchedWorks
from tests.reliability.post_office import Arrived, PostOffice, post_office
from tests.scans.stage import until
from unbroken import wiring
from unbroken.gaps.models import Gap
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import database_now
from unbroken.kit.settings import Settings
from unbroken.kit.stopping import Stop
from unbroken.notices.commands.channel_acts import ChannelTerms
from unbroken.notices.commands.channels import RegisterChannel, register_channel
from unbroken.notices.models import Channel, Notice, NoticeReader
from unbroken.notices.rules.words import ChannelKind, ChannelState
from unbroken.outbox.models import Message, MessageState
from unbroken.people.rules import Grant, Role
from unbroken.plans.models import Plan

HOOKS, FIRST_ACCOUNTS = 3, 6
NEWS_APART, HOURS_APART, ACCOUNTS_APART = 0.7, 5.0, 15.0
"""Seconds between two gaps, two passings of the hour between letters, and two new accounts."""
ROOT = "what the keys of a storm's webhooks are derived from"
HERE = "127.0.0.1"


@dataclass
class EachToldOnce:
    """Gaps open on ``plan`` all the time; every channel and account is told each exactly once."""

    plan: int
    office: PostOffice = field(init=False)
    over: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def beside(self, crowd: Crowd) -> Iterator[None]:
        with post_office() as self.office:
            crowd.settings |= self._settings()
            crowd.at_work.append(lambda: _senders(crowd))
            self._people(crowd)
            telling = threading.Thread(target=self._happen, args=(crowd,), daemon=True)
            telling.start()
            try:
                yield
            finally:
                self.over.set()
                telling.join()

    def check(self, crowd: Crowd) -> None:
        self.over.set()
        self._drain(crowd)
        came, rows = self.office.by_id(), _rows(crowd)
        found = Told(crowd, came, rows, sendings(crowd))
        print(found.figures())  # noqa: T201 (shown on failure and with -s)

        assert {MessageState.SENT} == {row.state for row in rows}, crowd.story("left behind")
        assert {row.uid for row in rows} == came.keys(), crowd.story("sent, and never arrived")
        assert all(len(set(each)) == 1 for each in came.values()), crowd.story("an id twice used")
        assert not found.unexplained(), crowd.story(f"twice without a cause: {found.unexplained()}")
        self._check_gaps(crowd, came)

    def _check_gaps(self, crowd: Crowd, came: dict[UUID, list[Arrived]]) -> None:
        with crowd.sessions.reading() as session:
            of_plan = select(col(Gap.uid)).where(col(Gap.plan_id) == self.plan)
            opened = list(session.scalars(of_plan.order_by(col(Gap.id))))
            news = select(col(Notice.subject_uid)).where(col(Notice.plan_id) == self.plan)
            noted = list(session.scalars(news.order_by(col(Notice.id))))
        assert opened == noted, crowd.story("a gap became no notice, or two")
        told: dict[str, list[UUID]] = {}
        for first, *_again in came.values():
            told.setdefault(first.to, []).extend(first.gaps)
        assert len(told) >= HOOKS + FIRST_ACCOUNTS, crowd.story(f"not told: {sorted(told)}")
        for to, gaps in told.items():
            # an account that came later is told what happened since, without a hole
            since = 0 if _was_there(to) else opened.index(min(gaps, key=opened.index))
            assert Counter(gaps) == Counter(opened[since:]), crowd.story(f"told to {to}")

    def _settings(self) -> dict[str, object]:
        return {
            "smtp_host": HERE,
            "smtp_port": self.office.smtp_port,
            "smtp_security": "plain",
            "smtp_from": "unbroken@example.org",
            "base_url": "https://unbroken.example.org",
            "secret_signing": ROOT,
            "private_hosts": HERE,
        }

    def _people(self, crowd: Crowd) -> None:
        for number in range(FIRST_ACCOUNTS):
            self._account(crowd, f"first-{number}")
        with crowd.sessions.begin() as session:
            plan = session.get_one(Plan, self.plan).uid
            grants = (Grant(Role.PLANNER, plan_uid=plan),)
            keeper = make_account(session, grants=grants, handle="first-keeper", password=None)
        terms = ChannelTerms(signing_root=ROOT, check=lambda _address: None)
        for number in range(HOOKS):
            order = RegisterChannel(
                kind=ChannelKind.WEBHOOK,
                name=f"Hook {number}",
                address=f"{self.office.hooks.address}/first-{number}",
                plan=plan,
            )
            actor, clock = keeper.actor, SystemClock()
            register_channel(crowd.sessions, order, actor=actor, clock=clock, terms=terms)

    def _account(self, crowd: Crowd, handle: str) -> None:
        with crowd.sessions.begin() as session:
            plan = session.get_one(Plan, self.plan).uid
            grants = (Grant(Role.PLANNER, plan_uid=plan),)
            make_account(session, grants=grants, handle=handle, password=None)

    def _happen(self, crowd: Crowd) -> None:
        """Let things happen until it is over; what the database does not take has not happened."""
        until(lambda: self.over.is_set() or _everybody_is_there(crowd), seconds=60)
        acts: tuple[tuple[float, Callable[[], None]], ...] = (
            (NEWS_APART, lambda: self._open(crowd)),
            (HOURS_APART, lambda: let_hours_pass(crowd)),
            (ACCOUNTS_APART, lambda: self._account(crowd, f"later-{next(self.numbers)}")),
        )
        due = [time.monotonic() + apart for apart, _act in acts]
        while not self.over.wait(0.1):
            for which, (apart, act) in enumerate(acts):
                if time.monotonic() >= due[which]:
                    due[which] = time.monotonic() + apart
                    with suppress(SQLAlchemyError):
                        act()

    def _open(self, crowd: Crowd) -> None:
        stage = Stage(crowd.sessions, {}, FixedClock(SystemClock().now()))
        key = f"storm {next(self.numbers)}"
        stage.happen(Happening.OPENED, key, plan=self.plan, severity=Severity.CRITICAL)

    def _drain(self, crowd: Crowd) -> None:
        """Send what is left, as the next process would."""
        settings = Settings(data=crowd.folder, database_url=crowd.url, **crowd.settings)
        stop = Stop()
        works = WatchedWorks(
            settings=settings,
            sessions=crowd.sessions,
            clock=SystemClock(),
            terms=wiring.terms_of(settings),
            connectors=wiring.connectors_of(settings, stop=stop),
            stop=stop,
        )

        def is_done() -> bool:
            let_hours_pass(crowd)
            return works.notify() == 0 and not _under_way(crowd)

        until(is_done, seconds=60)


def let_hours_pass(crowd: Crowd) -> None:
    """Let everybody be told again, and every message that waits be due, as if time had passed."""
    waits = (col(Message.state) == MessageState.WAITING, col(Message.attempts) > 0)
    with crowd.sessions.begin() as session:
        session.connection().execute(update(NoticeReader).values(told_at=None))
        due = update(Message).where(*waits).values(available_at=database_now(session))
        session.connection().execute(due)


def _was_there(to: str) -> bool:
    return "first-" in to


def _senders(crowd: Crowd) -> set[str | None]:
    with suppress(SQLAlchemyError), crowd.sessions.reading() as session:
        claimed = select(col(Message.owner)).where(col(Message.state) == MessageState.CLAIMED)
        return set(session.scalars(claimed))
    return set()


def _everybody_is_there(crowd: Crowd) -> bool:
    with suppress(SQLAlchemyError), crowd.sessions.reading() as session:
        active = select(Channel).where(col(Channel.state) == ChannelState.ACTIVE)
        return (HOOKS, FIRST_ACCOUNTS + 1) == (
            len(session.scalars(active).all()),
            len(session.scalars(select(NoticeReader)).all()),
        )
    return False


def _under_way(crowd: Crowd) -> bool:
    open_states = (MessageState.WAITING, MessageState.CLAIMED)
    return any(row.state in open_states for row in _rows(crowd))


def _rows(crowd: Crowd) -> Sequence[Message]:
    with crowd.sessions.reading() as session:
        return session.scalars(select(Message)).all()
