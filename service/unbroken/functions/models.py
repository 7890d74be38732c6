"""Tables of loaded editions, whose rows never change once written, and of translations."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from unbroken.functions.rules import Dimension, Language, Level, Milestone
from unbroken.kit.db import Identified, enum_column, json_column


class EditionRow(Identified, table=True):
    """A loaded edition of the catalogue and the digest of all its functions."""

    __tablename__ = "edition"

    name: str = Field(max_length=40, unique=True)
    digest: str = Field(max_length=64)
    loaded_at: datetime


class FunctionRow(Identified, table=True):
    """One function of an edition: the columns that statements compare, and the whole as JSON."""

    __tablename__ = "function"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: int = Field(foreign_key="edition.id", index=True)
    code: str = Field(max_length=20)
    tier: int
    level: Level = Field(sa_column=enum_column(Level, "level"))
    restricted: bool
    body: dict[str, object] = Field(sa_column=json_column("body"))


class ChecklistItemRow(Identified, table=True):
    """One checklist item of an edition, named by its permanent id."""

    __tablename__ = "checklist_item"
    __table_args__ = (UniqueConstraint("edition_id", "item_id"),)

    edition_id: int = Field(foreign_key="edition.id", index=True)
    function_code: str = Field(max_length=20)
    item_id: str = Field(max_length=40)
    dimension: Dimension = Field(sa_column=enum_column(Dimension, "dimension"))
    milestone: Milestone = Field(sa_column=enum_column(Milestone, "milestone"))
    text_digest: str = Field(max_length=64)


class TextTranslation(Identified, table=True):
    """One English text of the catalogue in another language, whichever editions show it.

    ``source_digest`` is the digest of the English text. A draft has not been reviewed by anybody
    who works in the language.
    """

    __tablename__ = "text_translation"
    __table_args__ = (UniqueConstraint("language", "source_digest"),)

    language: Language = Field(sa_column=enum_column(Language, "language"))
    source_digest: str = Field(max_length=64)
    text: str = Field(max_length=2000)
    is_draft: bool
