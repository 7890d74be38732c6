"""Who acts, seen from one gap."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.rules.waivers import Hand
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, Role, Signing
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.words import TransferState


def hand_of(session: Session, function_area_id: int | None, place: Place, actor: Actor) -> Hand:
    """Return how ``actor`` stands to a gap at ``place`` about a function in an area, or about none.

    An organisation that receives the function there acts on it by who signs for it.
    """
    signs = actor.signing(place) is Signing.SIGNS
    meant = [] if function_area_id is None or not signs else [function_area_id]
    return Hand(
        account_uid=actor.account_uid,
        plans=actor.has(Role.PLANNER, place),
        answers=actor.has(Role.COUNTRY_TEAM, place),
        co_chairs=actor.has(Role.CO_CHAIR, place),
        receives=function_area_id in receiving(session, actor.organisation_uid, meant),
        never_signs=actor.has(Role.STEWARD),
    )


def receiving(
    session: Session, organisation: UUID | None, function_areas: Collection[int]
) -> set[int]:
    """Return those of the functions in areas that an organisation receives in an open transfer."""
    if organisation is None or not function_areas:
        return set()
    query = (
        select(Transfer.function_area_id)
        .join(Organisation, col(Organisation.id) == Transfer.receiver_id)
        .where(
            col(Transfer.function_area_id).in_(function_areas),
            Transfer.state == TransferState.OPEN,
            Organisation.uid == organisation,
        )
    )
    return set(session.exec(query))
