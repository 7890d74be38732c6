"""What this is, for whom, and the words it uses."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.web.rendering import Page, page
from unbroken.web.security import Anyone

router = APIRouter()

WORDS = (
    (_("Plan"), _("The drawdown of a mission, whole or for some areas, with what triggered it.")),
    (_("Revision"), _("One state of a plan, never changed once it is in force.")),
    (_("Area"), _("Where a mission works: the whole mission, a region or a named site.")),
    (_("Closing"), _("The end of an area, known through dated claims, one of them chosen.")),
    (_("Function"), _("One thing a mission does to protect children, out of a catalogue of 43.")),
    (_("Last day"), _("The day from which nobody does it here any more. Deadlines count from it.")),
    (_("Transfer"), _("The passing of one function in one area to one receiver.")),
    (_("Bridge"), _("A transfer with an end. It is never counted as confirmed.")),
    (_("Capacity"), _("What a receiver needs: posts, skills, data, agreements, access, money.")),
    (_("Receipt"), _("One signed act on a capacity. Only the receiver can answer an offer.")),
    (_("Gap"), _("Something about to be lost, found on a schedule, with its reason and source.")),
    (_("Element"), _("One demand of Security Council resolution 2764 (2024).")),
    (_("Trail"), _("Who did what to what, when; chained, so that nothing can be taken out.")),
)
READERS = (
    ("planner", _("What can still be lost, where, by when, and what cannot be saved in time.")),
    ("country-team", _("What we really received, what it is missing, until when it is paid.")),
    ("donor", _("Which function, in which country and month, how much, and whom to answer.")),
    ("observer", _("Where the Council's demand is not met, and on what evidence it is met.")),
    ("steward", _("Whether it is running, and whether the record is intact.")),
)


@dataclass(frozen=True, slots=True)
class AboutPage(Page):
    """Pairs of words and their meaning, and of roles and their question."""

    template: ClassVar[str] = "about.html"

    words: tuple[tuple[str, str], ...] = WORDS
    readers: tuple[tuple[str, str], ...] = READERS


@router.get("/about")
def about(visit: Anyone) -> Response:
    """Return what this is, for whom, and its words."""
    return page(visit, AboutPage())
