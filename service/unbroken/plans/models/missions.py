"""The table of missions and their chain."""

from sqlmodel import Field

from unbroken.kit.db import Versioned, enum_column
from unbroken.plans.rules.kinds import MissionKind

__all__ = ["Mission", "MissionKind"]


class Mission(Versioned, table=True):
    """A peace operation; its predecessor makes the chain of missions in a country."""

    slug: str = Field(max_length=80, unique=True)
    acronym: str = Field(max_length=40)
    name: str = Field(max_length=200)
    kind: MissionKind = Field(sa_column=enum_column(MissionKind, "kind"))
    country_iso3: str = Field(max_length=3, index=True)
    predecessor_id: int | None = Field(default=None, foreign_key="mission.id")
    source: str = Field(default="", max_length=400)
