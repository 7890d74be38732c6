"""Registers channels and edits them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from unbroken.gaps.rules.words import Severity
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.languages import LANGUAGES
from unbroken.notices.commands.channel_acts import (
    ActingOn,
    ChannelAction,
    ChannelTerms,
    Keyed,
    acting_on_channel,
    check_address,
    keyed,
    put_test,
    require_root,
)
from unbroken.notices.models import Channel
from unbroken.notices.queries.channels import channel_count, channel_view, keeper_of_plan, kinds_of
from unbroken.notices.queries.readers import newest_notice
from unbroken.notices.rules.addresses import host_of
from unbroken.notices.rules.words import ChannelKind, ChannelState, News
from unbroken.people.rules import Actor, Place, author_of
from unbroken.people.rules.administration import require_steward
from unbroken.plans.commands.acts import clean, living_plan, refuse_if
from unbroken.plans.commands.rights import require_account
from unbroken.plans.queries.rows import Ref
from unbroken.trail.commands import open_trail

MOST_CHANNELS = 20
NAME_LENGTH = 80
EVERYTHING = tuple(News)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChannel:
    """A new channel of one plan, or of the whole instance where ``plan`` is ``None``.

    ``address`` of Teams and Slack is the name of the setting that holds it.
    """

    kind: ChannelKind
    name: str
    address: str
    plan: Ref | None = None
    language: str = "en"
    least: Severity = Severity.LOW
    news: tuple[News, ...] = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class EditChannel:
    """What to change of a channel; ``None`` stays."""

    uid: UUID
    version_seen: int | None
    name: str | None = None
    address: str | None = None
    language: str | None = None
    least: Severity | None = None
    news: tuple[News, ...] | None = None


def register_channel(
    sessions: Sessions,
    order: RegisterChannel,
    *,
    actor: Actor,
    clock: Clock,
    terms: ChannelTerms,
) -> Keyed:
    """Register a channel and put its test; it is told nothing until the receiver has answered.

    What happens from now on is told.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan, or no steward.
        NotFound: there is no such plan in sight.
        Invalid: a name, an address, a language or a choice that cannot be.
        Conflict: there is nothing to derive keys from, or no room for another channel.
    """
    _require_keeper(sessions, order.plan, actor)
    if order.kind is ChannelKind.WEBHOOK:
        require_root(terms.signing_root)
    order = clean(order, name=NAME_LENGTH)
    refuse_if(_problems(order.name, order.language, order.news))
    check_address(order.kind, order.address, terms)
    at = clock.now()
    with sessions.begin() as session:
        place = _place(session, order.plan, actor)
        plans = () if place is None else (place.plan_uid,)
        recorder = open_trail(session, author=author_of(actor, place), at=at, plans=plans)
        row = _new_row(session, order, place, actor=actor, at=at)
        session.add(row)
        session.flush()
        acting = ActingOn(session, row, recorder)
        acting.record(ChannelAction.REGISTERED, _told(row))
        put_test(session, row, at=at)
        return keyed(row, terms.signing_root)


def edit_channel(
    sessions: Sessions, order: EditChannel, *, actor: Actor, clock: Clock, terms: ChannelTerms
) -> None:
    """Change a channel; at another address it is told nothing until the receiver has answered.

    Raises:
        NotFound: there is no such channel that the actor keeps.
        Invalid: a name, an address, a language or a choice that cannot be.
        Conflict: it has ended.
        Stale: somebody changed it since it was read.
    """
    order = clean(order, name=NAME_LENGTH)
    refuse_if(_problems(order.name, order.language, order.news))
    with sessions.reading() as session:
        before = channel_view(session, order.uid, actor=actor)
    moves = order.address is not None and order.address != before.address
    if moves:
        check_address(before.kind, order.address or "", terms)
    seen, at = order.version_seen, clock.now()
    with acting_on_channel(sessions, order.uid, actor=actor, clock=clock, seen=seen) as acting:
        old = _told(acting.row)
        _change(acting.row, order)
        acting.record(ChannelAction.EDITED, {"old": old, "new": _told(acting.row)})
        if moves:
            acting.row.state = ChannelState.UNCONFIRMED
            put_test(acting.session, acting.row, at=at)


def _require_keeper(sessions: Sessions, plan: Ref | None, actor: Actor) -> None:
    with sessions.reading() as session:
        _place(session, plan, actor)


def _place(session: Session, plan: Ref | None, actor: Actor) -> Place | None:
    require_account(actor)
    if plan is not None:
        return keeper_of_plan(session, plan, actor=actor)
    require_steward(actor)
    return None


def _new_row(
    session: Session, order: RegisterChannel, place: Place | None, *, actor: Actor, at: datetime
) -> Channel:
    plan_id = None if place is None else row_id(living_plan(session, place.plan_uid))
    if channel_count(session, plan_id) >= MOST_CHANNELS:
        raise Conflict(
            "There are {most} channels already.",
            remedy="End one that is not needed any more.",
            most=MOST_CHANNELS,
        )
    assert actor.account_uid is not None  # noqa: S101 - a keeper has an account
    return Channel(
        plan_id=plan_id,
        kind=order.kind,
        name=order.name,
        address=order.address,
        language=order.language,
        least=order.least,
        news=_stored(order.news),
        state=ChannelState.UNCONFIRMED,
        told_to=newest_notice(session),
        made_by_uid=actor.account_uid,
        created_at=at,
    )


def _change(row: Channel, order: EditChannel) -> None:
    for name in ("name", "address", "language", "least"):
        value = getattr(order, name)
        if value is not None:
            setattr(row, name, value)
    if order.news is not None:
        row.news = _stored(order.news)


def _stored(kinds: tuple[News, ...]) -> dict[str, object]:
    return {"kinds": [kind.value for kind in News if kind in kinds]}


def _told(row: Channel) -> Mapping[str, object]:
    """Return what the trail keeps of a channel; of its address the host: the rest may be secret."""
    return {
        "kind": row.kind,
        "name": row.name,
        "host": host_of(row.address) if row.kind is ChannelKind.WEBHOOK else "",
        "language": row.language,
        "least": row.least,
        "news": list(kinds_of(row)),
    }


def _problems(
    name: str | None, language: str | None, news: tuple[News, ...] | None
) -> list[Problem]:
    checked = (
        (name == "", NO_NAME),
        (language is not None and language not in LANGUAGES, NO_LANGUAGE),
        (news is not None and not news, NO_NEWS),
    )
    return [problem for is_wrong, problem in checked if is_wrong]


NO_NAME = Problem("name", "is missing", "Say which room or program is told.")
NO_LANGUAGE = Problem("language", "is not spoken here", "Use en, fr, ar or es.")
NO_NEWS = Problem("news", "is missing", "Choose at least one kind of news.")
