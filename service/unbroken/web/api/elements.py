"""``/plans/{plan}/elements``: the Council's demands one by one, each answered on dated evidence."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.gaps.queries.elements import ElementView, elements
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.elements import ElementState
from unbroken.web.api.inputs import PlanName, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader

router = APIRouter(prefix="/plans/{plan}/elements", tags=["gaps"])


class EvidenceItem(TypedDict):
    """What shows that an element is met, at least in part, and since which day."""

    sentence: str
    on: date
    is_whole: bool


class WatchingGap(TypedDict):
    """An open gap that speaks against an element."""

    uid: UUID
    rule: str
    severity: Severity


class ElementItem(TypedDict):
    """One element of resolution 2764; *met* needs dated evidence, no gaps alone prove nothing.

    ``waived`` counts gaps that watch it and are waived; ``rules_off`` are the codes of rules that
    watch it and are switched off, for some tiers at least.
    """

    letter: str
    text: str
    source: str
    state: ElementState
    evidence: list[EvidenceItem]
    gaps: list[WatchingGap]
    waived: int
    rules_off: list[str]


ELEMENTS = TypeAdapter(Listing[ElementItem])


@router.get("", response_model=Listing[ElementItem])
def plan_elements(visit: Reader, plan: PlanName) -> Response:
    """Answer the elements of resolution 2764 for a plan: met, at risk, not met or unknown."""
    view = plan_of(visit, plan)
    today = visit.clock.today(view.time_zone)
    with visit.sessions.reading() as session:
        found = elements(session, view.uid, actor=visit.actor, on=today)
    return listing(ELEMENTS, [_item(each, visit) for each in found], link=None)


def _item(view: ElementView, visit: Visit) -> ElementItem:
    return {
        "letter": view.element.letter,
        "text": visit.say(view.element.text),
        "source": view.element.source,
        "state": view.state,
        "evidence": [
            {
                "sentence": visit.reader.render(each.sentence, dict(each.facts)),
                "on": each.on,
                "is_whole": each.is_whole,
            }
            for each in view.evidence
        ],
        "gaps": [{"uid": gap.uid, "rule": gap.rule, "severity": gap.severity} for gap in view.gaps],
        "waived": view.beside,
        "rules_off": list(view.rules_off),
    }
