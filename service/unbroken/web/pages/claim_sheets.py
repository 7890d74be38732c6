"""The sheet of what one source says about the end of an area."""

from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import NewClaim, add_claim
from unbroken.plans.models import ClaimKind
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
