"""``unbroken gap``: one gap with its life, and what people do with it. Nothing here closes one."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from unbroken.cli.acting import acting_as, reading_as
from unbroken.cli.gap_words import OPERATOR, gap_values, mend_lines
from unbroken.cli.output import As, Json, answer, day, table
from unbroken.gaps.commands import (
    AcknowledgeGap,
    AssignGap,
    CommentGap,
    EndAcknowledgement,
    EndWaiver,
    GapChanged,
    GrantWaiver,
    UnassignGap,
    WaiveGap,
    acknowledge_gap,
    assign_gap,
    comment_gap,
    end_acknowledgement,
    end_waiver,
    grant_waiver,
    unassign_gap,
    waive_gap,
    withdraw_gap_comment,
)
from unbroken.gaps.queries import EventView, find_gap, history
from unbroken.web.mending import mends

Gap = Annotated[UUID, typer.Argument(help="UUID of the gap.")]
Note = Annotated[str, typer.Option(help="What is said of it, in a sentence.")]
Until = Annotated[date, typer.Option("--until", parser=day, metavar="DATE", help="Last day.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``unbroken gap``."""
    app.command("show")(show)
    app.command("acknowledge")(acknowledge)
    app.command("unacknowledge")(unacknowledge)
    app.command("assign")(assign)
    app.command("unassign")(unassign)
    app.command("comment")(comment)
    app.command("withdraw-comment")(withdraw_comment)
    app.command("waive")(waive)
    app.command("countersign")(countersign)
    app.command("end-waiver")(end_waiving)


def show(gap: Gap, *, account: As = "", as_json: Json = False) -> None:
    """Show one gap: why it is there, where it is mended, and what happened to it."""
    with reading_as(account, operator=OPERATOR) as (works, session, actor):
        view = find_gap(session, gap, actor=actor, at=works.clock.now())
        events = history(session, view, actor=actor)
        ways = mends(session, [view], actor=actor)
    told = {**gap_values(view, ways.get(view.id)), "history": events}
    lines = [view.why, *mend_lines(ways, view), "", *_events(events)]
    answer(told, as_json=as_json, lines=lambda: lines)


def acknowledge(gap: Gap, *, note: Note = "", account: As = "", as_json: Json = False) -> None:
    """Mark a gap as seen: nothing is told of it until it worsens."""
    _act(acknowledge_gap, AcknowledgeGap(gap, note), account, as_json=as_json)


def unacknowledge(gap: Gap, *, account: As = "", as_json: Json = False) -> None:
    """Take an acknowledgement back."""
    _act(end_acknowledgement, EndAcknowledgement(gap), account, as_json=as_json)


def assign(
    gap: Gap,
    mailbox: Annotated[str, typer.Argument(help="Handle of a role mailbox of the plan.")],
    *,
    account: As = "",
    as_json: Json = False,
) -> None:
    """Assign a gap to a role mailbox that works on its plan."""
    _act(assign_gap, AssignGap(gap, mailbox), account, as_json=as_json)


def unassign(gap: Gap, *, account: As = "", as_json: Json = False) -> None:
    """Take an assignment back."""
    _act(unassign_gap, UnassignGap(gap), account, as_json=as_json)


def comment(
    gap: Gap,
    text: Annotated[str, typer.Argument(help="What is said of it, in a sentence.")],
    *,
    account: As = "",
    as_json: Json = False,
) -> None:
    """Say something about a gap."""
    with acting_as(account) as (works, actor):
        order = CommentGap(gap, text)
        uid = comment_gap(works.sessions, order, actor=actor, clock=works.clock)
    answer({"uid": uid, "gap": gap}, as_json=as_json, lines=lambda: [f"Said: {uid}"])


def withdraw_comment(
    uid: Annotated[UUID, typer.Argument(metavar="COMMENT", help="UUID of the comment.")],
    *,
    account: As = "",
    as_json: Json = False,
) -> None:
    """Take a comment of yours back."""
    with acting_as(account) as (works, actor):
        withdraw_gap_comment(works.sessions, uid, actor=actor, clock=works.clock)
    answer({"uid": uid}, as_json=as_json, lines=lambda: ["The comment is taken back."])


def waive(
    gap: Gap,
    *,
    until: Until,
    reason: Annotated[str, typer.Option(help="Why it can wait, and on whose decision.")],
    account: As = "",
    as_json: Json = False,
) -> None:
    """Ask that a gap be waived for a time; in tiers 3 and 4 it is at once."""
    _act(waive_gap, WaiveGap(gap, reason, until), account, as_json=as_json)


def countersign(gap: Gap, *, account: As = "", as_json: Json = False) -> None:
    """Countersign a waiver that another hand asked for."""
    _act(grant_waiver, GrantWaiver(gap), account, as_json=as_json)


def end_waiving(gap: Gap, *, account: As = "", as_json: Json = False) -> None:
    """End a waiver before its day, or take back the question for one."""
    _act(end_waiver, EndWaiver(gap), account, as_json=as_json)


def _act(command: Callable[..., GapChanged], order: object, account: str, *, as_json: bool) -> None:
    with acting_as(account) as (works, actor):
        changed = command(works.sessions, order, actor=actor, clock=works.clock)
    answer(changed, as_json=as_json, lines=lambda: [_stands(changed)])


def _stands(changed: GapChanged) -> str:
    words = {
        "acknowledged": changed.is_acknowledged,
        "assigned": changed.is_assigned,
        "waived": changed.is_waived,
    }
    held = [word for word, holds in words.items() if holds]
    return f"{changed.uid}: {', '.join(held) or 'neither acknowledged, assigned nor waived'}"


def _events(events: list[EventView]) -> list[str]:
    rows = [[str(e.on), e.kind.value, e.severity.value, e.to or "", e.by or ""] for e in events]
    return table(rows, head=["day", "what", "severity", "to", "by"])
