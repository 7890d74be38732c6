"""``unbroken scan`` and ``unbroken gap``: run all rules, and read what they found."""

from collections.abc import Collection
from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.acting import reading_as
from unbroken.cli.gap_words import OPERATOR, gap_lines, gap_values
from unbroken.cli.output import OUTSIDE, As, Json, answer, day, refusals
from unbroken.gaps.changes import changes
from unbroken.gaps.queries import GapFilter, gap_list, open_gaps
from unbroken.gaps.rules import Finding, Severity
from unbroken.gaps.rules.words import Happening
from unbroken.kit.settings import Settings
from unbroken.scans.passing import look_again
from unbroken.scans.run import Outcome, look, scan_by_hand
from unbroken.scans.writing import open_in_all
from unbroken.web.mending import mends

SET_ASIDE = "set_aside"
app = typer.Typer(help="What is about to be lost.", no_args_is_help=True)
On = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="Look at another day; writes nothing."),
]


Again = Annotated[
    bool,
    typer.Option("--again", help="Look only at what was touched or came due since the last look."),
]


def scan(*, on: On = None, again: Again = False, as_json: Json = False) -> None:
    """Run all rules now and say what changed. A second scan of the same day changes nothing."""
    if again and on is not None:
        raise typer.BadParameter("not together with --on", param_hint="--again")
    with refusals(), wiring.works(Settings()) as works:
        if again:
            _look_again(works, as_json=as_json)
        elif on is None:
            outcome = scan_by_hand(works.sessions, clock=works.clock, terms=works.terms)
            answer(_as_values(outcome), as_json=as_json, lines=lambda: [_in_words(outcome)])
            _tell_problems(outcome.problems)
        else:
            shown = _look(works, on)
            answer(shown, as_json=as_json, lines=lambda: _shown_lines(shown))


def _look_again(works: wiring.Works, *, as_json: bool) -> None:
    passed = look_again(works.sessions, clock=works.clock)
    with works.sessions.reading() as session:
        left = open_in_all(session)
    counts = {kind.value.replace("-", "_"): count for kind, count in passed.counts.items()}
    aside = counts.pop(SET_ASIDE)
    values = {"plans": passed.plans, **counts, "open": left, SET_ASIDE: aside}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    line = f"{passed.plans} plans looked at again: {told}; {left} open"
    answer(values, as_json=as_json, lines=lambda: [line])
    _tell_problems(passed.problems)


def _tell_problems(problems: Collection[str]) -> None:
    for problem in problems:
        typer.echo(f"broke: {problem}", err=True)
    if problems:
        raise typer.Exit(OUTSIDE)


def _as_values(outcome: Outcome) -> dict[str, object]:
    names = ("scan", "on", "opened", "worsened", "eased", "closed", "open", SET_ASIDE)
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
def list_gaps(  # noqa: PLR0913 - one parameter for each option
    *,
    plan: Annotated[str | None, typer.Option(help="Only this plan, by its slug.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, by its code.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only this severity.")] = None,
    assigned: Annotated[
        str | None, typer.Option(help="Only what is assigned to this mailbox; me for your own.")
    ] = None,
    headline: Annotated[
        UUID | None, typer.Option(help="Only what this gap explains, by its UUID.")
    ] = None,
    grouped: Annotated[
        bool, typer.Option("--grouped", help="Leave out what another gap explains.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 1000,
    account: As = "",
    as_json: Json = False,
) -> None:
    """List open gaps, the worst and soonest first."""
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        wanted = GapFilter(
            plan=plan,
            rule=rule,
            severity=severity,
            assigned=actor.handle if assigned == "me" else assigned,
            headline=headline,
            grouped=grouped,
        )
        now = works.clock.now()
        found = gap_list(session, actor=actor, wanted=wanted, limit=limit, at=now)
        ways = mends(session, found, actor=actor)
    answer(
        {"items": [gap_values(view, ways.get(view.id)) for view in found]},
        as_json=as_json,
        lines=lambda: gap_lines(found),
    )
