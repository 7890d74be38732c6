"""What people said about an item."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.transfers.models import Item, ItemComment

LIMIT = 50


@dataclass(frozen=True, slots=True)
class CommentEntry:
    """One comment; once taken back its ``text`` is empty."""

    uid: UUID
    item: UUID
    account: UUID
    organisation: UUID | None
    at: datetime
    text: str
    withdrawn_at: datetime | None


def comment_list(
    session: Session,
    item_uid: UUID,
    *,
    uid: UUID | None = None,
    after: int = 0,
    limit: int = LIMIT,
) -> list[tuple[int, CommentEntry]]:
    """Return the comments on an item, the first first, each with its key; or the one named."""
    query = (
        select(ItemComment)
        .join(Item, col(Item.id) == ItemComment.item_id)
        .where(Item.uid == item_uid, col(ItemComment.id) > after)
        .order_by(col(ItemComment.id))
        .limit(limit)
    )
    if uid is not None:
        query = query.where(ItemComment.uid == uid)
    return [(row.id or 0, _entry(row, item_uid)) for row in session.exec(query)]


def _entry(row: ItemComment, item_uid: UUID) -> CommentEntry:
    return CommentEntry(
        uid=row.uid,
        item=item_uid,
        account=row.account_uid,
        organisation=row.organisation_uid,
        at=row.at,
        text=row.text,
        withdrawn_at=row.withdrawn_at,
    )
