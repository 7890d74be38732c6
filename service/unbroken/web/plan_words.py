"""The words of plans, their registers and the catalogue that need no tone of their own."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _

LABELS: Mapping[str, Mapping[str, str]] = {
    "area": {
        "mission": _("Whole mission"),
        "region": _("Region"),
        "site": _("Site"),
    },
    "assessment": {
        "preparation": _("At preparation"),
        "renewal": _("At renewal"),
        "transition": _("In transition"),
    },
    "claim": {
        "planned": _("Planned"),
        "reported": _("Reported"),
    },
    "decision": {
        "resolution": _("Resolution"),
        "letter": _("Letter"),
        "budget": _("Budget"),
        "statement": _("Statement"),
    },
    "fact": {
        "mrm-active": _("Monitoring and reporting mechanism active"),
        "parties-listed": _("Parties listed"),
        "mara-active": _("Monitoring of conflict-related sexual violence active"),
        "child-protection-mandate": _("Mandate names child protection"),
        "forces-supported": _("Forces of others supported"),
        "ddr-process": _("Disarmament and reintegration under way"),
        "mission-radio": _("Mission runs a radio"),
        "biometric-register": _("Biometric register kept"),
        "successor-force": _("Another force follows"),
    },
    "last-day": {
        "mandate": _("The mandate ends"),
        "phase": _("A phase drops it"),
        "posts": _("The last post ends"),
        "closing": _("The area closes"),
    },
    "level": {
        "mission": _("Once for the whole mission"),
        "area": _("Area by area"),
    },
    "milestone": {
        "lead-start": _("Work begins"),
        "receiver-named": _("Receiver named"),
        "agreement-signed": _("Agreement signed"),
        "capacity-confirmed": _("Capacity confirmed"),
        "last-day": _("Last day"),
        "check-3": _("Check after 3 months"),
        "check-6": _("Check after 6 months"),
        "check-12": _("Check after 12 months"),
    },
    "mission": {
        "peacekeeping": _("Peacekeeping operation"),
        "special-political": _("Special political mission"),
    },
    "phase": {
        "operations": _("Operations"),
        "transfer": _("Transfer of tasks"),
        "withdrawal": _("Withdrawal"),
        "liquidation": _("Liquidation"),
    },
    "plan-kind": {
        "drawdown": _("Drawdown"),
        "start-up": _("Start-up"),
        "downsizing": _("Downsizing"),
    },
    "plan-scope": {
        "whole": _("The whole mission"),
        "areas": _("Some of its areas"),
    },
    "side": {
        "giver": _("The mission's"),
        "receiver": _("A receiver's"),
    },
}
