"""``unbroken notice``: what waits to leave, what failed and why; sending, and sending again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.acting import acting_as
from unbroken.cli.output import As, Json, answer, refusals, table
from unbroken.kit.settings import Settings
from unbroken.notices.commands.resending import ResendAll, resend, resend_all, send_trial
from unbroken.outbox.models import MessageState
from unbroken.outbox.queries import MessageView, WayView, counts, messages, ways

app = typer.Typer(help="What leaves by itself: letters and messages.", no_args_is_help=True)
SHOWN = 100


@app.command("list")
def show(
    *,
    state: Annotated[
        MessageState | None, typer.Option("--state", help="Only messages in this state.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List how the ways out are, and the newest hundred messages that wait or failed.

    What stands in them is not shown.
    """
    wanted = (MessageState.WAITING, MessageState.CLAIMED, MessageState.FAILED)
    states = wanted if state is None else (state,)
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        known, numbers = ways(session), counts(session)
        found = [view for _key, view in messages(session, states=states, limit=SHOWN)]
        ready = wiring.ways_out(works.settings)
    answer(
        {
            "counts": {each.value: count for each, count in numbers.items()},
            "ways": [asdict(each) | {"is_ready": ready.get(each.sender)} for each in known],
            "messages": found,
        },
        as_json=as_json,
        lines=lambda: [*_ways(known, ready), "", *_messages(found)],
    )


@app.command("send")
def send(*, as_json: Json = False) -> None:
    """Gather what happened, put letters and send what is due, once; ``work`` does so by itself."""
    with refusals(), wiring.works(Settings()) as works:
        sent = works.notify()
    answer({"sent": sent}, as_json=as_json, lines=lambda: [f"{sent} left"])


@app.command("resend")
def again(
    message: Annotated[str, typer.Argument(help="One message, by its UUID.")] = "",
    *,
    account: As,
    way: Annotated[str, typer.Option("--all-of", help="Everything that failed by this way …")] = "",
    trouble: Annotated[str, typer.Option("--trouble", help="… for this reason.")] = "",
    as_json: Json = False,
) -> None:
    """Have what failed for good tried anew, under the same UUIDs."""
    if bool(message) == bool(way) or bool(way) != bool(trouble):
        told = "name a message, or say --all-of and --trouble"
        raise typer.BadParameter(told)
    uid = _uid(message) if message else None
    with acting_as(account) as (works, actor):
        if uid is not None:
            resend(works.sessions, uid, actor=actor, clock=works.clock)
            number = 1
        else:
            order = ResendAll(way, trouble)
            number = resend_all(works.sessions, order, actor=actor, clock=works.clock)
    answer({"resent": number}, as_json=as_json, lines=lambda: [f"{number} tried again"])


@app.command("test")
def send_test(*, account: As, as_json: Json = False) -> None:
    """Put a letter to one's own mailbox, to leave as every other does."""
    with acting_as(account) as (works, actor):
        uid = send_trial(works.sessions, actor=actor, clock=works.clock)
    lines = [f"{uid} waits to leave", "How it went: unbroken notice list --state sent"]
    answer({"uid": uid}, as_json=as_json, lines=lambda: lines)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        message = f"{text!r} is no UUID"
        raise typer.BadParameter(message) from error


def _ways(known: tuple[WayView, ...], ready: Mapping[str, bool]) -> list[str]:
    rows = [
        (
            each.sender,
            "yes" if ready.get(each.sender) else "no",
            str(each.waiting),
            str(each.failed),
            str(each.sent),
            each.trouble,
        )
        for each in known
    ]
    head = ("way", "set up", "waiting", "failed", "sent", "last trouble")
    return table(rows, head=head) or ["Nothing was put yet."]


def _messages(found: list[MessageView]) -> list[str]:
    rows = [
        (str(each.uid), each.state.value, each.topic, each.recipient, each.trouble)
        for each in found
    ]
    return table(rows, head=("message", "state", "about", "to", "trouble"))
