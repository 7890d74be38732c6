"""What reading a workbook would change in a plan, said line by line in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands.importing import PlanImported
from unbroken.plans.rules import VagueDate
from unbroken.plans.rules.exchange import (
    AreaEntry,
    BaselineEntry,
    Change,
    ClaimEntry,
    PhaseEntry,
    PostEntry,
    RevisionEntry,
)
from unbroken.web.filters import code, day, held, listed, number, told, vague
from unbroken.web.plan_words import LABELS

GROUPS: Mapping[str, str] = {
    "areas": _("Areas"),
    "closings": _("Closings"),
    "posts": _("Posts"),
    "baselines": _("Baseline"),
    "revision": _("Revision with these phases, in force at once"),
}
FIELDS: Mapping[str, str] = {
    "authorised": _("authorised"),
    "filled": _("filled"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "funded_until_on": _("paid until"),
    "source": _("source"),
    "reachable": _("reachable"),
    "chosen": _("it counts from now on"),
    "phases": _("other phases"),
    "lines": _("other lines"),
    "title": _("title"),
}
ADDED, CHANGED = _("added"), _("changed")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: whether it is new, what it is about, and what is said of it."""

    is_new: bool
    what: Markup
    facts: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes to one part of the record, under its heading (English)."""

    title: str
    lines: tuple[ChangeLine, ...]


def groups_of(done: PlanImported, reader: Translator) -> tuple[ChangeGroup, ...]:
    """Return every change of an import, part by part; none where nothing would change."""
    there = {change.group for change in done.changes}
    groups = [group for group in (*GROUPS, *sorted(there - GROUPS.keys())) if group in there]
    return tuple(
        ChangeGroup(
            GROUPS.get(group, group),
            tuple(_line(change, reader) for change in done.changes if change.group == group),
        )
        for group in groups
    )


def count_unchanged(done: PlanImported) -> int:
    """Return how many entries of the workbook say what is on record already."""
    return sum(number for group, number in done.unchanged.items() if group in GROUPS)


def _line(change: Change, reader: Translator) -> ChangeLine:
    facts = [*_facts(change, reader), *(_field(change, key, reader) for key in change.fields)]
    return ChangeLine(not change.fields, _what(change), tuple(facts))


def _what(change: Change) -> Markup:
    if isinstance(change.entry, ClaimEntry) and change.within is not None:
        return Markup("{}").format(change.within.name)
    return Markup("{}").format(change.label)


def _facts(change: Change, reader: Translator) -> list[Markup]:
    match change.entry:
        case AreaEntry() as area:
            return _area(area, change, reader)
        case ClaimEntry() as claim:
            return _claim(claim, reader)
        case PostEntry() as post:
            return _post(post, reader) if not change.fields else []
        case BaselineEntry() as baseline:
            facts = {"count": number(reader, len(baseline.lines))}
            return [told(reader, _("functions in areas: {count}"), facts)]
        case RevisionEntry() as revision:
            return [_phase(phase, reader) for phase in revision.phases]
        case _:
            return []


def _area(area: AreaEntry, change: Change, reader: Translator) -> list[Markup]:
    kind = Markup("{}").format(reader.gettext(LABELS["area"][area.kind.value]))
    if change.within is None:
        return [kind]
    return [kind, told(reader, _("in {region}"), {"region": change.within.name})]


def _claim(claim: ClaimEntry, reader: Translator) -> list[Markup]:
    template = _("closes {day}") if claim.kind == "planned" else _("closed {day}, as reported")
    facts = {"day": _closing(claim.closes, reader)}
    known = told(reader, _("known on {day}"), {"day": day(reader, claim.known_on)})
    return [told(reader, template, facts), Markup("{}").format(claim.source), known]


def _closing(closes: VagueDate | None, reader: Translator) -> Markup:
    if closes is None:
        return vague(reader, None)
    return vague(reader, closes.on, precision=closes.precision.value)


def _post(post: PostEntry, reader: Translator) -> list[Markup]:
    facts: list[tuple[str, object]] = [(_("authorised: {it}"), number(reader, post.authorised))]
    if post.filled is not None:
        facts.append((_("filled: {it}"), number(reader, post.filled)))
    if post.area:
        facts.append((_("in {it}"), post.area))
    if post.ends_on is not None:
        facts.append((_("until {it}"), day(reader, post.ends_on)))
    said = [told(reader, template, {"it": it}) for template, it in facts]
    return [*said, *(code(each) for each in post.functions)]


def _phase(phase: PhaseEntry, reader: Translator) -> Markup:
    facts = {
        "name": phase.name,
        "kind": reader.gettext(LABELS["phase"][phase.kind.value]),
        "first": day(reader, phase.starts_on),
        "last": day(reader, phase.ends_on),
        "areas": listed(reader, phase.areas) if phase.areas else reader.gettext(_("all areas")),
    }
    said = told(reader, _("{name} ({kind}): {first} to {last}, {areas}"), facts)
    if not phase.drops:
        return said
    drops = listed(reader, map(code, phase.drops))
    return told(
        reader,
        _("{name} ({kind}): {first} to {last}, {areas}; ends {codes}"),
        {**facts, "codes": drops},
    )


def _field(change: Change, key: str, reader: Translator) -> Markup:
    label = reader.gettext(FIELDS.get(key, key))
    if key in {"phases", "lines", "chosen"} or change.was is None:
        return Markup("{}").format(label)
    was, now = (_value(getattr(each, key), reader) for each in (change.was, change.entry))
    facts = {"field": label, "was": was, "now": now}
    return told(reader, _("{field}: {now} instead of {was}"), facts)


def _value(value: object, reader: Translator) -> Markup:
    writers: Mapping[type, Callable[[], Markup]] = {
        bool: lambda: held(reader.gettext(_("yes") if value else _("no"))),
        int: lambda: number(reader, int(str(value))),
        date: lambda: day(reader, value if isinstance(value, date) else None),
    }
    if value is None or value == "":
        return day(reader, None)
    if isinstance(value, StrEnum):
        return held(value.value)
    write = writers.get(type(value))
    return write() if write else held(str(value))
