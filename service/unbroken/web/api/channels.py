"""``/channels``: programs and rooms that are told of news; each kept by who registered it."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.notices.commands.channel_keeping import (
    change_key,
    enable_channel,
    end_channel,
    send_test,
)
from unbroken.notices.commands.channels import (
    EditChannel,
    RegisterChannel,
    edit_channel,
    register_channel,
)
from unbroken.notices.queries.channels import (
    ChannelView,
    channel_view,
    channel_views,
    results_of,
)
from unbroken.notices.rules.keys import key_of
from unbroken.notices.rules.words import ChannelKind
from unbroken.people.rules import Role
from unbroken.web.api.answers import JSON, changed, made, once, shown
from unbroken.web.api.channel_shapes import (
    ChannelItem,
    ChannelPatch,
    KeyedChannel,
    NewChannel,
    ResultItem,
    item_of,
    result_of,
)
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, MAKES, Name, here, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.channel_terms import terms_of
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

router = APIRouter(prefix="/channels", tags=["channels"])
Keeper = Annotated[Visit, access(Roles(Role.PLANNER, Role.STEWARD))]
CHANNEL = TypeAdapter(ChannelItem)
CHANNELS = TypeAdapter(Listing[ChannelItem])
RESULTS = TypeAdapter(Listing[ResultItem])


@router.get("", response_model=Listing[ChannelItem])
def channels(
    visit: Keeper, plan: Annotated[Name | None, Query(description="Of this plan alone.")] = None
) -> Response:
    """List the channels that the caller keeps and that have not ended; on one page."""
    uid = None if plan is None else plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = channel_views(session, actor=visit.actor, plan=uid)
    return listing(CHANNELS, [item_of(each) for each in found], link=None)


@router.post("", status_code=201, response_model=KeyedChannel, openapi_extra=MAKES)
def register(request: Request, visit: Keeper, body: NewChannel) -> Response:
    """Register a channel, and have a test sent to it.

    It is told nothing until its receiver has answered with 2xx. A webhook's key is in the answer.
    """

    def act() -> Response:
        given = dict(body) | {"plan": None if body.plan is None else plan_of(visit, body.plan).uid}
        order = RegisterChannel(**given)
        done = register_channel(
            visit.sessions, order, actor=visit.actor, clock=visit.clock, terms=terms_of(visit)
        )
        view = _view(visit, done.uid)
        path = here(request, done.uid)
        return made(CHANNEL, item_of(view), uid=view.uid, version=view.version, path=path)

    return _with_key(visit, once(visit, act))


@router.get("/{channel_uid}", response_model=ChannelItem)
def one(request: Request, visit: Keeper, channel_uid: UUID) -> Response:
    """Show a channel that the caller keeps, ended or not."""
    view = _view(visit, channel_uid)
    return shown(request, CHANNEL, item_of(view), uid=view.uid, version=view.version)


@router.patch("/{channel_uid}", response_model=ChannelItem, openapi_extra=CHANGES)
def edit(request: Request, visit: Keeper, channel_uid: UUID, body: ChannelPatch) -> Response:
    """Change a channel; at another address it is told nothing until the receiver has answered."""
    seen = version_from_if_match(request, channel_uid)

    def act() -> Response:
        order = EditChannel(uid=channel_uid, version_seen=seen, **dict(body))
        edit_channel(
            visit.sessions, order, actor=visit.actor, clock=visit.clock, terms=terms_of(visit)
        )
        return _changed(visit, channel_uid)

    return once(visit, act)


@router.delete("/{channel_uid}", status_code=204, response_class=Response)
def end(visit: Keeper, channel_uid: UUID) -> Response:
    """End a channel for good; what waits for it is dropped."""
    end_channel(visit.sessions, channel_uid, actor=visit.actor, clock=visit.clock)
    return Response(status_code=204)


@router.post("/{channel_uid}/test", status_code=202, response_model=ChannelItem)
def test(visit: Keeper, channel_uid: UUID) -> Response:
    """Have a test sent; what came of it stands among the results. One that waits is tried now."""
    send_test(visit.sessions, channel_uid, actor=visit.actor, clock=visit.clock)
    return _changed(visit, channel_uid, status=202)


@router.post("/{channel_uid}/enable", status_code=202, response_model=ChannelItem)
def enable(visit: Keeper, channel_uid: UUID) -> Response:
    """Have a disabled channel tested; answered, it is told again, and what it missed at once."""
    enable_channel(visit.sessions, channel_uid, actor=visit.actor, clock=visit.clock)
    return _changed(visit, channel_uid, status=202)


@router.post("/{channel_uid}/key", response_model=KeyedChannel, openapi_extra=CHANGES)
def key(request: Request, visit: Keeper, channel_uid: UUID) -> Response:
    """Give a webhook another key; for 24 hours the one before signs too."""
    seen, root = version_from_if_match(request, channel_uid), visit.house.settings.secret_signing

    def act() -> Response:
        change_key(
            visit.sessions,
            channel_uid,
            actor=visit.actor,
            clock=visit.clock,
            root=root,
            seen=seen,
        )
        return _changed(visit, channel_uid)

    return _with_key(visit, once(visit, act))


@router.get("/{channel_uid}/results", response_model=Listing[ResultItem])
def results(visit: Keeper, channel_uid: UUID) -> Response:
    """List the last 20 messages of a channel and what came of each, the newest first."""
    _view(visit, channel_uid)
    with visit.sessions.reading() as session:
        found = results_of(session, channel_uid)
    return listing(RESULTS, [result_of(each) for each in found], link=None)


def _view(visit: Visit, uid: UUID) -> ChannelView:
    with visit.sessions.reading() as session:
        return channel_view(session, uid, actor=visit.actor)


def _changed(visit: Visit, uid: UUID, *, status: int = 200) -> Response:
    view = _view(visit, uid)
    return changed(CHANNEL, item_of(view), uid=view.uid, version=view.version, status=status)


def _with_key(visit: Visit, answer: Response) -> Response:
    """Return an answer with the channel's key in it.

    Answers are kept for whoever sends the same request again; keys are kept nowhere, so the key is
    derived once more.
    """
    item = json.loads(bytes(answer.body))
    is_keyed = item["kind"] == ChannelKind.WEBHOOK
    root, uid = visit.house.settings.secret_signing, UUID(item["uid"])
    item["key"] = key_of(root, uid, item["key_number"]) if is_keyed else None
    kept = {name: answer.headers[name] for name in ("etag", "location") if name in answer.headers}
    headers = {**kept, "cache-control": "no-store"}
    body = json.dumps(item, ensure_ascii=False)
    return Response(body, status_code=answer.status_code, media_type=JSON, headers=headers)
