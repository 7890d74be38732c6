"""What the readers of several systems share: JSON, values that may not be stated, tables.

Nothing here knows a system. A value that is not what its place asks for raises ``Fault``; a reader
either leaves that one record out (``sifted``) or refuses the whole answer (``refusing``).
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, localcontext
from typing import TypeVar, overload

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import Marked, Plain, Sentence, counted, listed, sentence
from unbroken.sources.readers import Payload

Number = int | Decimal
T = TypeVar("T")

DEEPEST = 64
LONGEST_TEXT = 1_000
MOST_DIGITS = 20
MOST_PLACES = 30
MOST_NAMED = 20
MOST_PRECISE = 100
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,30})?")
PLAIN_IDENTITY = re.compile(r"[0-9]{1,18}")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Fault(ValueError):
    """One place in an answer holds something else than it should; ``problem`` says where."""

    def __init__(self, at: str, message: Marked, *, remedy: Marked = "", **facts: Plain) -> None:
        """Keep where it is and what is wrong, the braces filled."""
        self.problem = Problem(at, sentence(message, **facts), remedy)
        super().__init__(f"{at}: {self.problem.what}")


@contextmanager
def refusing(payload: Payload, *more: Payload) -> Iterator[None]:
    """Turn a fault that no record took with it into a refusal of the payloads read together.

    Raises:
        Invalid: there was such a fault.
    """
    try:
        yield
    except Fault as fault:
        names = listed(each.name for each in (payload, *more))
        raise refusal(names, [fault.problem]) from fault


def refusal(name: str, problems: Sequence[Problem]) -> Invalid:
    """Return the refusal of an answer, with the first twenty things that are wrong in it."""
    rest = len(problems) - MOST_NAMED
    told = counted("{count} more fault", "{count} more faults", rest)
    more = [Problem(text(name), told, "Mend those named first, then read it again.")]
    return Invalid(
        "{name} was refused: what it says cannot be relied on.",
        problems=[*problems[:MOST_NAMED], *(more if rest > 0 else [])],
        remedy="Fetch it again, whole, and read it once more.",
        name=text(name),
    )


def json_of(payload: Payload) -> object:
    """Return what a JSON payload holds; numbers with a point are ``Decimal``.

    Raises:
        Fault: it is empty, no JSON (an error page, a text that breaks off), holds no number where
            one is meant (NaN), or is nested too deep.
    """
    if not payload.content.strip():
        raise Fault(payload.name, "It is empty.")
    try:
        read: object = json.loads(payload.content, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError as error:
        raise Fault(payload.name, "It is nested too deep.") from error
    except UnicodeDecodeError as error:
        raise Fault(payload.name, "It is not written in Unicode.") from error
    except json.JSONDecodeError as error:
        raise _no_json(payload, error) from error
    except ValueError as error:
        raise Fault(payload.name, "It holds a number that is none, or far too long.") from error
    if _is_deep(read):
        raise Fault(payload.name, "It is nested too deep.")
    return read


def _no_number(told: str) -> object:
    raise ValueError(told)


def _no_json(payload: Payload, error: json.JSONDecodeError) -> Fault:
    if payload.content.lstrip()[:1] == b"<":
        return Fault(payload.name, "It is a page or XML, not JSON.")
    return Fault(
        payload.name,
        "It is not JSON, or breaks off: line {line}, column {column}.",
        line=error.lineno,
        column=error.colno,
    )


def _is_deep(read: object) -> bool:
    level = [read]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: object) -> Sequence[object]:
    match value:
        case dict():
            return [each for each in value.values() if isinstance(each, dict | list)]
        case list():
            return [each for each in value if isinstance(each, dict | list)]
        case _:
            return []


def enveloped(payload: Payload) -> Mapping[str, object]:
    """Return an answer of the shape ``{"status": "ok", "data": …}``, whole; ``data`` is in it.

    Raises:
        Fault: it is no such answer, or its status is another. Answers without any status pass.
    """
    whole_answer = mapping(json_of(payload), at=payload.name)
    status = whole_answer.get("status", "ok")
    at_status, at_data = f"{payload.name}: status", f"{payload.name}: data"
    if status != "ok":
        raise Fault(at_status, "It is {told}, not ok.", told=text(str(status)))
    if whole_answer.get("data") is None:
        raise Fault(at_data, "It is missing.")
    return whole_answer


def mapping(value: object, *, at: str) -> Mapping[str, object]:
    """Return the object that stands here.

    Raises:
        Fault: it is none.
    """
    if not isinstance(value, dict):
        raise Fault(at, "It is missing or no object.")
    return value


def listing(value: object, *, at: str) -> Sequence[object]:
    """Return the list that stands here, perhaps empty.

    Raises:
        Fault: it is none; a list that is missing is not an empty one.
    """
    if not isinstance(value, list):
        raise Fault(at, "It is missing or no list.")
    return value


def maybe_mapping(value: object, *, at: str) -> Mapping[str, object] | None:
    """Return the object that stands here, or ``None`` where there is nothing.

    Raises:
        Fault: something else stands here.
    """
    return None if value is None else mapping(value, at=at)


def maybe_listing(value: object, *, at: str) -> Sequence[object]:
    """Return the list that stands here, empty where there is nothing.

    Raises:
        Fault: something else stands here.
    """
    return () if value is None else listing(value, at=at)


def amount(value: object, *, at: str) -> Number | None:
    """Return the number that stands here, an ``int`` where it is whole; ``None``: not stated.

    A text of plain digits, with a point or without, is a number; nothing, ``null`` and the empty
    text are not stated, which is not zero.

    Raises:
        Fault: it is true or false, another text, or out of all bounds.
    """
    match value:
        case None:
            return None
        case str():
            return _written(value.strip(), at)
        case int() | Decimal() if not isinstance(value, bool):
            return _bounded(Decimal(value), at)
        case _:
            raise Fault(at, "It is not a number.")


def _written(told: str, at: str) -> Number | None:
    if not told:
        return None
    if not PLAIN_NUMBER.fullmatch(told):
        raise Fault(at, "{told} is not a number.", told=text(told)[:40])
    return _bounded(Decimal(told), at)


def _bounded(number: Decimal, at: str) -> Number:
    if number == 0:
        return 0
    exponent = number.as_tuple().exponent
    is_fine = isinstance(exponent, int) and exponent >= -MOST_PLACES
    if not is_fine or number.adjusted() >= MOST_DIGITS:
        raise Fault(at, "The number is out of all bounds.")
    return _tidy(number)


def whole(value: object, *, at: str) -> int | None:
    """Return the whole number that stands here; ``None``: not stated.

    Raises:
        Fault: it is no number, or not a whole one.
    """
    number = amount(value, at=at)
    if isinstance(number, Decimal):
        raise Fault(at, "{told} is not a whole number.", told=str(number))
    return number


def summed(numbers: Iterable[Number]) -> Number:
    """Return the sum to the last digit, an ``int`` where it is whole; zero for none."""
    with localcontext(prec=MOST_PRECISE):
        return _tidy(sum(map(Decimal, numbers), start=Decimal(0)))


def difference(more: Number, less: Number) -> Number:
    """Return what is left to the last digit, negative where ``less`` is the larger one."""
    with localcontext(prec=MOST_PRECISE):
        return _tidy(Decimal(more) - Decimal(less))


def _tidy(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else number


@overload
def stated(value: int | None, *, at: str) -> int: ...
@overload
def stated(value: Number | None, *, at: str) -> Number: ...
def stated(value: Number | None, *, at: str) -> Number:
    """Return a number that must be stated.

    Raises:
        Fault: it is not.
    """
    if value is None:
        raise Fault(at, "It is not stated.")
    return value


def named(value: object, *, at: str) -> str:
    """Return the identity that must stand here, see ``identity``.

    Raises:
        Fault: it does not.
    """
    told = identity(value, at=at)
    if told is None:
        raise Fault(at, "It is not stated.")
    return told


def identity(value: object, *, at: str) -> str | None:
    """Return a number that names something, as digits: ``12`` and ``"12"`` are one; else ``None``.

    Raises:
        Fault: something else than such a number stands here.
    """
    if value is None or value == "":
        return None
    told = str(value).strip() if isinstance(value, str | int) else ""
    if isinstance(value, bool) or not PLAIN_IDENTITY.fullmatch(told):
        raise Fault(at, "It is not the number of a record.")
    return str(int(told))


def text(value: object) -> str:
    """Return a text in one line: NFC, single blanks, no control signs; empty for anything else."""
    if not isinstance(value, str):
        return ""
    sound = value.encode("utf-8", "replace").decode()
    shown = "".join(sign if _is_shown(sign) else " " for sign in sound)
    return " ".join(unicodedata.normalize("NFC", shown).split())[:LONGEST_TEXT]


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign) != "Cc"


def day(value: object, *, at: str) -> date | None:
    """Return the day that stands here: 2025-01-15, an instant of that day, or 15/01/2025.

    With slashes the day comes first, always. ``None``: not stated.

    Raises:
        Fault: it is no day of the calendar.
    """
    told = text(value)
    if value is None or value == "":
        return None
    iso, slashed = ISO_DAY.fullmatch(told), DAY_FIRST.fullmatch(told)
    try:
        if iso:
            return date(*(int(part) for part in iso.groups()))
        if slashed:
            return date(*(int(part) for part in reversed(slashed.groups())))
    except ValueError:
        pass
    raise Fault(at, "{told} is not a day; write it as 2025-01-15 or 15/01/2025.", told=told[:40])


def sifted(
    records: Sequence[object], read: Callable[[object, str], T], *, at: str
) -> tuple[list[T], list[Problem]]:
    """Return what could be read of the records, in their order, and why others were left out.

    ``read`` gets each record and where it is; a ``Fault`` from it leaves that record out.
    """
    kept: list[T] = []
    problems: list[Problem] = []
    for number, record in enumerate(records):
        try:
            kept.append(read(record, f"{at}[{number}]"))
        except Fault as fault:
            problems.append(fault.problem)
    return kept, problems


def left_out(problems: Sequence[Problem]) -> list[Sentence]:
    """Return warnings: how many records were left out, then where and why; empty for none.

    No more than the first twenty are named.
    """
    if not problems:
        return []
    total = counted("{count} record was left out.", "{count} records were left out.", len(problems))
    return [
        total,
        *(sentence("{at}: {what}", at=each.path, what=each.what) for each in problems[:MOST_NAMED]),
    ]
