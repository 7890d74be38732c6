"""A table that uses every kind of column of the kit; it is on no database but these tests' own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import MetaData
from sqlmodel import Field

from unbroken.kit.db import NAMING, Versioned, enum_column, json_column


class Colour(StrEnum):
    LIGHT_RED = "light-red"
    BLUE = "blue"


class Thing(Versioned, table=True):
    __tablename__ = "thing_of_tests"
    metadata = MetaData(naming_convention=NAMING)

    colour: Colour = Field(sa_column=enum_column(Colour, "colour"))
    facts: dict[str, object] | None = Field(
        default=None, sa_column=json_column("facts", nullable=True)
    )
    at: datetime | None = Field(default=None)
