"""Sheets of child-protection posts on the mission's side and on that of the receivers."""

from unbroken.kit.languages import gettext as _
from unbroken.people.queries import OrganisationView
from unbroken.plans.commands import (
    AddPosts,
    EditPost,
    NewPost,
    PostNumbers,
    add_posts,
    edit_post,
)
from unbroken.plans.models import PostSide
from unbroken.plans.queries import AreaView, PlanView, PostView
from unbroken.web.dependencies import Visit
from unbroken.web.pages.register_sheets import crumbs_of, known_on
from unbroken.web.pages.sheets import Kind, Question, Sheet, notice_of, options
from unbroken.web.pages.typed import Typed
from unbroken.web.plan_words import LABELS

SOURCE = Question(
    "source",
    _("Source"),
    hint=_("Such as the staffing table of a budget, with its date."),
    required=False,
)


def post_sheet(
    visit: Visit,
    plan: PlanView,
    *,
    areas: tuple[AreaView, ...],
    organisations: tuple[OrganisationView, ...],
) -> Sheet:
    """Return the sheet for posts of one reference."""

    def act(typed: Typed) -> tuple[str, str]:
        post = NewPost(
            side=typed.choice("side", PostSide),
            organisation=typed.text("organisation"),
            reference=typed.text("reference"),
            functions=typed.listed("functions"),
            numbers=_numbers(typed),
            known_on=typed.day("known_on"),
            area=typed.text_or_none("area"),
            grade=typed.text("grade"),
            is_secretariat=typed.is_checked("is_secretariat"),
            source=typed.text("source"),
        )
        typed.check()
        order = AddPosts(plan.uid, (post,))
        made = add_posts(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#posts", notice_of(made.revision)

    return Sheet(
        title=visit.say(_("Add posts")),
        over=plan.title,
        lead=visit.say(_("Posts, never the people in them.")),
        crumbs=crumbs_of(plan, visit),
        questions=_questions(visit, plan, areas, organisations),
        act=act,
    )


def _questions(
    visit: Visit,
    plan: PlanView,
    areas: tuple[AreaView, ...],
    organisations: tuple[OrganisationView, ...],
) -> tuple[Question, ...]:
    everywhere = ("", visit.say(_("Mission-wide")))
    places = tuple((area.slug, area.name) for area in areas if area.kind.value != "mission")
    return (
        Question("side", _("Whose posts?"), Kind.CHOICE, options=options(visit, LABELS["side"])),
        Question(
            "organisation",
            _("Organisation"),
            Kind.SELECT,
            options=tuple((each.slug, each.name) for each in organisations),
        ),
        Question("reference", _("Reference"), hint=_("Number or title of the post."), limit=80),
        Question(
            "functions",
            _("Functions they work for"),
            Kind.CODE,
            hint=_("Codes of the catalogue divided by commas, such as MRM-VER, REFER."),
            required=False,
        ),
        Question("area", _("Area"), Kind.SELECT, required=False, options=(everywhere, *places)),
        Question("grade", _("Grade"), Kind.CODE, hint=_("Such as P-4."), required=False, limit=20),
        Question("is_secretariat", _("Secretariat of the task force"), Kind.CHECK),
        *_number_questions(None),
        known_on(visit.clock.today(plan.time_zone).isoformat()),
        SOURCE,
    )


def edit_post_sheet(visit: Visit, plan: PlanView, post: PostView) -> Sheet:
    """Return the sheet that changes how many posts there are, and for how long."""

    def act(typed: Typed) -> tuple[str, str]:
        order = EditPost(
            plan.uid,
            post.uid,
            version_seen=typed.number("version"),
            numbers=_numbers(typed),
            known_on=typed.day("known_on"),
            source=typed.text("source"),
        )
        typed.check()
        made = edit_post(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return f"/plans/{plan.slug}/record#posts", notice_of(made.revision)

    return Sheet(
        title=post.reference,
        over=plan.title,
        lead=post.organisation_name,
        crumbs=crumbs_of(plan, visit),
        questions=(
            *_number_questions(post),
            known_on(visit.clock.today(plan.time_zone).isoformat()),
            SOURCE,
            Question("version", kind=Kind.HIDDEN, value=str(post.version)),
        ),
        act=act,
        told=_told(visit, post),
    )


def _numbers(typed: Typed) -> PostNumbers:
    return PostNumbers(
        authorised=typed.number("authorised"),
        filled=typed.number_or_none("filled"),
        starts_on=typed.day_or_none("starts_on"),
        ends_on=typed.day_or_none("ends_on"),
        funded_until_on=typed.day_or_none("funded_until_on"),
    )


def _number_questions(post: PostView | None) -> tuple[Question, ...]:
    return (
        Question(
            "authorised",
            _("Authorised"),
            Kind.NUMBER,
            value=_text(post and post.authorised),
        ),
        Question(
            "filled",
            _("Filled"),
            Kind.NUMBER,
            hint=_("Blank is not stated, which is not nought."),
            required=False,
            value=_text(post and post.filled),
        ),
        Question(
            "starts_on",
            _("First day"),
            Kind.DAY,
            required=False,
            value=_text(post and post.starts_on),
        ),
        Question(
            "ends_on",
            _("Last day"),
            Kind.DAY,
            hint=_("For the mission's posts the last one ends the function there."),
            required=False,
            value=_text(post and post.ends_on),
        ),
        Question(
            "funded_until_on",
            _("Funded until"),
            Kind.DAY,
            required=False,
            value=_text(post and post.funded_until_on),
        ),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _told(visit: Visit, post: PostView) -> tuple[tuple[str, object], ...]:
    days = (
        (_("First day"), post.starts_on),
        (_("Last day"), post.ends_on),
        (_("Funded until"), post.funded_until_on),
    )
    missing = visit.say(_("not stated"))
    filled = missing if post.filled is None else visit.reader.number(post.filled)
    return (
        (visit.say(_("Authorised")), visit.reader.number(post.authorised)),
        (visit.say(_("Filled")), filled),
        *((visit.say(label), visit.reader.day(day) if day else missing) for label, day in days),
    )
