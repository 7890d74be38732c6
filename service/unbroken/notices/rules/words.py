"""The kinds of news, how often somebody reads, and how a channel stands."""

from enum import StrEnum


class News(StrEnum):
    """What a notice is about."""

    GAP_OPENED = "gap-opened"
    GAP_REOPENED = "gap-reopened"
    GAP_WORSENED = "gap-worsened"
    GAP_ESCALATED = "gap-escalated"
    GAP_ASSIGNED = "gap-assigned"
    OFFERED = "offered"
    ANSWERED = "answered"
    DISPUTED = "disputed"
    REVISED = "revised"


OF_GAPS = frozenset(
    {
        News.GAP_OPENED,
        News.GAP_REOPENED,
        News.GAP_WORSENED,
        News.GAP_ESCALATED,
        News.GAP_ASSIGNED,
    }
)


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class ChannelKind(StrEnum):
    """By which way a group of people, or a program, is told."""

    WEBHOOK = "webhook"
    TEAMS = "teams"
    SLACK = "slack"


class ChannelState(StrEnum):
    """How a channel stands: nothing goes to one that is not confirmed, or was disabled."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    DISABLED = "disabled"
    ENDED = "ended"
