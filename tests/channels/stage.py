"""A plan whose planner keeps channels, news made by hand, and whoever sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from tests.factories.plans import PlanScene, make_plan
from unbroken.gaps.rules.words import Severity
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import Sessions, database_now, row_id
from unbroken.kit.languages import Languages
from unbroken.kit.reaching import Bounds, Reach
from unbroken.kit.settings import Settings
from unbroken.notices.channel_writing import CHANNEL_WRITERS
from unbroken.notices.commands.channel_acts import ChannelTerms, Keyed
from unbroken.notices.commands.channel_hearing import note_gone, note_outcome
from unbroken.notices.commands.channel_news import put_channel_news
from unbroken.notices.commands.channels import RegisterChannel, register_channel
from unbroken.notices.commands.gathering import add_notices, hold_notices
from unbroken.notices.commands.sending import Post, send_due
from unbroken.notices.models import Channel
from unbroken.notices.ports import Fitting, NoticeSender
from unbroken.notices.queries.channels import ChannelView, ResultView, channel_view, results_of
from unbroken.notices.queries.unread import Happened
from unbroken.notices.rules.words import ChannelKind, News
from unbroken.notices.writing import Desk
from unbroken.outbox.models import Message, MessageState
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import plan_row
from unbroken_integrations.slack.adapter import Slack
from unbroken_integrations.teams.adapter import Teams
from unbroken_integrations.webhooks.adapter import Webhooks

ROOT = "a secret of this test, long enough to derive keys"
SITE = "https://unbroken.example.org"
HERE = frozenset({"127.0.0.1"})
QUICK = Bounds(request_seconds=5, in_all_seconds=5, most_bytes=4096, tries=1, private_hosts=HERE)


def reach() -> Reach:
    return Reach(QUICK)


def nothing(_address: str) -> None:
    """Let every address pass."""


FITTING = Fitting(settings=Settings(), secret=lambda _name: "", reach=reach)
TERMS = ChannelTerms(signing_root=ROOT, check=nothing)


@dataclass(frozen=True, slots=True)
class Stage:
    """The scene ``minust``, and what channels need."""

    scene: PlanScene
    languages: Languages
    terms: ChannelTerms = TERMS
    senders: Mapping[str, NoticeSender] = field(
        default_factory=lambda: {
            "webhook": Webhooks(FITTING),
            "teams": Teams(FITTING),
            "slack": Slack(FITTING),
        }
    )

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    @property
    def clock(self) -> FixedClock:
        return self.scene.clock

    @property
    def planner(self) -> dict[str, Any]:
        """Return who acts, and when, as commands take it."""
        return {"actor": self.scene.planner, "clock": self.clock}

    def register(
        self,
        address: str,
        *,
        actor: Actor | None = None,
        plan: str | None = "minust",
        **more: object,
    ) -> Keyed:
        """Register a channel of the plan by its planner, or as told."""
        given: dict[str, object] = {"kind": ChannelKind.WEBHOOK, "name": "Dashboard"}
        order = RegisterChannel(address=address, plan=plan, **{**given, **more})  # type: ignore[arg-type]
        by = actor or self.scene.planner
        return register_channel(self.sessions, order, actor=by, clock=self.clock, terms=self.terms)

    def happen(
        self,
        *subjects: UUID,
        kind: News = News.GAP_OPENED,
        severity: Severity | None = Severity.HIGH,
    ) -> None:
        """Add notices about the subjects on the plan."""
        happened = [
            Happened(f"test:{uuid4()}", kind, uid, self.clock.now(), severity) for uid in subjects
        ]
        with self.sessions.begin() as session:
            hold_notices(session)
            add_notices(session, row_id(plan_row(session, "minust")), happened)

    def put_news(self) -> int:
        return put_channel_news(self.sessions, clock=self.clock)

    def send(self) -> int:
        """Send what is due, as a process does."""
        desk = Desk(
            sessions=self.sessions,
            clock=SystemClock(),
            languages=self.languages,
            site=SITE,
            act_link_hours=72,
            signing_root=self.terms.signing_root,
        )
        post = Post(
            desk=desk,
            owner="test",
            senders=self.senders,
            writers=CHANNEL_WRITERS,
            chance=lambda: 0.0,
            gone=lambda message: note_gone(self.sessions, message, clock=self.clock),
            heard=lambda message, outcome: note_outcome(
                self.sessions, message, outcome, clock=self.clock
            ),
        )
        return send_due(post)

    def confirmed(self, address: str, **more: object) -> Keyed:
        """Register a channel and have its receiver answer the test."""
        made = self.register(address, **more)  # type: ignore[arg-type]
        assert self.send() == 1, self.results(made.uid)
        return made

    def view(self, uid: UUID, *, actor: Actor | None = None) -> ChannelView:
        with self.sessions.reading() as session:
            return channel_view(session, uid, actor=actor or self.scene.planner)

    def results(self, uid: UUID) -> tuple[ResultView, ...]:
        with self.sessions.reading() as session:
            return results_of(session, uid)

    def wait(self) -> None:
        """Let every message that waits be due."""
        waits = col(Message.state) == MessageState.WAITING
        with self.sessions.begin() as session:
            due = update(Message).where(waits).values(available_at=database_now(session))
            session.connection().execute(due)

    def change(self, uid: UUID, **values: object) -> None:
        """Change a channel's row as time would."""
        with self.sessions.begin() as session:
            session.connection().execute(
                update(Channel).where(col(Channel.uid) == uid).values(**values)
            )

    def database_time(self) -> datetime:
        with self.sessions.reading() as session:
            return database_now(session)


def make_stage(sessions: Sessions, clock: FixedClock, languages: Languages) -> Stage:
    return Stage(make_plan(sessions, clock), languages)


def messages(session: Session, topic: str) -> list[Message]:
    """Return the messages of a topic, in order."""
    return list(
        session.exec(select(Message).where(Message.topic == topic).order_by(col(Message.id)))
    )
