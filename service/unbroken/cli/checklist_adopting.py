"""``unbroken checklist adopt``: a plan follows another edition of the catalogue."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.checklist_changes import listed, told
from unbroken.cli.output import As, Json, answer, refusals
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.transfers.commands import Adopted, AdoptEdition, adopt_edition

TALLY: Mapping[str, str] = {
    "capacities_pinned": "signed capacities stay with the edition they were signed in",
    "capacities_moved": "unsigned capacities follow the new edition",
    "capacities_added": "capacities are new",
    "items_added": "items are new and open",
    "items_retired": "items are no longer asked for and kept as history",
    "items_reworded": "items have the new text",
    "items_kept": "items keep the text that was signed",
    "items_moved": "items went to another capacity",
}


def adopt(
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    edition: Annotated[str, typer.Argument(help="The edition, by its name, such as 2026.2.")],
    *,
    account: As,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let a plan follow another edition of the catalogue, and say what that made of it.

    What is signed stays signed, with the edition and language it was signed in; what is new appears
    as open; what is no longer asked for is kept as history. Dates are derived anew.
    """
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        order = AdoptEdition(plan=plan, edition=edition, dry_run=dry_run)
        done = adopt_edition(works.sessions, order, actor=actor, clock=works.clock)
    answer(adopted_values(done), as_json=as_json, lines=lambda: list(_lines(done)))


def adopted_values(done: Adopted) -> Mapping[str, object]:
    """Return the report of an adoption as one document."""
    return {
        "plan": done.plan,
        "from": done.old,
        "to": done.new,
        "written": done.written,
        "revision": done.revision,
        **listed(done.changes),
        "tally": dict(done.tally),
    }


def _lines(done: Adopted) -> Iterator[str]:
    yield from told(done.changes)
    yield from (f"{done.tally[name]} {words}" for name, words in TALLY.items() if done.tally[name])
    verb = "follows" if done.written else "would follow"
    dated = f"; revision {done.revision} has the new dates" if done.revision else ""
    yield f"{done.plan} {verb} edition {done.new} instead of {done.old}{dated}"
