"""Sheets of areas and of what sources say about their end."""

from unbroken.kit.errors import Conflict, Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    AddArea,
    EditArea,
    NewClaim,
    add_area,
    add_claim,
    edit_area,
)
from unbroken.plans.models import AreaKind, ClaimKind
from unbroken.plans.queries import AreaView, PlanView
from unbroken.plans.rules import Precision
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import SOURCE, crumbs_of, known_on
from unbroken.web.pages.sheets import Kind, Question, Sheet, notice_of, options
from unbroken.web.pages.typed import DAY, YES, Typed
from unbroken.web.plan_words import LABELS

AS_WRITTEN = "as-written"
PRECISIONS = {
    AS_WRITTEN: _("As written: the day, month, quarter or year"),
    "about": _("About that day"),
    "no-later-than": _("No later than that day"),
    "unknown": _("The source gives no day"),
}
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

    kinds = {kind: label for kind, label in LABELS["area"].items() if kind != "mission"}
    regions = [(area.slug, area.name) for area in areas if area.kind is AreaKind.REGION]
    none = ("", visit.say(_("None: it is a region")))
    return Sheet(
        title=visit.say(_("Add an area")),
        over=plan.title,
        lead=visit.say(
            _("A region, or a site inside one whose name is public. Never coordinates.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=(
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
        ),
        act=act,
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


def claim_sheet(visit: Visit, plan: PlanView, area: AreaView) -> Sheet:
    """Return the sheet for what one source says about the end of an area."""
    today = visit.clock.today(plan.time_zone)

    def act(typed: Typed) -> tuple[str, str]:
        kind, counts = typed.choice("kind", ClaimKind), typed.is_checked("counts")
        chosen = counts and kind is ClaimKind.PLANNED
        claim = NewClaim(
            area=area.uid,
            kind=kind,
            closes=typed.text_or_none("closes"),
            precision=_precision(typed),
            known_on=typed.day("known_on"),
            source=typed.text("source"),
            event=typed.text("event") or "closed",
            chosen_on=today if chosen else None,
            disputed=typed.is_checked("disputed"),
            received_by=typed.text("received_by"),
            note=typed.text("note"),
            counts=counts,
        )
        typed.check()
        made = add_claim(visit.sessions, plan.uid, claim, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#{area.slug}", notice_of(made.revision)

    return Sheet(
        title=visit.reader.render(_("When does the mission leave {area}?"), {"area": area.name}),
        over=plan.title,
        lead=visit.say(
            _("Record what one source says. Sources may disagree: every claim is kept, one counts.")
        ),
        crumbs=crumbs_of(plan, visit),
        questions=_claim_questions(visit, today.isoformat()),
        act=act,
        aliases={"closing": "closes", "chosen_on": "counts"},
    )


def _precision(typed: Typed) -> Precision | None:
    given, text = typed.text("precision"), typed.text("closes")
    if given == AS_WRITTEN:
        return Precision.DAY if DAY.fullmatch(text) else None
    return typed.choice("precision", Precision)


def _claim_questions(visit: Visit, today: str) -> tuple[Question, ...]:
    return (
        Question(
            "kind",
            _("Planned or done?"),
            Kind.CHOICE,
            hint=_("A report of what happened counts before any plan."),
            value="planned",
            options=options(visit, LABELS["claim"]),
        ),
        Question(
            "closes",
            _("Last day"),
            Kind.CODE,
            hint=_("As exactly as the source says: 2024-05-31, 2024-05, 2024-Q2 or 2024."),
            required=False,
        ),
        Question(
            "precision",
            _("How exact is it?"),
            Kind.SELECT,
            hint=_("A vague day counts as due from its earliest day."),
            options=options(visit, PRECISIONS),
        ),
        known_on(today),
        SOURCE,
        Question(
            "counts",
            _("This claim counts"),
            Kind.CHECK,
            hint=_("Leave it open to keep the claim beside the one that counts now."),
            value=YES,
        ),
        Question("disputed", _("Somebody disputes it"), Kind.CHECK),
        Question(
            "event",
            _("What ends"),
            hint=_("Such as closed, handed over, last flight."),
            required=False,
            value="closed",
        ),
        Question(
            "received_by",
            _("Who takes the premises over"),
            hint=_("An organisation, never a person."),
            required=False,
        ),
        Question("note", _("Note"), Kind.LONG, required=False),
    )
