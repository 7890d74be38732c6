"""The forms by which money is entered, amended, extended and withdrawn."""

from collections.abc import Callable, Mapping

from sqlmodel import Session

from unbroken.kit.errors import Conflict, Forbidden
from unbroken.kit.languages import gettext as _
from unbroken.money.commands.amending import (
    amend_contribution,
    amend_requirement,
    extend_contribution,
    withdraw_line,
)
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    AmendContribution,
    AmendRequirement,
    EnterMoney,
    ExtendContribution,
    LineChanged,
    WithdrawLine,
)
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.words import Stage
from unbroken.people.queries import organisation_views
from unbroken.plans.commands import may_edit
from unbroken.plans.queries import PlanView, areas_of
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.catalogue_texts import texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import REPLAYED, SENT_BEFORE, fresh_key, sent_once
from unbroken.web.money_history import line_title, told_of
from unbroken.web.pages.money import may_enter
from unbroken.web.pages.money_fields import (
    SOURCE,
    Choices,
    contribution_questions,
    requirement_questions,
)
from unbroken.web.pages.money_typed import LineTyped
from unbroken.web.pages.sheets import ON_RECORD, Kind, Question, Sheet
from unbroken.web.pages.typed import Typed
from unbroken.web.rendering import see_other

Line = RequirementView | ContributionView
KEY, UNDER = "key", "contributions-0-"
ALIASES: Mapping[str, str] = {
    "figures": Stage.COMMITTED.value,
    **{f"{under}rate-source": "rate_source" for under in ("", "requirements-0-", UNDER)},
    **{
        f"{under}figures-{stage.value}-{name}": f"{stage.value}{field}"
        for under in ("", UNDER)
        for stage in Stage
        for name, field in (("amount", ""), ("on", "-on"), ("due_on", "-due_on"))
    },
}
"""The field for a place that the commands name by its stage."""


def choices_of(session: Session, visit: Visit, plan: PlanView) -> Choices:
    """Return what may be chosen on the forms of a plan.

    Raises:
        Forbidden: the visitor enters no money of this plan.
        Conflict: it is over.
    """
    bodies = organisation_views(session)
    own = next((b.slug for b in bodies if b.uid == visit.actor.organisation_uid), "")
    is_planner = may_edit(visit.actor, plan.place)
    if not may_enter(visit, plan):
        if is_planner:
            raise Conflict("The plan is over; its money does not change any more.")
        raise Forbidden(
            "Only a planner or a receiver of this plan enters money.", remedy="Ask a planner."
        )
    titles = titles_of(session, plan.edition)
    return Choices(
        functions=titles,
        texts=texts_for(session, visit, titles.values()),
        areas=areas_of(session, plan.uid, actor=visit.actor),
        bodies=bodies,
        own="" if is_planner else own,
        today=visit.clock.today(plan.time_zone),
    )


def crumbs(visit: Visit, plan: PlanView) -> tuple[tuple[str, str], ...]:
    """Return the way back from a form that enters a line."""
    at = f"/plans/{plan.slug}"
    return (
        (visit.say(_("Plans")), "/plans"),
        (plan.title, at),
        (visit.say(_("Money")), f"{at}/money"),
    )


def new_sheet(visit: Visit, plan: PlanView, choices: Choices, *, is_need: bool) -> Sheet:
    """Return the empty form of a requirement or a contribution."""

    def enter(typed: Typed) -> LineChanged:
        said = LineTyped(typed, choices.today)
        needs = (said.requirement(),) if is_need else ()
        money = () if is_need else (said.contribution(),)
        typed.check()
        order = EnterMoney(plan.uid, needs, money)
        return enter_money(visit.sessions, order, actor=visit.actor, clock=visit.clock)[0]

    asked = requirement_questions if is_need else contribution_questions
    lead = (
        _("What a function needs over a period, whoever pays for it.")
        if is_need
        else _("What one donor gives, and how far it has come. Stages are never added together.")
    )
    return Sheet(
        title=visit.say(_("Add a requirement") if is_need else _("Add a contribution")),
        over=plan.title,
        lead=visit.say(lead),
        crumbs=crumbs(visit, plan),
        questions=(
            *asked(visit, choices),
            Question(KEY, kind=Kind.HIDDEN, value=fresh_key()),
        ),
        act=lambda typed: _once(visit, typed, enter),
        aliases=ALIASES,
    )


def _once(visit: Visit, typed: Typed, act: Callable[[Typed], LineChanged]) -> tuple[str, str]:
    """Do an act once, however often its form is sent; return where it leads and what is said."""
    sent = {name: list(values) for name, values in typed.values.items() if name != KEY}
    response = sent_once(
        visit,
        typed.text(KEY),
        sent,
        lambda: see_other(visit, f"/money/lines/{act(typed).uid}"),
    )
    notice = SENT_BEFORE if REPLAYED in response.headers else ON_RECORD
    return response.headers["location"], notice


def amend_sheet(visit: Visit, plan: PlanView, line: Line, choices: Choices) -> Sheet:
    """Return the form that lets a line say something else from today on."""

    def act(typed: Typed) -> tuple[str, str]:
        said, seen, reason = LineTyped(typed, choices.today, line), _seen(typed), _reason(typed)
        if isinstance(line, RequirementView):
            need = said.requirement()
            typed.check()
            order = AmendRequirement(plan.uid, line.uid, seen, need, reason)
            amend_requirement(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        else:
            money = said.contribution()
            typed.check()
            other = AmendContribution(plan.uid, line.uid, seen, money, reason)
            amend_contribution(visit.sessions, other, actor=visit.actor, clock=visit.clock)
        return f"/money/lines/{line.uid}", ON_RECORD

    questions = (
        requirement_questions(visit, choices, line)
        if isinstance(line, RequirementView)
        else contribution_questions(visit, choices, line)
    )
    lead = _("From today on it says what you write here; what it said before stays on record.")
    return _sheet(visit, plan, line, (_("Amend"), lead), (*questions, _number(line)), act)


def extend_sheet(visit: Visit, plan: PlanView, line: ContributionView) -> Sheet:
    """Return the form of an extension at no cost."""
    today = visit.clock.today(plan.time_zone)

    def act(typed: Typed) -> tuple[str, str]:
        order = ExtendContribution(
            plan=plan.uid,
            line=line.uid,
            number_seen=_seen(typed),
            ends_on=typed.day("ends_on"),
            known_on=today,
            reason=_reason(typed),
            source=typed.text("source"),
        )
        typed.check()
        extend_contribution(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/money/lines/{line.uid}", ON_RECORD

    questions = (
        Question("ends_on", _("New last day"), Kind.DAY),
        Question("reason", _("Why it changes"), limit=280),
        Question(
            SOURCE.name,
            SOURCE.label,
            hint=_("Blank leaves the source that is on record."),
            required=False,
        ),
        _number(line),
    )
    lead = _("The period moves, the money stays the same: it is spread over more days.")
    return _sheet(visit, plan, line, (_("Extend at no cost"), lead), questions, act)


def withdraw_sheet(visit: Visit, plan: PlanView, line: Line) -> Sheet:
    """Return the form by which a line holds no more."""
    today = visit.clock.today(plan.time_zone)

    def act(typed: Typed) -> tuple[str, str]:
        order = WithdrawLine(plan.uid, line.uid, _seen(typed), today, _reason(typed))
        typed.check()
        withdraw_line(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/money/lines/{line.uid}", ON_RECORD

    questions = (Question("reason", _("Why it does not hold"), limit=280), _number(line))
    lead = _("It counts no more from today on and stays on record with your reason.")
    return _sheet(visit, plan, line, (_("Withdraw"), lead), questions, act)


def _sheet(
    visit: Visit,
    plan: PlanView,
    line: Line,
    words: tuple[str, str],
    questions: tuple[Question, ...],
    act: Callable[[Typed], tuple[str, str]],
) -> Sheet:
    title, lead = words
    back = (line_title(visit.reader, line), f"/money/lines/{line.uid}")
    return Sheet(
        title=visit.say(title),
        over=line_title(visit.reader, line),
        lead=visit.say(lead),
        crumbs=(*crumbs(visit, plan), back),
        questions=questions,
        act=act,
        told=told_of(visit.reader, line),
        aliases=ALIASES,
    )


def _number(line: Line) -> Question:
    return Question("number", kind=Kind.HIDDEN, value=str(line.number))


def _seen(typed: Typed) -> int:
    return typed.number("number")


def _reason(typed: Typed) -> str:
    reason = typed.text("reason")
    if not reason:
        typed.fault("reason", _("is missing"), _("Say why the line changes."))
    return reason
