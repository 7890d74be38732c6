"""Plans are opened, renamed, paused, resumed, completed and cancelled."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.functions.queries import edition_names
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    ChangeState,
    EditPlan,
    OpenPlan,
    cancel_plan,
    complete_plan,
    edit_plan,
    open_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.models import PlanKind, PlanScope, PlanState
from unbroken.plans.queries import MissionView, missions
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import crumbs_of, decision_questions, decision_typed
from unbroken.web.pages.registers import plan_to_edit
from unbroken.web.pages.sheets import Kind, Question, Sent, Sheet, options, send_sheet, show_sheet
from unbroken.web.pages.typed import Typed
from unbroken.web.plan_words import LABELS
from unbroken.web.security import Planner

router = APIRouter()
MOST = 500
PAUSE = {"pause": _("Pause it: scans leave it alone until it is resumed")}
RESUME = {"resume": _("Resume it: scans look at it again")}
ENDS = {
    "complete": _("Complete it: no function's last day lies ahead any more"),
    "cancel": _("Cancel it: the mission stays, or another plan takes its place"),
}
TURNS: Mapping[PlanState, Mapping[str, str]] = {
    PlanState.OPEN: PAUSE | ENDS,
    PlanState.PAUSED: RESUME | ENDS,
}
ACTS: Mapping[str, tuple[Callable[..., object], str]] = {
    "pause": (pause_plan, _("The plan is paused.")),
    "resume": (resume_plan, _("The plan is open again.")),
    "complete": (complete_plan, _("The plan is completed.")),
    "cancel": (cancel_plan, _("The plan is cancelled.")),
}
Mission = Annotated[str, Query(max_length=80)]


@router.get("/plans/new")
def opening_form(visit: Planner, mission: Mission = "") -> Response:
    """Return the empty sheet of a plan."""
    return show_sheet(visit, _opening(visit, mission))


@router.post("/plans/new")
def open_it(visit: Planner, typed: Sent) -> Response:
    """Open a plan."""
    return send_sheet(visit, _opening(visit, ""), typed)


@router.get("/plans/{slug}/edit")
def editing_form(visit: Planner, slug: str) -> Response:
    """Return the sheet of a plan's title, note and time zone."""
    return show_sheet(visit, _editing(visit, slug))


@router.post("/plans/{slug}/edit")
def edit_it(visit: Planner, slug: str, typed: Sent) -> Response:
    """Change a plan's title, note or time zone."""
    return send_sheet(visit, _editing(visit, slug), typed)


@router.get("/plans/{slug}/state")
def state_form(visit: Planner, slug: str) -> Response:
    """Return the sheet that pauses, resumes or ends a plan."""
    return show_sheet(visit, _turning(visit, slug))


@router.post("/plans/{slug}/state")
def change_state(visit: Planner, slug: str, typed: Sent) -> Response:
    """Pause, resume, complete or cancel a plan."""
    return send_sheet(visit, _turning(visit, slug), typed)


def _opening(visit: Visit, mission: str) -> Sheet:
    def act(typed: Typed) -> tuple[str, str]:
        order = OpenPlan(
            mission=typed.text("mission"),
            title=typed.text("title"),
            trigger=decision_typed(typed, under="trigger-"),
            mandate_ends_on=typed.day("mandate_ends_on"),
            edition=typed.text("edition"),
            kind=typed.choice("kind", PlanKind),
            scope=typed.choice("scope", PlanScope),
            slug=typed.text_or_none("slug"),
            transfer_ends_on=typed.day_or_none("transfer_ends_on"),
            time_zone=typed.text("time_zone"),
            note=typed.text("note"),
        )
        typed.check()
        made = open_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{made.slug}/record", _("The plan is open. Add its areas next.")

    with visit.sessions.reading() as session:
        known = missions(session, sight=visit.sight, limit=MOST)
        editions = edition_names(session)
    return Sheet(
        title=visit.say(_("Open a plan")),
        over=visit.say(_("Plans")),
        lead=visit.say(
            _("From its first minute a plan has a trigger and an end. What can be lost follows.")
        ),
        crumbs=((visit.say(_("Plans")), "/plans"),),
        questions=(
            *_about_plan(visit, known, mission=mission),
            Question("", _("The decision that triggers it"), Kind.HEADING),
            *decision_questions(visit, under="trigger-"),
            Question("", _("Its ends"), Kind.HEADING),
            *_about_ends(editions),
        ),
        act=act,
        submit=_("Open the plan"),
    )


def _about_plan(
    visit: Visit, known: tuple[MissionView, ...], *, mission: str
) -> tuple[Question, ...]:
    return (
        Question(
            "mission",
            _("Mission"),
            Kind.SELECT,
            hint=_("One that is missing here is added under /missions/new."),
            options=tuple((each.slug, f"{each.acronym}: {each.name}") for each in known),
            value=mission,
        ),
        Question("title", _("Title"), hint=_("In a few words."), limit=200),
        Question("kind", _("Kind"), Kind.SELECT, options=options(visit, LABELS["plan-kind"])),
        Question(
            "scope",
            _("Scope"),
            Kind.CHOICE,
            value="whole",
            options=options(visit, LABELS["plan-scope"]),
        ),
        Question(
            "slug",
            _("Address"),
            Kind.CODE,
            hint=_("Small letters, digits and hyphens. Blank: made of the mission."),
            required=False,
        ),
    )


def _about_ends(editions: list[str]) -> tuple[Question, ...]:
    return (
        Question(
            "mandate_ends_on",
            _("Last day of the mandate"),
            Kind.DAY,
            hint=_("This day is included."),
        ),
        Question(
            "transfer_ends_on",
            _("Last day on which tasks may be transferred"),
            Kind.DAY,
            hint=_("Only where the decision says so."),
            required=False,
        ),
        Question(
            "time_zone",
            _("Time zone"),
            Kind.CODE,
            hint=_("Of the mission, such as Africa/Bamako."),
            value="UTC",
        ),
        Question(
            "edition",
            _("Edition of the catalogue"),
            Kind.SELECT,
            options=tuple((name, name) for name in editions),
        ),
        Question("note", _("Note"), Kind.LONG, required=False),
    )


def _editing(visit: Visit, slug: str) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)

    def act(typed: Typed) -> tuple[str, str]:
        order = EditPlan(
            plan.uid,
            version_seen=typed.number("version"),
            title=typed.text("title"),
            note=typed.text("note"),
            time_zone=typed.text("time_zone"),
        )
        typed.check()
        edit_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record", _("The plan is changed.")

    return Sheet(
        title=visit.say(_("Edit the plan")),
        over=plan.title,
        lead="",
        crumbs=crumbs_of(plan, visit),
        questions=(
            Question("title", _("Title"), value=plan.title, limit=200),
            Question("time_zone", _("Time zone"), Kind.CODE, value=plan.time_zone),
            Question("note", _("Note"), Kind.LONG, required=False, value=plan.note),
            Question("version", kind=Kind.HIDDEN, value=str(plan.version)),
        ),
        act=act,
        submit=_("Change the plan"),
    )


def _turning(visit: Visit, slug: str) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
    turns = TURNS.get(plan.state, {})

    def act(typed: Typed) -> tuple[str, str]:
        turn = typed.text("turn")
        if turn not in ACTS:
            typed.fault("turn", _("is not chosen"), _("Choose one of the answers shown."))
        order = ChangeState(plan.uid, typed.number("version"), typed.text("reason"))
        typed.check()
        command, notice = ACTS[turn]
        command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record", notice

    return Sheet(
        title=visit.say(_("Pause or end the plan")),
        over=plan.title,
        lead=visit.say(_("The trail keeps who did it, when and why.")),
        crumbs=crumbs_of(plan, visit),
        questions=(
            Question("turn", _("What happens?"), Kind.CHOICE, options=options(visit, turns)),
            Question(
                "reason",
                _("Reason"),
                Kind.LONG,
                hint=_("Which decision says so. To cancel a plan it must be given."),
                required=False,
            ),
            Question("version", kind=Kind.HIDDEN, value=str(plan.version)),
        ),
        act=act,
        submit=_("Do it"),
    )
