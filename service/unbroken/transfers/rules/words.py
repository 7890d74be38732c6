"""The states, acts and kinds of transfers."""

from enum import StrEnum


class CapacityState(StrEnum):
    """Where one capacity stands between its giver and its receiver."""

    NOT_STARTED = "not-started"
    PLANNED = "planned"
    OFFERED = "offered"
    RECOMMENDED = "recommended"
    TIME_ASKED = "time-asked"
    ATTESTED = "attested"
    CONFIRMED = "confirmed"
    CONDITIONAL = "conditional"
    SUSTAINED = "sustained"
    DECLINED = "declined"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    ENDED = "ended"
    NOT_APPLICABLE = "not-applicable"


class Act(StrEnum):
    """One signed act on a capacity; each leaves a receipt."""

    PLAN = "plan"
    OFFER = "offer"
    RECOMMEND = "recommend"
    CONFIRM = "confirm"
    CONFIRM_PART = "confirm_part"
    CONFIRM_ON_CONDITION = "confirm_on_condition"
    MEET_CONDITION = "meet_condition"
    DECLINE = "decline"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    ASK_TIME = "ask_time"
    WITHDRAW = "withdraw"
    ATTEST = "attest"
    RECEIVE = "receive"
    COUNTERSIGN = "countersign"
    REFUSE_COUNTERSIGN = "refuse_countersign"
    CHECK = "check"
    LAPSE = "lapse"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    NOT_APPLICABLE = "not_applicable"


class TransferKind(StrEnum):
    """A bridge has an end and never counts as confirmed; a receiver may pass a function on."""

    TRANSFER = "transfer"
    BRIDGE = "bridge"
    ONWARD = "onward"


class TransferState(StrEnum):
    """Whether a transfer is still in being."""

    OPEN = "open"
    ENDED = "ended"


class ItemState(StrEnum):
    """Where one line of a checklist stands."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not-applicable"

    # Enum's own hash is a call in Python, and whole workbooks of facts are looked up by these.
    __hash__ = str.__hash__


class AgreementKind(StrEnum):
    """What kind of agreement names the mission."""

    HANDOVER_PROTOCOL = "handover-protocol"
    ACTION_PLAN = "action-plan"
    MEMORANDUM = "memorandum"
    INFORMATION_SHARING = "information-sharing-protocol"
    ACCESS = "access-letter"
    SUPPORT = "support-agreement"


class SignatoryRole(StrEnum):
    """What a signatory is. Of armed parties and data suppliers only counts are kept."""

    MISSION = "mission"
    GOVERNMENT = "government"
    UNITED_NATIONS = "united-nations"
    CIVIL_SOCIETY = "civil-society"
    ARMED_PARTY = "armed-party"
    DATA_SUPPLIER = "data-supplier"


class Classification(StrEnum):
    """Who may see the title of a piece of evidence. Source: ST/SGB/2007/6."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"

    # Enum's own hash is a call in Python, and whole workbooks of facts are looked up by these.
    __hash__ = str.__hash__
