"""From the values of a plan file to its entries; what is wrong becomes a fault with its path."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TypeAlias, TypeVar

from unbroken.functions.rules import Fact, Fault, Sheet
from unbroken.functions.rules.sheets import Cursor, written
from unbroken.kit.errors import Invalid
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.content import AreaKind, PhaseKind
from unbroken.plans.rules.exchange.dates import closing_day, day
from unbroken.plans.rules.exchange.entries import (
    AreaEntry,
    AssessmentEntry,
    BaselineEntry,
    ClaimEntry,
    DecisionEntry,
    Document,
    Entry,
    FactEntry,
    LineEntry,
    MeetingEntry,
    MissionEntry,
    PhaseEntry,
    PlanEntry,
    PostEntry,
    Present,
    RevisionEntry,
)
from unbroken.plans.rules.kinds import (
    AssessmentStage,
    ClaimKind,
    DecisionKind,
    MissionKind,
    PlanKind,
    PlanScope,
    PostSide,
)
from unbroken.safeguarding.rules import check_text

FORMAT = 1
REQUIRED = ("format", "mission", "plan", "decisions")
OPTIONAL = (
    *("facts", "assessments", "meetings", "areas", "posts", "baselines"),
    *("revision", "drafts", "history"),
)
MEMBERS = ("closings", "sites", "lines", "phases")
MOST_POSTS = 100_000

Reader: TypeAlias = Callable[[Cursor], object]
Readers: TypeAlias = Mapping[str, Reader]
Made = TypeVar("Made", bound=Entry)
Word = TypeVar("Word", bound=StrEnum)


def read_document(sheet: Sheet) -> tuple[Document, list[Fault]]:
    """Return what a plan file says and every fault of its form; faulty entries are left out.

    ``history`` is for people: it is never read.
    """
    top = Cursor(sheet, sheet.content)
    top.keys(required=REQUIRED, optional=OPTIONAL)
    if top.has("format") and top.at("format").value != FORMAT:
        remedy = sentence("Write `format: {format}`.", format=FORMAT)
        top.at("format").note("`format` is not one that is known", remedy=remedy)
    document = Document(
        mission=_one(top, "mission", _mission),
        plan=_one(top, "plan", _plan),
        decisions=_all(top, "decisions", _decision),
        facts=_all(top, "facts", _fact),
        assessments=_all(top, "assessments", _assessment),
        meetings=_all(top, "meetings", _meeting),
        areas=_all(top, "areas", _area),
        posts=_all(top, "posts", _post),
        baselines=_all(top, "baselines", _baseline),
        revision=_one(top, "revision", _revision),
        drafts=_all(top, "drafts", _revision),
    )
    return document, top.faults


def read_phases(sheet: Sheet) -> tuple[RevisionEntry | None, list[Fault]]:
    """Return the revision of a file of phases, or of a plan file, and the faults of its form.

    A file of phases has ``phases`` and nothing else, or besides them a title and a reason.
    """
    top = Cursor(sheet, sheet.content)
    if top.has("phases"):
        return _revision(top), top.faults
    if not top.has("revision"):
        top.note("the file has no `phases`", remedy="Add `phases`, or `revision` with phases.")
        return None, top.faults
    return _revision(top.at("revision")), top.faults


def _one(top: Cursor, key: str, read: Callable[[Cursor], Made | None]) -> Made | None:
    return read(top.at(key)) if top.has(key) else None


def _all(top: Cursor, key: str, read: Callable[[Cursor], Made | None]) -> tuple[Made, ...]:
    if not top.has(key):
        return ()
    found = [read(one) for one in top.at(key).each(may_be_empty=True)]
    return tuple(one for one in found if one is not None)


def _entry(
    place: Cursor, make: Callable[..., Made], required: Readers, optional: Readers
) -> Made | None:
    """Return the entry that stands here, ``None`` where anything in it is wrong.

    What is wrong in a member of one of its lists leaves out that member alone.
    """
    before = len(place.faults)
    whole = place.keys(required=tuple(required), optional=tuple(optional))
    readers = {**required, **optional}
    values = {key: read(place.at(key)) for key, read in readers.items() if place.has(key)}
    lists = tuple(f"{written((*place.path, key))}[" for key in MEMBERS)
    if not whole or any(not fault.path.startswith(lists) for fault in place.faults[before:]):
        return None
    return make(path=place.path, given=frozenset(values), **values)


def _text(place: Cursor, *, longest: int, may_be_empty: bool = False) -> str:
    """Return a text that has passed the gate; what the gate finds is noted."""
    if may_be_empty and place.value in ("", None):
        return ""
    if isinstance(place.value, int | Decimal) and not isinstance(place.value, bool):
        place.note(
            sentence("{value} is a number, not a text", value=str(place.value)),
            remedy=sentence("Write '{value}'.", value=str(place.value)),
        )
        return ""
    before = len(place.faults)
    text = place.text(longest=longest)
    if len(place.faults) > before:
        return text
    try:
        return check_text(text, field="", limit=longest)
    except Invalid as refusal:
        for problem in refusal.problems:
            place.note(
                sentence("the text {what}", what=sentence(problem.what)), remedy=problem.remedy
            )
        return text


def _edition(place: Cursor) -> str:
    # 2026.1 without quotes is a number in YAML, and everybody writes it so
    return str(place.value) if isinstance(place.value, Decimal) else _text(place, longest=20)


def _code(place: Cursor) -> str:
    return place.text(longest=20)


def _codes(place: Cursor) -> tuple[str, ...]:
    return tuple(_code(one) for one in place.each(may_be_empty=True))


def _area_names(place: Cursor) -> tuple[str, ...]:
    return tuple(_text(one, longest=120) for one in place.each(may_be_empty=True))


def _flag_or_unknown(place: Cursor) -> bool | None:
    return None if place.value is None else place.flag()


def _number(place: Cursor) -> int:
    return place.whole(low=0, high=MOST_POSTS)


def _or_none(read: Reader, place: Cursor) -> object:
    return None if place.value is None else read(place)


def _short(longest: int) -> Reader:
    return partial(_text, longest=longest)


def _free(longest: int) -> Reader:
    return partial(_text, longest=longest, may_be_empty=True)


def _maybe(read: Reader) -> Reader:
    return partial(_or_none, read)


def _kind(words: type[Word]) -> Reader:
    return lambda place: place.word(words)


def _present(place: Cursor) -> tuple[Present, ...]:
    found = {one.word(Present) for one in place.each(may_be_empty=True)}
    return tuple(one for one in Present if one in found)


_SOURCE = _short(400)
_MISSION: tuple[Readers, Readers] = (
    {
        "slug": _short(80),
        "acronym": _short(40),
        "name": _short(200),
        "kind": _kind(MissionKind),
        "country": _short(3),
    },
    {"predecessor": _maybe(_short(80)), "source": _free(400)},
)
_PLAN: tuple[Readers, Readers] = (
    {
        "slug": _short(80),
        "title": _short(200),
        "edition": _edition,
        "mandate_ends_on": day,
    },
    {
        "transfer_ends_on": _maybe(day),
        "ends_known_on": _maybe(day),
        "kind": _kind(PlanKind),
        "scope": _kind(PlanScope),
        "time_zone": _short(60),
        "illustrative": Cursor.flag,
        "note": _free(400),
    },
)
_DECISION: tuple[Readers, Readers] = (
    {"symbol": _short(80), "kind": _kind(DecisionKind), "decided_on": day, "source": _SOURCE},
    {"known_on": _maybe(day), "trigger": Cursor.flag, "title": _free(280)},
)
_FACT: Readers = {
    "fact": _kind(Fact),
    "holds": Cursor.flag,
    "from_on": day,
    "known_on": day,
    "source": _SOURCE,
}
_ASSESSMENT: Readers = {
    "stage": _kind(AssessmentStage),
    "assessed_on": day,
    "known_on": day,
    "source": _SOURCE,
}
_MEETING: Readers = {"held_on": day, "known_on": day, "present": _present, "source": _SOURCE}
_CLAIM: tuple[Readers, Readers] = (
    {"kind": _kind(ClaimKind), "closes": closing_day, "known_on": day, "source": _SOURCE},
    {
        "event": _short(60),
        "disputed": Cursor.flag,
        "received_by": _free(160),
        "note": _free(400),
        "chosen": lambda place: place.value if isinstance(place.value, bool) else day(place),
    },
)
_POST: tuple[Readers, Readers] = (
    {
        "reference": _short(80),
        "side": _kind(PostSide),
        "organisation": _short(80),
        "functions": _codes,
        "authorised": _number,
        "known_on": day,
    },
    {
        "area": _maybe(_short(120)),
        "filled": _maybe(_number),
        "starts_on": _maybe(day),
        "ends_on": _maybe(day),
        "funded_until_on": _maybe(day),
        "grade": _free(20),
        "secretariat": Cursor.flag,
        "source": _free(400),
    },
)
_LINE: tuple[Readers, Readers] = (
    {"function": _code, "area": _short(120)},
    {"posts": _maybe(_number)},
)
_PHASE: tuple[Readers, Readers] = (
    {"name": _short(120), "kind": _kind(PhaseKind), "starts_on": day, "ends_on": day},
    {"areas": _area_names, "drops": _codes},
)


def _mission(place: Cursor) -> MissionEntry | None:
    return _entry(place, MissionEntry, *_MISSION)


def _plan(place: Cursor) -> PlanEntry | None:
    return _entry(place, PlanEntry, *_PLAN)


def _decision(place: Cursor) -> DecisionEntry | None:
    return _entry(place, DecisionEntry, *_DECISION)


def _fact(place: Cursor) -> FactEntry | None:
    return _entry(place, FactEntry, _FACT, {})


def _assessment(place: Cursor) -> AssessmentEntry | None:
    return _entry(place, AssessmentEntry, _ASSESSMENT, {})


def _meeting(place: Cursor) -> MeetingEntry | None:
    return _entry(place, MeetingEntry, _MEETING, {})


def _area(place: Cursor) -> AreaEntry | None:
    kinds = {"kind": _kind(AreaKind), "sites": lambda sites: _members(sites, _site)}
    return _entry(place, AreaEntry, {"name": _short(120)}, {**_AREA, **kinds})


def _site(place: Cursor) -> AreaEntry | None:
    found = _entry(place, AreaEntry, {"name": _short(120)}, _AREA)
    return None if found is None else replace(found, kind=AreaKind.SITE)


def _members(place: Cursor, read: Callable[[Cursor], Made | None]) -> tuple[Made, ...]:
    found = [read(one) for one in place.each(may_be_empty=True)]
    return tuple(one for one in found if one is not None)


def _claim(place: Cursor) -> ClaimEntry | None:
    found = _entry(place, ClaimEntry, *_CLAIM)
    return None if found is None else replace(found, chosen=_chosen(found))


def _chosen(claim: ClaimEntry) -> date | None:
    """Return the day from which a claim counts; a report counts by itself once it is known."""
    said: object = claim.chosen if "chosen" in claim.given else None
    if isinstance(said, date):
        return said
    by_itself = said is None and claim.kind is ClaimKind.REPORTED
    return claim.known_on if said is True or by_itself else None


_AREA: Readers = {
    "slug": _maybe(_short(120)),
    "pcode": _maybe(_short(20)),
    "known_on": _maybe(day),
    "mandate_ends_on": _maybe(day),
    "reachable": _flag_or_unknown,
    "closings_public": Cursor.flag,
    "closings": lambda closings: _members(closings, _claim),
}


def _post(place: Cursor) -> PostEntry | None:
    return _entry(place, PostEntry, *_POST)


def _baseline(place: Cursor) -> BaselineEntry | None:
    lines = {"lines": lambda lines: _members(lines, _line)}
    return _entry(place, BaselineEntry, lines, {"signed": Cursor.flag, "source": _free(400)})


def _line(place: Cursor) -> LineEntry | None:
    return _entry(place, LineEntry, *_LINE)


def _revision(place: Cursor) -> RevisionEntry | None:
    phases = {"phases": lambda phases: _members(phases, _phase)}
    return _entry(place, RevisionEntry, phases, {"title": _free(200), "reason": _free(400)})


def _phase(place: Cursor) -> PhaseEntry | None:
    return _entry(place, PhaseEntry, *_PHASE)
