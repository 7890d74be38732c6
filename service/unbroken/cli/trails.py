"""``unbroken trail``: check that the record is intact."""

import typer

from unbroken import wiring
from unbroken.cli.output import REFUSED, Json, answer
from unbroken.kit.settings import Settings
from unbroken.trail.queries import ChainReport, Fault
from unbroken.trail.queries import verify as verify_trail

app = typer.Typer(help="The record of who did what.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Work on the record."""


@app.command()
def verify(*, as_json: Json = False) -> None:
    """Recompute every chain and name each fault; exit code 1 if there is one."""
    with wiring.works(Settings()) as works, works.sessions.reading() as session:
        reports = verify_trail(session)
    faults = [(report, fault) for report in reports for fault in report.faults]
    answer(
        {"chains": reports, "intact": not faults},
        as_json=as_json,
        lines=lambda: [
            *(_in_words(report, fault) for report, fault in faults),
            f"{len(reports)} chains, {sum(r.entry_count for r in reports)} entries, "
            + (f"{len(faults)} faults" if faults else "intact"),
        ],
    )
    if faults:
        raise typer.Exit(REFUSED)


def _in_words(report: ChainReport, fault: Fault) -> str:
    chain = "the instance" if report.plan_uid is None else f"plan {report.plan_uid}"
    where = f"entry {fault.first}" if fault.first == fault.last else f"{fault.first}-{fault.last}"
    return f"{fault.kind.value} in the chain of {chain}: {where}"
