"""The text of checklist lines: from the edition each one has, or its own where it was added."""

from dataclasses import dataclass, field

from sqlmodel import Session

from unbroken.functions.rules import Item as CatalogueItem
from unbroken.transfers.models import Item
from unbroken.transfers.queries.cases import function_in


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks and what evidence it wants, in the words of its edition."""

    text: str
    wanted_evidence: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Reads each function of each edition once; for the time of one query."""

    session: Session
    known: dict[tuple[str, str], dict[str, CatalogueItem]] = field(default_factory=dict)

    def of(self, item: Item, code: str) -> Line:
        """Return the line of ``item``, which belongs to the function ``code``."""
        if item.is_added:
            return Line(item.text, item.wanted_evidence)
        return self.at(item.edition, code, item.item_id)

    def at(self, edition: str, code: str, item_id: str) -> Line:
        """Return a catalogue line of an edition that has it."""
        if (edition, code) not in self.known:
            function = function_in(self.session, edition=edition, code=code)
            self.known[edition, code] = {each.id: each for each in function.items}
        found = self.known[edition, code][item_id]
        return Line(found.text, found.evidence)
