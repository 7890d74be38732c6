"""``/organisations``: the bodies that give, receive, pay or watch, by the slugs to name them."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.people.queries.registers import organisation_views
from unbroken.people.rules import OrganisationKind
from unbroken.web.api.paging import Listing, listing
from unbroken.web.security import Reader

router = APIRouter(prefix="/organisations", tags=["organisations"])


class OrganisationItem(TypedDict):
    """One organisation; accounts are role mailboxes and stand nowhere in the API."""

    uid: UUID
    slug: str
    name: str
    kind: OrganisationKind
    country_iso3: str | None


ORGANISATIONS = TypeAdapter(Listing[OrganisationItem])


@router.get("", response_model=Listing[OrganisationItem])
def organisations(visit: Reader) -> Response:
    """List the organisations, by slug; all on one page."""
    with visit.sessions.reading() as session:
        found = organisation_views(session)
    items: list[OrganisationItem] = [
        {
            "uid": each.uid,
            "slug": each.slug,
            "name": each.name,
            "kind": each.kind,
            "country_iso3": each.country_iso3,
        }
        for each in found
    ]
    return listing(ORGANISATIONS, items, link=None)
