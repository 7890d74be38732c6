"""Whether the dependencies between functions make sense: what they name exists, and no circle.

Source: catalogue, edition 2026.2; that one function needs another is cited where it is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from unbroken.functions.rules.sheets import KeyPath, Sheet
from unbroken.functions.rules.words import CODES, CONFIRM, Dependency, Fault, Function, Milestone
from unbroken.kit.sentences import listed, sentence

MOST_DEPENDENCIES = 4
Entry = tuple[Sheet, Function]


def check_dependencies(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield the faults of what the functions say they depend on, alone and in circles.

    A function whose file could not be parsed is taken to have the steps that others name.
    """
    functions = {function.code: function for _, function in entries}
    yield from chain.from_iterable(_of_file(*entry, functions) for entry in entries)
    yield from _circles(entries)


def steps_of(function: Function) -> tuple[str, ...]:
    """Return the steps of ``function`` that a dependency can name, in the order of work."""
    return (
        Milestone.RECEIVER_NAMED.value,
        Milestone.AGREEMENT_SIGNED.value,
        *(f"{CONFIRM}{need.dimension.value}" for need in function.capacities),
    )


def _of_file(
    sheet: Sheet, function: Function, functions: Mapping[str, Function]
) -> Iterator[Fault]:
    if len(function.depends_on) > MOST_DEPENDENCIES:
        what = sentence(
            "{count} dependencies are more than {most_dependencies}",
            count=len(function.depends_on),
            most_dependencies=MOST_DEPENDENCIES,
        )
        yield sheet.fault(("depends_on",), what, remedy="Keep those without which it cannot pass.")
    seen: set[tuple[str, str, str]] = set()
    for number, each in enumerate(function.depends_on):
        place = ("depends_on", number)
        key = (each.function, each.step, each.before)
        if key in seen:
            what = sentence("the dependency on {function} stands twice", function=each.function)
            yield sheet.fault(place, what, remedy="Keep one of them.")
        seen.add(key)
        yield from _one(sheet, function, place=place, dependency=each, functions=functions)


def _one(
    sheet: Sheet,
    function: Function,
    *,
    place: KeyPath,
    dependency: Dependency,
    functions: Mapping[str, Function],
) -> Iterator[Fault]:
    code = dependency.function
    at: KeyPath = (*place, "function")
    if code == function.code:
        yield sheet.fault(
            at, sentence("{code} depends on itself", code=code), remedy="Name another function."
        )
    elif code not in CODES:
        what = sentence("{code} is not one of the {count} functions", code=code, count=len(CODES))
        yield sheet.fault(at, what, remedy=sentence("Use one of: {codes}.", codes=listed(CODES)))
    elif code in functions and dependency.step not in steps_of(functions[code]):
        yield _lacks(sheet, (*place, "step"), step=dependency.step, function=functions[code])
    if dependency.before not in steps_of(function):
        yield _lacks(sheet, (*place, "before"), step=dependency.before, function=function)


def _lacks(sheet: Sheet, path: KeyPath, *, step: str, function: Function) -> Fault:
    what = sentence("{code} has no step {step}", code=function.code, step=step)
    return sheet.fault(
        path, what, remedy=sentence("Use one of: {steps}.", steps=listed(steps_of(function)))
    )


def _circles(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield a fault for each circle, told in the file of its first function."""
    needs = {function.code: _others(function) for _, function in entries}
    order = {code: number for number, code in enumerate(CODES)}
    for sheet, function in entries:
        first = order.get(function.code, len(CODES))
        later = {code for code in needs if order.get(code, -1) > first}
        path = _way_back(function.code, needs=needs, through=later)
        if path:
            number = [each.function for each in function.depends_on].index(path[1])
            what = sentence(
                "functions depend on each other in a circle: {path}", path=" → ".join(path)
            )
            remedy = "Remove the weakest of these dependencies."
            yield sheet.fault(("depends_on", number), what, remedy=remedy)


def _others(function: Function) -> list[str]:
    return [each.function for each in function.depends_on if each.function != function.code]


def _way_back(
    code: str, *, needs: Mapping[str, Sequence[str]], through: set[str]
) -> tuple[str, ...]:
    """Return the shortest way from ``code`` back to it, empty where there is none."""
    ways: list[tuple[str, ...]] = [(code,)]
    seen = {code}
    while ways:
        longer = [(*way, each) for way in ways for each in needs[way[-1]]]
        back = next((way for way in longer if way[-1] == code), None)
        if back:
            return back
        ways = list({way[-1]: way for way in longer if way[-1] in through - seen}.values())
        seen |= {way[-1] for way in ways}
    return ()
