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
from unbroken.kit.sentences import listed, sentence

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
        what = sentence("code {code} is not the file's name", code=code)
        remedy = sentence(
            "Write {expected}, or rename the file to {code}.yaml.", expected=expected, code=code
        )
        yield sheet.fault(("code",), what, remedy=remedy)
    if code not in CODES:
        what = sentence(
            "code {code} is not one of the {count} functions", code=code, count=len(CODES)
        )
        yield sheet.fault(
            ("code",), what, remedy=sentence("Use one of: {codes}.", codes=listed(CODES))
        )
    elif code not in GROUPS.get(function.group, ()):
        right = next(group for group, codes in GROUPS.items() if code in codes)
        what = sentence("group {group} is not the group of {code}", group=function.group, code=code)
        yield sheet.fault(("group",), what, remedy=sentence("Write {right}.", right=right))


def _enough(sheet: Sheet, function: Function) -> Iterator[Fault]:
    if function.minimum_months > function.target_months:
        path: KeyPath = ("lead", "minimum_months")
        what = sentence(
            "the minimum of {minimum_months} months is above the target",
            minimum_months=function.minimum_months,
        )
        remedy = sentence(
            "Write at most {target_months}, or raise target_months.",
            target_months=function.target_months,
        )
        yield sheet.fault(path, what, remedy=remedy)
    if len(function.capacities) < FEWEST_CAPACITIES:
        what = sentence(
            "fewer than {fewest_capacities} capacities", fewest_capacities=FEWEST_CAPACITIES
        )
        yield sheet.fault(("capacities",), what, remedy="Add the dimensions that have to pass.")
    upper = function.tier in UPPER_TIERS
    fewest = FEWEST_ITEMS_OF_UPPER_TIERS if upper else FEWEST_ITEMS
    if len(function.items) < fewest:
        what = sentence(
            "{count} items are fewer than the {fewest} of tier {tier}",
            count=len(function.items),
            fewest=fewest,
            tier=function.tier,
        )
        yield sheet.fault(
            ("items",), what, remedy=sentence("Add items until there are {fewest}.", fewest=fewest)
        )


def _girls_and_boys(sheet: Sheet, function: Function) -> Iterator[Fault]:
    asked = any(item.asks_girls_boys for item in function.items)
    if GIRLS_AND_BOYS in function.elements and not asked:
        what = "the function answers element M and no item asks for girls, boys, age or disability"
        yield sheet.fault(("items",), what, remedy="Write `elements: [M]` on the item that asks.")


def _capacity(sheet: Sheet, need: CapacityNeed) -> Iterator[Fault]:
    name, path = need.dimension.value, ("capacities", need.dimension.value)
    if need.unit is not None and need.parts:
        what = sentence("capacity {name} has a unit and parts", name=name)
        yield sheet.fault(path, what, remedy="Keep `unit` or `parts`, not both.")
    if need.unit is None and not need.parts:
        what = sentence("capacity {name} has neither a unit nor parts", name=name)
        yield sheet.fault(path, what, remedy="Add `unit`, or `parts` with key and title.")
    seen: set[str] = set()
    for number, part in enumerate(need.parts):
        place = (*path, "parts", number, "key")
        if part.key in seen:
            what = sentence("part {key} stands twice in capacity {name}", key=part.key, name=name)
            yield sheet.fault(place, what, remedy="Give each part its own key.")
        if not PART_KEY.fullmatch(part.key):
            what = sentence("part key {key} is not in kebab-case", key=part.key)
            yield sheet.fault(place, what, remedy="Use small letters, digits and single hyphens.")
        seen.add(part.key)


def _item(sheet: Sheet, function: Function, *, number: int, item: Item) -> Iterator[Fault]:
    place: KeyPath = ("items", number)
    if not re.fullmatch(re.escape(function.code) + r"-\d{2,3}", item.id):
        what = sentence(
            "item id {id} is not {code}- and two digits", id=item.id, code=function.code
        )
        yield sheet.fault(
            (*place, "id"), what, remedy=sentence("Write it like {code}-01.", code=function.code)
        )
    yield from check_item(sheet, function, number=number, item=item)


def check_item(sheet: Sheet, function: Function, *, number: int, item: Item) -> Iterator[Fault]:
    """Yield the faults of an item that do not depend on its id: its capacity and its offset."""
    place: KeyPath = ("items", number)
    offered = [need.dimension for need in function.capacities]
    if item.dimension not in offered:
        what = sentence(
            "item {id} belongs to capacity {dimension}, which the function lacks",
            id=item.id,
            dimension=item.dimension,
        )
        remedy = sentence("Use one of: {offered}; or add the capacity.", offered=listed(offered))
        yield sheet.fault((*place, "capacity"), what, remedy=remedy)
    if item.offset + SHARE.get(item.milestone, Fraction(1)) > 1:
        what = sentence(
            "item {id} falls before the lead begins, or has an offset before a check", id=item.id
        )
        remedy = sentence("Choose a smaller offset; at lead-start and at checks it is 0.")
        yield sheet.fault((*place, "offset"), what, remedy=remedy)


def _twice(entries: Sequence[Entry]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for sheet, function in entries:
        for number, item in enumerate(function.items):
            if item.id in first:
                what = sentence(
                    "item id {id} stands in {first} already", id=item.id, first=first[item.id]
                )
                path: KeyPath = ("items", number, "id")
                yield sheet.fault(
                    path, what, remedy="Give it the next free number of its function."
                )
            first.setdefault(item.id, sheet.file)


def _missing(there: set[str], *, folder: str) -> Iterator[Fault]:
    for code in CODES:
        if code not in there:
            remedy = sentence(
                "Add {code}.yaml; a function that does not apply keeps its file.", code=code
            )
            yield Fault(folder, 1, sentence("function {code} is missing", code=code), remedy)
