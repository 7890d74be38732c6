"""Resolution 2764 (2024), element by element: its demands in our words, and whether one is met.

The letters are ours; no paragraph of the resolution is numbered here, since only its preamble and
summaries of it were read. That no gap is open proves nothing: met is what dated evidence shows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from unbroken.gaps.rules.words import Severity
from unbroken.kit.sentences import Marked

ALARMING = frozenset({Severity.CRITICAL, Severity.HIGH})


class ElementState(StrEnum):
    """Whether a demand is met in a plan."""

    MET = "met"
    AT_RISK = "at-risk"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Element:
    """One demand, in our words, and where it was read."""

    letter: str
    text: Marked
    source: Marked


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something dated that speaks for an element: ``sentence`` is a template over ``facts``.

    ``is_whole`` is false where it shows the demand fulfilled in part only.
    """

    sentence: Marked
    on: date
    is_whole: bool = True
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the evidence in English."""
        return self.sentence.format(**self.facts)


def state_of_element(evidence: Collection[Evidence], gaps: Collection[Severity]) -> ElementState:
    """Return whether an element is met, given its dated evidence and the gaps that watch it.

    Met: whole evidence and no open gap. At risk: evidence, and open gaps. Not met: no evidence, and
    a critical or high gap. Unknown otherwise, evidence of a part alone included.
    """
    if evidence and gaps:
        return ElementState.AT_RISK
    if any(each.is_whole for each in evidence):
        return ElementState.MET
    if not evidence and not ALARMING.isdisjoint(gaps):
        return ElementState.NOT_MET
    return ElementState.UNKNOWN


PREAMBLE = "Resolution 2764 (2024), preamble"
PRESS = "Press release on resolution 2764 (2024), in French (CS/15948)"
SUMMARY = "United Nations release on resolution 2764 (2024), December 2024"
SPECIAL = "Special Representative on resolution 2764 (2024), December 2024"
CIVIL_SOCIETY = "Recommendations of civil society on resolution 2764 (2024)"

ELEMENTS: Sequence[Element] = (
    Element(
        "A", "Peacekeeping operations and special political missions are meant alike.", PREAMBLE
    ),
    Element(
        "B",
        "The capacity to protect children lasts through transitions, to a mission and from it.",
        PREAMBLE,
    ),
    Element("C", "Grave violations against children are condemned, and so must be seen.", SUMMARY),
    Element(
        "D",
        "The need for child protection advisers, their number and roles are assessed each time: "
        "when an operation is prepared or renewed, and before a transition moves them.",
        PRESS,
    ),
    Element(
        "E", "Advisers are recruited quickly, deployed in time and given what they need.", SUMMARY
    ),
    Element("F", "The operation and the country team answer together for children.", PRESS),
    Element(
        "G",
        "Heads of operations, the Special Representative, the task force's co-chairs and the "
        "authorities coordinate, so that protection continues, works and lasts.",
        SUMMARY,
    ),
    Element(
        "H",
        "Capacity and core tasks pass to the country team smoothly and responsibly.",
        SUMMARY,
    ),
    Element(
        "I",
        "Governments come first in protecting children, and are made stronger for it.",
        PREAMBLE,
    ),
    Element(
        "J",
        "What is reported of violations is accurate, objective, reliable and verified.",
        "Explanation of vote of the Russian Federation (December 2024)",
    ),
    Element(
        "K",
        "Regional and subregional peace support operations get more capacity, those of the African "
        "Union by name.",
        SPECIAL,
    ),
    Element("L", "The Special Representative brings all together.", SPECIAL),
    Element(
        "M",
        "Girls and boys are each answered in their own way.",
        "Foreign ministry of Malta on resolution 2764 (2024), December 2024",
    ),
    Element(
        "N",
        "Protecting children is part of preventing conflict, of ending it and of lasting peace.",
        CIVIL_SOCIETY,
    ),
    Element(
        "O",
        "States go on supporting and paying for it afterwards; whether the resolution itself asks "
        "for this was not established.",
        CIVIL_SOCIETY,
    ),
)
