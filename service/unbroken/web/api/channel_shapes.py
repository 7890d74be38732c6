"""What channels look like in the API."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from unbroken.gaps.rules.words import Severity
from unbroken.notices.commands.channels import EVERYTHING
from unbroken.notices.queries.channels import ChannelView, ResultView
from unbroken.notices.rules.words import ChannelKind, ChannelState, News
from unbroken.outbox.models import MessageState
from unbroken.web.api.inputs import Body, Name

ChannelName = Annotated[str, Field(min_length=1, max_length=80, examples=["Dashboard of UNICEF"])]
Address = Annotated[
    str, Field(min_length=1, max_length=300, examples=["https://hooks.example.org/unbroken"])
]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", examples=["en"])]
Kinds = Annotated[tuple[News, ...], Field(min_length=1, max_length=len(News))]


class ChannelItem(TypedDict):
    """One channel; without a plan it tells of every one.

    ``address`` of Teams and Slack is the name of the setting that holds it. ``least`` is the least
    severity of gaps that are told, ``news`` the kinds. While ``old_key_until_at`` lies ahead the
    key before signs too.
    """

    uid: UUID
    plan: str | None
    kind: ChannelKind
    name: str
    address: str
    language: str
    least: Severity
    news: list[News]
    state: ChannelState
    key_number: int
    old_key_until_at: datetime | None
    created_at: datetime


class KeyedChannel(ChannelItem):
    """A channel with its newest key (webhooks only), which is told here and never again."""

    key: str | None


class ResultItem(TypedDict):
    """One message of a channel; ``uid`` is what a receiver gets as ``webhook-id``.

    ``settled_at`` is when it was sent or given up, ``next_at`` when it is tried next. ``trouble``
    is a code, empty where there was none.
    """

    uid: UUID
    is_test: bool
    state: MessageState
    trouble: str
    attempts: int
    settled_at: datetime | None
    next_at: datetime | None


class NewChannel(Body):
    """A channel of one plan; without a plan, of the whole instance, by a steward."""

    kind: ChannelKind
    name: ChannelName
    address: Address
    plan: Name | None = None
    language: Language = "en"
    least: Severity = Severity.LOW
    news: Kinds = EVERYTHING


class ChannelPatch(Body):
    """What to change; what is left out stays."""

    name: ChannelName | None = None
    address: Address | None = None
    language: Language | None = None
    least: Severity | None = None
    news: Kinds | None = None


def item_of(view: ChannelView) -> ChannelItem:
    """Return a channel as it is told."""
    return {
        "uid": view.uid,
        "plan": view.plan,
        "kind": view.kind,
        "name": view.name,
        "address": view.address,
        "language": view.language,
        "least": view.least,
        "news": list(view.news),
        "state": view.state,
        "key_number": view.key_number,
        "old_key_until_at": view.old_key_until_at,
        "created_at": view.created_at,
    }


def result_of(view: ResultView) -> ResultItem:
    """Return what became of a message as it is told."""
    return {
        "uid": view.uid,
        "is_test": view.is_test,
        "state": view.state,
        "trouble": view.trouble,
        "attempts": view.attempts,
        "settled_at": view.settled_at,
        "next_at": view.next_at,
    }
