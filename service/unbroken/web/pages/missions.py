"""A mission is added, with the one it follows."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.commands import AddMission, add_mission
from unbroken.plans.models import MissionKind
from unbroken.plans.queries import missions
from unbroken.web.dependencies import Visit
from unbroken.web.pages.sheets import Kind, Question, Sent, Sheet, options, send_sheet, show_sheet
from unbroken.web.pages.typed import Typed
from unbroken.web.plan_words import LABELS
from unbroken.web.security import Roles, access

router = APIRouter()
MOST = 500
MissionKeeper = Annotated[Visit, access(Roles(Role.PLANNER, Role.STEWARD))]


@router.get("/missions/new")
def mission_form(visit: MissionKeeper) -> Response:
    """Return the empty sheet of a mission."""
    return show_sheet(visit, _sheet(visit))


@router.post("/missions/new")
def add(visit: MissionKeeper, typed: Sent) -> Response:
    """Add a mission."""
    return send_sheet(visit, _sheet(visit), typed)


def _sheet(visit: Visit) -> Sheet:
    def act(typed: Typed) -> tuple[str, str]:
        order = AddMission(
            acronym=typed.text("acronym"),
            name=typed.text("name"),
            kind=typed.choice("kind", MissionKind),
            country_iso3=typed.text("country_iso3").upper(),
            predecessor=typed.text_or_none("predecessor"),
            source=typed.text("source"),
        )
        typed.check()
        made = add_mission(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/new?mission={made.slug}", _("The mission is on record. Open its plan now.")

    with visit.sessions.reading() as session:
        known = missions(session, sight=visit.sight, limit=MOST)
    none = ("", visit.say(_("None that is known here")))
    return Sheet(
        title=visit.say(_("Add a mission")),
        over=visit.say(_("Missions")),
        lead=visit.say(_("A peacekeeping operation or a special political mission.")),
        crumbs=((visit.say(_("Plans")), "/plans"),),
        questions=(
            Question("acronym", _("Acronym"), hint=_("Its address is made of it."), limit=40),
            Question("name", _("Name"), limit=200),
            Question("kind", _("Kind"), Kind.CHOICE, options=options(visit, LABELS["mission"])),
            Question(
                "country_iso3",
                _("Country"),
                Kind.CODE,
                hint=_("Three letters, such as MLI."),
            ),
            Question(
                "predecessor",
                _("Which mission did it follow?"),
                Kind.SELECT,
                required=False,
                options=(none, *((each.slug, each.acronym) for each in known)),
            ),
            Question("source", _("Source"), required=False),
        ),
        act=act,
        submit=_("Add the mission"),
        aliases={"slug": "acronym", "country": "country_iso3"},
    )
