"""Decisions trigger plans and move their ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    PlanChanged,
    acting_on,
    changed,
    clean,
    known_problems,
    living_plan,
    refuse_if,
    source_problems,
    touch,
)
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.models import Decision, DecisionKind, Plan
from unbroken.plans.queries.rows import Ref, trigger_row
from unbroken.plans.rules import plan_due_on


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A deciding act as its source gives it; ``known_on`` is the day it became public."""

    kind: DecisionKind
    symbol: str
    decided_on: date
    source: str
    known_on: date | None = None
    title: str = ""

    @property
    def public_on(self) -> date:
        """Return the day it became known: the day of the act where none is given."""
        return self.known_on or self.decided_on


@dataclass(frozen=True, slots=True)
class AddDecision:
    """A decision on a plan; it may move the ends of mandate and transfer, ``None`` leaves them."""

    plan: Ref
    decision: NewDecision
    mandate_ends_on: date | None = None
    transfer_ends_on: date | None = None
    is_trigger: bool = False


def add_decision(
    sessions: Sessions, order: AddDecision, *, actor: Actor, clock: Clock
) -> PlanChanged:
    """Add a decision; where it moves an end and a revision is in force, a new one comes into force.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Invalid: a date lies ahead or before the trigger, or there is no source.
        Conflict: the plan has its trigger, or is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_decision_in(session, order, by=by)


def add_decision_in(session: Session, order: AddDecision, *, by: By) -> PlanChanged:
    """Add a decision inside a command. Raises as ``add_decision``."""
    plan = living_plan(session, order.plan)
    if order.is_trigger and trigger_row(session, plan) is not None:
        raise Conflict(
            "Plan {plan} has its trigger.",
            remedy="Add it as a later decision.",
            plan=plan.slug,
        )
    decision = clean_decision(order.decision, at="decision/")
    ends: dict[str, date | None] = {
        "mandate_ends_on": order.mandate_ends_on,
        "transfer_ends_on": order.transfer_ends_on,
    }
    moved = {key: day for key, day in ends.items() if day is not None}
    refuse_if(
        [
            *decision_problems(decision, today=by.today(plan), path="decision"),
            *end_problems(moved, since=plan.triggered_on),
        ]
    )
    row = add_decision_row(session, plan, decision, is_trigger=order.is_trigger)
    for key, day in moved.items():
        setattr(plan, key, day)
    if moved:
        plan.ends_known_on = decision.public_on
        plan.plan_due_on = plan_due_on(plan.triggered_on, plan.mandate_ends_on)
    session.add(plan)
    values = {"symbol": row.symbol, "decided_on": row.decided_on, "source": row.source, **moved}
    by.record(plan, PlanAction.DECISION_ADDED, subject=("decision", row.uid), values=values)
    made = refresh_in_force(session, plan, reason=row.symbol, by=by)
    touch(session, plan, by=by)
    return changed(plan, None if made is None else made.number)


def add_decision_row(
    session: Session, plan: Plan, decision: NewDecision, *, is_trigger: bool
) -> Decision:
    """Add a decision to the tables and return its row."""
    row = Decision(
        plan_id=row_id(plan),
        kind=decision.kind,
        symbol=decision.symbol,
        title=decision.title,
        decided_on=decision.decided_on,
        known_on=decision.public_on,
        is_trigger=is_trigger,
        source=decision.source,
    )
    session.add(row)
    session.flush()
    return row


def clean_decision(decision: NewDecision, *, at: str) -> NewDecision:
    """Return a decision with its texts cleaned, for problems under ``at``."""
    return clean(decision, at=at, symbol=80, title=280, source=400)


def decision_problems(decision: NewDecision, *, today: date, path: str) -> list[Problem]:
    """Return what is wrong with a decision, under ``path``."""
    problems = [
        *known_problems(decision.public_on, today=today, path=f"{path}/known_on"),
        *source_problems(decision.source, path=f"{path}/source"),
    ]
    if not decision.symbol.strip():
        remedy = "Give the symbol of the document, such as S/RES/2690 (2023)."
        problems.append(Problem(f"{path}/symbol", "is missing", remedy))
    if decision.decided_on > decision.public_on:
        remedy = "Give the day it became known: the day of the decision or later."
        problems.append(Problem(f"{path}/known_on", "lies before the decision", remedy))
    return problems


def end_problems(ends: Mapping[str, date | None], *, since: date) -> list[Problem]:
    """Return which ends lie before the decision of the day ``since``."""
    remedy = "Give the day of the decision or a later one."
    return [
        Problem(
            path,
            sentence("{day} lies before the decision of {since}", day=day, since=since),
            remedy,
        )
        for path, day in ends.items()
        if day is not None and day < since
    ]
