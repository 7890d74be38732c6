"""What people do with gaps, as forms: what was sent, and what each act does."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from unbroken.gaps.commands import (
    AcknowledgeGap,
    AssignGap,
    CommentGap,
    EndAcknowledgement,
    EndWaiver,
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
)
from unbroken.gaps.rules.acts import GapAct
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.web.act_forms import LARGEST, Short, Text, day_in
from unbroken.web.dependencies import Visit


class GapInput(BaseModel):
    """What the forms of a gap send, everything as typed, with the version that was read."""

    key: Short = ""
    version: Annotated[int, Field(ge=1, le=LARGEST)] = 1
    note: Text = ""
    assigned_to: Short = ""
    comment: Text = ""
    reason: Text = ""
    until_on: Short = ""

    def values(self) -> dict[str, str]:
        """Return what was typed, by field."""
        typed = self.model_dump(exclude={"key", "version"})
        return {name: str(value) for name, value in typed.items()}


Do = Callable[[Visit, UUID, GapInput], object]


def _acknowledge(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = AcknowledgeGap(uid, filled.note, filled.version)
    acknowledge_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _end_acknowledgement(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = EndAcknowledgement(uid, filled.version)
    end_acknowledgement(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _assign(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = AssignGap(uid, filled.assigned_to, filled.version)
    assign_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _unassign(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = UnassignGap(uid, filled.version)
    unassign_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _comment(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = CommentGap(uid, filled.comment)
    comment_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _waive(visit: Visit, uid: UUID, filled: GapInput) -> None:
    problems: list[Problem] = []
    until_on = day_in("until_on", filled.until_on, problems)
    if until_on is None:
        raise Invalid(problems=problems or [NO_DAY])
    order = WaiveGap(uid, filled.reason, until_on, filled.version)
    waive_gap(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _grant(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = GrantWaiver(uid, filled.version)
    grant_waiver(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _end_waiver(visit: Visit, uid: UUID, filled: GapInput) -> None:
    order = EndWaiver(uid, filled.version)
    end_waiver(visit.sessions, order, actor=visit.actor, clock=visit.clock)


NO_DAY = Problem("until_on", _("is missing"), _("Give the last day of the waiver."))
ACTS: Mapping[GapAct, tuple[Do, str]] = {
    GapAct.ACKNOWLEDGE: (_acknowledge, _("Acknowledged. You hear of it again when it worsens.")),
    GapAct.END_ACKNOWLEDGEMENT: (_end_acknowledgement, _("The acknowledgement is taken back.")),
    GapAct.ASSIGN: (_assign, _("The gap is assigned.")),
    GapAct.UNASSIGN: (_unassign, _("The assignment is taken back.")),
    GapAct.COMMENT: (_comment, _("The comment is recorded.")),
    GapAct.WAIVE: (
        _waive,
        _("The waiver is recorded. In tiers 1 and 2 it waits for another hand."),
    ),
    GapAct.GRANT: (_grant, _("The waiver is countersigned.")),
    GapAct.END_WAIVER: (_end_waiver, _("The waiver is ended.")),
}
