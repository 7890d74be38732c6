"""Phases out of a planner's table: rows of one phase in several areas become one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.content import PhaseKind
from unbroken.workbooks.plan_areas import AreaBook
from unbroken.workbooks.plan_fields import folded, worded
from unbroken.workbooks.plan_lines import Ledger, Line, Record, is_whole_mission

WORDS: Mapping[PhaseKind, frozenset[str]] = {
    PhaseKind.LIQUIDATION: worded("liquidation|liquidacion"),
    PhaseKind.WITHDRAWAL: worded(
        "withdrawal|drawdown|retrait|repli|retirada|repliegue|repatriation|rapatriement|closure"
        "|fermeture|cierre|desengagement"
    ),
    PhaseKind.TRANSFER: worded(
        "transfer|transfers|transfert|transferts|handover|retrocession|traspaso|transition"
        "|transicion|transferencia|passation"
    ),
    PhaseKind.OPERATIONS: worded(
        "operations|operation|operationnelle|operaciones|preparation|planning|planification"
        "|preparacion|preparatory|preparatoire|mandate|execution"
    ),
}
"""The words by which a name says what the mission does, the last of its work first."""


@dataclass(slots=True)
class PhaseBook:
    """Gathers phases; ``entries`` are those of the plan file."""

    record: Record
    ledger: Ledger
    areas: AreaBook
    entries: list[dict[str, object]] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Take in one row of a table of phases."""
        name = line.needed("name")
        starts, ends = line.day("starts_on"), line.day("ends_on", last=True)
        for slot, day in (("starts_on", starts), ("ends_on", ends)):
            if day is None:
                line.needed(slot)
                self._unknown(line, slot)
        areas = self._areas(line)
        drops = list(line.codes("drops", self.record))
        if not name or starts is None or ends is None:
            return
        entry: dict[str, object] = {
            "name": name,
            "kind": self._kind(line, name),
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
        }
        self._put(line, entry, areas, drops)

    def _unknown(self, line: Line, slot: str) -> None:
        if line.text(slot):
            line.note(slot, _("the day is not known"), _("A phase needs both its days."))

    def _put(
        self, line: Line, entry: dict[str, object], areas: list[str], drops: list[str]
    ) -> None:
        """Add a phase, or add areas to the one before where everything else is the same."""
        before = self.entries[-1] if self.entries else {}
        same = all(before.get(key) == value for key, value in entry.items())
        if same and areas and before.get("areas"):
            before["areas"] = _both(before["areas"], areas)
            before["drops"] = _both(before.get("drops", []), drops)
            return
        at = f"revision.phases[{len(self.entries)}]"
        self.entries.append(entry | {"areas": areas, "drops": drops})
        self.ledger.where[at] = line.address("name")
        for key, slot in (
            ("kind", "phase_kind"),
            ("starts_on", ""),
            ("ends_on", ""),
            ("areas", ""),
        ):
            self.ledger.where[f"{at}.{key}"] = line.address(slot or key)
        self.ledger.where[f"{at}.drops"] = line.address("drops")

    def _areas(self, line: Line) -> list[str]:
        named = line.places("areas", self.areas.known_names())
        if any(is_whole_mission(name, self.record.document) for name in named):
            return []
        return list(dict.fromkeys(named))

    def _kind(self, line: Line, name: str) -> str:
        said = line.text("phase_kind")
        for text in (said, name):
            found = _kind_in(text)
            if found is not None:
                return found.value
        what = sentence("it is not clear what the mission does in {name}", name=name)
        kinds = "operations, transfer, withdrawal, liquidation"
        line.note(
            "phase_kind" if said else "name",
            what,
            sentence("Say its kind in a column: {kinds}.", kinds=kinds),
        )
        return PhaseKind.OPERATIONS.value


def _kind_in(text: str) -> PhaseKind | None:
    words = set(folded(text).split())
    return next((kind for kind, known in WORDS.items() if words.intersection(known)), None)


def _both(before: object, more: list[str]) -> list[str]:
    there = [str(each) for each in before] if isinstance(before, list) else []
    return list(dict.fromkeys([*there, *more]))
