"""A scene with open offers and a source of phone forms, and submissions to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlmodel import select

from tests.factories.transfers import Scene, make_scene
from tests.scenes import kept
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor, Grant, Role
from unbroken.plans.models import Plan
from unbroken.sources import rules as asked
from unbroken.sources.ports import (
    FormAddress,
    FormSource,
    Silence,
    SourceSilent,
    Submission,
    SubmissionPage,
    Unread,
    Validation,
)
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.commands.form_sources import (
    AddFormSource,
    FormSourceAdded,
    add_form_source,
    switch_form_source,
)
from unbroken.transfers.commands.polling import Connectors, Polled, poll
from unbroken.transfers.models import Capacity, Proposal, Transfer
from unbroken.transfers.rules.words import Act

SECRET = "UNBROKEN_SECRET_TEST"
APPROVED = Validation.APPROVED


@dataclass(slots=True)
class Scripted:
    """A source that yields what a test puts into it, and breaks where a test says so."""

    told: Sequence[SubmissionPage] = ()
    breaks_with: Silence | None = None
    asked_for: list[FormAddress] = field(default_factory=list)

    def pages(self, address: FormAddress) -> Iterator[SubmissionPage]:
        self.asked_for.append(address)
        yield from self.told
        if self.breaks_with:
            raise SourceSilent(self.breaks_with)

    def hold(self, *submissions: Submission, unread: Sequence[Unread] = ()) -> None:
        """Let it have these submissions on one page, counted rightly."""
        total = len({each.identity for each in submissions} | {each.identity for each in unread})
        self.told = [SubmissionPage(submissions, tuple(unread), total)]


@dataclass(frozen=True, slots=True)
class Desk:
    """The scene, its source and how it is read."""

    scene: Scene
    plan: str
    source: FormSourceAdded
    scripted: Scripted
    steward: Actor

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    def pull(self, reader: FormSource | None = None, *, clock: FixedClock | None = None) -> Polled:
        """Read the source once."""
        connectors = Connectors({"kobo": reader or self.scripted}, lambda _name: "opens")
        at = clock or self.scene.clock
        return poll(self.sessions, self.source.uid, connectors=connectors, clock=at)

    def proposals(self) -> list[Proposal]:
        """Return every proposal as it is stored, in order."""
        with self.sessions.reading() as session:
            return sorted(session.exec(select(Proposal)), key=lambda row: row.id or 0)

    def answers(self, uid: UUID, answer: str = "confirm", **more: str) -> dict[str, str]:
        """Return what a phone sends about an offer, as the form that shows it now would."""
        return {
            asked.OFFER: str(uid),
            asked.ANSWER: answer,
            asked.ROLE: "child-protection",
            asked.CONTENT: self.scene.capacity(uid).content_hash,
            asked.VERSION: "v1",
            **{f"unbroken_{name}": text for name, text in more.items()},
        }


@kept
def make_desk(
    sessions: Sessions, clock: FixedClock, *, base_url: str = "https://kobo.example.org"
) -> Desk:
    """Return a scene with a source of phone forms that is on."""
    return with_source(make_scene(sessions, clock), Scripted(), base_url=base_url)


def with_source(
    scene: Scene, scripted: Scripted, *, base_url: str = "https://kobo.example.org"
) -> Desk:
    """Return a scene's desk: enter a source of phone forms and switch it on."""
    sessions, clock = scene.sessions, scene.clock
    steward = Actor(uuid4(), "steward-forms", uuid4(), (Grant(Role.STEWARD),))
    order = AddFormSource(
        plan=scene.plan_uid,
        system="kobo",
        base_url=base_url,
        form="aYuTZn9vegi3Z49MXwKjep",
        secret_name=SECRET,
    )
    source = add_form_source(sessions, order, actor=steward, clock=clock)
    switch_form_source(sessions, source.uid, is_on=True, actor=steward, clock=clock)
    with sessions.reading() as session:
        slug = session.exec(select(Plan.slug).where(Plan.uid == scene.plan_uid)).one()
    return Desk(scene, slug, source, scripted, steward)


def offer_all(scene: Scene, code: str = "DIG-REP") -> Mapping[Dimension, UUID]:
    """Name a receiver of one function and offer everything; return the capacities."""
    named = scene.named(code).capacities
    for uid in named.values():
        scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
    return named


def submission(
    answers: Mapping[str, str],
    identity: str = "1",
    *,
    validation: Validation = APPROVED,
    revision: str = "",
) -> Submission:
    """Return one submission with these answers."""
    return Submission(identity=identity, validation=validation, answers=answers, revision=revision)


def propose(sessions: Sessions, capacity_uid: UUID) -> UUID:
    """Let a phone confirm an open offer in a plan of any making; return the proposal's UUID."""
    clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    with sessions.reading() as session:
        capacity = session.exec(select(Capacity).where(Capacity.uid == capacity_uid)).one()
        transfer = session.get_one(Transfer, capacity.transfer_id)
        plan_uid = session.get_one(Plan, transfer.plan_id).uid
    steward = Actor(uuid4(), "steward-forms", uuid4(), (Grant(Role.STEWARD),))
    order = AddFormSource(
        plan=plan_uid,
        system="kobo",
        base_url="https://kobo.example.org",
        form="aYuTZn9vegi3Z49MXwKjep",
        secret_name=SECRET,
    )
    source = add_form_source(sessions, order, actor=steward, clock=clock)
    scripted = Scripted()
    answers = {
        asked.OFFER: str(capacity_uid),
        asked.ANSWER: "confirm",
        asked.CONTENT: capacity.content_hash,
    }
    scripted.hold(submission(answers))
    poll(sessions, source.uid, connectors=Connectors({"kobo": scripted}, str), clock=clock)
    with sessions.reading() as session:
        return session.exec(select(Proposal.uid)).one()
