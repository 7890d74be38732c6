"""A plan adopts another edition of the catalogue: what is new opens, what is signed stays."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlmodel import Session, col, select

from unbroken.functions.queries import loaded_edition
from unbroken.functions.rules import Edition, EditionChanges, Fact, changes_between
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, acting_on, check_version, living_plan
from unbroken.plans.commands.revising import redate_in_force
from unbroken.plans.models import FunctionArea, Plan
from unbroken.plans.queries.contents import facts_known_on
from unbroken.plans.queries.rows import Ref, country_of
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.adopting_lines import Tally, adopt_transfer
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.words import TransferState


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptEdition:
    """The edition that a plan shall follow; ``dry_run`` says what would come of it."""

    plan: Ref
    edition: str
    dry_run: bool = False
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """What the adoption did or, where not ``written``, would do.

    ``changes`` are the differences of the two editions in the functions of this plan; ``tally``
    counts what they made of its capacities and items. ``revision`` is the number of the one that
    was put in force with the new dates, ``None`` where none was in force.
    """

    plan: str
    old: str
    new: str
    changes: EditionChanges
    tally: Mapping[str, int] = field(default_factory=dict)
    revision: int | None = None
    written: bool = False


@dataclass
class _NotKept(Exception):
    """Undoes a dry run and carries what it would have done."""

    outcome: Adopted


def adopt_edition(
    sessions: Sessions, order: AdoptEdition, *, actor: Actor, clock: Clock
) -> Adopted:
    """Let a plan follow another edition of the catalogue, at once and as a whole.

    A signed capacity stays with the edition and language it was signed in, and stays as it stands;
    what the new edition adds appears beside it as open. What it no longer asks for is kept as
    history. Dates are derived anew in a revision of their own.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan, or the edition is not loaded.
        Stale: somebody changed the plan since it was read.
        Conflict: the plan follows that edition already, or is completed or cancelled.
    """
    try:
        with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
            done = adopt_edition_in(session, order, by=by)
            _keep_if(done, kept=not order.dry_run)
    except _NotKept as undone:
        return undone.outcome
    return Adopted(
        done.plan, done.old, done.new, done.changes, done.tally, done.revision, written=True
    )


def adopt_edition_in(session: Session, order: AdoptEdition, *, by: By) -> Adopted:
    """Adopt an edition within a transaction that has locked the plan's trail; raises as above."""
    plan = living_plan(session, order.plan)
    check_version(order.version_seen, plan.version)
    if plan.edition == order.edition:
        raise Conflict(
            "Plan {plan} follows edition {edition} already.", plan=plan.slug, edition=order.edition
        )
    old, new = loaded_edition(session, plan.edition), loaded_edition(session, order.edition)
    plan.edition = new.name
    session.add(plan)
    codes = _rank_functions(session, plan, new)
    tally = _adopt_transfers(session, plan, old=old, new=new, by=by)
    reason = f"Edition {new.name} of the catalogue instead of {old.name}."
    revision = redate_in_force(session, plan, edition=new, reason=reason, by=by)
    changes = only_functions(changes_between(old, new), codes)
    _record(session, plan, old.name, changes, tally, by=by)
    number = None if revision is None else revision.number
    return Adopted(plan.slug, old.name, new.name, changes, asdict(tally), number)


def _keep_if(done: Adopted, *, kept: bool) -> None:
    if not kept:
        raise _NotKept(done)


def only_functions(changes: EditionChanges, codes: frozenset[str]) -> EditionChanges:
    """Return those of ``changes`` that concern the functions in ``codes``."""
    return EditionChanges(
        **{
            kind: tuple(one for one in getattr(changes, kind) if one.code in codes)
            for kind in changes.counts
        }
    )


def _rank_functions(session: Session, plan: Plan, edition: Edition) -> frozenset[str]:
    """Give the functions of the plan the tier and the veil of ``edition``; return their codes."""
    query = select(FunctionArea).where(FunctionArea.plan_id == plan.id)
    rows = session.exec(query).all()
    for row in rows:
        function = edition.functions.get(row.function_code)
        if function is not None:
            row.tier, row.restricted = function.tier, function.restricted
            session.add(row)
    session.flush()
    return frozenset(row.function_code for row in rows)


def _adopt_transfers(session: Session, plan: Plan, *, old: Edition, new: Edition, by: By) -> Tally:
    tally = Tally()
    facts: Mapping[Fact, bool] = facts_known_on(
        session, country_of(session, plan), on=by.today(plan)
    )
    query = (
        select(Transfer, FunctionArea.function_code)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .where(Transfer.plan_id == plan.id, Transfer.state == TransferState.OPEN)
        .order_by(col(Transfer.id))
    )
    for transfer, code in session.exec(query).all():
        if code in new.functions:
            functions = (old.functions.get(code, new.functions[code]), new.functions[code])
            adopt_transfer(session, transfer, functions, edition=new.name, facts=facts, tally=tally)
    return tally


def _record(
    session: Session, plan: Plan, old: str, changes: EditionChanges, tally: Tally, *, by: By
) -> None:
    values = {
        "old": old,
        "new": plan.edition,
        "changes": dict(changes.counts),
        "tally": asdict(tally),
    }
    by.recorder.record(
        TransferAction.EDITION_ADOPTED, kind="plan", subject=plan.uid, values=values, plan=plan.uid
    )
    session.flush()
