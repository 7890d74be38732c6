"""The words for states and severities, with a tone and a shape: colour is never the only sign."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.channel_words import CHANNEL_LABELS
from unbroken.web.money_words import MONEY_LABELS
from unbroken.web.notice_words import NOTICE_LABELS
from unbroken.web.plan_words import LABELS


@dataclass(frozen=True, slots=True)
class Word:
    """How one value is shown: its label, its tone (a colour) and its shape.

    Tones: good, info, warn, bad, worst, quiet. Shapes: full, half, ring, dot, check, cross,
    triangle, diamond, square, dash, query, none.
    """

    label: str
    tone: str = "quiet"
    shape: str = "none"


CAPACITY = {
    "not-started": Word(_("Not started"), "quiet", "ring"),
    "planned": Word(_("Planned"), "quiet", "dot"),
    "offered": Word(_("Offered"), "info", "half"),
    "recommended": Word(_("Recommended"), "info", "half"),
    "time-asked": Word(_("More time asked"), "warn", "half"),
    "attested": Word(_("Attested"), "warn", "half"),
    "confirmed": Word(_("Confirmed"), "good", "check"),
    "conditional": Word(_("On condition"), "warn", "diamond"),
    "sustained": Word(_("Sustained"), "good", "full"),
    "declined": Word(_("Declined"), "bad", "cross"),
    "disputed": Word(_("Disputed"), "bad", "diamond"),
    "withdrawn": Word(_("Withdrawn"), "bad", "dash"),
    "lapsed": Word(_("Lapsed"), "bad", "triangle"),
    "suspended": Word(_("Suspended"), "warn", "square"),
    "ended": Word(_("Ended by decision"), "quiet", "square"),
    "not-applicable": Word(_("Not applicable"), "quiet", "dash"),
}
COVER = {
    "green": Word(_("Covered"), "good", "full"),
    "amber": Word(_("Covered in part"), "warn", "half"),
    "bridged-until": Word(_("Bridged"), "info", "diamond"),
    "unknown": Word(_("Unknown"), "quiet", "query"),
    "none": Word(_("Not covered"), "bad", "cross"),
    "hidden": Word(_("Not shown"), "quiet", "dash"),
}
SEVERITY = {
    "critical": Word(_("Critical"), "worst", "triangle"),
    "high": Word(_("High"), "bad", "diamond"),
    "medium": Word(_("Medium"), "warn", "square"),
    "low": Word(_("Low"), "info", "dot"),
}
PROPOSAL = {
    "open": Word(_("Proposed"), "info", "half"),
    "accepted": Word(_("Accepted"), "good", "check"),
    "refused": Word(_("Refused"), "bad", "cross"),
    "superseded": Word(_("Superseded"), "quiet", "dash"),
}
VALIDATION = {
    "waiting": Word(_("Waits for approval there"), "warn", "ring"),
    "approved": Word(_("Approved there"), "good", "check"),
    "rejected": Word(_("Rejected there"), "bad", "cross"),
    "withdrawn": Word(_("Deleted there"), "bad", "dash"),
}
GAP = {
    "open": Word(_("Open"), "bad", "ring"),
    "closed": Word(_("Closed"), "good", "check"),
    "acknowledged": Word(_("Acknowledged"), "info", "half"),
    "waived": Word(_("Waived"), "warn", "dash"),
    "comes-and-goes": Word(_("Comes and goes"), "warn", "triangle"),
    "set-aside": Word(_("Set aside by its rule"), "warn", "dash"),
}
HAPPENING = {
    "opened": Word(_("Opened"), "bad", "ring"),
    "reopened": Word(_("Opened again"), "bad", "ring"),
    "worsened": Word(_("Worsened"), "bad", "triangle"),
    "eased": Word(_("Eased"), "info", "half"),
    "moved": Word(_("Moved"), "quiet", "dash"),
    "closed": Word(_("Closed"), "good", "check"),
    "acknowledged": Word(_("Acknowledged"), "info", "half"),
    "acknowledgement-ended": Word(_("Acknowledgement taken back"), "info", "ring"),
    "assigned": Word(_("Assigned"), "info", "full"),
    "unassigned": Word(_("Assignment taken back"), "quiet", "ring"),
    "commented": Word(_("Comment"), "quiet", "dot"),
    "waived": Word(_("Waived"), "warn", "dash"),
    "waiver-asked": Word(_("Waiver asked"), "info", "half"),
    "waiver-ended": Word(_("Waiver ended"), "warn", "ring"),
    "set-aside": Word(_("Set aside by a setting of its rule"), "warn", "dash"),
}
ELEMENT = {
    "met": Word(_("Met"), "good", "check"),
    "at-risk": Word(_("At risk"), "warn", "triangle"),
    "not-met": Word(_("Not met"), "bad", "cross"),
    "unknown": Word(_("Unknown"), "quiet", "query"),
}
PLAN = {
    "open": Word(_("Open"), "info", "half"),
    "paused": Word(_("Paused"), "warn", "square"),
    "completed": Word(_("Completed"), "good", "check"),
    "cancelled": Word(_("Cancelled"), "quiet", "dash"),
}
REVISION = {
    "draft": Word(_("Draft"), "quiet", "ring"),
    "in-force": Word(_("In force"), "good", "full"),
    "superseded": Word(_("Superseded"), "quiet", "dash"),
    "scenario": Word(_("Scenario"), "info", "diamond"),
}
ITEM = {
    "open": Word(_("To do"), "info", "ring"),
    "done": Word(_("Done"), "good", "check"),
    "not-applicable": Word(_("Not applicable"), "quiet", "dash"),
}
ITEM_FACT = {
    "state": Word(_("State")),
    "done_on": Word(_("Done on")),
    "reason": Word(_("Reason")),
    "evidence_title": Word(_("Document")),
    "evidence_on": Word(_("Date of the document")),
    "evidence_class": Word(_("Classification")),
    "evidence_custodian": Word(_("Role of its custodian")),
    "evidence_until_on": Word(_("Valid until")),
    "assigned_to": Word(_("Assigned to")),
    "mailbox": Word(_("Mailbox")),
    "aside_reason": Word(_("To be set aside, because")),
}
CLASSIFICATION = {
    "public": Word(_("Public")),
    "restricted": Word(_("Restricted")),
    "confidential": Word(_("Confidential")),
}
TRANSFER = {
    "open": Word(_("Open"), "info", "half"),
    "ended": Word(_("Ended"), "quiet", "square"),
}
TRANSFER_KIND = {
    "transfer": Word(_("Transfer")),
    "bridge": Word(_("Bridge"), "info", "diamond"),
    "onward": Word(_("Passed on")),
}
BASELINE = {
    "draft": Word(_("Draft"), "quiet", "ring"),
    "signed": Word(_("Signed"), "good", "check"),
}
JOB = {
    "waiting": Word(_("Waiting"), "quiet", "ring"),
    "running": Word(_("Running"), "info", "half"),
    "done": Word(_("Done"), "good", "check"),
    "failed": Word(_("Failed"), "bad", "cross"),
    "skipped": Word(_("Skipped"), "quiet", "dash"),
}
ACCOUNT = {
    "invited": Word(_("Invited"), "info", "ring"),
    "active": Word(_("Active"), "good", "full"),
    "closed": Word(_("Closed"), "quiet", "dash"),
}
MONEY = {
    "stated": Word(_("Stated"), "good", "full"),
    "zero": Word(_("Stated as zero"), "warn", "ring"),
    "not-stated": Word(_("Not stated"), "quiet", "query"),
}
INTEREST = {
    "registered": Word(_("Registered"), "info", "ring"),
    "answered": Word(_("Answered"), "good", "check"),
    "withdrawn": Word(_("Withdrawn"), "quiet", "dash"),
}
INTEREST_ANSWER = {
    "in-talks": Word(_("In talks"), "info", "half"),
    "covered": Word(_("Paid by others"), "good", "full"),
    "declined": Word(_("Declined"), "quiet", "cross"),
}
CHANNEL = {
    "unconfirmed": Word(_("Not confirmed yet"), "warn", "ring"),
    "active": Word(_("Told"), "good", "full"),
    "disabled": Word(_("Disabled"), "bad", "cross"),
    "ended": Word(_("Ended"), "quiet", "dash"),
}
MESSAGE = {
    "waiting": Word(_("Waits to be sent"), "info", "ring"),
    "claimed": Word(_("Is being sent"), "info", "half"),
    "sent": Word(_("Sent"), "good", "check"),
    "failed": Word(_("Given up"), "bad", "cross"),
    "dropped": Word(_("Dropped"), "quiet", "dash"),
}
ROLE = {
    "planner": Word(_("Transition planner")),
    "country-team": Word(_("Country team")),
    "co-chair": Word(_("Task-force co-chair")),
    "donor": Word(_("Donor")),
    "observer": Word(_("Observer")),
    "steward": Word(_("Steward")),
}
DIMENSION = {
    "posts": Word(_("Posts")),
    "skills": Word(_("Skills")),
    "data": Word(_("Data")),
    "agreements": Word(_("Agreements")),
    "access": Word(_("Access")),
    "funding": Word(_("Funding")),
    "relationships": Word(_("Relationships")),
    "systems": Word(_("Systems")),
}
PRECISION = {
    "day": Word(_("On the day")),
    "month": Word(_("In the month")),
    "about": Word(_("About")),
    "no-later-than": Word(_("No later than")),
    "quarter": Word(_("In the quarter")),
    "year": Word(_("In the year")),
    "unknown": Word(_("Unknown")),
}
KINDS: Mapping[str, Mapping[str, Word]] = {
    "account": ACCOUNT,
    "baseline": BASELINE,
    "capacity": CAPACITY,
    "channel": CHANNEL,
    "classification": CLASSIFICATION,
    "cover": COVER,
    "dimension": DIMENSION,
    "element": ELEMENT,
    "gap": GAP,
    "happening": HAPPENING,
    "interest": INTEREST,
    "interest-answer": INTEREST_ANSWER,
    "item": ITEM,
    "item-fact": ITEM_FACT,
    "job": JOB,
    "message": MESSAGE,
    "money": MONEY,
    "plan": PLAN,
    "precision": PRECISION,
    "proposal": PROPOSAL,
    "revision": REVISION,
    "role": ROLE,
    "severity": SEVERITY,
    "transfer": TRANSFER,
    "transfer-kind": TRANSFER_KIND,
    "validation": VALIDATION,
    **{
        kind: {key: Word(label) for key, label in each.items()}
        for kind, each in {
            **LABELS,
            **MONEY_LABELS,
            **NOTICE_LABELS,
            **CHANNEL_LABELS,
        }.items()
    },
}


def word_for(reader: Translator) -> Callable[[str, str], Word]:
    """Return the function that finds the word of a kind's value, in the reader's language."""

    def word(kind: str, value: str) -> Word:
        found = KINDS[kind][str(value)]
        return replace(found, label=reader.gettext(found.label))

    return word
