"""The states, severities and happenings of gaps."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad a gap is; ``rank`` orders them, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 0 for the worst, rising."""
        return RANKS[self]


RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class GapState(StrEnum):
    """Whether a gap is there.

    Set aside: its rule finds it still, and a setting of that rule says that it is not to be told.
    """

    OPEN = "open"
    CLOSED = "closed"
    SET_ASIDE = "set-aside"


class Happening(StrEnum):
    """What happened to a gap."""

    OPENED = "opened"
    REOPENED = "reopened"
    WORSENED = "worsened"
    EASED = "eased"
    MOVED = "moved"
    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_ENDED = "acknowledgement-ended"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    COMMENTED = "commented"
    WAIVER_ASKED = "waiver-asked"
    WAIVED = "waived"
    WAIVER_ENDED = "waiver-ended"
    SET_ASIDE = "set-aside"
