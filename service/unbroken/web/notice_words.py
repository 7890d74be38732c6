"""The words for kinds of news, offices, and how often somebody is told."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _

NOTICE_LABELS: Mapping[str, Mapping[str, str]] = {
    "news": {
        "gap-opened": _("New gap"),
        "gap-reopened": _("Gap is back"),
        "gap-worsened": _("Gap got worse"),
        "gap-escalated": _("Gap nobody answered"),
        "gap-assigned": _("Gap assigned to you"),
        "offered": _("Offer"),
        "answered": _("Answer to an offer"),
        "disputed": _("Dispute"),
        "revised": _("Revision in force"),
    },
    "office": {
        "planner": _("Planner"),
        "head-of-component": _("Head of component"),
        "resident-coordinator": _("Resident coordinator"),
        "observer": _("Observer"),
    },
    "cadence": {
        "daily": _("Every day"),
        "weekly": _("Once a week"),
        "never": _("Never"),
    },
}
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
