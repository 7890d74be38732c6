"""Posts, and the baseline of functions in areas, out of a planner's table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from unbroken.functions.rules.sheets import one_of
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.exchange import PostEntry
from unbroken.plans.rules.kinds import PostSide
from unbroken.workbooks.plan_areas import AreaBook
from unbroken.workbooks.plan_fields import folded, worded
from unbroken.workbooks.plan_lines import Given, Ledger, Line, Record, is_whole_mission

REFERENCE_LENGTH = 80
NO = worded("vacant|no|non|vide|vacante|n|unfilled|not filled|libre")
YES = worded("filled|yes|oui|pourvu|occupe|encumbered|si|y|o|ocupado|cubierto|x|occupied")


@dataclass(slots=True)
class PostBook:
    """Gathers posts and lines of the baseline; ``entries`` and ``lines`` are the plan file's."""

    record: Record
    given: Given
    ledger: Ledger
    areas: AreaBook
    entries: list[dict[str, object]] = field(default_factory=list)
    lines: list[dict[str, object]] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take in one row of a table of posts."""
        area = self._area(line)
        reference = self._reference(line, area)
        if not reference:
            return
        was = self._recorded(reference)
        entry: dict[str, object] = {
            "reference": reference,
            "side": (was.side if was else PostSide.GIVER).value,
            "organisation": self._organisation(line, was),
            "functions": self._functions(line, was),
            "authorised": self._authorised(line),
            "known_on": self._known_on(line, was).isoformat(),
        }
        entry |= self._rest(line, was, area)
        self._put(line, entry)

    def add_line(self, line: Line) -> None:
        """Take in one row of a baseline: every function that it names, in its area."""
        area = line.needed("area")
        if area and is_whole_mission(area, self.record.document):
            area = self.areas.whole_mission()
        line.needed("function")
        posts = line.count("posts")
        for code in line.codes("function", self.record):
            entry: dict[str, object] = {"function": code, "area": area}
            self.lines.append(entry if posts is None else entry | {"posts": posts})
            at = f"baselines[0].lines[{len(self.lines) - 1}]"
            self.ledger.where[at] = line.address("function")
            self.ledger.where[f"{at}.area"] = line.address("area")

    def _put(self, line: Line, entry: dict[str, object]) -> None:
        at = f"posts[{len(self.entries)}]"
        self.entries.append(entry)
        named = next(slot for slot in ("reference", "title", "grade") if line.text(slot))
        self.ledger.where[at] = line.address(named)
        for key in (*entry, "filled", "starts_on"):
            if line.has(key):
                self.ledger.where[f"{at}.{key}"] = line.address(key)

    def _reference(self, line: Line, area: str) -> str:
        """Return by what the posts are found again: their number, else title, grade and area."""
        own = line.text("reference")
        parts = [own] if own else [line.text("title"), line.text("grade"), area]
        if not own and not any(parts[:2]):
            line.needed("title" if line.has("title") else "reference")
            return ""
        reference = ", ".join(part for part in parts if part)[:REFERENCE_LENGTH].strip()
        number = self.taken[reference] = self.taken.get(reference, 0) + 1
        if number == 1 or own:
            return reference
        ending = f" ({number})"
        return reference[: REFERENCE_LENGTH - len(ending)] + ending

    def _area(self, line: Line) -> str:
        """Return the area that a post is in, empty where it is for the whole mission."""
        name = line.text("area")
        return "" if is_whole_mission(name, self.record.document) else name

    def _recorded(self, reference: str) -> PostEntry | None:
        posts = (post for post in self.record.document.posts if post.reference == reference)
        return next(posts, None)

    def _functions(self, line: Line, was: PostEntry | None) -> list[str]:
        if not line.has("functions"):
            return list(was.functions) if was else []
        return list(line.codes("functions", self.record))

    def _authorised(self, line: Line) -> int:
        number = line.count("authorised")
        return 1 if number is None else number

    def _known_on(self, line: Line, was: PostEntry | None) -> date:
        return line.day("known_on", last=True) or (was.known_on if was else self.given.known_on)

    def _organisation(self, line: Line, was: PostEntry | None) -> str:
        name = line.text("organisation")
        if not name:
            return was.organisation if was else self.given.organisation
        slugs = _slugs(self.record.organisations)
        if folded(name) in slugs:
            return slugs[folded(name)]
        what = sentence("there is no organisation {name}", name=name[:60])
        line.note("organisation", what, one_of(name, list(self.record.organisations.values())))
        return self.given.organisation

    def _rest(self, line: Line, was: PostEntry | None, area: str) -> dict[str, object]:
        found: dict[str, object] = {}
        if line.has("area"):
            found["area"] = area or None
        if line.has("filled"):
            found["filled"] = self._filled(line)
        for slot, last in (("starts_on", False), ("ends_on", True), ("funded_until_on", True)):
            day = line.day(slot, last=last)
            if day is not None:
                found[slot] = day.isoformat()
        if line.text("grade"):
            found["grade"] = line.text("grade")
        source = line.text("source") or ("" if was else self.given.source)
        return found | ({"source": source} if source else {})

    def _filled(self, line: Line) -> int | None:
        word = folded(line.text("filled"))
        if word in NO:
            return 0
        return self._authorised(line) if word in YES else line.count("filled")


def _slugs(organisations: Mapping[str, str]) -> Mapping[str, str]:
    names = {folded(name): slug for slug, name in organisations.items()}
    return names | {folded(slug): slug for slug in organisations}
