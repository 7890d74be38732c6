"""Plan files as they come in: how large they may be, and what an instance knows that they name."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, select

from unbroken.functions.queries import edition_names, loaded_edition, sheet_of
from unbroken.functions.rules import Fault, Sheet
from unbroken.kit.errors import Invalid, Problem, TooLarge
from unbroken.people.models import Organisation
from unbroken.plans.commands.editing import zone_problems
from unbroken.plans.rules.exchange import Document, Known

KILOBYTE = 1024
FIRST_KEY = "format"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The bytes of a plan file, what people call it, and how large it may be."""

    raw: bytes = field(repr=False)
    name: str = "plan.yaml"
    limit_kb: int = 2048


def read_plan_file(file: PlanFile) -> Sheet:
    """Return the values of a plan file with their lines.

    Raises:
        TooLarge: it is larger than it may be; nothing of it was read.
        Invalid: it is no UTF-8 text, no plain YAML, or uses aliases or a key twice.
    """
    if len(file.raw) > file.limit_kb * KILOBYTE:
        raise TooLarge(
            "{file} is larger than {limit} KB; it was not read.",
            remedy="Export a plan to see what a file holds, or have a steward raise the limit.",
            file=file.name,
            limit=file.limit_kb,
        )
    found = sheet_of(file.raw, file=file.name, first=FIRST_KEY)
    if isinstance(found, Fault):
        raise refusal(file.name, [found])
    return found


def refusal(file: str, faults: list[Fault]) -> Invalid:
    """Return the refusal of a file with every fault, by line: file and line, path, what, remedy."""
    told = dict.fromkeys(sorted(faults, key=lambda fault: (fault.line, fault.path, fault.what)))
    return Invalid(
        "{file} has {count} faults; nothing was changed."
        if len(told) > 1
        else "{file} has a fault; nothing was changed.",
        problems=[
            Problem(f"{fault.file}:{fault.line} {fault.path}".rstrip(), fault.what, fault.remedy)
            for fault in told
        ],
        file=file,
        count=len(told),
    )


def known_to(
    session: Session, document: Document, recorded: Document | None, *, today: date
) -> Known:
    """Return what this instance knows that a plan file may name."""
    editions = tuple(edition_names(session))
    name = "" if document.plan is None else document.plan.edition
    codes = frozenset(loaded_edition(session, name).functions) if name in editions else None
    there = () if recorded is None else tuple(area for area, _ in recorded.every_area())
    return Known(
        today=today,
        editions=editions,
        codes=codes,
        organisations=frozenset(session.exec(select(Organisation.slug))),
        zones=is_zone,
        areas=there,
    )


def is_zone(name: str) -> bool:
    """Return whether this is the name of a time zone."""
    return not zone_problems(name)
