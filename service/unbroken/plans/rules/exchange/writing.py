"""From entries back to the file, in the one form that reading and writing again does not change."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.dates import VagueDate
from unbroken.plans.rules.exchange.dates import written_day
from unbroken.plans.rules.exchange.entries import (
    AreaEntry,
    ClaimEntry,
    Document,
    Entry,
    LineEntry,
)
from unbroken.plans.rules.kinds import ClaimKind

FORMAT = 1
WIDTH = 100
GUIDE = """\
# The plan of a mission as Unbroken reads and writes it: `unbroken plan import FILE --as ACCOUNT`.
#
# Importing adds and changes, and never deletes. A line that is left out changes nothing in a plan
# that is there. `--dry-run` says what would happen. All or nothing: one fault, and nothing happens.
#
# Days     2024-05-31. Last days are included. A closing may be vague: 2024-05, 2024-Q2, 2024,
#          about 2023-08-15, no later than 2023-08-31, unknown, or
#          {on: 2024-05-31, precision: month}.
# Claims   What one source says about the end of an area, planned or reported, with the day on
#          which it became known. `chosen` says which one counts, and from which day: true is the
#          day on which it became known. A report counts by itself unless it says `chosen: false`.
# Areas    are named by their name; where a region and a site share one, `region Gao`, `site Gao`.
# Codes    of functions are those of the catalogue's edition, such as MRM-VER.
# Texts    Never names of children, survivors, witnesses or contacts; no cases, no coordinates.
# History  at the end is for people and is never read.
"""
FLOW = (LineEntry,)
ALWAYS = frozenset({"closes", "lines", "phases"})


def write_document(document: Document, *, history: Mapping[str, object] | None = None) -> str:
    """Return the text of a plan file: the guide, then what the plan says, then its history.

    Keys that have their default are left out; reading the text gives the same document.
    """
    top = CommentedMap({"format": FORMAT})
    for key in ("mission", "plan"):
        top[key] = _plain(getattr(document, key))
    for key in ("decisions", "facts", "assessments", "meetings", "areas", "posts", "baselines"):
        _put(top, key, getattr(document, key))
    if document.revision is not None:
        top["revision"] = _plain(document.revision)
    _put(top, "drafts", document.drafts)
    if history:
        top["history"] = _shaped(history)
    for key in list(top)[1:]:
        top.yaml_set_comment_before_after_key(key, before="\n")
    out = StringIO()
    _yaml().dump(top, out)
    return GUIDE + "\n" + out.getvalue()


def _yaml() -> YAML:
    yaml = YAML(pure=True)
    yaml.width = WIDTH
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _put(top: CommentedMap, key: str, entries: tuple[Entry, ...]) -> None:
    if entries:
        top[key] = CommentedSeq([_plain(entry) for entry in entries])


def _plain(entry: Entry) -> CommentedMap:
    """Return the keys of an entry that say more than their default."""
    found = CommentedMap()
    for each in fields(entry):
        value = getattr(entry, each.name)
        if each.name in {"path", "given"} or (value == each.default and each.name not in ALWAYS):
            continue
        if isinstance(entry, ClaimEntry) and each.name == "chosen":
            continue
        if isinstance(entry, AreaEntry) and _left_out(entry, each.name):
            continue
        found[each.name] = _value(value)
    if isinstance(entry, ClaimEntry):
        _choose(found, entry)
    if isinstance(entry, FLOW):
        found.fa.set_flow_style()
    return found


def _left_out(area: AreaEntry, key: str) -> bool:
    """Return whether a key of an area follows from the rest: slugs are made of plan and name."""
    return key == "slug" or (key == "kind" and area.kind is AreaKind.SITE)


def _choose(found: CommentedMap, claim: ClaimEntry) -> None:
    by_itself = claim.known_on if claim.kind is ClaimKind.REPORTED else None
    if claim.chosen == by_itself:
        return
    if claim.chosen is None or claim.chosen == claim.known_on:
        found["chosen"] = claim.chosen is not None
    else:
        found["chosen"] = claim.chosen


def _value(value: object) -> object:
    match value:
        case Entry():
            return _plain(value)
        case VagueDate() | None:
            return _shaped(written_day(value))
        case StrEnum():
            return value.value
        case tuple():
            return _listed([_value(each) for each in value])
        case _:
            return value


def _listed(values: list[object]) -> CommentedSeq:
    found = CommentedSeq(values)
    if all(isinstance(each, str) for each in values):
        found.fa.set_flow_style()
    return found


def _shaped(value: object) -> object:
    match value:
        case StrEnum():
            return value.value
        case Mapping():
            found = CommentedMap({key: _shaped(each) for key, each in value.items()})
            if set(found) == {"on", "precision"}:
                found.fa.set_flow_style()
            return found
        case list() | tuple():
            return CommentedSeq([_shaped(each) for each in value])
        case date() | _:
            return value
