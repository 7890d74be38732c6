"""The words of certificates for the values that they hold, in English; translated when drawn."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _

STANDING: Mapping[str, str] = {
    "not-started": _("Not started"),
    "planned": _("Planned"),
    "offered": _("Offered"),
    "recommended": _("Recommended"),
    "time-asked": _("More time asked"),
    "attested": _("Attested"),
    "confirmed": _("Confirmed"),
    "conditional": _("On condition"),
    "sustained": _("Sustained"),
    "declined": _("Declined"),
    "disputed": _("Disputed"),
    "withdrawn": _("Withdrawn"),
    "lapsed": _("Lapsed"),
    "suspended": _("Suspended"),
    "ended": _("Ended by decision"),
    "not-applicable": _("Not applicable"),
}
COVER: Mapping[str, str] = {
    "green": _("Covered"),
    "amber": _("Covered in part"),
    "bridged-until": _("Bridged"),
    "unknown": _("Unknown"),
    "none": _("Not covered"),
}
ACT: Mapping[str, str] = {
    "plan": _("Planned"),
    "offer": _("Offered"),
    "recommend": _("Recommended"),
    "confirm": _("Confirmed"),
    "confirm_part": _("Confirmed in part"),
    "confirm_on_condition": _("Confirmed on condition"),
    "meet_condition": _("Condition met"),
    "decline": _("Declined"),
    "dispute": _("Disputed"),
    "resolve": _("Dispute resolved"),
    "ask_time": _("More time asked"),
    "withdraw": _("Withdrawn"),
    "attest": _("Attested"),
    "receive": _("Received without an offer"),
    "countersign": _("Countersigned"),
    "refuse_countersign": _("Countersignature refused"),
    "check": _("Checked"),
    "lapse": _("Lapsed"),
    "suspend": _("Suspended"),
    "resume": _("Resumed"),
    "end": _("Ended by decision"),
    "not_applicable": _("Called not applicable"),
}
ROLE: Mapping[str, str] = {
    "planner": _("Transition planner"),
    "country-team": _("Country team"),
    "co-chair": _("Task-force co-chair"),
    "donor": _("Donor"),
    "observer": _("Observer"),
    "steward": _("Steward"),
    "system": _("The service itself"),
}
DIMENSION: Mapping[str, str] = {
    "posts": _("Posts"),
    "skills": _("Skills"),
    "data": _("Data"),
    "agreements": _("Agreements"),
    "access": _("Access"),
    "funding": _("Funding"),
    "relationships": _("Relationships"),
    "systems": _("Systems"),
}
GROUND: Mapping[str, str] = {
    "decision": _("An authority decided it"),
    "delisting": _("The party was delisted"),
    "archived-or-destroyed": _("The data were archived or destroyed"),
    "not-performed": _("The mission never performed it here"),
    "mission-closure": _("The mission closes"),
}
SEVERITY: Mapping[str, str] = {
    "critical": _("Critical"),
    "high": _("High"),
    "medium": _("Medium"),
    "low": _("Low"),
}
PLAN_STATE: Mapping[str, str] = {
    "open": _("Open"),
    "paused": _("Paused"),
    "completed": _("Completed"),
    "cancelled": _("Cancelled"),
}
TRANSFER_KIND: Mapping[str, str] = {
    "transfer": _("Transfer"),
    "bridge": _("Bridge"),
    "onward": _("Passed on"),
}
AUDIENCE: Mapping[str, str] = {
    "restricted": _("Restricted: for those who take part in the transition"),
    "public": _("Public: may be shared; what is restricted is left out"),
}
