"""Plans are opened, with their trigger and their ends."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.functions.queries import edition_names
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import OpenPlan, open_plan
from unbroken.plans.models import PlanKind, PlanScope
from unbroken.plans.queries import MissionView, missions
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import decision_questions, decision_typed
from unbroken.web.pages.sheets import Kind, Question, Sent, Sheet, options, send_sheet, show_sheet
from unbroken.web.pages.typed import Typed
from unbroken.web.plan_words import LABELS
from unbroken.web.security import Planner

router = APIRouter()
MOST = 500
Mission = Annotated[str, Query(max_length=80)]


@router.get("/plans/new")
def opening_form(visit: Planner, mission: Mission = "") -> Response:
    """Return the empty sheet of a plan."""
    return show_sheet(visit, _opening(visit, mission))


@router.post("/plans/new")
def open_it(visit: Planner, typed: Sent) -> Response:
    """Open a plan."""
    return send_sheet(visit, _opening(visit, ""), typed)


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
        links=((visit.say(_("Add a mission that is missing here")), "/missions/new"),),
    )


def _about_plan(
    visit: Visit, known: tuple[MissionView, ...], *, mission: str
) -> tuple[Question, ...]:
    return (
        Question(
            "mission",
            _("Mission"),
            Kind.SELECT,
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
