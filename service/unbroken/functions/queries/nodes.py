"""From YAML nodes to plain values and their lines; what has no place in a checklist is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from unbroken.functions.rules import KeyPath, Value

DEEPEST = 8
TAG = "tag:yaml.org,2002:"


@dataclass
class Unfit(Exception):
    """A file cannot be read as a checklist."""

    line: int
    what: str
    remedy: str


def value_of(node: Node | None, *, depth: int = 0) -> Value:
    """Return the plain value of ``node``; numbers with a point are exact decimals.

    Raises:
        Unfit: an anchor or alias, a key that stands twice or is no text, a tag,
            or too deep a nesting.
    """
    if node is None:
        return None
    if node.anchor is not None:
        # Aliases would let a small file grow without bounds.
        raise _unfit(node, "anchors and aliases are not used here", "Write the text out.")
    if depth > DEEPEST:
        raise _unfit(node, "nested too deeply", "Use the shape in README.md.")
    match node:
        case MappingNode():
            return _mapping(node, depth=depth)
        case SequenceNode():
            return [value_of(one, depth=depth + 1) for one in node.value]
        case _:
            return _scalar(node)


def lines_of(node: Node | None) -> dict[KeyPath, int]:
    """Return the line (from 1) of every key and list member below ``node``, by path."""
    return dict(_lines(node, path=())) if node is not None else {}


def _mapping(node: MappingNode, *, depth: int) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or key.tag != f"{TAG}str":
            raise _unfit(key, "a key is not a text", "Write `key: value`.")
        if key.value in found:
            raise _unfit(key, f"key `{key.value}` stands twice", "Keep one of them.")
        found[key.value] = value_of(value, depth=depth + 1)
    return found


def _scalar(node: Node) -> Value:
    text: str = node.value
    match str(node.tag).removeprefix(TAG):
        case "str" | "timestamp":
            return text
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case "int" | "float":
            return _number(node)
        case _:
            raise _unfit(node, f"the tag {node.tag} is not used here", "Remove the tag.")


def _number(node: Node) -> int | Decimal:
    try:
        number = Decimal(node.value)
    except InvalidOperation as error:
        what = f"{node.value} is not a plain decimal number"
        raise _unfit(node, what, "Write it like 12 or 0.25; quote it if it is a text.") from error
    return int(number) if node.tag == f"{TAG}int" else number


def _lines(node: Node, *, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    match node:
        case MappingNode():
            for key, value in node.value:
                yield (*path, key.value), key.start_mark.line + 1
                yield from _lines(value, path=(*path, key.value))
        case SequenceNode():
            for number, one in enumerate(node.value):
                yield (*path, number), one.start_mark.line + 1
                yield from _lines(one, path=(*path, number))
        case _:
            return


def _unfit(node: Node, what: str, remedy: str) -> Unfit:
    return Unfit(node.start_mark.line + 1, what, remedy)
