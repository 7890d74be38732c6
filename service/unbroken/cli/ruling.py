"""``unbroken gap rules`` and its like: how rules are set, and what a setting would have done."""

from pathlib import Path
from typing import Annotated

import typer

from unbroken.cli.acting import acting_as, reading_as
from unbroken.cli.gaps import OPERATOR
from unbroken.cli.output import As, Json, answer, day, refusals, table
from unbroken.gaps.commands.ruling import (
    CountersignRule,
    RuleChanged,
    SetRule,
    TakeBackRule,
    countersign_rule,
    set_rule,
    take_back_rule,
)
from unbroken.gaps.queries.ruling import RuleView, rules_of, rules_of_plan
from unbroken.gaps.queries.ruling_files import read_ruling_file
from unbroken.gaps.queries.trying import Trial, Wish, try_seen_rule
from unbroken.gaps.rules import Finding, Severity
from unbroken.gaps.rules.settings import Setting
from unbroken.gaps.trials import MOST_DAYS, Course, Tally
from unbroken.people.rules import sight_of

Plan = Annotated[str, typer.Argument(help="The plan, by its slug.")]
Rule = Annotated[str, typer.Argument(help="The rule, by its code.")]
Off = Annotated[bool, typer.Option("--off", help="Switch it off; needs --until.")]
AtLeast = Annotated[Severity | None, typer.Option(help="Never milder than this.")]
AtMost = Annotated[Severity | None, typer.Option(help="Never graver than this.")]
Limit = Annotated[
    list[str] | None, typer.Option(metavar="NAME=NUMBER", help="A number of the rule; repeat it.")
]
NAMES = ("opened", "worsened", "eased", "closed", "open", "set_aside")


def list_rules(
    *,
    plan: Annotated[str | None, typer.Option(help="As this plan sets them, by its slug.")] = None,
    account: As = "",
    as_json: Json = False,
) -> None:
    """List the rules, how they are set, where from and why."""
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        on = works.clock.today()
        sight = sight_of(actor)
        found = (
            rules_of(session, on=on)
            if plan is None
            else rules_of_plan(session, plan, sight=sight, on=on)
        )
    items = [_values(view) for view in found]
    answer({"items": items}, as_json=as_json, lines=lambda: _lines(found))


def set_one(  # noqa: PLR0913 - one parameter for each option
    plan: Plan,
    rule: Rule,
    *,
    reason: Annotated[str, typer.Option(help="Why, and on whose decision.")],
    off: Off = False,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    limit: Limit = None,
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day it holds.")] = "",
    account: As = "",
    as_json: Json = False,
) -> None:
    """Set a rule of a plan, whole; what makes it milder for tiers 1 and 2 is countersigned."""
    setting = Setting(
        off=off,
        at_least=at_least,
        at_most=at_most,
        limits=_limits(limit or []),
        until_on=day(until) if until else None,
        reason=reason,
    )
    with acting_as(account) as (works, actor):
        order = SetRule(plan, rule, setting)
        done = set_rule(works.sessions, order, actor=actor, clock=works.clock)
    _tell(done, as_json=as_json, said=f"{rule} is set in {plan}.")


def countersign_one(plan: Plan, rule: Rule, *, account: As = "", as_json: Json = False) -> None:
    """Countersign how a rule is set."""
    with acting_as(account) as (works, actor):
        order = CountersignRule(plan, rule)
        done = countersign_rule(works.sessions, order, actor=actor, clock=works.clock)
    _tell(done, as_json=as_json, said=f"{rule} is countersigned in {plan}.")


def take_back_one(plan: Plan, rule: Rule, *, account: As = "", as_json: Json = False) -> None:
    """Take back how a plan sets a rule."""
    with acting_as(account) as (works, actor):
        order = TakeBackRule(plan, rule)
        done = take_back_rule(works.sessions, order, actor=actor, clock=works.clock)
    _tell(done, as_json=as_json, said=f"{rule} is as it was before {plan} set it.")


def try_one(  # noqa: PLR0913 - one parameter for each option
    rule: Rule,
    *,
    plan: Annotated[str | None, typer.Option(help="In this plan only, by its slug.")] = None,
    off: Annotated[bool, typer.Option("--off", help="As if it were switched off.")] = False,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    limit: Limit = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How far to look back.")] = 90,
    account: As = "",
    as_json: Json = False,
) -> None:
    """Try how a rule could be set on days gone by, as if countersigned; writes nothing.

    Without any option it is tried as is usual, which shows what a rule that is off keeps back.
    """
    setting = Setting(
        off=off,
        at_least=at_least,
        at_most=at_most,
        limits=_limits(limit or []),
    )
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        wish = Wish(rule, setting, plan, days)
        found = try_seen_rule(session, wish, actor=actor, on=works.clock.today())
    answer(_trial_values(found), as_json=as_json, lines=lambda: _trial_lines(found))


def check_file(
    file: Annotated[Path, typer.Argument(help="The file of rules.")], *, as_json: Json = False
) -> None:
    """Check a file of rules for UNBROKEN_RULES; loads nothing."""
    with refusals():
        found = read_ruling_file(file)
    said = f"{file.name}: {len(found)} rules are set, no faults"
    answer({"file": str(file), "rules": sorted(found)}, as_json=as_json, lines=lambda: [said])


def add_to(app: typer.Typer) -> None:
    """Add these commands to those of gaps."""
    app.command("rules")(list_rules)
    app.command("rule-set")(set_one)
    app.command("rule-countersign")(countersign_one)
    app.command("rule-take-back")(take_back_one)
    app.command("rule-try")(try_one)
    app.command("rules-check")(check_file)


def _limits(texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        name, _equals, value = text.partition("=")
        if not (value.isascii() and value.isdigit()) or name in found:
            message = f"{text!r} is not such as near_days=45, each name once"
            raise typer.BadParameter(message)
        found[name] = int(value)
    return found


def _tell(done: RuleChanged, *, as_json: bool, said: str) -> None:
    wait = "For tiers 1 and 2 and the whole plan it makes nothing milder until the co-chair signs."
    answer(done, as_json=as_json, lines=lambda: [said, wait] if done.waits else [said])


def _values(view: RuleView) -> dict[str, object]:
    held = view.held
    return {
        "code": view.rule.code,
        "title": view.rule.title,
        "for_children": view.rule.for_children,
        "source": view.rule.source,
        "elements": list(view.rule.elements),
        "origin": view.origin,
        "setting": view.setting,
        "limits": view.limits,
        "asked_by": held.asked_by if held else "",
        "granted_by": held.granted_by if held else "",
        "waits": bool(held and held.waits),
        "version": view.version,
    }


def _lines(found: list[RuleView]) -> list[str]:
    rows = [[v.rule.code, v.origin.value, _told(v), v.setting.reason] for v in found]
    return [*table(rows, head=["rule", "set by", "how", "why"]), f"{len(found)} rules"]


def _told(view: RuleView) -> str:
    setting, held = view.setting, view.held
    parts = ["off"] if setting.off else []
    parts += [f"at least {setting.at_least}"] if setting.at_least else []
    parts += [f"at most {setting.at_most}"] if setting.at_most else []
    parts += [f"{name} {value}" for name, value in setting.limits.items()]
    parts += [f"until {setting.until_on}"] if setting.until_on else []
    parts += ["(tiers 3 and 4)"] if held and held.waits else []
    return " ".join(parts) or "as usual"


def _trial_values(trial: Trial) -> dict[str, object]:
    return {
        "rule": trial.rule.code,
        "from_on": trial.days[0],
        "to_on": trial.days[-1],
        "looks": len(trial.days),
        "every_days": trial.every_days,
        "now": _course_values(trial.now),
        "then": _course_values(trial.then),
        **{
            name: [_found_values(each) for each in getattr(trial, name)]
            for name in ("gained", "lost", "changed")
        },
        "more": trial.more,
    }


def _course_values(course: Course) -> dict[str, object]:
    months = [{"month_on": m.month_on, **_tally_values(m.tally)} for m in course.months]
    return {**_tally_values(course.tally), "months": months}


def _tally_values(tally: Tally) -> dict[str, object]:
    return {name: getattr(tally, name) for name in NAMES}


def _found_values(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "turns_on": finding.found.turns_on,
        "facts": finding.found.facts,
    }


def _trial_lines(trial: Trial) -> list[str]:
    now, then = trial.now.tally, trial.then.tally
    every = "each day" if trial.every_days == 1 else f"every {trial.every_days} days"
    return [
        f"{trial.rule.code}, {trial.days[0]} to {trial.days[-1]}, {every}, {len(trial.days)} looks",
        f"Set so it would have {_in_words(then)}.",
        f"As it is set now: {_in_words(now)}.",
        *_month_lines(trial),
        _differing(trial),
        "Nothing was written. Whether a signature still fitted on a past day is not known.",
    ]


def _differing(trial: Trial) -> str:
    return (
        f"Told today in one of the two only: {len(trial.gained)} more, {len(trial.lost)} fewer; "
        f"{len(trial.changed)} otherwise; {trial.more} not listed."
    )


def _in_words(tally: Tally) -> str:
    return (
        f"opened {tally.opened}, worsened {tally.worsened}, eased {tally.eased}, "
        f"closed {tally.closed}; {tally.open} open today, {tally.set_aside} set aside"
    )


def _month_lines(trial: Trial) -> list[str]:
    months = zip(trial.now.months, trial.then.months, strict=True)
    rows = [
        [f"{now.month_on:%Y-%m}", *_month_cells(now.tally), *_month_cells(then.tally)]
        for now, then in months
    ]
    head = ["month", "opened", "closed", "open", "→ opened", "→ closed", "→ open"]
    return table(rows, head=head)


def _month_cells(tally: Tally) -> list[str]:
    return [str(tally.opened), str(tally.closed), str(tally.open)]
