"""Sheets of what a plan keeps on record without changing it: decisions, facts, and who met."""

from dataclasses import replace

from unbroken.functions.rules import Fact
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    AddAssessment,
    AddDecision,
    AddFact,
    AddMeeting,
    NewDecision,
    add_assessment,
    add_decision,
    add_fact,
    add_meeting,
)
from unbroken.plans.models import AssessmentStage, DecisionKind
from unbroken.plans.queries import PlanView
from unbroken.web.dependencies import Visit
from unbroken.web.pages.sheets import ON_RECORD, Kind, Question, Sheet, notice_of, options
from unbroken.web.pages.typed import YES, Typed
from unbroken.web.plan_words import LABELS

SOURCE = Question(
    "source",
    _("Source"),
    hint=_("Which document says so, with its date. Without a source nothing is believed."),
)
ACTORS = (
    ("head_of_operation", _("Head of the peace operation")),
    ("special_representative", _("Office of the Special Representative")),
    ("task_force", _("Task force and its co-chairs")),
    ("authorities", _("Authorities of the country")),
)


def known_on(today: str) -> Question:
    """Return the question for the day on which something became known, ``today`` filled in."""
    hint = _("The day it became known to you: today or earlier. Scans use it from that day on.")
    return Question("known_on", _("Known on"), Kind.DAY, hint, value=today)


def crumbs_of(plan: PlanView, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the way back from a part of a plan's record."""
    at = f"/plans/{plan.slug}"
    return ((visit.say(_("Plans")), "/plans"), (plan.title, at), (_record(visit), f"{at}/record"))


def _record(visit: Visit) -> str:
    return visit.say(_("Record"))


def decision_sheet(visit: Visit, plan: PlanView) -> Sheet:
    """Return the sheet for a decision, which may move the plan's ends."""

    def act(typed: Typed) -> tuple[str, str]:
        order = AddDecision(
            plan.uid,
            decision_typed(typed),
            mandate_ends_on=typed.day_or_none("mandate_ends_on"),
            transfer_ends_on=typed.day_or_none("transfer_ends_on"),
            is_trigger=typed.is_checked("is_trigger"),
        )
        typed.check()
        made = add_decision(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#decisions", notice_of(made.revision)

    trigger = Question("is_trigger", _("This decision triggered the plan"), Kind.CHECK)
    return Sheet(
        title=visit.say(_("Add a decision")),
        over=plan.title,
        lead=visit.say(
            _("A resolution, letter, budget or statement. Where it moves an end, dates follow.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=(
            *decision_questions(visit),
            *(() if plan.trigger else (trigger,)),
            Question(
                "ends",
                _("Does it move an end?"),
                Kind.HEADING,
                _("Leave a day blank to leave it as it is."),
            ),
            Question("mandate_ends_on", _("Last day of the mandate"), Kind.DAY, required=False),
            Question(
                "transfer_ends_on",
                _("Last day on which tasks may be transferred"),
                Kind.DAY,
                required=False,
            ),
        ),
        act=act,
    )


def decision_questions(visit: Visit, *, under: str = "") -> tuple[Question, ...]:
    """Return what is asked about any decision; ``under`` stands before the name of each field."""
    return (
        Question(
            f"{under}kind", _("Kind"), Kind.SELECT, options=options(visit, LABELS["decision"])
        ),
        Question(f"{under}symbol", _("Symbol"), hint=_("Such as S/RES/2690 (2023)."), limit=80),
        Question(f"{under}title", _("Title of the document"), required=False, limit=280),
        Question(f"{under}decided_on", _("Decided on"), Kind.DAY),
        Question(
            f"{under}known_on",
            _("Became public on"),
            Kind.DAY,
            hint=_("Where it differs from the day of the decision."),
            required=False,
        ),
        replace(SOURCE, name=f"{under}source"),
    )


def decision_typed(typed: Typed, *, under: str = "") -> NewDecision:
    """Return the decision that was typed; ``typed.check`` says whether it holds."""
    return NewDecision(
        kind=typed.choice(f"{under}kind", DecisionKind),
        symbol=typed.text(f"{under}symbol"),
        decided_on=typed.day(f"{under}decided_on"),
        source=typed.text(f"{under}source"),
        known_on=typed.day_or_none(f"{under}known_on"),
        title=typed.text(f"{under}title"),
    )


def fact_sheet(visit: Visit, plan: PlanView) -> Sheet:
    """Return the sheet for a sourced fact about the country."""

    def act(typed: Typed) -> tuple[str, str]:
        holds = typed.yes_or_no("holds")
        if holds is None:
            typed.fault("holds", _("is not chosen"), _("Choose one of the answers shown."))
        order = AddFact(
            plan.uid,
            typed.choice("fact", Fact),
            holds=bool(holds),
            from_on=typed.day("from_on"),
            known_on=typed.day("known_on"),
            source=typed.text("source"),
        )
        typed.check()
        add_fact(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#facts", ON_RECORD

    yes_no = ((YES, visit.say(_("Yes"))), ("no", visit.say(_("No"))))
    return Sheet(
        title=visit.say(_("Add a fact")),
        over=plan.title,
        lead=visit.say(
            _("Which functions apply follows from facts. What is not known counts as yes.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=(
            Question("fact", _("Fact"), Kind.SELECT, options=options(visit, LABELS["fact"])),
            Question("holds", _("Does it hold?"), Kind.CHOICE, options=yes_no),
            Question("from_on", _("From this day on"), Kind.DAY),
            known_on(_today(visit, plan)),
            SOURCE,
        ),
        act=act,
    )


def assessment_sheet(visit: Visit, plan: PlanView) -> Sheet:
    """Return the sheet for an assessment of advisers."""

    def act(typed: Typed) -> tuple[str, str]:
        order = AddAssessment(
            plan.uid,
            typed.choice("stage", AssessmentStage),
            assessed_on=typed.day("assessed_on"),
            known_on=typed.day("known_on"),
            source=typed.text("source"),
        )
        typed.check()
        add_assessment(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#assessments", ON_RECORD

    return Sheet(
        title=visit.say(_("Add an assessment")),
        over=plan.title,
        lead=visit.say(
            _("The Council asks that need, number and roles of advisers are assessed regularly.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=(
            Question("stage", _("When"), Kind.SELECT, options=options(visit, LABELS["assessment"])),
            Question("assessed_on", _("Assessed on"), Kind.DAY),
            known_on(_today(visit, plan)),
            SOURCE,
        ),
        act=act,
    )


def meeting_sheet(visit: Visit, plan: PlanView) -> Sheet:
    """Return the sheet for a coordination meeting."""

    def act(typed: Typed) -> tuple[str, str]:
        order = AddMeeting(
            plan.uid,
            held_on=typed.day("held_on"),
            known_on=typed.day("known_on"),
            source=typed.text("source"),
            head_of_operation=typed.is_checked("head_of_operation"),
            special_representative=typed.is_checked("special_representative"),
            task_force=typed.is_checked("task_force"),
            authorities=typed.is_checked("authorities"),
        )
        typed.check()
        add_meeting(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#meetings", ON_RECORD

    return Sheet(
        title=visit.say(_("Add a coordination meeting")),
        over=plan.title,
        lead=visit.say(_("Four actors coordinate. Say which of them took part, never who.")),
        crumbs=crumbs_of(plan, visit),
        questions=(
            Question("held_on", _("Held on"), Kind.DAY),
            Question("present", _("Who took part?"), Kind.HEADING, _("At least two of the four.")),
            *(Question(name, label, Kind.CHECK) for name, label in ACTORS),
            known_on(_today(visit, plan)),
            SOURCE,
        ),
        act=act,
        aliases={"present": "head_of_operation"},
    )


def _today(visit: Visit, plan: PlanView) -> str:
    return visit.clock.today(plan.time_zone).isoformat()
