"""Which part of a package holds which sheet. Source: ECMA-376 part 1, 18.2 and part 2, 9.3."""

from collections.abc import Callable
from xml.parsers import expat

from unbroken.workbooks.refusals import damaged, refuse_doctype, unusual

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MOST_BYTES = 1 << 22


def targets_of(text: bytes) -> dict[str, str]:
    """Return the target of each relationship by its id, from a part of relationships.

    Raises:
        Invalid: The part is not well-formed, declares a document type, or is beyond all measure.
    """
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and "Target" in attributes:
            found[attributes.get("Id", str(len(found)))] = attributes["Target"]

    _parse(text, start)
    return found


def sheet_parts(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name, in the workbook's order.

    Raises:
        Invalid: As ``targets_of``.
    """
    targets = targets_of(relations)
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != "sheet":
            return
        references = [value for key, value in attributes.items() if _local(key) == "id"]
        if references and references[0] in targets:
            found[attributes.get("name", "")] = _inside(targets[references[0]])

    _parse(workbook, start)
    return found


def _inside(target: str) -> str:
    """Return the part's name: targets count from ``xl/`` unless they begin with a slash."""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(text: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    if len(text) > MOST_BYTES:
        raise unusual()
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat takes no names
    except expat.ExpatError as fault:
        raise damaged() from fault
