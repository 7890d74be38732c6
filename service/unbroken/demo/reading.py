"""The files of the demonstration, read into plain values; what does not fit raises at once."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from unbroken.demo.words import (
    Cast,
    Closings,
    Document,
    FurtherClaim,
    Illustration,
    OtherMission,
    SiteRow,
    Transition,
)
from unbroken.plans.models import PlanScope
from unbroken.plans.models.missions import MissionKind

DATA = Path(__file__).parent / "data"
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a history is made of."""

    transitions: tuple[Transition, ...]
    closings: Closings
    illustrations: Mapping[str, Illustration]
    missions: tuple[OtherMission, ...]
    cast: Cast


@cache
def read_material() -> Material:
    """Return what the package's data files say, the same on every call.

    Raises:
        ValidationError: a file does not hold what it should; a fault of the package.
    """
    documents = _yaml("documents.yaml")
    others = documents.pop("missions")
    known = _fit(dict[str, Document], documents)
    transitions = tuple(_transition(row, known) for row in _rows("mission_transitions.csv"))
    return Material(
        transitions=transitions,
        closings=Closings(
            sites=tuple(_site(row) for row in _rows("site_closures.csv")),
            further=_fit(tuple[FurtherClaim, ...], list(_rows("further_claims.csv"))),
        ),
        illustrations={
            each.plan: _fit(Illustration, _yaml(f"illustrative/{each.plan}.yaml"))
            for each in transitions
        },
        missions=_fit(tuple[OtherMission, ...], others),
        cast=_fit(Cast, _yaml("organisations.yaml")),
    )


def _transition(row: Mapping[str, str], documents: Mapping[str, Document]) -> Transition:
    political = row["kind"].startswith("special")
    values = {
        "plan": row["plan"],
        "acronym": row["mission"],
        "country": row["country_iso3"],
        "kind": MissionKind.SPECIAL_POLITICAL if political else MissionKind.PEACEKEEPING,
        "scope": PlanScope.WHOLE if row["scope"].startswith("whole") else PlanScope.AREAS,
        "decision": row["ending_decision"],
        "decided_on": row["decision_date"],
        "mandate_ends_on": row["mandate_end"],
        "withdrawal_ends_on": row["operations_or_transfer_end"],
        "notice_days": row["notice_days_to_mandate_end"],
        "sources": row["sources"],
        "document": documents[row["plan"]],
        "host_request_on": row.get("host_request_date"),
    }
    return _fit(Transition, values)


def _site(row: Mapping[str, str]) -> SiteRow:
    region = {"name": row["admin1_name"], "pcode": row.get("admin1_pcode")}
    taken = SiteRow.__dataclass_fields__.keys() - {"region"}
    return _fit(SiteRow, {**{key: row[key] for key in taken if key in row}, "region": region})


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table without their empty cells, which mean "not known"."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: value for key, value in row.items() if value}


def _yaml(name: str) -> dict[str, object]:
    values = YAML(typ="safe", pure=True).load(DATA / name)
    return _fit(dict[str, object], values)


def _fit(kind: type[Read], values: object) -> Read:
    return TypeAdapter(kind).validate_python(values)
