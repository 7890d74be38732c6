"""What is looked for in a plan: how each rule is set, trying another way, and setting it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from markupsafe import Markup, escape
from sqlmodel import Session
from starlette.responses import Response

from unbroken.gaps.commands.ruling import (
    CountersignRule,
    SetRule,
    TakeBackRule,
    countersign_rule,
    rule_named,
    set_rule,
    take_back_rule,
)
from unbroken.gaps.queries.ruling import RuleView, rule_of_plan, rules_of_plan
from unbroken.gaps.queries.trying import Trial, Wish, try_seen_rule
from unbroken.gaps.rules import Finding, Severity
from unbroken.gaps.rules.explain import why
from unbroken.gaps.trials import MonthTally
from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.filters import held
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.rule_forms import ORIGINS, USUAL_DAYS, RuleInput, example_of, told_setting
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/plans/{slug}/rules")
Setter = Annotated[Visit, access(Roles(Role.PLANNER, Role.CO_CHAIR))]
CoChair = Annotated[Visit, access(Roles(Role.CO_CHAIR))]
Typed = Annotated[RuleInput, FormField()]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule with how it is set and where from, in the reader's words."""

    view: RuleView
    told: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class RulesPage(Page):
    """Every rule of a plan, those first that are set otherwise than is usual."""

    template: ClassVar[str] = "gaps/rules.html"

    plan: PlanView
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One thing that a rule finds today, with its reason in the reader's language."""

    finding: Finding
    why: Markup


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial ready for a page: its months side by side, and what it would change today."""

    trial: Trial
    months: tuple[tuple[MonthTally, MonthTally], ...]
    most: int
    gained: tuple[TriedLine, ...]
    lost: tuple[TriedLine, ...]
    changed: tuple[TriedLine, ...]


@dataclass(frozen=True, slots=True)
class RulePage(Page):
    """One rule of a plan; ``tried`` where the reader asked for it."""

    template: ClassVar[str] = "gaps/rule.html"

    plan: PlanView
    line: RuleLine
    example: str
    severities: tuple[Severity, ...]
    may_try: bool
    may_set: bool
    may_sign: bool
    tried: Tried | None
    texts: CatalogueTexts
    form: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)
    usual_days: int = USUAL_DAYS


@router.get("")
def rules_page(visit: Reader, slug: str) -> Response:
    """Return how every rule is set in a plan."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        today = visit.clock.today(plan.time_zone)
        found = rules_of_plan(session, plan.uid, sight=visit.sight, on=today)
    lines = sorted((_line(visit, each) for each in found), key=lambda line: not line.told)
    return page(visit, RulesPage(plan, tuple(lines)))


@router.get("/{code}")
def rule_page(
    visit: Reader, slug: str, code: str, asked: Annotated[RuleInput, Query()]
) -> Response:
    """Return one rule, and what it would have done set otherwise, where that is asked."""
    try:
        return page(visit, _shown(visit, slug, code, asked=asked))
    except Refused as refusal:
        if not asked.tried:
            raise
        form = refused_form(refusal, asked.values(), reader=visit.reader)
        return page(visit, _shown(visit, slug, code, form=form), status=refusal.status)


@router.post("/{code}")
def set_here(visit: Setter, slug: str, code: str, typed: Typed) -> Response:
    """Set the rule in this plan."""

    def act() -> Response:
        order = SetRule(slug, code, typed.setting(rule_named(code)), typed.version_seen())
        done = set_rule(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _back(visit, slug, code, notice=SET_IN_PART if done.waits else SET)

    return _sent(visit, slug, code, typed=typed, act=act)


@router.post("/{code}/countersignature")
def sign_here(visit: CoChair, slug: str, code: str, typed: Typed) -> Response:
    """Countersign how the rule is set in this plan."""

    def act() -> Response:
        order = CountersignRule(slug, code, typed.version_seen())
        countersign_rule(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _back(visit, slug, code, notice=SIGNED)

    return _sent(visit, slug, code, typed=typed, act=act)


@router.post("/{code}/end")
def end_here(visit: Setter, slug: str, code: str, typed: Typed) -> Response:
    """Take back how the rule is set in this plan."""

    def act() -> Response:
        order = TakeBackRule(slug, code, typed.version_seen())
        take_back_rule(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _back(visit, slug, code, notice=TAKEN_BACK)

    return _sent(visit, slug, code, typed=typed, act=act)


SET = _("The rule is set. The next scan looks at this plan again.")
SET_IN_PART = _("The rule is set. For tiers 1 and 2 and the whole plan the co-chair countersigns.")
SIGNED = _("Countersigned. The next scan looks at this plan again.")
TAKEN_BACK = _("The plan's own setting is taken back. The next scan looks at this plan again.")


def _back(visit: Visit, slug: str, code: str, *, notice: str) -> Response:
    return see_other(visit, f"/plans/{slug}/rules/{code}", notice=notice)


def _sent(
    visit: Visit, slug: str, code: str, *, typed: RuleInput, act: Callable[[], Response]
) -> Response:
    try:
        return sent_once(visit, typed.key, typed.model_dump(), act, guarded=True)
    except Refused as refusal:
        form = refused_form(refusal, typed.values(), reader=visit.reader)
        return page(visit, _shown(visit, slug, code, form=form), status=refusal.status)


def _shown(
    visit: Visit,
    slug: str,
    code: str,
    *,
    asked: RuleInput | None = None,
    form: Form | None = None,
) -> RulePage:
    rule = rule_named(code)
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        today = visit.clock.today(plan.time_zone)
        view = rule_of_plan(session, plan.uid, code, sight=visit.sight, on=today)
        trial = None
        if asked is not None and asked.tried:
            wish = Wish(code, asked.setting(rule), plan.uid, asked.days_back())
            trial = try_seen_rule(session, wish, actor=visit.actor, on=today)
        titles = _titles(session, plan, trial)
        texts = texts_for(session, visit, titles.values())
    actor, place = visit.actor, plan.place
    may_set = actor.has(Role.PLANNER, place) or actor.has(Role.CO_CHAIR, place)
    values = asked.values() if asked is not None and asked.tried else _values(view)
    return RulePage(
        plan=plan,
        line=_line(visit, view),
        example=example_of(visit, rule),
        severities=tuple(Severity),
        may_try=visit.sees_detail(place),
        may_set=may_set and not actor.has(Role.STEWARD),
        may_sign=actor.has(Role.CO_CHAIR, place) and view.plan is not None and view.plan.waits,
        tried=None if trial is None else _tried(visit, trial, titles, texts),
        texts=texts,
        form=form or Form(values),
    )


def _values(view: RuleView) -> dict[str, str]:
    """Return what the form shows at first: the setting that holds, without its reason."""
    setting = view.setting
    return {
        "off": "yes" if setting.off else "",
        "at_least": setting.at_least or "",
        "at_most": setting.at_most or "",
        **{f"limits.{name}": str(number) for name, number in view.limits.items()},
        "until_on": setting.until_on.isoformat() if setting.until_on else "",
    }


def _line(visit: Visit, view: RuleView) -> RuleLine:
    return RuleLine(view, told_setting(visit, view), visit.say(ORIGINS[view.origin]))


def _titles(session: Session, plan: PlanView, trial: Trial | None) -> dict[str, str]:
    if trial is None:
        return {}
    found = (*trial.gained, *trial.lost, *trial.changed)
    codes = {str(each.found.facts.get("function")) for each in found}
    return {c: title for c, title in titles_of(session, plan.edition).items() if c in codes}


def _tried(visit: Visit, trial: Trial, titles: dict[str, str], texts: CatalogueTexts) -> Tried:
    months = tuple(zip(trial.now.months, trial.then.months, strict=True))
    counts = (each.tally.open for pair in months for each in pair)

    def lines(found: tuple[Finding, ...]) -> tuple[TriedLine, ...]:
        return tuple(TriedLine(each, _why(visit, each, titles, texts)) for each in found)

    return Tried(
        trial=trial,
        months=months,
        most=max(1, *counts),
        gained=lines(trial.gained),
        lost=lines(trial.lost),
        changed=lines(trial.changed),
    )


def _why(visit: Visit, finding: Finding, titles: dict[str, str], texts: CatalogueTexts) -> Markup:
    def translate(text: str) -> str:
        return text if isinstance(text, Markup) else escape(visit.say(text))

    told = why(
        rule_named(finding.rule),
        finding.found.facts,
        titles={code: held(texts.quietly(title)) for code, title in titles.items()},
        translate=translate,
        show_date=visit.reader.day,
        show_money=visit.reader.money,
    )
    return escape(told)
