"""Silence in words, from which day it counts, how long a silent source is left alone; pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from unbroken.kit.languages import gettext as _
from unbroken.sources.ports import Silence

CIRCUIT_AFTER = 3
"""So many readings in a row that failed make a source silent whatever it answered before."""

SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=30), timedelta(hours=24)
DAY = timedelta(days=1)

SILENCE_WORDS: Mapping[Silence, str] = {
    Silence.NO_CONNECTOR: _("No connector for this system is installed."),
    Silence.NO_SECRET: _("The variable that holds its token is not set."),
    Silence.NOT_ALLOWED: _("It does not accept the token."),
    Silence.NOT_THERE: _("It does not know what is asked for."),
    Silence.NO_ADDRESS: _("Its address leads nowhere that may be reached."),
    Silence.NO_ANSWER: _("It cannot be reached."),
    Silence.REFUSED: _("It answers with an error."),
    Silence.REDIRECTED: _("It leads to another address."),
    Silence.TOLD_TO_WAIT: _("It asks to be left alone for a while."),
    Silence.TOO_LARGE: _("Its answer is too large."),
    Silence.TOO_SLOW: _("It is too slow."),
    Silence.TRUNCATED: _("Its answer breaks off."),
    Silence.NOT_UNDERSTOOD: _("Its answer cannot be understood."),
    Silence.LED_ELSEWHERE: _("It says that its next page is on another server."),
    Silence.REPEATED_PAGE: _("It gives the same page again."),
    Silence.WRONG_COUNT: _("It gives fewer answers than it says there are."),
    Silence.TOO_MANY_PAGES: _("It does not come to an end."),
    Silence.NOT_WHOLE: _("Its answer is not whole, or does not agree with its own total."),
}


def counts_from(on: date, *, every_minutes: int, failures: int, answered_on: date | None) -> date:
    """Return the day from which a source that failed on a day counts as silent.

    At once where it never answered or failed too often in a row; else when twice its interval, and
    at least one day, has gone by since its last answer.
    """
    if answered_on is None or failures >= CIRCUIT_AFTER:
        return on
    return max(on, answered_on + window(every_minutes))


def window(every_minutes: int) -> timedelta:
    """Return how long a source may say nothing: twice its interval in whole days, at least one."""
    return max(DAY, DAY * (2 * every_minutes // (24 * 60)))


def left_alone(failures: int, wait_seconds: int) -> timedelta:
    """Return how long a source is left alone after so many failures in a row.

    Half an hour, doubled each time, at most a day; longer only where the source asked for it.
    """
    doubled = SHORTEST_WAIT * (1 << min(max(failures, 1) - 1, 10))
    return max(min(doubled, LONGEST_WAIT), timedelta(seconds=wait_seconds))


def interval(every_minutes: int, uid: UUID) -> timedelta:
    """Return how often a source is asked: its interval and up to a tenth more, always the same.

    So sources that were entered together do not all ask at once.
    """
    return timedelta(minutes=every_minutes) * (1 + uid.int % 100 / 1000)
