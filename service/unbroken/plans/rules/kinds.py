"""The words in which missions, plans and what they keep on record are told apart."""

from enum import StrEnum


class MissionKind(StrEnum):
    """What kind of peace operation it is. Source: resolution 2764 (2024), element A."""

    PEACEKEEPING = "peacekeeping"
    SPECIAL_POLITICAL = "special-political"


class PlanKind(StrEnum):
    """What happens to the mission."""

    DRAWDOWN = "drawdown"
    START_UP = "start-up"
    DOWNSIZING = "downsizing"


class PlanScope(StrEnum):
    """Whether the whole mission or some of its areas are meant."""

    WHOLE = "whole"
    AREAS = "areas"


class DecisionKind(StrEnum):
    """What kind of act decided."""

    RESOLUTION = "resolution"
    LETTER = "letter"
    BUDGET = "budget"
    STATEMENT = "statement"


class ClaimKind(StrEnum):
    """Whether a claim says what is planned or what was reported to have happened."""

    PLANNED = "planned"
    REPORTED = "reported"


class AssessmentStage(StrEnum):
    """When the need for advisers was assessed. Source: resolution 2764 (2024), element D."""

    PREPARATION = "preparation"
    RENEWAL = "renewal"
    TRANSITION = "transition"


class PostSide(StrEnum):
    """Whose posts they are."""

    GIVER = "giver"
    RECEIVER = "receiver"
