"""What a step of the timetable is called on a page."""

from collections.abc import Callable

from unbroken.kit.languages import gettext as _

STEPS = {
    "lead-start": _("Begin the work"),
    "receiver-named": _("Receiver named"),
    "agreement-signed": _("Agreement signed"),
    "budget-requested": _("Money requested in the yearly budget"),
    "custodian-named": _("Custodian named"),
    "check-3": _("Check after 3 months"),
    "check-6": _("Check after 6 months"),
    "check-12": _("Check after 12 months"),
}
CONFIRMED = {
    "posts": _("Posts confirmed"),
    "skills": _("Skills confirmed"),
    "data": _("Data confirmed"),
    "agreements": _("Agreements confirmed"),
    "access": _("Access confirmed"),
    "funding": _("Funding confirmed"),
    "relationships": _("Relationships confirmed"),
    "systems": _("Systems confirmed"),
}


def step_label(key: str, *, say: Callable[[str], str]) -> str:
    """Return a step in the reader's language; an item keeps its id, which never changes."""
    kind, _colon, rest = key.partition(":")
    match kind:
        case "item":
            return say(_("Item")) + " " + rest
        case "confirm":
            return say(CONFIRMED.get(rest, rest))
        case _:
            return say(STEPS.get(key, key))
