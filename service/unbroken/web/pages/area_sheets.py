"""Sheets of areas and of what sources say about their end."""

from unbroken.kit.errors import Conflict, Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    AddArea,
    EditArea,
    add_area,
    edit_area,
)
from unbroken.plans.models import AreaKind
from unbroken.plans.queries import AreaView, PlanView
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import crumbs_of, known_on
from unbroken.web.pages.sheets import Kind, Question, Sheet, notice_of, options
from unbroken.web.pages.typed import YES, Typed
from unbroken.web.plan_words import LABELS

REACHABLE = {YES: _("Yes"), "no": _("No"), "unknown": _("Not known")}


def area_sheet(visit: Visit, plan: PlanView, areas: tuple[AreaView, ...]) -> Sheet:
    """Return the sheet for a new area among ``areas``."""

    def act(typed: Typed) -> tuple[str, str]:
        order = AddArea(
            plan.uid,
            typed.text("name"),
            typed.choice("kind", AreaKind),
            parent=typed.text_or_none("parent"),
            pcode=typed.text_or_none("pcode"),
            mandate_ends_on=typed.day_or_none("mandate_ends_on"),
            reachable=typed.yes_or_no("reachable"),
            closings_public=typed.is_checked("closings_public"),
            known_on=typed.day("known_on"),
        )
        typed.check()
        try:
            made = add_area(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        except Conflict as twice:
            if "name" not in twice.facts:
                raise
            raise Invalid(problems=[Problem("name", twice.render(), twice.remedy)]) from None
        return f"/plans/{plan.slug}/record#{made.slug}", notice_of(made.revision)

    return Sheet(
        title=visit.say(_("Add an area")),
        over=plan.title,
        lead=visit.say(
            _("A region, or a site inside one whose name is public. Never coordinates.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=_questions(visit, plan, areas),
        act=act,
    )


def _questions(visit: Visit, plan: PlanView, areas: tuple[AreaView, ...]) -> tuple[Question, ...]:
    kinds = {kind: label for kind, label in LABELS["area"].items() if kind != "mission"}
    regions = [(area.slug, area.name) for area in areas if area.kind is AreaKind.REGION]
    none = ("", visit.say(_("None: it is a region")))
    return (
        Question("name", _("Public name"), limit=120),
        Question("kind", _("Kind"), Kind.CHOICE, value="region", options=options(visit, kinds)),
        Question(
            "parent",
            _("Region in which the site lies"),
            Kind.SELECT,
            required=False,
            options=(none, *regions),
        ),
        Question(
            "pcode",
            _("Code of the place"),
            Kind.CODE,
            hint=_("The P-code of the humanitarian data sets, such as ML08."),
            required=False,
        ),
        *_about_area(visit, value="unknown", ends_on="", public=YES),
        known_on(visit.clock.today(plan.time_zone).isoformat()),
    )


def edit_area_sheet(visit: Visit, plan: PlanView, area: AreaView) -> Sheet:
    """Return the sheet that changes what is known of an area."""

    def act(typed: Typed) -> tuple[str, str]:
        order = EditArea(
            plan.uid,
            area.uid,
            version_seen=typed.number("version"),
            reachable=typed.yes_or_no("reachable"),
            mandate_ends_on=typed.day_or_none("mandate_ends_on"),
            closings_public=typed.is_checked("closings_public"),
        )
        typed.check()
        made = edit_area(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#{area.slug}", notice_of(made.revision)

    reachable = {True: YES, False: "no", None: "unknown"}[area.reachable]
    ends_on = "" if area.mandate_ends_on is None else area.mandate_ends_on.isoformat()
    shown = area.mandate_ends_on and visit.reader.day(area.mandate_ends_on)
    return Sheet(
        title=area.name,
        over=plan.title,
        lead="",
        crumbs=crumbs_of(plan, visit),
        questions=(
            *_about_area(
                visit, value=reachable, ends_on=ends_on, public=YES if area.closings_public else ""
            ),
            Question("version", kind=Kind.HIDDEN, value=str(area.version)),
        ),
        act=act,
        told=(
            (visit.say(_("Can it be reached?")), visit.say(REACHABLE[reachable])),
            (visit.say(_("Own end of the mandate")), shown or visit.say(_("none"))),
            (
                visit.say(_("Closings are public")),
                visit.say(_("Yes") if area.closings_public else _("No")),
            ),
        ),
    )


def _about_area(
    visit: Visit, *, value: str, ends_on: str, public: str
) -> tuple[Question, Question, Question]:
    return (
        Question(
            "reachable",
            _("Can it be reached?"),
            Kind.CHOICE,
            hint=_("By those who take over, without the mission's flights and escorts."),
            value=value,
            options=options(visit, REACHABLE),
        ),
        Question(
            "mandate_ends_on",
            _("Last day of the mandate there"),
            Kind.DAY,
            hint=_("Only where it differs from the plan's."),
            required=False,
            value=ends_on,
        ),
        Question(
            "closings_public",
            _("Closings of this area are public"),
            Kind.CHECK,
            hint=_("Otherwise donors see neither the day nor the sources."),
            required=False,
            value=public,
        ),
    )
