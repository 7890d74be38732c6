"""A donor's interest: where it stands, what may be answered, and why a letter is written. Pure."""

from enum import StrEnum

TOPIC = "interest"
NUMBER_LENGTH = 8


class InterestState(StrEnum):
    """Where an interest stands; one that was answered or withdrawn can be registered again."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"


class InterestAnswer(StrEnum):
    """What a donor is answered: there are talks, others pay, or the money is not asked for."""

    IN_TALKS = "in-talks"
    COVERED = "covered"
    DECLINED = "declined"


class Tells(StrEnum):
    """Why a letter about an interest is written."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
