"""Which happenings and acts are told at all, and which only add noise; pure.

Source: Grafana issues 18193 and 24762, OnCall issue 4654 (an acknowledged alert that went on).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from unbroken.gaps.rules.words import Happening, Severity
from unbroken.notices.rules.words import News

QUIET = timedelta(hours=24)
HAPPENED: Mapping[Happening, News] = {
    Happening.OPENED: News.GAP_OPENED,
    Happening.REOPENED: News.GAP_REOPENED,
    Happening.WORSENED: News.GAP_WORSENED,
}
ACTS: Mapping[str, News] = {
    "transfers:capacity:offered": News.OFFERED,
    "transfers:capacity:withdrawn": News.OFFERED,
    "transfers:capacity:recommended": News.ANSWERED,
    "transfers:capacity:confirmed": News.ANSWERED,
    "transfers:capacity:confirmed-in-part": News.ANSWERED,
    "transfers:capacity:confirmed-on-condition": News.ANSWERED,
    "transfers:capacity:declined": News.ANSWERED,
    "transfers:capacity:time-asked": News.ANSWERED,
    "transfers:capacity:attested": News.ANSWERED,
    "transfers:capacity:countersigned": News.ANSWERED,
    "transfers:capacity:countersignature-refused": News.ANSWERED,
    "transfers:capacity:received-without-offer": News.ANSWERED,
    "transfers:capacity:disputed": News.DISPUTED,
    "transfers:capacity:resolved": News.DISPUTED,
    "plans:revision:brought-into-force": News.REVISED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """When a gap was last told of, and how bad it was then."""

    at: datetime
    severity: Severity


def is_news(severity: Severity, at: datetime, *, told: Told | None) -> bool:
    """Return whether a gap that opened, reopened or worsened at ``at`` is told of.

    Not within a day of the last time, unless it is worse now: what comes and goes with every scan
    is told of once a day. A clock that was set back silences nothing.
    """
    if told is None or severity.rank < told.severity.rank:
        return True
    return not timedelta() <= at - told.at < QUIET
