"""From a function back to the plain values of its file."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from unbroken.functions.rules.sheets import Value
from unbroken.functions.rules.words import CapacityNeed, Dependency, Function, Item


def dump(function: Function) -> dict[str, Value]:
    """Return ``function`` in the shape of its file, ready for JSON; parsing it gives the same.

    Offsets become decimal text ("0.25"), because JSON numbers are not exact everywhere.
    """
    return {
        "code": function.code,
        "title": function.title,
        "for_children": function.for_children,
        "group": function.group,
        "tier": function.tier,
        "level": function.level.value,
        "restricted": function.restricted,
        "applies_when": [fact.value for fact in function.applies_when],
        "moves": list(function.moves),
        "receivers": list(function.receivers),
        "elements": list(function.elements),
        "lead": {
            "target_months": function.target_months,
            "minimum_months": function.minimum_months,
        },
        **(
            {"depends_on": [_dependency(each) for each in function.depends_on]}
            if function.depends_on
            else {}
        ),
        "capacities": {need.dimension.value: _capacity(need) for need in function.capacities},
        "items": [dump_item(item) for item in function.items],
        "source": function.source,
        **({"failure_seen": function.failure_seen} if function.failure_seen else {}),
    }


def dump_item(item: Item) -> Mapping[str, Value]:
    """Return one item in the shape of its file."""
    body: dict[str, Value] = {
        "id": item.id,
        "capacity": item.dimension.value,
        "milestone": item.milestone.value,
        "offset": _share(item.offset),
        "text": item.text,
        "evidence": item.evidence,
        "source": item.source,
    }
    if item.elements:
        body["elements"] = list(item.elements)
    return body


def _dependency(dependency: Dependency) -> Mapping[str, Value]:
    return {
        "function": dependency.function,
        "step": dependency.step,
        "before": dependency.before,
        "why": dependency.why,
        "source": dependency.source,
    }


def _capacity(need: CapacityNeed) -> Mapping[str, Value]:
    body: dict[str, Value] = {} if need.unit is None else {"unit": need.unit}
    if need.parts:
        body["parts"] = [{"key": part.key, "title": part.title} for part in need.parts]
    if need.applies_when:
        body["applies_when"] = [fact.value for fact in need.applies_when]
    return body


def _share(share: Fraction) -> str:
    return str((Decimal(share.numerator) / Decimal(share.denominator)).normalize())
