"""Which column of a country's sheet holds what: chosen, tagged, or known by its name.

Only columns of the roles below are ever looked into. A column that holds persons' addresses or
positions is none of them, and cannot be chosen as one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from unbroken.kit.languages import gettext as _
from unbroken.sources.parsing import Fault
from unbroken.sources.reference.loading import head_folded
from unbroken_integrations.hdx.column_names import (
    ADMIN1,
    ADMIN1_CODE,
    ADMIN2,
    ADMIN2_CODE,
    CODE,
    KIND,
    NAMES,
    NEEDED,
    NOISE,
    PRIVATE,
    TAGS,
)
from unbroken_integrations.hdx.tables import MOST_ROWS_ABOVE, Row, is_tag, is_tagged, told


@dataclass(frozen=True, slots=True)
class Found:
    """Where a table is in its sheet: the last row above the data, and each role's column."""

    last_head: int
    columns: Mapping[str, int]
    heads: Mapping[str, str]
    is_tagged: bool = False


def found_columns(rows: Sequence[Row], chosen: Mapping[str, str]) -> Found | None:
    """Return where the columns are, None where they are not; what is chosen goes before all else.

    Raises:
        Fault: a chosen column holds what is not to be read.
    """
    for role, name in chosen.items():
        refuse_private(name, role)
    return _by_tags(rows, chosen) or _by_names(rows, chosen)


def refuse_private(name: str, role: str) -> None:
    """Pass where a column's name does not speak of persons or positions.

    Raises:
        Fault: it does.
    """
    if PRIVATE & set(head_folded(name).split()):
        at = f"--with {role}"
        raise Fault(
            at,
            "A column that names persons, how to reach them or where they are is not read.",
            remedy=_("Choose the column of what is reported, not of who reports it."),
        )


def _by_tags(rows: Sequence[Row], chosen: Mapping[str, str]) -> Found | None:
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        if not is_tagged(row):
            continue
        above = next((rows[each] for each in range(number - 1, -1, -1) if any(rows[each])), row)
        columns = _tagged(row, above) | (_chosen(above, chosen) or {})
        found = _found(number, columns, above, tagged=True)
        if found and chosen.keys() <= columns.keys():
            return found
    return None


def _by_names(rows: Sequence[Row], chosen: Mapping[str, str]) -> Found | None:
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        asked = _chosen(row, chosen)
        if asked is None:
            continue
        found = _found(number, _named(row) | asked, row, tagged=False)
        if found:
            return found
    return None


def _found(number: int, columns: Mapping[str, int], heads: Row, *, tagged: bool) -> Found | None:
    if not set(NEEDED) <= columns.keys():
        return None
    names = {role: told(heads[at]) if at < len(heads) else "" for role, at in columns.items()}
    return Found(number, columns, names, tagged)


def _chosen(row: Row, chosen: Mapping[str, str]) -> dict[str, int] | None:
    """Return the chosen columns by role; None where this row has not all of them."""
    heads = [head_folded(told(each)) for each in row]
    asked = {role: head_folded(name) for role, name in chosen.items()}
    if not all(name and name in heads for name in asked.values()):
        return None
    return {role: heads.index(name) for role, name in asked.items()}


def _named(row: Row) -> dict[str, int]:
    ranked: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(row):
        known = _role_of(told(cell))
        if known is not None and (known[1], at) < ranked.get(known[0], (len(row) + 99, 0)):
            ranked[known[0]] = (known[1], at)
    return {role: at for role, (_rank, at) in ranked.items()}


def _role_of(head: str) -> tuple[str, int] | None:
    """Return the role of a column by its name, and how well it fits, 0 being best."""
    words = head_folded(head).replace("p code", "pcode").split()
    if PRIVATE & set(words):
        return None
    bare = _bare(words)
    known = _roles().get(bare)
    if known is None:
        return None
    return _coded(known[0], is_code=bool(CODE & set(words))), known[1]


def _bare(words: Iterable[str]) -> frozenset[str]:
    """Return the words that tell columns apart, in any order and of any number."""
    return frozenset(each.removesuffix("s") for each in words if each not in NOISE | CODE)


@cache
def _roles() -> Mapping[frozenset[str], tuple[str, int]]:
    found: dict[frozenset[str], tuple[str, int]] = {}
    for role, names in NAMES.items():
        for rank, name in enumerate(names):
            found.setdefault(_bare(name.split()), (role, rank))
    return found


def _coded(role: str, *, is_code: bool) -> str:
    codes = {ADMIN1: ADMIN1_CODE, ADMIN2: ADMIN2_CODE}
    return codes.get(role, role) if is_code else role


def _tagged(row: Row, heads: Row) -> dict[str, int]:
    ranked: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(row):
        tag = told(cell).replace(" ", "").casefold()
        head = told(heads[at]) if at < len(heads) else ""
        known = _role_of_tag(tag) if is_tag(tag) else None
        is_private = bool(PRIVATE & set(head_folded(head).split()))
        if known is None or is_private:
            continue
        if (known[1], at) < ranked.get(known[0], (len(TAGS), 0)):
            ranked[known[0]] = (known[1], at)
    return {role: at for role, (_rank, at) in ranked.items()}


def _role_of_tag(tag: str) -> tuple[str, int] | None:
    base, *attributes = tag.split("+")
    has = set(attributes)
    if base == "#org" and "type" in has:
        return KIND, 0
    role, unfit = TAGS.get(base, ("", frozenset[str]()))
    if not role or has & (unfit | PRIVATE):
        return None
    return _coded(role, is_code="code" in has), _tag_rank(has)


def _tag_rank(attributes: Iterable[str]) -> int:
    """Return how well a tag fits: a name before a bare tag, that before a code or an acronym."""
    has = set(attributes)
    return 0 if "name" in has else 2 if has & {"code", "acronym"} else 1
