"""``unbroken scan`` and ``unbroken gap``: run all rules, and read what they found."""

from datetime import date
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import OUTSIDE, As, Json, answer, day, refusals, table
from unbroken.gaps.changes import changes
from unbroken.gaps.queries import GapFilter, GapView, gap_list, open_gaps
from unbroken.gaps.rules import Finding, Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import Actor, Grant, Role
from unbroken.scans.run import Outcome, look, scan_by_hand

app = typer.Typer(help="What is about to be lost.", no_args_is_help=True)
OPERATOR = Actor(
    account_uid=None, handle="operator", organisation_uid=None, grants=(Grant(Role.OBSERVER),)
)
On = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="Look at another day; writes nothing."),
]


def scan(*, on: On = None, as_json: Json = False) -> None:
    """Run all rules now and say what changed. A second scan of the same day changes nothing."""
    with refusals(), wiring.works(Settings()) as works:
        if on is None:
            outcome = scan_by_hand(works.sessions, clock=works.clock, terms=works.terms)
            answer(_as_values(outcome), as_json=as_json, lines=lambda: [_in_words(outcome)])
            _tell_problems(outcome)
            return
        shown = _look(works, on)
        answer(shown, as_json=as_json, lines=lambda: _shown_lines(shown))


def _tell_problems(outcome: Outcome) -> None:
    for problem in outcome.problems:
        typer.echo(f"broke: {problem}", err=True)
    if outcome.problems:
        raise typer.Exit(OUTSIDE)


def _as_values(outcome: Outcome) -> dict[str, object]:
    names = ("scan", "on", "opened", "worsened", "eased", "closed", "open", "set_aside")
    return {name: getattr(outcome, name) for name in names}


def _in_words(outcome: Outcome) -> str:
    aside = f", {outcome.set_aside} set aside" if outcome.set_aside else ""
    return (
        f"{outcome.on}: {outcome.opened} opened, {outcome.worsened} worsened, "
        f"{outcome.eased} eased, {outcome.closed} closed{aside}; {outcome.open} open"
    )


def _look(works: wiring.Works, on: date) -> dict[str, object]:
    with works.sessions.reading() as session:
        found = look(session, on=on, today=works.clock.today())
        plans = {finding.found.plan_id for finding in found}
        known = [gap for gaps in open_gaps(session, plans).values() for gap in gaps]
    happened = changes(known, found)
    told = [finding for finding in found if not finding.is_set_aside]
    kinds = (Happening.OPENED, Happening.WORSENED, Happening.EASED, Happening.CLOSED)
    return {
        "scan": None,
        "on": on,
        **{kind.value: happened.count(kind) for kind in kinds},
        "open": len(told),
        "written": False,
        "found": [_found_values(finding) for finding in told],
    }


def _found_values(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "turns_on": finding.found.turns_on,
        "facts": finding.found.facts,
    }


def _shown_lines(shown: dict[str, object]) -> list[str]:
    new, gone = shown["opened"], shown["closed"]
    line = f"{shown['on']}: {shown['open']} gaps would be open ({new} new, {gone} gone)."
    return [line, "Nothing was written."]


@app.callback()
def main() -> None:
    """Read gaps."""


@app.command("list")
def list_gaps(
    *,
    plan: Annotated[str | None, typer.Option(help="Only this plan, by its slug.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, by its code.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only this severity.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 1000,
    account: As = "",
    as_json: Json = False,
) -> None:
    """List open gaps, the worst and soonest first."""
    wanted = GapFilter(plan=plan, rule=rule, severity=severity)
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        actor = actor_by_handle(session, account) if account else OPERATOR
        found = gap_list(session, actor=actor, wanted=wanted, limit=limit)
    answer(
        {"items": [_values(view) for view in found]},
        as_json=as_json,
        lines=lambda: _lines(found),
    )


def _values(view: GapView) -> dict[str, object]:
    names = ("uid", "rule", "severity", "plan", "area", "function", "turns_on", "opened_at")
    return {
        **{name: getattr(view, name) for name in names},
        "facts": view.facts,
        "why": view.why,
        "tier_1": list(view.tier_1),
    }


def _lines(found: list[GapView]) -> list[str]:
    rows = [[v.severity.value, str(v.turns_on or v.quarter), v.mission, v.why] for v in found]
    return [*table(rows, head=["severity", "turns on", "mission", "why"]), f"{len(found)} gaps"]
