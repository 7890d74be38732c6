"""``unbroken plan``: plans as files, what is in them, and what happens to them."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Protocol

import typer

from unbroken.cli.acting import acting_as, reading_as
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.output import Json, answer, table
from unbroken.cli.plan_words import (
    change_values,
    difference_lines,
    difference_values,
    import_lines,
    list_row,
    list_values,
    show_lines,
    show_values,
)
from unbroken.cli.plan_workbooks import read_workbook
from unbroken.gaps.queries import open_counts
from unbroken.gaps.rules import Severity
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.kit.settings import Settings
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands import (
    ChangeState,
    PlanChanged,
    cancel_plan,
    complete_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.commands.importing import (
    ImportPlan,
    PlanFile,
    RevisePlan,
    import_plan,
    revise_plan,
)
from unbroken.plans.queries import (
    cannot_be_met_of,
    difference_between,
    due_soon,
    find_plan,
    plan_list,
    timetable_of,
)
from unbroken.plans.queries.exporting import export_plan

SOON_DAYS = 30
MOST_PLANS = 1000
LIST_HEAD = (
    *("plan", "state", "mandate ends", "transfer ends"),
    *("days left", "revision", "gaps", "title"),
)

app = typer.Typer(help="Plans: how a mission leaves, and by when.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The plan, by its slug.")]
File = Annotated[
    Path, typer.Argument(help="The file to read.", exists=True, dir_okay=False, readable=True)
]
ActsAs = Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")]
ReadsAs = Annotated[
    str, typer.Option("--as", help="Read as this account; without, as this machine's operator.")
]


app.command("read-workbook")(read_workbook)


@app.callback()
def main() -> None:
    """Work on plans."""


@app.command("import")
def import_file(
    file: File,
    *,
    account: ActsAs,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a plan from a file, or bring the plan of its slug up to it; all or nothing.

    Importing adds and changes, and never deletes. The same file twice changes nothing.
    """
    with acting_as(account) as (works, actor):
        order = ImportPlan(_read(file, works.settings), dry_run=dry_run)
        done = import_plan(works.sessions, order, actor=actor, clock=works.clock)
    answer(change_values(done), as_json=as_json, lines=lambda: import_lines(done))


@app.command("export")
def export_file(
    slug: Slug,
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; standard output if left out.")
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
    account: ReadsAs = "",
) -> None:
    """Write a plan as one file, which `plan import` reads."""
    with reading_as(account, operator=OPERATOR) as (_, session, actor):
        text = export_plan(session, slug, actor=actor)
        if file is not None and file.exists() and not force:
            raise Conflict(
                "{file} is there already.", remedy="Add --force to write over it.", file=str(file)
            )
    if file is None:
        typer.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{slug} written to {file}", err=True)


@app.command("list")
def list_plans(*, account: ReadsAs = "", as_json: Json = False) -> None:
    """List the plans, with the days left in each."""
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        plans = plan_list(session, sight=sight_of(actor), limit=MOST_PLANS)
        days = {plan.slug: works.clock.today(plan.time_zone) for plan in plans}
        counts = open_counts(session, actor=actor)
    answer(
        {"items": [list_values(plan, days[plan.slug], counts) for plan in plans]},
        as_json=as_json,
        lines=lambda: [
            *table(
                [list_row(plan, days[plan.slug], counts) for plan in plans],
                head=LIST_HEAD,
            ),
            f"{len(plans)} plans",
        ],
    )


@app.command()
def show(slug: Slug, *, account: ReadsAs = "", as_json: Json = False) -> None:
    """Show a plan: days left, functions by tier, what is due, what cannot be met, open gaps."""
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        plan = find_plan(session, slug, sight=sight_of(actor))
        today = works.clock.today(plan.time_zone)
        until = today + timedelta(days=SOON_DAYS)
        timetable = timetable_of(session, plan.uid, actor=actor)
        due = due_soon(session, plan.uid, actor=actor, on=today, until=until)
        gaps = open_counts(session, actor=actor).get(plan.slug, {})
        missed = cannot_be_met_of(session, plan.uid, actor=actor)
    shown = show_values(plan, today, timetable, due, _every(gaps))
    answer(shown, as_json=as_json, lines=lambda: show_lines(plan, shown, due, missed))


def _every(counts: dict[Severity, int]) -> dict[str, int]:
    return {severity.value: counts.get(severity, 0) for severity in Severity}


@app.command()
def diff(
    slug: Slug,
    older: Annotated[int, typer.Argument(help="The number of one revision.", min=1)],
    newer: Annotated[int, typer.Argument(help="The number of the other.", min=1)],
    *,
    account: ReadsAs = "",
    as_json: Json = False,
) -> None:
    """Say what changed from one revision to another, field by field."""
    with reading_as(account, operator=OPERATOR) as (_, session, actor):
        plan = find_plan(session, slug, sight=sight_of(actor))
        changes = difference_between(session, plan.uid, older, newer, actor=actor)
    answer(
        {"plan": slug, "older": older, "newer": newer, "changes": difference_values(changes)},
        as_json=as_json,
        lines=lambda: difference_lines(changes, older, newer),
    )


@app.command()
def revise(  # noqa: PLR0913 - one parameter for each option
    slug: Slug,
    file: File,
    *,
    account: ActsAs,
    title: Annotated[str, typer.Option(help="What the revision is called.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is made; cite the decision.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Leave it a draft.")] = False,
    as_json: Json = False,
) -> None:
    """Make a revision of the phases in a file and bring it into force.

    The file has `phases`, or is a plan file; of that only the phases are read.
    """
    with acting_as(account) as (works, actor):
        order = RevisePlan(slug, _read(file, works.settings), title, reason, draft)
        done = revise_plan(works.sessions, order, actor=actor, clock=works.clock)
    state = done.state.value.replace("-", " ")
    answer(done, as_json=as_json, lines=lambda: [f"{slug}: revision {done.number} is {state}"])


class Act(Protocol):
    """A command that gives a plan another state."""

    def __call__(
        self, sessions: Sessions, order: ChangeState, *, actor: Actor, clock: Clock
    ) -> PlanChanged:
        """Return the plan after the act."""
        ...


def _change(act: Act, slug: str, account: str, *, reason: str, as_json: bool) -> None:
    with acting_as(account) as (works, actor):
        order = ChangeState(slug, version_seen=None, reason=reason)
        done = act(works.sessions, order, actor=actor, clock=works.clock)
    answer(
        {"plan": done.slug, "state": done.state},
        as_json=as_json,
        lines=lambda: [f"{done.slug} is {done.state.value}"],
    )


Reason = Annotated[str, typer.Option("--reason", help="Why; cite the decision.")]


@app.command()
def pause(slug: Slug, *, account: ActsAs, reason: Reason = "", as_json: Json = False) -> None:
    """Pause a plan: scans leave it alone until it is resumed."""
    _change(pause_plan, slug, account, reason=reason, as_json=as_json)


@app.command()
def resume(slug: Slug, *, account: ActsAs, reason: Reason = "", as_json: Json = False) -> None:
    """Resume a paused plan."""
    _change(resume_plan, slug, account, reason=reason, as_json=as_json)


@app.command()
def complete(slug: Slug, *, account: ActsAs, reason: Reason = "", as_json: Json = False) -> None:
    """Complete a plan whose last days all lie behind."""
    _change(complete_plan, slug, account, reason=reason, as_json=as_json)


@app.command()
def cancel(slug: Slug, *, account: ActsAs, reason: Reason = "", as_json: Json = False) -> None:
    """Cancel a plan, with the reason: the mission stays, or another plan takes its place."""
    _change(cancel_plan, slug, account, reason=reason, as_json=as_json)


def _read(file: Path, settings: Settings) -> PlanFile:
    """Return a file's bytes, one more than allowed where it is too large: never all of it."""
    limit = settings.upload_limit_kb
    with file.open("rb") as stream:
        return PlanFile(stream.read(limit * 1024 + 1), file.name, limit)
