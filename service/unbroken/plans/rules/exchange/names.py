"""How other parts of a plan file name areas: by name, by kind and name, or by slug."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from unbroken.functions.rules import Sheet, Value
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.exchange.entries import AreaEntry, AreaKey, area_key


@dataclass(frozen=True, slots=True)
class AreaNames:
    """The areas that a file may name: its own and those that the plan has already."""

    keys: Mapping[str, frozenset[AreaKey]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, *groups: Iterable[AreaEntry]) -> "AreaNames":
        """Return the names of all areas in ``groups``."""
        keys: defaultdict[str, set[AreaKey]] = defaultdict(set)
        areas = [area for group in groups for area in group]
        for area in areas:
            plain = area_key(AreaKind.REGION, area.name)[1]
            for name in (plain, f"{area.kind.value} {plain}", area.slug):
                if name:
                    keys[name].add(area.key)
        names = dict.fromkeys(area.name for area in areas)
        return cls({name: frozenset(found) for name, found in keys.items()}, tuple(names))

    def find(self, name: str) -> frozenset[AreaKey]:
        """Return the areas that ``name`` may mean: one where it is clear, none where unknown."""
        kind, _, rest = name.partition(" ")
        if rest and kind in frozenset(AreaKind):
            named = self.keys.get(f"{kind} {area_key(AreaKind.REGION, rest)[1]}")
            if named:
                return named
        plain = area_key(AreaKind.REGION, name)[1]
        return self.keys.get(name) or self.keys.get(plain) or frozenset()

    def key(self, name: str) -> AreaKey | None:
        """Return the one area that ``name`` means, ``None`` where there is none or more."""
        found = self.find(name)
        return next(iter(found)) if len(found) == 1 else None

    def shortest(self, area: AreaEntry) -> str:
        """Return the shortest clear name of ``area``: its name, or its kind and name."""
        clear = self.find(area.name) == {area.key}
        return area.name if clear else f"{area.kind.value} {area.name}"


def areas_named(sheet: Sheet) -> Iterator[AreaEntry]:
    """Yield every area that the file names, also where something else in it cannot be read.

    One fault in an area is one fault: what refers to the area is not told as another.
    """
    for area in _members(sheet.content.get("areas")):
        whole = area.get("kind") == AreaKind.MISSION.value
        yield from _named(area, AreaKind.MISSION if whole else AreaKind.REGION)
        for site in _members(area.get("sites")):
            yield from _named(site, AreaKind.SITE)


def _members(value: Value) -> Iterator[Mapping[str, Value]]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each


def _named(area: Mapping[str, Value], kind: AreaKind) -> Iterator[AreaEntry]:
    name = area.get("name")
    if isinstance(name, str):
        yield AreaEntry(name, kind)
