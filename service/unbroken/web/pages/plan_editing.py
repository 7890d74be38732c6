"""Plans are renamed, paused, resumed, completed and cancelled."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    ChangeState,
    EditPlan,
    cancel_plan,
    complete_plan,
    edit_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.models import PlanState
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import crumbs_of
from unbroken.web.pages.registers import plan_to_edit
from unbroken.web.pages.sheets import Kind, Question, Sent, Sheet, options, send_sheet, show_sheet
from unbroken.web.pages.typed import Typed
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
