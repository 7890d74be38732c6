"""From a sheet to a function: kinds of value, words and ranges; what is wrong becomes a fault."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from unbroken.functions.rules.sheets import Cursor, Sheet, one_of
from unbroken.functions.rules.words import (
    ELEMENTS,
    STEPS,
    CapacityNeed,
    Dependency,
    Dimension,
    Fact,
    Fault,
    Function,
    Item,
    Level,
    Milestone,
    Part,
)
from unbroken.kit.sentences import sentence

REQUIRED = (
    *("code", "title", "for_children", "group", "tier", "level", "restricted", "moves"),
    *("receivers", "elements", "lead", "capacities", "items", "source"),
)
OPTIONAL = ("depends_on", "applies_when", "failure_seen")
DEPENDENCY_KEYS = ("function", "step", "before", "why", "source")
ITEM_KEYS = ("id", "capacity", "milestone", "offset", "text", "evidence", "source")
LONGEST_TEXT = 240
LONGEST_TITLE = 120
LONGEST_LEAD = 60
OFFSET_DIGITS = 3


def parse(sheet: Sheet) -> tuple[Function | None, list[Fault]]:
    """Return the function of ``sheet`` and its faults; no function where there is any fault.

    Only the form is judged here: ``check`` judges the sense, one file with the others.
    """
    top = Cursor(sheet, sheet.content)
    if not top.keys(required=REQUIRED, optional=OPTIONAL):
        return None, top.faults
    found = _function(top)
    return (None if top.faults else found), top.faults


def _function(top: Cursor) -> Function:
    target, minimum = _lead(top.at("lead"))
    return Function(
        code=top.at("code").text(longest=20),
        title=top.at("title").text(longest=LONGEST_TITLE),
        for_children=top.at("for_children").text(longest=LONGEST_TEXT),
        group=top.at("group").text(longest=1),
        tier=top.at("tier").whole(low=1, high=4),
        level=top.at("level").word(Level),
        moves=_texts(top.at("moves")),
        receivers=_texts(top.at("receivers")),
        elements=_elements(top.at("elements")),
        target_months=target,
        minimum_months=minimum,
        restricted=top.at("restricted").flag(),
        capacities=_capacities(top.at("capacities")),
        items=parse_items(top.at("items")),
        source=top.at("source").text(),
        applies_when=_facts(top),
        failure_seen=top.at("failure_seen").text() if top.has("failure_seen") else "",
        depends_on=_dependencies(top.at("depends_on")) if top.has("depends_on") else (),
    )


def _texts(place: Cursor) -> tuple[str, ...]:
    return tuple(one.text(longest=LONGEST_TEXT) for one in place.each())


def _elements(place: Cursor) -> tuple[str, ...]:
    members = place.each()
    letters = tuple(one.text(longest=LONGEST_TEXT) for one in members)
    for one in members:
        if not (isinstance(one.value, str) and len(one.value) == 1 and one.value in ELEMENTS):
            what = sentence(
                "element {value} is not a letter of resolution 2764's demands",
                value=repr(one.value),
            )
            one.note(
                what,
                remedy=sentence(
                    "Use letters from {first} to {last}.", first=ELEMENTS[0], last=ELEMENTS[-1]
                ),
            )
    return letters


def _lead(place: Cursor) -> tuple[int, int]:
    if not place.keys(required=("target_months", "minimum_months")):
        return 1, 1
    target = place.at("target_months").whole(low=1, high=LONGEST_LEAD)
    return target, place.at("minimum_months").whole(low=1, high=LONGEST_LEAD)


def _dependencies(place: Cursor) -> tuple[Dependency, ...]:
    return tuple(_dependency(one) for one in place.each(may_be_empty=True))


def _dependency(place: Cursor) -> Dependency:
    if not place.keys(required=DEPENDENCY_KEYS):
        return Dependency("", "", "", "", "")
    return Dependency(
        function=place.at("function").text(longest=20),
        step=_step(place.at("step")),
        before=_step(place.at("before")),
        why=place.at("why").text(longest=LONGEST_TEXT),
        source=place.at("source").text(longest=LONGEST_TEXT),
    )


def _step(place: Cursor) -> str:
    if place.value not in STEPS:
        place.note(
            sentence("step {value} is not known", value=repr(place.value)),
            remedy=one_of(place.value, STEPS),
        )
    return str(place.value)


def _facts(place: Cursor) -> tuple[Fact, ...]:
    if not place.has("applies_when"):
        return ()
    return tuple(one.word(Fact) for one in place.at("applies_when").each(may_be_empty=True))


def _capacities(place: Cursor) -> tuple[CapacityNeed, ...]:
    allowed = [dimension.value for dimension in Dimension]
    place.keys(required=(), optional=allowed)
    return tuple(
        _capacity(place.at(dimension.value), dimension=dimension)
        for dimension in Dimension
        if place.has(dimension.value)
    )


def _capacity(place: Cursor, *, dimension: Dimension) -> CapacityNeed:
    place.keys(required=(), optional=("unit", "parts", "applies_when"))
    unit = place.at("unit").text(longest=60) if place.has("unit") else None
    parts = [_part(one) for one in place.at("parts").each()] if place.has("parts") else []
    return CapacityNeed(dimension, unit, tuple(parts), _facts(place))


def _part(place: Cursor) -> Part:
    place.keys(required=("key", "title"))
    title = place.at("title").text(longest=LONGEST_TITLE)
    return Part(place.at("key").text(longest=40), title)


def parse_items(place: Cursor) -> tuple[Item, ...]:
    """Return the items listed at ``place``, noting faults of form."""
    return tuple(_item(one) for one in place.each())


def _item(place: Cursor) -> Item:
    if not place.keys(required=ITEM_KEYS, optional=("elements",)):
        return Item("", "", Dimension.POSTS, Milestone.LAST_DAY, Fraction(0), "", "")
    return Item(
        id=place.at("id").text(longest=40),
        text=place.at("text").text(longest=LONGEST_TEXT),
        dimension=place.at("capacity").word(Dimension),
        milestone=place.at("milestone").word(Milestone),
        offset=_offset(place.at("offset")),
        evidence=place.at("evidence").text(longest=LONGEST_TEXT),
        source=place.at("source").text(longest=LONGEST_TEXT),
        elements=_elements(place.at("elements")) if place.has("elements") else (),
    )


def _offset(place: Cursor) -> Fraction:
    """Return the share as an exact fraction; a decimal of at most three digits from 0 to 1."""
    share = _decimal(place.value)
    if share is None or not 0 <= share <= 1 or share != round(share, OFFSET_DIGITS):
        what = sentence(
            "`offset` {value} is not a share from 0 to 1 with at most 3 digits",
            value=str(place.value),
        )
        place.note(what, remedy="Write the share of the lead before the milestone, such as 0.25.")
        return Fraction(0)
    return Fraction(share)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
