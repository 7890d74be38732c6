"""Every part of the design system with invented data, for whoever builds pages; not in any menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.web.forms import Fault, Form
from unbroken.web.heat_maps import Cell, HeatMap, Row
from unbroken.web.rendering import Page, page
from unbroken.web.security import Anyone
from unbroken.web.timelines import Bar, Mark, Timeline, Track
from unbroken.web.words import KINDS

router = APIRouter()
AREAS = ("Gao", "Kidal", "Ménaka", "Mopti", "Ségou", "Taoudenni", "Tessalit", "Timbuktu")
FUNCTIONS = (
    ("MRM-VER", "Verification of grave violations", 1, "nbgun?ag"),
    ("HANDOVER", "Handover of children met in operations", 1, "aaggnnug"),
    ("PSEA-VIC", "Assistance to victims of misconduct", 1, "ggggaagg"),
    ("MRM-DIAL", "Dialogue with parties on action plans", 2, "nunnunun"),
    ("TRN-IN", "Training of forces in the country", 3, "gg.ggg.g"),
    ("CSO-VOICE", "Child-rights groups heard in planning", 3, "uabgagab"),
)
LETTERS = {"n": "none", "b": "bridged-until", "g": "green", "u": "unknown", "?": "unknown"}


@dataclass(frozen=True, slots=True)
class StyleGuidePage(Page):
    """Samples of everything; invented."""

    template: ClassVar[str] = "style_guide.html"

    kinds: Mapping[str, tuple[str, ...]]
    heat: HeatMap
    line: Timeline
    form: Form
    sample_on: date
    sample_at: datetime


@router.get("/style-guide")
def style_guide(visit: Anyone) -> Response:
    """Return every macro with sample data.

    Raises:
        NotFound: this is no demonstration.
    """
    if not visit.is_demonstration:
        raise NotFound
    return page(
        visit,
        StyleGuidePage(
            kinds={kind: tuple(words) for kind, words in KINDS.items()},
            heat=sample_map(),
            line=sample_line(),
            form=sample_form(),
            sample_on=date(2023, 12, 31),
            sample_at=datetime(2023, 6, 30, 21, 15, tzinfo=UTC),
        ),
    )


def sample_map() -> HeatMap:
    """Return a heat map of invented cover."""
    rows = tuple(
        Row(code, title, tier, tuple(_cell(letter) for letter in letters), "#heat")
        for code, title, tier, letters in FUNCTIONS
    )
    return HeatMap("Cover by function and area", AREAS, rows)


def sample_line() -> Timeline:
    """Return the line of an invented drawdown."""
    return Timeline(
        caption="Phases and last days",
        tracks=(
            Track("Operations", (Bar("Operations", date(2023, 1, 1), date(2023, 6, 30), "quiet"),)),
            Track(
                "Transfer",
                (Bar("Transfer of functions", date(2023, 7, 1), date(2023, 11, 15)),),
                (Mark("Resolution 2690", date(2023, 6, 30), "bad"),),
            ),
            Track(
                "Withdrawal",
                (Bar("Withdrawal", date(2023, 9, 1), date(2023, 12, 31), "warn"),),
                (Mark("Last day, Kidal", date(2023, 10, 31), "bad"),),
            ),
            Track(
                "Residual team",
                (Bar("Bridge", date(2024, 1, 1), date(2024, 6, 30), "good", vague=True),),
            ),
        ),
        starts_on=date(2023, 1, 1),
        ends_on=date(2024, 6, 30),
        today=date(2023, 8, 12),
    )


def sample_form() -> Form:
    """Return a form that was refused."""
    fault = Fault("quantity", "is more than was offered", "Confirm in part, or write 6 or less.")
    return Form({"quantity": "8", "area": "kidal", "answer": "part"}, (fault,))


def _cell(letter: str) -> Cell | None:
    if letter == ".":
        return None
    value = LETTERS.get(letter, "amber")
    return Cell(value, "#heat" if value == "none" else "")
