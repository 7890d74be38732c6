"""Who may work on what surrounds a capacity: its checklist, agreements, scope, custody; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from unbroken.kit.errors import Conflict, Forbidden, Invalid, Problem
from unbroken.people.rules import Actor, OrganisationKind, Place, Role, Signing
from unbroken.transfers.rules.permits import require_person
from unbroken.transfers.rules.refusals import QuantityIsSigned, WaitsForCountersignature
from unbroken.transfers.rules.sayings import said_state
from unbroken.transfers.rules.views import CapacityView, Signer
from unbroken.transfers.rules.words import CapacityState, Classification


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reference to a document, never the document: what it is called and who keeps it."""

    title: str
    dated_on: date
    classification: Classification = Classification.RESTRICTED
    custodian: str = ""
    until_on: date | None = None


def require_side(by: Signer) -> None:
    """Pass where ``by`` works on either side of a transfer.

    Raises:
        SignInNeeded, NeverSigns: nobody, or a steward.
        Forbidden: of neither side.
    """
    require_person(by)
    if not (by.giver or by.receives is not Signing.NONE or by.co_chair or by.custodian):
        raise Forbidden(
            "Only the giver, the receiver, co-chairs and the custodian do this.",
            remedy="Ask one of them: the page of the transfer names them.",
        )


def require_giver(by: Signer) -> None:
    """Pass where ``by`` is of the giver's side.

    Raises:
        SignInNeeded, NeverSigns: nobody, or a steward.
        Forbidden: of another side.
    """
    require_person(by)
    if not by.giver:
        raise Forbidden(
            "Only the giver's side changes what is offered.",
            remedy="Ask a planner of this plan, or dispute the offer.",
        )


def require_receiver(by: Signer) -> None:
    """Pass where ``by`` answers for the receiver.

    Raises:
        SignInNeeded, NeverSigns: nobody, or a steward.
        Forbidden: of another side.
    """
    require_person(by)
    if by.receives is Signing.NONE:
        raise Forbidden(
            "Only the receiving organisation says this.",
            remedy="Ask the receiver: the page of the transfer names it.",
        )


def require_quantity_free(view: CapacityView, quantity: int) -> None:
    """Pass where the giver may state another quantity of a capacity.

    Raises:
        WaitsForCountersignature, QuantityIsSigned: a signature fixes it.
        Conflict: it has ended or does not apply.
        Invalid: below 1, or the capacity has named parts.
    """
    if view.pending is not None:
        raise WaitsForCountersignature
    if view.in_chain:
        raise QuantityIsSigned
    if view.state in {CapacityState.ENDED, CapacityState.NOT_APPLICABLE}:
        raise Conflict(
            "This capacity is {state}.",
            state=said_state(view.state),
            remedy="Open the capacity again: its page shows what can be done now.",
        )
    if view.portion.parts or quantity < 1:
        remedy = "Give a whole number from 1, for what is counted."
        raise Invalid(problems=[Problem("quantity", "does not fit", remedy)])


def problems_of_evidence(evidence: Evidence, *, on: date) -> Iterator[Problem]:
    """Yield what is wrong with a reference to evidence."""
    if not evidence.title.strip():
        yield Problem("evidence/title", "is missing", "Give the document's title.")
    if evidence.dated_on > on:
        yield Problem("evidence/dated_on", "lies ahead", "Give the date the document bears.")
    if evidence.until_on is not None and evidence.until_on < evidence.dated_on:
        yield Problem("evidence/until_on", "is before its date", "Give a later day.")


def require_may_keep_agreements(actor: Actor, place: Place) -> None:
    """Pass where ``actor`` keeps the plan's agreements: planner, country team or co-chair.

    Raises:
        Forbidden: none of these, or a steward.
    """
    roles = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)
    if actor.has(Role.STEWARD) or not any(actor.has(role, place) for role in roles):
        raise Forbidden(
            "Only planners, the country team and co-chairs keep agreements.",
            remedy="Ask one of them to enter it.",
        )


def require_may_take_custody(actor: Actor, place: Place, *, kind: OrganisationKind | None) -> None:
    """Pass where ``actor`` may bind its organisation to hold the plan after the last day.

    Raises:
        Forbidden: it does not sign for it, or a mission would be its own custodian.
    """
    signs = actor.signing(place) is Signing.SIGNS or actor.has(Role.CO_CHAIR, place)
    if actor.has(Role.STEWARD) or not signs:
        raise Forbidden(
            "Custody is taken by who signs for the organisation that takes it.",
            remedy="Let an account of that organisation which may sign take it.",
        )
    if kind is None or kind is OrganisationKind.MISSION:
        raise Forbidden(
            "A mission cannot hold its own plan after its last day.",
            remedy="Let the country team or another body that stays take it.",
        )
