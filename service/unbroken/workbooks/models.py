"""The table of what the headings of an organisation's own workbooks mean."""

from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from unbroken.kit.db import Identified


class HeadingMapping(Identified, table=True):
    """What one heading means in the workbooks of an organisation, in one kind of table.

    ``heading`` is folded; an empty ``slot`` says that the column is left out.
    """

    __tablename__ = "heading_mapping"
    __table_args__ = (UniqueConstraint("organisation_uid", "kind", "heading"),)

    organisation_uid: UUID
    kind: str = Field(max_length=40)
    heading: str = Field(max_length=120)
    slot: str = Field(max_length=40)
