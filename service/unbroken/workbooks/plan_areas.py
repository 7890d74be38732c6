"""Areas and claims about their closings out of a planner's table, in the shape of a plan file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.dates import VagueDate
from unbroken.plans.rules.exchange import AreaEntry, AreaKey, ClaimEntry, Document, area_key
from unbroken.plans.rules.exchange.dates import spoken
from unbroken.plans.rules.kinds import ClaimKind
from unbroken.workbooks.plan_fields import folded
from unbroken.workbooks.plan_lines import Given, Ledger, Line, is_whole_mission
from unbroken.workbooks.plan_tables import cell_name

KINDS: Mapping[str, AreaKind] = {
    word: kind
    for kind, words in {
        AreaKind.MISSION: "mission|whole mission|mission wide|toute la mission|mision"
        "|toda la mision",
        AreaKind.REGION: "region|regions|sector|secteur|province|provincia|admin 1|admin1|zone"
        "|departement|departamento|state|etat|estado|regional office|bureau regional",
        AreaKind.SITE: "site|base|camp|team site|sitio|field office|location|localite|localidad"
        "|emplacement|cob|tob|mob|cot|company operating base|temporary operating base"
        "|base temporaire|antenne|sub office|sous bureau|district|cercle|town|ville|ciudad",
    }.items()
    for word in words.split("|")
}


@dataclass(slots=True)
class Place:
    """One area as it is built: its entry of the file, its path, and the row that named it first."""

    entry: dict[str, object]
    path: str
    line: Line | None
    sites: list[dict[str, object]] = field(default_factory=list)


@dataclass(slots=True)
class AreaBook:
    """Gathers the areas of all tables; ``entries`` are those of the plan file."""

    record: Document
    given: Given
    ledger: Ledger
    entries: list[dict[str, object]] = field(default_factory=list)
    places: dict[tuple[AreaKey, AreaKey | None], Place] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take in one row of a table of closings."""
        found = self._named(line)
        if found is None:
            return
        name, kind, parent = found
        place = self._place(name, kind, parent, line)
        if place.line is not line:
            self._again(place, line)
            return
        self._describe(place, line)

    def known_names(self) -> dict[str, str]:
        """Return the names of the areas of the workbook and of the record, folded."""
        recorded = [area.name for area, _region in self.record.every_area()]
        here = [str(place.entry["name"]) for place in self.places.values()]
        return {folded(name): name for name in (*recorded, *here)}

    def whole_mission(self) -> str:
        """Return the name by which the whole mission is an area; it is added where it is none."""
        recorded = (a for a, _r in self.record.every_area() if a.kind is AreaKind.MISSION)
        known = next(recorded, None)
        if known is not None:
            return known.name
        name = self.record.mission.acronym if self.record.mission else "Mission"
        return str(self._place(name, AreaKind.MISSION, "", None).entry["name"])

    def _named(self, line: Line) -> tuple[str, AreaKind, str] | None:
        """Return name, kind and region of the row's area, ``None`` where it names none."""
        name, parent = line.text("area"), line.text("parent")
        if not name and parent:
            # a region in a row of its own, above its sites
            name, parent = parent, ""
        if not name:
            line.needed("area")
            return None
        kind = self._kind(line, name, parent)
        if folded(name) == folded(parent) and kind is not AreaKind.SITE:
            parent = ""
        if kind is AreaKind.SITE and not parent:
            parent = self._region_on_record(name)
        if kind is AreaKind.SITE and not parent:
            remedy = _("Add a column with the region in which the site lies.")
            line.note(
                "area", sentence("{name} is a site, and no region is given", name=name), remedy
            )
            return None
        return name, kind, "" if kind is not AreaKind.SITE else parent

    def _kind(self, line: Line, name: str, parent: str) -> AreaKind:
        word = line.text("area_kind")
        if word and folded(word) not in KINDS:
            line.note(
                "area_kind",
                sentence("{word} is neither region nor site", word=word[:60]),
                _("Write region or site."),
            )
        if folded(word) in KINDS:
            return KINDS[folded(word)]
        if is_whole_mission(name, self.record):
            return AreaKind.MISSION
        if parent and folded(parent) != folded(name):
            return AreaKind.SITE
        return self._kind_on_record(name)

    def _kind_on_record(self, name: str) -> AreaKind:
        kinds = {a.kind for a, _r in self.record.every_area() if folded(a.name) == folded(name)}
        return next(iter(kinds)) if len(kinds) == 1 else AreaKind.REGION

    def _region_on_record(self, name: str) -> str:
        regions = (
            around.name
            for area, around in self.record.every_area()
            if around is not None and folded(area.name) == folded(name)
        )
        return next(regions, "")

    def _place(self, name: str, kind: AreaKind, parent: str, line: Line | None) -> Place:
        """Return the area's place in the file; it is made, with its region, where it is new."""
        around = area_key(AreaKind.REGION, parent) if kind is AreaKind.SITE else None
        key = (area_key(kind, name), around)
        if key in self.places:
            place = self.places[key]
            if place.line is None and line is not None:
                place.line = line
            return place
        if kind is AreaKind.SITE:
            region = self._place(parent, AreaKind.REGION, "", None)
            within, path = region.sites, f"{region.path}.sites[{len(region.sites)}]"
            region.entry["sites"] = within
            entry: dict[str, object] = {"name": name}
            if line is not None:
                self.ledger.where.setdefault(region.path, line.address("parent"))
        else:
            within, path = self.entries, f"areas[{len(self.entries)}]"
            entry = {"name": name, "kind": kind.value}
        within.append(entry)
        self.places[key] = Place(entry, path, line)
        return self.places[key]

    def _again(self, place: Place, line: Line) -> None:
        first = place.line
        if first is None or _same_row(first, line):
            return
        where = cell_name(first.address("area"))
        what = sentence(
            "{name} stands in {where} already, with another closing",
            name=str(place.entry["name"]),
            where=where,
        )
        line.note("area", what, _("Keep one of the two rows."))

    def _describe(self, place: Place, line: Line) -> None:
        self.ledger.where[place.path] = line.address("area" if line.text("area") else "parent")
        if line.text("pcode"):
            place.entry["pcode"] = line.text("pcode")
            self.ledger.where[f"{place.path}.pcode"] = line.address("pcode")
        claims = [claim for claim in (self._planned(place, line), self._reported(line)) if claim]
        if not claims:
            return
        place.entry["closings"] = claims
        for number, claim in enumerate(claims):
            slot = "closes" if claim["kind"] == ClaimKind.PLANNED.value else "closed_on"
            at = f"{place.path}.closings[{number}]"
            self.ledger.where[at] = line.address(slot)
            for key in ("source", "known_on", "note"):
                if line.has(key):
                    self.ledger.where[f"{at}.{key}"] = line.address(key)

    def _planned(self, place: Place, line: Line) -> dict[str, object] | None:
        closes = line.closing("closes")
        return None if closes is None else self._claim(place, line, closes)

    def _claim(self, place: Place, line: Line, closes: VagueDate) -> dict[str, object]:
        counting = self._counting(place)
        same = counting is not None and spoken(counting.closes) == spoken(closes)
        recorded = counting if same else None
        source, known_on = self._since(line, recorded)
        claim: dict[str, object] = {
            "kind": ClaimKind.PLANNED.value,
            "closes": spoken(closes),
            "known_on": known_on.isoformat(),
            "source": source,
            "chosen": True,
        }
        if recorded is not None and recorded.event != "closed":
            claim["event"] = recorded.event
        if line.text("note"):
            claim["note"] = line.text("note")
        return claim

    def _since(self, line: Line, recorded: ClaimEntry | None) -> tuple[str, date]:
        """Return the source and the day it became known: as written, else as on record."""
        source = line.text("source") or (recorded.source if recorded else self.given.source)
        known_on = line.day("known_on", last=True)
        return source, known_on or (recorded.known_on if recorded else self.given.known_on)

    def _reported(self, line: Line) -> dict[str, object] | None:
        closed = line.dated("closed_on")
        if closed is None:
            return None
        return {
            "kind": ClaimKind.REPORTED.value,
            "closes": spoken(closed),
            "known_on": (line.day("known_on", last=True) or self.given.known_on).isoformat(),
            "source": line.text("source") or self.given.source,
        }

    def _counting(self, place: Place) -> ClaimEntry | None:
        """Return the plan on record that counts for an area, ``None`` where there is none."""
        area = self._recorded(place)
        chosen = [
            claim
            for claim in (area.closings if area else ())
            if claim.kind is ClaimKind.PLANNED and claim.chosen is not None
        ]
        return max(chosen, key=lambda claim: (claim.chosen, claim.known_on), default=None)

    def _recorded(self, place: Place) -> AreaEntry | None:
        name, kind = str(place.entry["name"]), place.entry.get("kind", AreaKind.SITE.value)
        key = area_key(AreaKind(str(kind)), name)
        return next((area for area, _r in self.record.every_area() if area.key == key), None)


def _same_row(first: Line, second: Line) -> bool:
    slots: Iterable[str] = ("closes", "closed_on")
    return all(first.cell(slot) == second.cell(slot) for slot in slots)
