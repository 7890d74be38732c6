"""A planner's tables as the text of a plan file, and the way from its faults to their cells."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, both, either, listed, sentence
from unbroken.plans.rules.exchange import BaselineEntry
from unbroken.workbooks.plan_areas import AreaBook
from unbroken.workbooks.plan_fields import TableKind, folded, label_of
from unbroken.workbooks.plan_lines import Given, Ledger, Line, Mapped, Record
from unbroken.workbooks.plan_mapping import missing
from unbroken.workbooks.plan_phases import PhaseBook
from unbroken.workbooks.plan_posts import PostBook
from unbroken.workbooks.plan_tables import Address, Table, cell_name

TITLE = "From a workbook"
ORDER = (TableKind.CLOSINGS, TableKind.PHASES, TableKind.POSTS, TableKind.BASELINE)
FAULT = re.compile(r".*:[0-9]+(?: (?P<path>.+))?")
UNSHOWN = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """A table and the field that each of its columns fills; empty fields are left out."""

    table: Table
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What tables say as keys of a plan file, where each stands, and what cannot be read."""

    keys: Mapping[str, object]
    where: Mapping[str, Address]
    problems: tuple[Problem, ...] = field(default=())

    def text(self, head: str) -> str:
        """Return a whole plan file: ``head`` (mission, plan, decisions), then what tables say."""
        added = (f"{key}: {_json(value)}\n" for key, value in self.keys.items())
        return "".join((head.rstrip(), "\n", *added))


def build(choices: Sequence[Choice], record: Record, given: Given) -> Built:
    """Return what the tables say; every cell that cannot be read is a problem."""
    faults = problems_of_mapping(choices)
    ledger = Ledger()
    areas = AreaBook(record.document, given, ledger)
    posts = PostBook(record, given, ledger, areas)
    phases = PhaseBook(record, ledger, areas)
    takers = {
        TableKind.CLOSINGS: areas.add,
        TableKind.PHASES: phases.add,
        TableKind.POSTS: posts.add,
        TableKind.BASELINE: posts.add_line,
    }
    for choice in () if faults else sorted(choices, key=lambda each: ORDER.index(each.table.kind)):
        mapped = Mapped.of(choice.table, choice.slots)
        for row in choice.table.rows:
            line = Line(mapped, row, ledger)
            if any(line.cell(slot) is not None for slot in mapped.at):
                takers[choice.table.kind](line)
    found = sorted(ledger.problems.items(), key=lambda each: each[0])
    keys = _keys(record, given, areas=areas, posts=posts, phases=phases)
    return Built(keys, ledger.where, (*faults, *(problem for _at, problem in found)))


def problems_of_mapping(choices: Sequence[Choice]) -> tuple[Problem, ...]:
    """Return what is wrong with a mapping: nothing chosen, a field missing, or filled twice."""
    if not any(any(choice.slots) for choice in choices):
        remedy = _("Put headings such as Area and Closing date in one row above the table.")
        return (Problem("", _("no table of areas, posts or phases was found"), remedy),)
    return tuple(problem for choice in choices for problem in _mapping_problems(choice))


def _mapping_problems(choice: Choice) -> list[Problem]:
    table, found = choice.table, []
    at = cell_name((table.sheet, table.head_at, table.columns[0].at))
    for group in missing(table.kind, choice.slots):
        labels = either(label_of(table.kind, slot) for slot in group)
        twice = [name for name in table.names if _stem(name) in table.proposal.twice]
        what = sentence("no heading says which column holds: {labels}", labels=labels)
        found.append(Problem(at, what, _which(twice)))
    for slot in dict.fromkeys(each for each in choice.slots if choice.slots.count(each) > 1):
        if slot:
            pairs = zip(table.names, choice.slots, strict=True)
            names = both(name for name, each in pairs if each == slot)
            what = sentence(
                "{names} both fill {label}", names=names, label=label_of(table.kind, slot)
            )
            found.append(Problem(at, what, _("Leave one of them out.")))
    return found


def _which(twice: Sequence[str]) -> Marked:
    if not twice:
        return _("Choose the heading that means it.")
    return sentence(
        "Choose the heading that means it. These stand twice: {names}.", names=listed(twice)
    )


def _stem(name: str) -> str:
    return folded(name.rpartition(" (")[0])


def _keys(
    record: Record, given: Given, *, areas: AreaBook, posts: PostBook, phases: PhaseBook
) -> Mapping[str, object]:
    found: dict[str, object] = {}
    if areas.entries:
        found["areas"] = areas.entries
    if posts.entries:
        found["posts"] = posts.entries
    if posts.lines:
        found["baselines"] = [_baseline(record, given, posts.lines)]
    if phases.entries:
        named = {"title": TITLE} if record.document.revision is None else {}
        found["revision"] = {**named, "reason": given.source, "phases": phases.entries}
    return found


def _baseline(record: Record, given: Given, lines: list[dict[str, object]]) -> dict[str, object]:
    """Return the baseline as a draft, or as the signed one where it says nothing else."""
    signed = next((one for one in record.document.baselines if one.signed), None)
    if signed is not None and _said(signed) == {
        (str(one["function"]), folded(str(one["area"])), one.get("posts")) for one in lines
    }:
        return {"signed": True, "lines": lines}
    return {"signed": False, "source": given.source, "lines": lines}


def _said(baseline: BaselineEntry) -> set[tuple[str, str, object]]:
    return {(line.function, folded(line.area), line.posts) for line in baseline.lines}


def mended(refusal: Invalid, built: Built) -> Invalid:
    """Return a refusal of the plan file with the cells of the workbook in place of its lines."""
    problems = {
        (found.path, found.what): found
        for found in (*built.problems, *(_back(each, built) for each in refusal.problems))
    }
    message = refusal.message if refusal.problems else "{file} has faults; nothing was changed."
    facts = {**refusal.facts, "count": len(problems)}
    if len(problems) > 1 and "count" in refusal.facts:
        message = "{file} has {count} faults; nothing was changed."
    return Invalid(message, problems=list(problems.values()), remedy=refusal.remedy, **facts)


def _back(problem: Problem, built: Built) -> Problem:
    found = FAULT.fullmatch(problem.path)
    path = found["path"] if found and found["path"] else ""
    while path:
        if path in built.where:
            return Problem(cell_name(built.where[path]), problem.what, problem.remedy)
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return problem


def _json(value: object) -> str:
    """Return a value as JSON, which is YAML too; signs that YAML does not allow are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
