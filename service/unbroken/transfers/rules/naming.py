"""Naming a receiver: who may, and which capacities a function passes in; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.functions.rules import CapacityNeed, Dimension, Fact, Function
from unbroken.kit.errors import Conflict, Forbidden, Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor, Place, Role, Signing
from unbroken.transfers.rules.refusals import DataToParty
from unbroken.transfers.rules.words import TransferKind


class DoesNotApply(Conflict):
    """This function does not apply here: a fact it depends on is known not to hold."""

    code = "does-not-apply"
    remedy = _("If the fact is wrong, put the right one on the record of the plan first.")


class LeadTaken(Conflict):
    """Another receiver leads this function in this area."""

    code = "lead-taken"
    remedy = _("Name this receiver without the lead, or choose another lead first.")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a receiver is asked to take over: kind, days of cover, dimensions (empty: all)."""

    kind: TransferKind
    starts_on: date | None = None
    ends_on: date | None = None
    dimensions: frozenset[Dimension] = frozenset()


def applicable_needs(
    function: Function, facts: Mapping[Fact, bool], *, only: frozenset[Dimension] = frozenset()
) -> tuple[CapacityNeed, ...]:
    """Return the capacities in which ``function`` passes, in the catalogue's order, never empty.

    A fact that is unknown counts as holding. ``only`` narrows to some dimensions; empty does not.

    Raises:
        DoesNotApply: the function, or all that was asked for of it, depends on a fact that fails.
    """
    absent = {fact for fact, holds in facts.items() if not holds}
    found = tuple(
        need
        for need in function.capacities
        if absent.isdisjoint(need.applies_when) and (not only or need.dimension in only)
    )
    if not found or not absent.isdisjoint(function.applies_when):
        raise DoesNotApply
    return found


def require_may_name(actor: Actor, place: Place, *, kind: TransferKind, is_giver: bool) -> None:
    """Pass where ``actor`` may name a receiver: a planner, or who holds what is passed on.

    Raises:
        Forbidden: neither.
    """
    signs = actor.signing(place) is Signing.SIGNS
    planner = actor.has(Role.PLANNER, place)
    allowed = is_giver and (signs or planner) if kind is TransferKind.ONWARD else planner
    if not allowed or actor.has(Role.STEWARD):
        raise Forbidden(
            "Only the giver's side names a receiver.",
            remedy="Ask a planner of this plan to name it.",
        )


def require_no_data_to_party(needs: tuple[CapacityNeed, ...], *, is_party: bool) -> None:
    """Pass unless data would go to a party to the conflict.

    Raises:
        DataToParty: they would.
    """
    if is_party and any(need.dimension is Dimension.DATA for need in needs):
        raise DataToParty(remedy="Name the dimensions without data; let the data be archived.")


def problems_of_scope(scope: Scope, quantities: Mapping[Dimension, int]) -> tuple[Problem, ...]:
    """Return what is wrong with the days and quantities of a transfer; empty when all is well."""
    problems = []
    if scope.kind is TransferKind.BRIDGE and scope.ends_on is None:
        problems.append(Problem("ends_on", "is missing", "A bridge has an end: give its last day."))
    if scope.starts_on and scope.ends_on and scope.ends_on < scope.starts_on:
        problems.append(Problem("ends_on", "is before the start", "Give a later day."))
    problems.extend(
        Problem(f"quantities/{dimension.value}", "is below 1", "Give a whole number from 1.")
        for dimension, quantity in quantities.items()
        if quantity < 1
    )
    return tuple(problems)


def require_quantities_fit(
    quantities: Mapping[Dimension, int], needs: tuple[CapacityNeed, ...]
) -> None:
    """Pass where each quantity belongs to a capacity that is counted.

    Raises:
        Invalid: a quantity of a dimension with named parts, or that does not pass here.
    """
    counted = {need.dimension for need in needs if need.unit is not None}
    problems = [
        Problem(f"quantities/{dimension.value}", "is not counted here", "Leave it out.")
        for dimension in quantities
        if dimension not in counted
    ]
    if problems:
        raise Invalid(problems=problems)
