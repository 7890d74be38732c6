"""A planner's workbook becomes a plan file, which the import of plans judges: all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session

from unbroken.functions.queries import edition_names, loaded_edition, sheet_of, texts_in
from unbroken.functions.rules import Fault, Language
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.people.queries import organisation_views
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands.importing import ImportPlan, PlanFile, PlanImported, import_plan
from unbroken.plans.commands.rights import require_account, require_planner
from unbroken.plans.queries import find_plan
from unbroken.plans.queries.exporting import document_of
from unbroken.plans.rules.exchange import Document, read_document, write_document
from unbroken.safeguarding.rules import check_text
from unbroken.workbooks.plan_files import Built, Choice, build, mended, problems_of_mapping
from unbroken.workbooks.plan_lines import Given, Record
from unbroken.workbooks.plan_memory import remember_headings

SOURCE_LENGTH = 400
LIMIT_KB = 16 * 1024
"""No plan file made of a workbook that was let in is larger."""


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """Tables of a workbook for a plan; ``dry_run`` says what would happen and changes nothing.

    ``head`` is a plan file with mission, plan and decisions, for a plan that is not there yet.
    """

    plan: str
    choices: tuple[Choice, ...]
    given: Given
    name: str = "workbook.xlsx"
    dry_run: bool = False
    head: bytes = field(default=b"", repr=False)


def read_into_plan(
    sessions: Sessions, order: ReadWorkbook, *, actor: Actor, clock: Clock
) -> PlanImported:
    """Change a plan, or make one, as the tables of a workbook say; remember their headings.

    Raises:
        Invalid: with every fault by its cell, such as ``Closings!C7``; nothing was changed.
        SignInNeeded, Forbidden, NotFound, Conflict: as ``import_plan``.
    """
    require_account(actor)
    faults = problems_of_mapping(order.choices)
    if faults:
        raise _refusal(order, faults)
    with sessions.reading() as session:
        head, record = _head(session, order, actor=actor)
        record = _named(session, record)
        given = _given(session, order.given, record, actor=actor)
    zone = record.document.plan.time_zone if record.document.plan else "UTC"
    check_given(given, today=clock.today(zone))
    built = build(order.choices, record, given)
    done = _import(sessions, order, built, head, actor=actor, clock=clock)
    if not order.dry_run:
        remember_headings(sessions, order.choices, actor=actor)
    return done


def check_given(given: Given, *, today: date) -> None:
    """Pass where what holds for every row can be put on record.

    Raises:
        Invalid: a source that must not be stored, or a day that lies ahead.
    """
    check_text(given.source, field="source", limit=SOURCE_LENGTH)
    if given.known_on > today:
        what = sentence(
            "{known_on} lies ahead; today is {today}", known_on=given.known_on, today=today
        )
        raise Invalid(problems=[Problem("known_on", what, _("Give today or an earlier day."))])


def default_organisation(session: Session, mission: str, *, actor: Actor) -> str:
    """Return whose posts are meant unless it is said: the mission's, else the actor's own."""
    bodies = organisation_views(session)
    own = (each.slug for each in bodies if each.uid == actor.organisation_uid)
    return next((each.slug for each in bodies if each.slug == mission), next(own, ""))


def _import(
    sessions: Sessions, order: ReadWorkbook, built: Built, head: str, *, actor: Actor, clock: Clock
) -> PlanImported:
    file = PlanFile(built.text(head).encode("utf-8", "replace"), order.name, LIMIT_KB)
    dry_run = order.dry_run or bool(built.problems)
    try:
        done = import_plan(sessions, ImportPlan(file, dry_run=dry_run), actor=actor, clock=clock)
    except Invalid as refusal:
        raise mended(refusal, built) from refusal
    if built.problems:
        raise _refusal(order, built.problems)
    return done


def _refusal(order: ReadWorkbook, problems: Sequence[Problem]) -> Invalid:
    message = "{file} has {count} faults; nothing was changed."
    if len(problems) == 1:
        message = "{file} has a fault; nothing was changed."
    return Invalid(message, problems=problems, file=order.name, count=len(problems))


def _head(session: Session, order: ReadWorkbook, *, actor: Actor) -> tuple[str, Record]:
    """Return the mission, plan and decisions as text, and what is on record of the plan."""
    if order.head:
        return _new_head(order)
    view = find_plan(session, order.plan, sight=sight_of(actor))
    require_planner(actor, view.place)
    document = document_of(session, view, actor=actor)
    bare = Document(document.mission, document.plan, document.decisions)
    return write_document(bare), Record(document)


def _new_head(order: ReadWorkbook) -> tuple[str, Record]:
    sheet = sheet_of(order.head, file=order.name, first="format")
    if isinstance(sheet, Fault):
        raise Invalid(problems=[Problem(f"line {sheet.line}", sheet.what, sheet.remedy)])
    document, _faults = read_document(sheet)
    if document.plan is not None and document.plan.slug != order.plan:
        what = sentence(
            "the head is of the plan {plan}, not of {wanted}",
            plan=document.plan.slug,
            wanted=order.plan,
        )
        raise Invalid(problems=[Problem("plan.slug", what, "Give the plan by that name.")])
    return order.head.decode("utf-8-sig"), Record(document)


def _named(session: Session, record: Record) -> Record:
    """Return the record with the names of functions, in every language, and of organisations."""
    plan = record.document.plan
    bodies = {each.slug: each.name for each in organisation_views(session)}
    if plan is None or plan.edition not in edition_names(session):
        return replace(record, organisations=bodies)
    functions = loaded_edition(session, plan.edition).functions
    titles = {code: function.title for code, function in functions.items()}
    others: dict[str, str] = {}
    for language in Language:
        shown = texts_in(session, frozenset(titles.values()), language=language.value)
        others |= {shown[title].text: code for code, title in titles.items()}
    return replace(record, functions=titles, translated=others, organisations=bodies)


def _given(session: Session, given: Given, record: Record, *, actor: Actor) -> Given:
    """Return what holds for every row: posts are the mission's, or the actor's organisation's."""
    if given.organisation:
        return given
    mission = "" if record.document.mission is None else record.document.mission.slug
    return replace(given, organisation=default_organisation(session, mission, actor=actor))
