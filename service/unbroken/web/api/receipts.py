"""Signed acts on capacities, each leaving a receipt: one, or a package under one signature."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.transfers.commands.signing import (
    MOST_IN_PACKAGE,
    PackageOrder,
    Signed,
    SignOrder,
    sign,
    sign_package,
)
from unbroken.transfers.queries import ReceiptView
from unbroken.transfers.rules.costs import Cost, cost_of
from unbroken.transfers.rules.views import Ground
from unbroken.transfers.rules.words import Act
from unbroken.web.api.answers import JSON, made, once
from unbroken.web.api.capacities import CapacityItem, Signatory, item_of, view_of
from unbroken.web.api.conditional import version_from_etag, version_from_if_match
from unbroken.web.api.inputs import CHANGES, MAKES, Body, Count, Day, Flag, Name, here
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader

router = APIRouter(tags=["capacities"])
Reason = Annotated[str, Field(max_length=280, examples=["Two posts are funded, two are not."])]
Title = Annotated[str, Field(max_length=160)]
ContentHash = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{64}$", description="Of what was read; another is refused as stale."),
]


APART = {"content_hash", "cost_per_year"}
CONFIRM_PART: JsonDict = {
    "act": "confirm_part",
    "quantity": 2,
    "reason": "Two posts are funded, two are not.",
}
PACKAGE_CONFIRMED: JsonDict = {
    "act": "confirm",
    "capacities": [
        {
            "uid": "0198c0ff-ee00-4000-8000-0000000000ab",
            "etag": '"0198c0ffee00400080000000000000ab.3"',
        }
    ],
}


class CostBody(Body):
    """What a capacity costs per year: an empty ``amount`` is not stated, nought is stated."""

    amount: Annotated[
        str, Field(pattern=r"^([0-9]{1,11}(\.[0-9]{1,4})?)?$", examples=["120000.50"])
    ]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{0,3}$", examples=["USD"])] = ""

    def cost(self) -> Cost:
        """Return it as units of 10⁻⁴; raises ``WordsMissing`` without a currency of ISO 4217."""
        return cost_of(Decimal(self.amount) if self.amount else None, self.currency)


class ActBody(Body):
    """One act that the caller signs; what it needs beside its name depends on the act.

    ``quantity`` or ``parts`` say how much, left out: everything. ``from_on`` and ``until_on`` are
    the first and last day of what is confirmed in part; the latter also of a condition or of the
    time asked for. ``cost_per_year`` belongs to an offer, left out: as it stands. ``authority``
    decided an ending, or is the role of an attested signatory; ``instrument`` is its paper.
    ``months`` and ``passed`` belong to a check.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [CONFIRM_PART]})

    act: Act
    quantity: Count | None = None
    parts: Annotated[list[Name], Field(default_factory=list, max_length=200)]
    from_on: Day | None = None
    cost_per_year: CostBody | None = None
    until_on: Day | None = None
    reason: Reason = ""
    instrument: Title = ""
    instrument_on: Day | None = None
    authority: Title = ""
    ground: Ground | None = None
    months: Count | None = None
    passed: Flag | None = None
    content_hash: ContentHash | None = None


class PackageLine(Body):
    """One capacity of a package and the ETag with which it was read, where wanted its content."""

    uid: UUID
    etag: Annotated[str, Field(max_length=60, examples=['"0198c0ffee00400080000000000000ab.3"'])]
    content_hash: ContentHash | None = None


class PackageBody(Body):
    """One act on several capacities of a plan, all or none; each is signed as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [PACKAGE_CONFIRMED]})

    capacities: Annotated[list[PackageLine], Field(min_length=1, max_length=MOST_IN_PACKAGE)]
    act: Act
    until_on: Day | None = None
    reason: Reason = ""
    instrument: Title = ""
    instrument_on: Day | None = None
    authority: Title = ""
    ground: Ground | None = None
    months: Count | None = None
    passed: Flag | None = None


class SignedItem(TypedDict):
    """What came of a signature: the receipt, the capacity with its new ETag, and its rests.

    ``rest`` is the first of ``rests``: what a confirmation in part left with the giver. ``waits``
    says that nothing holds before a countersignature.
    """

    receipt: ReceiptView
    capacity: CapacityItem
    rest: CapacityItem | None
    rests: list[CapacityItem]
    waits: bool


SIGNED = TypeAdapter(SignedItem)
PACKAGE = TypeAdapter(Listing[SignedItem])
RECEIPTS = TypeAdapter(Listing[ReceiptView])


@router.get("/capacities/{capacity_uid}/receipts", response_model=Listing[ReceiptView])
def receipts(visit: Reader, capacity_uid: UUID) -> Response:
    """List the receipts of a capacity, the first first."""
    return listing(RECEIPTS, list(view_of(visit, capacity_uid).receipts), link=None)


@router.post(
    "/capacities/{capacity_uid}/receipts",
    status_code=201,
    response_model=SignedItem,
    openapi_extra=CHANGES,
)
def act_on(request: Request, visit: Signatory, capacity_uid: UUID, body: ActBody) -> Response:
    """Sign an act on a capacity: offer, recommend, confirm, confirm in part, decline and others.

    Only the receiving organisation answers an offer; the list of capacities says under ``may`` what
    is open to the caller.
    """
    seen = version_from_if_match(request, capacity_uid)

    def act() -> Response:
        order = SignOrder(
            capacity_uid=capacity_uid,
            version_seen=seen,
            content_seen=body.content_hash,
            cost=None if body.cost_per_year is None else body.cost_per_year.cost(),
            **{**body.model_dump(exclude=APART), "parts": tuple(body.parts)},
        )
        signed = sign(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        path = here(request, signed.receipt_uid)
        item = _item(visit, signed)
        return made(SIGNED, item, uid=capacity_uid, version=signed.version, path=path)

    return once(visit, act)


@router.post("/packages", status_code=201, response_model=Listing[SignedItem], openapi_extra=MAKES)
def package(visit: Signatory, body: PackageBody) -> Response:
    """Sign one act on several capacities under one signature: all of them or none."""
    lines = tuple((line.uid, version_from_etag(line.etag, line.uid)) for line in body.capacities)
    contents = {line.uid: line.content_hash for line in body.capacities if line.content_hash}

    def act() -> Response:
        order = PackageOrder(**{**dict(body), "capacities": lines}, contents_seen=contents)
        signed = sign_package(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        items = [_item(visit, one) for one in signed]
        body_text = PACKAGE.dump_json({"items": items, "next": None})
        return Response(body_text, status_code=201, media_type=JSON)

    return once(visit, act)


def _item(visit: Visit, signed: Signed) -> SignedItem:
    view = view_of(visit, signed.capacity_uid)
    found = [view_of(visit, uid) for uid in signed.rest_uids]
    rests = [item_of(rest.entry, rest.may) for rest in found]
    return {
        "receipt": next(each for each in view.receipts if each.uid == signed.receipt_uid),
        "capacity": item_of(view.entry, view.may),
        "rest": rests[0] if rests else None,
        "rests": rests,
        "waits": signed.waits,
    }
