"""What capacities and items were on a day gone by, read from what was signed and done until then.

The content of a capacity has no history: whether a signature still fitted on that day is not known,
so no signature counts as out of date there.
"""

from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Date, FromClause, bindparam, case, exists, func, or_, select

from unbroken.kit.db import table
from unbroken.transfers import models

_LOADED = models  # its import fills the metadata
REPLACED = ("state", "content_hash")
DAY: ColumnElement[date] = bindparam("on", type_=Date())
"""The day that is looked at. It is bound when a statement is run, so that each is built once."""


# One relation: a rule and its scope must mean the same one, or they would be multiplied.
@cache
def capacities_then() -> FromClause:
    """Return the capacities there were at the end of the day, in the state of their last receipt.

    A rest is there from the day on which the answer that left it was signed.
    """
    capacity, receipt = table("capacity"), table("receipt")
    last = (
        select(receipt.c.capacity_id, func.max(receipt.c.id).label("receipt_id"))
        .where(receipt.c.acted_on <= DAY)
        .group_by(receipt.c.capacity_id)
        .subquery("last_receipt")
    )
    left = receipt.alias("left")
    its_receipt = or_(left.c.rest_uid == capacity.c.uid, left.c.uid == capacity.c.left_by_uid)
    is_made = exists().where(its_receipt, left.c.acted_on <= DAY)
    kept = [column for column in capacity.c if column.name not in REPLACED]
    joined = capacity.outerjoin(last, last.c.capacity_id == capacity.c.id).outerjoin(
        receipt, receipt.c.id == last.c.receipt_id
    )
    return (
        select(
            *kept,
            func.coalesce(receipt.c.state_after, "not-started").label("state"),
            capacity.c.signed_hash.label("content_hash"),
        )
        .select_from(joined)
        .where(or_(capacity.c.rest_of_id.is_(None), is_made))
        .subquery("capacity_then")
    )


@cache
def items_then() -> FromClause:
    """Return the items with what was done at the end of the day."""
    item = table("item")
    kept = [column for column in item.c if column.name != "state"]
    state = case(
        (item.c.done_on <= DAY, "done"),
        (item.c.state == "not-applicable", "not-applicable"),
        else_="open",
    )
    return select(*kept, state.label("state")).subquery("item_then")
