"""What is signed: checked against bytes and hashes made by a script that shares no code with us."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from unbroken.functions.rules import Dimension
from unbroken.kit.canonical import canonical, digest
from unbroken.transfers.rules.content import (
    Condition,
    Linked,
    Statement,
    Subject,
    content_of,
    signature_of,
)
from unbroken.transfers.rules.views import ActOrder, Portion
from unbroken.transfers.rules.words import Act, AgreementKind

Plain = dict[str, object]
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
NAMES = [vector["name"] for vector in VECTORS]


def day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def rows(content: Plain, key: str) -> list[Mapping[str, str]]:
    return list(reversed(cast("list[Mapping[str, str]]", content[key])))


def subject_in(content: Plain) -> Subject:
    """Return the subject that a vector's content describes, everything in the wrong order."""
    names = ("plan", "area", "function", "giver", "receiver", "transfer", "capacity")
    uids = {name: UUID(str(content[name])) for name in names}
    return Subject(
        **uids,
        dimension=Dimension(str(content["dimension"])),
        unit=cast("str | None", content["unit"]),
        starts_on=day(content["starts_on"]),
        ends_on=day(content["ends_on"]),
        scope_note=unicodedata.normalize("NFD", str(content["scope_note"])),
        edition=str(content["edition"]),
        language=str(content["language"]),
        part_titles={part["key"]: part["title"] for part in rows(content, "parts")},
        items=tuple((UUID(item["item"]), item["text"]) for item in rows(content, "items")),
        agreements=tuple(
            Linked(
                UUID(each["agreement"]), AgreementKind(each["kind"]), day(each["valid_until_on"])
            )
            for each in rows(content, "agreements")
        ),
    )


def signed_content(content: Plain) -> Plain:
    said = cast("Mapping[str, str] | None", content["condition"])
    keys = tuple(part["key"] for part in rows(content, "parts"))
    condition = None if said is None else Condition(said["text"], day(said["until_on"]))
    portion = Portion(cast("int | None", content["quantity"]), keys)
    return content_of(subject_in(content), portion, condition)


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_canonical_bytes_are_those_made_by_hand(vector: Plain) -> None:
    found = canonical(signed_content(cast("Plain", vector["content"])))

    assert str(vector["bytes"]).encode() == found


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_hash_is_that_of_the_bytes_made_by_hand(vector: Plain) -> None:
    assert vector["sha256"] == digest(signed_content(cast("Plain", vector["content"])))


STATEMENT = Statement(
    receipt=UUID(int=1),
    capacity=UUID(int=2),
    order=ActOrder(act=Act.CONFIRM, reason="All is well."),
    portion=Portion(4),
    account=UUID(int=3),
    organisation=UUID(int=4),
    role="country-team",
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    content_hash="ab" * 32,
)


def test_the_same_statement_has_the_same_signature() -> None:
    assert signature_of(STATEMENT) == signature_of(replace(STATEMENT))


@pytest.mark.parametrize(
    "changed",
    [
        replace(STATEMENT, receipt=UUID(int=9)),
        replace(STATEMENT, capacity=UUID(int=9)),
        replace(STATEMENT, order=replace(STATEMENT.order, act=Act.DECLINE)),
        replace(STATEMENT, order=replace(STATEMENT.order, reason="All is not well.")),
        replace(STATEMENT, order=replace(STATEMENT.order, until_on=date(2026, 3, 3))),
        replace(STATEMENT, order=replace(STATEMENT.order, instrument="Letter 12")),
        replace(STATEMENT, portion=Portion(5)),
        replace(STATEMENT, account=UUID(int=9)),
        replace(STATEMENT, organisation=UUID(int=9)),
        replace(STATEMENT, role="co-chair"),
        replace(STATEMENT, at=datetime(2026, 3, 2, 10, tzinfo=UTC)),
        replace(STATEMENT, content_hash="cd" * 32),
        replace(STATEMENT, package=UUID(int=9)),
        replace(STATEMENT, countersigns=UUID(int=9)),
    ],
)
def test_any_other_statement_has_another_signature(changed: Statement) -> None:
    assert signature_of(STATEMENT) != signature_of(changed)
