"""Whether the files of an edition make sense, each alone and all together.

Source: catalogue of 43 functions, edition 2026.1; leads and spread are design judgement, 2026.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain

from unbroken.functions.rules.depending import check_dependencies
from unbroken.functions.rules.sheets import KeyPath, Sheet
from unbroken.functions.rules.words import (
    CODES,
    GIRLS_AND_BOYS,
    GROUPS,
    CapacityNeed,
    Fault,
    Function,
    Item,
    Milestone,
)

PART_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FEWEST_CAPACITIES = 2
FEWEST_ITEMS = 4
FEWEST_ITEMS_OF_UPPER_TIERS = 6
UPPER_TIERS = (1, 2)
# Share of the lead before the last day at which a milestone lies; for a confirmed capacity the
# earliest of its dimensions.
SHARE = {
    Milestone.LEAD_START: Fraction(1),
    Milestone.RECEIVER_NAMED: Fraction(1, 2),
    Milestone.AGREEMENT_SIGNED: Fraction(1, 4),
    Milestone.CAPACITY_CONFIRMED: Fraction(1, 3),
    Milestone.LAST_DAY: Fraction(0),
}
Entry = tuple[Sheet, Function]


def check(entries: Sequence[Entry], *, folder: str, read: Iterable[str] = ()) -> list[Fault]:
    """Return the faults of all parsed files of an edition, in the order of files and lines.

    ``read`` names the codes of files that are there but could not be parsed: they are not missing.
    """
    faults = chain(
        chain.from_iterable(_alone(sheet, function) for sheet, function in entries),
        _twice(entries),
        check_dependencies(entries),
        _missing({function.code for _, function in entries} | set(read), folder=folder),
    )
    return sorted(faults, key=lambda fault: (fault.file, fault.line))


def _alone(sheet: Sheet, function: Function) -> Iterator[Fault]:
    yield from _identity(sheet, function)
    yield from _enough(sheet, function)
    yield from _girls_and_boys(sheet, function)
    for need in function.capacities:
        yield from _capacity(sheet, need)
    for number, item in enumerate(function.items):
        yield from _item(sheet, function, number=number, item=item)


def _identity(sheet: Sheet, function: Function) -> Iterator[Fault]:
    code, expected = function.code, sheet.file.removesuffix(".yaml")
    if code != expected:
        what = f"code {code} is not the file's name"
        remedy = f"Write {expected}, or rename the file to {code}.yaml."
        yield sheet.fault(("code",), what, remedy=remedy)
    if code not in CODES:
        what = f"code {code} is not one of the {len(CODES)} functions"
        yield sheet.fault(("code",), what, remedy=f"Use one of: {', '.join(CODES)}.")
    elif code not in GROUPS.get(function.group, ()):
        right = next(group for group, codes in GROUPS.items() if code in codes)
        what = f"group {function.group} is not the group of {code}"
        yield sheet.fault(("group",), what, remedy=f"Write {right}.")


def _enough(sheet: Sheet, function: Function) -> Iterator[Fault]:
    if function.minimum_months > function.target_months:
        path: KeyPath = ("lead", "minimum_months")
        what = f"the minimum of {function.minimum_months} months is above the target"
        remedy = f"Write at most {function.target_months}, or raise target_months."
        yield sheet.fault(path, what, remedy=remedy)
    if len(function.capacities) < FEWEST_CAPACITIES:
        what = f"fewer than {FEWEST_CAPACITIES} capacities"
        yield sheet.fault(("capacities",), what, remedy="Add the dimensions that have to pass.")
    upper = function.tier in UPPER_TIERS
    fewest = FEWEST_ITEMS_OF_UPPER_TIERS if upper else FEWEST_ITEMS
    if len(function.items) < fewest:
        what = f"{len(function.items)} items are fewer than the {fewest} of tier {function.tier}"
        yield sheet.fault(("items",), what, remedy=f"Add items until there are {fewest}.")


def _girls_and_boys(sheet: Sheet, function: Function) -> Iterator[Fault]:
    asked = any(item.asks_girls_boys for item in function.items)
    if GIRLS_AND_BOYS in function.elements and not asked:
        what = "the function answers element M and no item asks for girls, boys, age or disability"
        yield sheet.fault(("items",), what, remedy="Write `elements: [M]` on the item that asks.")


def _capacity(sheet: Sheet, need: CapacityNeed) -> Iterator[Fault]:
    name, path = need.dimension.value, ("capacities", need.dimension.value)
    if need.unit is not None and need.parts:
        what = f"capacity {name} has a unit and parts"
        yield sheet.fault(path, what, remedy="Keep `unit` or `parts`, not both.")
    if need.unit is None and not need.parts:
        what = f"capacity {name} has neither a unit nor parts"
        yield sheet.fault(path, what, remedy="Add `unit`, or `parts` with key and title.")
    seen: set[str] = set()
    for number, part in enumerate(need.parts):
        place = (*path, "parts", number, "key")
        if part.key in seen:
            what = f"part {part.key} stands twice in capacity {name}"
            yield sheet.fault(place, what, remedy="Give each part its own key.")
        if not PART_KEY.fullmatch(part.key):
            what = f"part key {part.key} is not in kebab-case"
            yield sheet.fault(place, what, remedy="Use small letters, digits and single hyphens.")
        seen.add(part.key)


def _item(sheet: Sheet, function: Function, *, number: int, item: Item) -> Iterator[Fault]:
    place: KeyPath = ("items", number)
    if not re.fullmatch(re.escape(function.code) + r"-\d{2,3}", item.id):
        what = f"item id {item.id} is not {function.code}- and two digits"
        yield sheet.fault((*place, "id"), what, remedy=f"Write it like {function.code}-01.")
    yield from check_item(sheet, function, number=number, item=item)


def check_item(sheet: Sheet, function: Function, *, number: int, item: Item) -> Iterator[Fault]:
    """Yield the faults of an item that do not depend on its id: its capacity and its offset."""
    place: KeyPath = ("items", number)
    offered = [need.dimension for need in function.capacities]
    if item.dimension not in offered:
        what = f"item {item.id} belongs to capacity {item.dimension}, which the function lacks"
        remedy = f"Use one of: {', '.join(offered)}; or add the capacity."
        yield sheet.fault((*place, "capacity"), what, remedy=remedy)
    if item.offset + SHARE.get(item.milestone, Fraction(1)) > 1:
        what = f"item {item.id} falls before the lead begins, or has an offset before a check"
        remedy = "Choose a smaller offset; at lead-start and at checks it is 0."
        yield sheet.fault((*place, "offset"), what, remedy=remedy)


def _twice(entries: Sequence[Entry]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for sheet, function in entries:
        for number, item in enumerate(function.items):
            if item.id in first:
                what = f"item id {item.id} stands in {first[item.id]} already"
                path: KeyPath = ("items", number, "id")
                yield sheet.fault(
                    path, what, remedy="Give it the next free number of its function."
                )
            first.setdefault(item.id, sheet.file)


def _missing(there: set[str], *, folder: str) -> Iterator[Fault]:
    for code in CODES:
        if code not in there:
            remedy = f"Add {code}.yaml; a function that does not apply keeps its file."
            yield Fault(folder, 1, f"function {code} is missing", remedy)
