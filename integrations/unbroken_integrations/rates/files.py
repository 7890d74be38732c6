"""Tells by its content what a file of rates is, and reads it: XML, a table, or one packed."""

import zipfile
import zlib
from io import BytesIO

from lxml import etree

from unbroken.kit.errors import Problem
from unbroken.sources.markup import (
    attribute,
    beginning,
    child,
    elements,
    line_of,
    local_name,
    place,
    text_of,
)
from unbroken.sources.parsing import Fault, refusal, refusing
from unbroken.sources.readers import Payload
from unbroken_integrations.rates.rows import (
    DOLLAR,
    EURO,
    Rate,
    Recorded,
    currency_of,
    day_of,
    rates_of,
    value_of,
)
from unbroken_integrations.rates.tables import ECB, UN, recorded_table

PACKED = b"PK\x03\x04"
LARGEST = 50_000_000
"""Bytes of one packed file, unpacked. The bank's whole history has about two million."""

UN_ROW, ECB_ROW = "UN_OPERATIONAL_RATES", "Cube"


def recorded(payload: Payload) -> Recorded:
    """Return what a file of rates states, whichever of the known ones it is.

    Raises:
        Invalid: it is none of them, or states no rate that can be read.
    """
    with refusing(payload):
        found = _recorded(payload)
        if not found.rates and not found.problems:
            raise Fault(payload.name, "It states no rate.")
    if not found.rates:
        raise refusal(payload.name, found.problems)
    return found


def _recorded(payload: Payload) -> Recorded:
    content = payload.content
    if content.startswith(PACKED):
        return _recorded(_unpacked(payload))
    if beginning(payload).startswith(b"<"):
        return _recorded_xml(payload)
    return recorded_table(payload)


def _unpacked(payload: Payload) -> Payload:
    """Return the one table or XML in an archive.

    Raises:
        Fault: it cannot be unpacked, holds several, or one that is far too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(payload.content)) as archive:
            names = [each for each in archive.namelist() if each.lower().endswith((".csv", ".xml"))]
            if len(names) != 1:
                raise Fault(payload.name, "It should hold one table (.csv) or one .xml.")
            with archive.open(names[0]) as member:
                content = member.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, Fault):
            raise
        raise Fault(payload.name, "It cannot be unpacked; it may have broken off.") from error
    except (RuntimeError, NotImplementedError) as error:
        raise Fault(payload.name, "It is locked, or packed in an unusual way.") from error
    if len(content) > LARGEST or content.startswith(PACKED):
        raise Fault(payload.name, "What is packed in it is far too large, or packed again.")
    return Payload(payload.name, content)


def _recorded_xml(payload: Payload) -> Recorded:
    rates: list[Rate] = []
    problems: list[Problem] = []
    source = ""
    for element in elements(payload, UN_ROW, ECB_ROW):
        is_un = local_name(element) == UN_ROW
        source = source or (UN if is_un else ECB)
        kept, faults = rates_of([(payload, element)], _un_rate if is_un else _ecb_rate)
        rates += kept
        problems += faults
    if not source:
        raise Fault(
            payload.name, "It is no file of rates of the UN Treasury or the European Central Bank."
        )
    base = DOLLAR if source == UN else EURO
    return Recorded(source, base, tuple(rates), tuple(problems))


def _un_rate(row: tuple[Payload, etree._Element]) -> Rate | None:
    payload, element = row
    at = place(payload, line_of(element))
    code = currency_of(text_of(child(element, "f_curr_code")), at=at)
    value = value_of(text_of(child(element, "rate")), at=at)
    if value is None:
        raise Fault(at, "It states no rate for {currency}.", currency=code)
    return Rate(code, value, day_of(text_of(child(element, "eff_date")), at=at), at)


def _ecb_rate(row: tuple[Payload, etree._Element]) -> Rate | None:
    """Cubes lie in each other: one for all, one for each day, one for each currency."""
    payload, element = row
    if "currency" not in element.attrib:
        return None
    at = place(payload, line_of(element))
    code = currency_of(attribute(element, "currency"), at=at)
    value = value_of(attribute(element, "rate"), at=at)
    if value is None:
        return None
    return Rate(code, value, day_of(attribute(element.getparent(), "time"), at=at), at)
