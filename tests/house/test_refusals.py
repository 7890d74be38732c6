"""Every refusal says how to mend it: each class has a remedy, and so has each fault of an input."""

import ast
from collections.abc import Iterator

from tests.house.tree import dotted, modules, name, tree

BASE = "UnbrokenError"
WITHOUT = {
    # What a library found wrong has no remedy of ours; the words of the fault are all there is.
    "service/unbroken/web/errors.py",
    "service/unbroken/web/input_words.py",
}
"""Modules whose faults may have no remedy, each with the reason."""


def test_every_class_of_refusal_says_how_to_mend_it() -> None:
    classes = list(_refusals())
    silent = [where for where, node in classes if not _has_remedy(node)]

    assert len(classes) > 30, "the classes of refusals were not found"
    assert silent == []


def test_every_fault_of_an_input_says_how_to_mend_it() -> None:
    faults = [
        (f"{name(at)}:{node.lineno}", node)
        for at in modules("service")
        if name(at) not in WITHOUT
        for node in ast.walk(tree(at))
        if isinstance(node, ast.Call) and dotted(node.func) == "Problem"
    ]

    assert len(faults) > 50, "the faults of inputs were not found"
    assert [where for where, call in faults if not _names_remedy(call)] == []


def test_no_remedy_is_said_to_be_empty() -> None:
    empty = [
        f"{name(at)}:{word.value.lineno}"
        for at in modules("service")
        for call in ast.walk(tree(at))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "remedy" and isinstance(word.value, ast.Constant) and not word.value.value
    ]

    assert empty == []


def _refusals() -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield every class that descends from the base, with its place; modules in any order."""
    classes = [
        (f"{name(at)}:{node.lineno} {node.name}", node)
        for at in modules()
        for node in ast.walk(tree(at))
        if isinstance(node, ast.ClassDef)
    ]
    known = {BASE}
    found: list[tuple[str, ast.ClassDef]] = []
    while True:
        more = [pair for pair in classes if pair[1].name == BASE or _descends(pair[1], known)]
        if len(more) == len(found):
            break
        found, known = more, {node.name for _where, node in more}
    yield from found


def _descends(node: ast.ClassDef, known: set[str]) -> bool:
    return any(dotted(base) in known for base in node.bases)


def _has_remedy(node: ast.ClassDef) -> bool:
    return any(
        isinstance(line, ast.Assign)
        and [dotted(target) for target in line.targets] == ["remedy"]
        and isinstance(line.value, ast.Call)
        for line in node.body
    )


def _names_remedy(call: ast.Call) -> bool:
    spread = any(isinstance(each, ast.Starred) for each in call.args)
    return spread or len(call.args) > 2 or any(word.arg == "remedy" for word in call.keywords)
