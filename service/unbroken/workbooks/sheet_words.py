"""The words for states and kinds in workbooks, in English; readers get them in their language."""

from collections.abc import Mapping

from unbroken.functions.rules import Dimension
from unbroken.kit.languages import gettext as _
from unbroken.plans.rules import Precision
from unbroken.transfers.rules.words import CapacityState

DIMENSIONS: Mapping[str, str] = {
    Dimension.POSTS: _("Posts"),
    Dimension.SKILLS: _("Skills"),
    Dimension.DATA: _("Data"),
    Dimension.AGREEMENTS: _("Agreements"),
    Dimension.ACCESS: _("Access"),
    Dimension.FUNDING: _("Funding"),
    Dimension.RELATIONSHIPS: _("Relationships"),
    Dimension.SYSTEMS: _("Systems"),
}
"""The dimensions of capacities, in the catalogue's order."""

CAPACITY_STATES: Mapping[str, str] = {
    CapacityState.NOT_STARTED: _("Not started"),
    CapacityState.PLANNED: _("Planned"),
    CapacityState.OFFERED: _("Offered"),
    CapacityState.RECOMMENDED: _("Recommended"),
    CapacityState.TIME_ASKED: _("More time asked"),
    CapacityState.ATTESTED: _("Attested"),
    CapacityState.CONFIRMED: _("Confirmed"),
    CapacityState.CONDITIONAL: _("On condition"),
    CapacityState.SUSTAINED: _("Sustained"),
    CapacityState.DECLINED: _("Declined"),
    CapacityState.DISPUTED: _("Disputed"),
    CapacityState.WITHDRAWN: _("Withdrawn"),
    CapacityState.LAPSED: _("Lapsed"),
    CapacityState.SUSPENDED: _("Suspended"),
    CapacityState.ENDED: _("Ended by decision"),
    CapacityState.NOT_APPLICABLE: _("Not applicable"),
}
SIDES: Mapping[str, str] = {"giver": _("Giver"), "receiver": _("Receiver")}
AREA_KINDS: Mapping[str, str] = {
    "mission": _("Whole mission"),
    "region": _("Region"),
    "site": _("Site"),
}
CLAIMS: Mapping[str, str] = {"planned": _("Planned"), "reported": _("Reported")}
PRECISIONS: Mapping[str, str] = {
    Precision.DAY: _("To the day"),
    Precision.MONTH: _("Some day in the month"),
    Precision.ABOUT: _("About that day"),
    Precision.NO_LATER_THAN: _("No later than that day"),
    Precision.QUARTER: _("Some day in the quarter"),
    Precision.YEAR: _("Some day in the year"),
    Precision.UNKNOWN: _("Not stated"),
}
