"""Reads XML of outside systems piece by piece, so that a file of any length stays small in memory.

What could reach outside or swell is refused: document types, and with them entities of any kind.
libxml2 itself bounds depth (some hundred levels) and the length of one text (10 MB).
"""

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import Marked, sentence
from unbroken.sources.parsing import refusal, text
from unbroken.sources.readers import Payload

BLANKS = b" \t\r\n"
PAGES = (b"<html", b"<!doctype html")
PACKED = (b"pk\x03\x04", b"\x1f\x8b")
LOOKED_AT = 512


def elements(payload: Payload, *names: str) -> Iterator[etree._Element]:
    """Yield each finished element of these local names, in any namespace, in document order.

    Its parents are there with their attributes; the element itself is emptied when the next one is
    asked for.

    Raises:
        Invalid: no XML, broken off, too deep, or with a document type.
    """
    content = _checked(payload)
    tags = [f"{{*}}{name}" for name in names]
    found = etree.iterparse(
        BytesIO(content),
        events=("end",),
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in found:
            _refuse_document_type(payload, element)
            yield element
            _emptied(element)
    except etree.XMLSyntaxError as error:
        raise _broken(payload, error) from error
    if found.root is not None:
        _refuse_document_type(payload, found.root)


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace."""
    return etree.QName(element).localname


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of this local name; ``None``: there is none."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of this local name, in document order."""
    yield from element.iterchildren(f"{{*}}{name}")


def text_of(element: etree._Element | None) -> str:
    """Return all text inside, without blanks around it; empty where there is none."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def attribute(element: etree._Element | None, name: str) -> str:
    """Return an attribute without blanks around it, whatever its namespace; else empty."""
    if element is None:
        return ""
    if name in element.attrib:
        return str(element.attrib[name]).strip()
    named = (v for k, v in element.attrib.items() if etree.QName(k).localname == name)
    return str(next(named, "")).strip()


def line_of(element: etree._Element) -> int:
    """Return the line on which an element begins, counted from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def place(payload: Payload, line: int | None) -> str:
    """Return where in a payload something stands, for a problem's path."""
    return f"{payload.name}: line {line or 1}"


def beginning(payload: Payload) -> bytes:
    """Return the first signs in small letters, without byte order mark and blanks before them.

    Enough to tell what it is, in UTF-8 and UTF-16; empty for an empty payload.
    """
    start = payload.content[:LOOKED_AT].replace(b"\x00", b"")
    return start.lstrip(BLANKS + b"\xef\xbb\xbf\xff\xfe").lower()


def _checked(payload: Payload) -> bytes:
    start = beginning(payload)
    if not start:
        raise _refused(payload, "It is empty.", "Fetch the file again; nothing had arrived.")
    if start.startswith(PAGES):
        raise _refused(
            payload,
            "It is a web page, not the file itself; often a page that tells of an error.",
            "Open it in a browser to see what it says, then fetch the file again.",
        )
    if start.startswith(PACKED):
        raise _refused(payload, "It is packed.", "Unpack it, then read the file inside.")
    # a declaration must come first; some publishers put blank lines before it
    return payload.content.lstrip(BLANKS) if payload.content[:1] in BLANKS else payload.content


def _refuse_document_type(payload: Payload, element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise _refused(
            payload,
            "It declares a document type, through which entities can swell or reach outside.",
            "Ask the publisher for the file without <!DOCTYPE …>.",
        )


def _refused(payload: Payload, what: Marked, remedy: Marked) -> Invalid:
    return refusal(payload.name, [Problem(payload.name, sentence(what), remedy)])


def _broken(payload: Payload, error: etree.XMLSyntaxError) -> Invalid:
    what = sentence("It is no whole XML: {fault}", fault=text(str(error.msg or ""))[:200])
    remedy: Marked = "Fetch the file again: it may have broken off. Else tell its publisher."
    return refusal(payload.name, [Problem(place(payload, error.lineno), what, remedy)])


def _emptied(element: etree._Element) -> None:
    """Give back the memory of an element and of all that stands before it beside it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
