"""The words for kinds of news, offices, and how often somebody is told."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _
from unbroken.notices.rules.labels import NEWS_WORDS

NOTICE_LABELS: Mapping[str, Mapping[str, str]] = {
    "news": {kind.value: words for kind, words in NEWS_WORDS.items()},
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
