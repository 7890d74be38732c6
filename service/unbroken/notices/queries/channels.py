"""Channels: those that somebody keeps, and what became of their messages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from unbroken.gaps.rules.words import Severity
from unbroken.kit.errors import Forbidden, NotFound, SignInNeeded
from unbroken.notices.models import Channel
from unbroken.notices.rules.words import ChannelKind, ChannelState, News
from unbroken.outbox.models import Message, MessageState
from unbroken.people.rules import Actor, Place, sight_of
from unbroken.people.rules.administration import may_administer_people
from unbroken.plans.commands.rights import may_edit
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.rows import Ref, place_of

NEWS_TOPIC, TEST_TOPIC = "channel", "channel-test"
SHOWN = 20
BEING_SENT = (MessageState.WAITING, MessageState.CLAIMED)


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel; ``plan`` is its plan's slug, ``None`` where it tells of every plan.

    ``address`` of Teams and Slack is the name of a setting. ``old_key_until_at`` is in the future
    while the key before signs too. ``version`` goes back as ``version_seen``.
    """

    uid: UUID
    plan: str | None
    kind: ChannelKind
    name: str
    address: str
    language: str
    least: Severity
    news: tuple[News, ...]
    state: ChannelState
    key_number: int
    old_key_until_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ResultView:
    """What became of one message of a channel; ``trouble`` is a code, empty where there was none.

    ``settled_at`` is when it was sent or given up, ``next_at`` when it is tried (again).
    """

    uid: UUID
    is_test: bool
    state: MessageState
    trouble: str
    attempts: int
    settled_at: datetime | None
    next_at: datetime | None


def channel_views(
    session: Session, *, actor: Actor, plan: Ref | None = None
) -> tuple[ChannelView, ...]:
    """Return the channels that the actor keeps and that have not ended, in order; may be empty.

    Those of ``plan`` where one is given.

    Raises:
        SignInNeeded, Forbidden: a plan is given that the actor does not plan.
        NotFound: there is no such plan in sight.
    """
    query = channel_rows().where(col(Channel.state) != ChannelState.ENDED).order_by(col(Channel.id))
    if plan is not None:
        place = keeper_of_plan(session, plan, actor=actor)
        query = query.where(col(Plan.uid) == place.plan_uid)
    found = session.exec(query).all()
    return tuple(
        _view(row, slug)
        for row, slug, uid, country in found
        if _keeps(actor, place_behind(uid, country))
    )


def instance_channels(session: Session, *, actor: Actor) -> tuple[ChannelView, ...]:
    """Return the channels of the whole instance that have not ended, in order; may be empty."""
    return tuple(each for each in channel_views(session, actor=actor) if each.plan is None)


def channel_view(session: Session, uid: UUID, *, actor: Actor) -> ChannelView:
    """Return one channel that the actor keeps, ended or not.

    Raises:
        NotFound: there is none, or somebody else keeps it.
    """
    channel_place(session, uid, actor=actor)
    row, slug, _uid, _country = session.exec(channel_rows().where(Channel.uid == uid)).one()
    return _view(row, slug)


def channel_place(session: Session, uid: UUID, *, actor: Actor) -> Place | None:
    """Return the place of a channel that the actor keeps; ``None``: it tells of every plan.

    A channel never moves to another plan, so this holds before anything is locked.

    Raises:
        NotFound: there is none, or somebody else keeps it.
    """
    found = session.exec(channel_rows().where(Channel.uid == uid)).first()
    if found is None or not _keeps(actor, place := place_behind(found[2], found[3])):
        raise NotFound("There is no such channel.", remedy="The list shows those that you keep.")
    return place


def keeper_of_plan(session: Session, plan: Ref, *, actor: Actor) -> Place:
    """Return the place of a plan whose channels the actor keeps.

    Raises:
        SignInNeeded, Forbidden: the actor does not plan there.
        NotFound: there is no such plan in sight.
    """
    place = place_of(session, plan, sight=sight_of(actor))
    if actor.account_uid is None:
        raise SignInNeeded
    if not may_edit(actor, place):
        raise Forbidden(
            "Only a planner of this plan keeps its channels.",
            remedy="Ask a planner of this plan.",
        )
    return place


def results_of(session: Session, channel: UUID, *, limit: int = SHOWN) -> tuple[ResultView, ...]:
    """Return the last messages of a channel, the newest first; may be empty."""
    query = select(Message).where(Message.channel_uid == channel)
    newest = query.order_by(col(Message.id).desc()).limit(limit)
    return tuple(_result(message) for message in session.exec(newest))


def messages_under_way(session: Session, channel: UUID, topic: str) -> list[Message]:
    """Return the messages of a channel that are being sent or wait for it, in order."""
    query = select(Message).where(
        Message.channel_uid == channel,
        Message.topic == topic,
        col(Message.state).in_(BEING_SENT),
    )
    return list(session.exec(query.order_by(col(Message.id))))


def channel_count(session: Session, plan_id: int | None) -> int:
    """Return how many channels of a plan, or of the whole instance, have not ended."""
    same = col(Channel.plan_id).is_(None) if plan_id is None else col(Channel.plan_id) == plan_id
    query = select(func.count()).select_from(Channel)
    return session.exec(query.where(same, Channel.state != ChannelState.ENDED)).one()


def channel_rows() -> Select[Channel, str, UUID, str]:
    """Return the statement that reads channels with their plan's slug, UUID and country.

    Of a channel that tells of every plan all three are ``None``.
    """
    query = select(Channel, Plan.slug, Plan.uid, Mission.country_iso3)
    with_plan = query.outerjoin(Plan, col(Plan.id) == Channel.plan_id)
    return with_plan.outerjoin(Mission, col(Mission.id) == Plan.mission_id)


def kinds_of(channel: Channel) -> tuple[News, ...]:
    """Return the kinds of news that a channel is told, in the order of ``News``."""
    kept = channel.news.get("kinds")
    named = set(kept) if isinstance(kept, list) else set()
    return tuple(kind for kind in News if kind.value in named)


def place_behind(plan_uid: UUID | None, country: str | None) -> Place | None:
    """Return the place of a channel's plan; ``None`` where it tells of every plan."""
    return None if plan_uid is None or country is None else Place(plan_uid, country)


def _keeps(actor: Actor, place: Place | None) -> bool:
    return may_administer_people(actor) if place is None else may_edit(actor, place)


def _view(row: Channel, slug: str | None) -> ChannelView:
    return ChannelView(
        uid=row.uid,
        plan=slug,
        kind=row.kind,
        name=row.name,
        address=row.address,
        language=row.language,
        least=row.least,
        news=kinds_of(row),
        state=row.state,
        key_number=row.key_number,
        old_key_until_at=row.old_key_until_at,
        created_at=row.created_at,
        version=row.version,
    )


def _result(message: Message) -> ResultView:
    is_open = message.state is MessageState.WAITING
    return ResultView(
        uid=message.uid,
        is_test=message.topic == TEST_TOPIC,
        state=message.state,
        trouble="" if message.state is MessageState.SENT else message.last_error or "",
        attempts=message.attempts,
        settled_at=message.settled_at,
        next_at=message.available_at if is_open else None,
    )
