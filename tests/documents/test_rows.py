"""A changed row of receipts or certificates is named; on both databases."""

# ruff: noqa: S608  (tampering is written as plain SQL, out of constants of this file)

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from tests.factories.proofs import issue
from tests.factories.transfers import Scene
from unbroken.documents.queries.checking import check_rows
from unbroken.kit.db import Sessions

OTHER = "0" * 64


def found(sessions: Sessions) -> set[tuple[str, str]]:
    with sessions.reading() as session:
        return {(fault.flaw.value, fault.field) for fault in check_rows(session)}


def tamper(sessions: Sessions, statement: str) -> None:
    with sessions.begin() as session:
        done = session.connection().execute(text(statement))
        assert done.rowcount == 1


def is_sqlite(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        return session.get_bind().dialect.name == "sqlite"


ONE = "WHERE id = (SELECT min(id) FROM {table} WHERE {which})"
CHANGES: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    "content": (
        "content = '{\"version\": 1}'",
        "act = 'dispute'",
        {
            ("receipt-content", "content"),
            ("receipt-differs", "capacity"),
            ("receipt-differs", "edition"),
            ("receipt-differs", "language"),
        },
    ),
    "content_hash": (
        f"content_hash = '{OTHER}'",
        "act = 'dispute'",
        {
            ("receipt-content", "content"),
            ("receipt-signature", "signature"),
            ("receipt-differs", "content_hash"),
        },
    ),
    "signature": (
        f"signature = '{OTHER}'",
        "act = 'dispute'",
        {("receipt-signature", "signature"), ("receipt-differs", "signature")},
    ),
    "quantity": (
        "quantity = 9",
        "act = 'confirm_part'",
        {("receipt-signature", "signature")},
    ),
    "act": (
        "act = 'confirm'",
        "act = 'dispute'",
        {("receipt-signature", "signature"), ("receipt-differs", "act")},
    ),
    "reason": (
        "reason = 'Another.'",
        "act = 'dispute'",
        {("receipt-signature", "signature"), ("receipt-differs", "reason")},
    ),
    "authority": (
        "authority = 'Somebody'",
        "act = 'end'",
        {("receipt-signature", "signature"), ("receipt-differs", "authority")},
    ),
    "role": ("role = 'planner'", "act = 'dispute'", {("receipt-signature", "signature")}),
    "state_after": (
        "state_after = 'confirmed'",
        "act = 'dispute'",
        {("receipt-differs", "state_after")},
    ),
    "acted_on": (
        "acted_on = '2026-03-01'",
        "act = 'dispute'",
        {("receipt-differs", "acted_on")},
    ),
    "edition": ("edition = 'x'", "act = 'dispute'", {("receipt-differs", "edition")}),
    "waits": (
        "needs_countersignature = NOT needs_countersignature",
        "act = 'dispute'",
        {("receipt-differs", "waits")},
    ),
    "rest_uid": (
        "rest_uid = NULL",
        "act = 'confirm_part'",
        {("receipt-differs", "rest")},
    ),
}


def test_untouched_rows_fit(scene: Scene) -> None:
    issue(scene)

    assert set() == found(scene.sessions)


@pytest.mark.parametrize("column", CHANGES)
def test_each_changed_column_of_a_receipt_is_named(scene: Scene, column: str) -> None:
    change, which, expected = CHANGES[column]
    one = ONE.format(table="receipt", which=which)
    tamper(scene.sessions, f"UPDATE receipt SET {change} {one}")

    assert expected == found(scene.sessions)


def test_a_deleted_receipt_is_named(scene: Scene) -> None:
    tamper(scene.sessions, f"DELETE FROM receipt {ONE.format(table='receipt', which='1 = 1')}")

    assert {("receipt-missing", "")} == found(scene.sessions)


def test_a_receipt_that_nobody_recorded_is_named(scene: Scene) -> None:
    one = ONE.format(table="receipt", which="act = 'dispute'")
    tamper(scene.sessions, f"UPDATE receipt SET uid = '{uuid4().hex}' {one}")

    assert {
        ("receipt-unrecorded", ""),
        ("receipt-missing", ""),
        ("receipt-signature", "signature"),
    } == found(scene.sessions)


CERTIFICATE: dict[str, str] = {
    "content_hash": f"'{OTHER}'",
    "state_hash": f"'{OTHER}'",
    "code": "'00000-00000-00000-00000'",
    "head_hash": f"'{OTHER}'",
    "entry_count": "1",
    "role": "'observer'",
    "audience": "'public'",
    "language": "'fr'",
}


@pytest.mark.parametrize("column", CERTIFICATE)
def test_each_changed_column_of_a_certificate_is_named(scene: Scene, column: str) -> None:
    issue(scene)
    tamper(scene.sessions, f"UPDATE certificate SET {column} = {CERTIFICATE[column]}")

    assert ("certificate-differs", column) in found(scene.sessions)


def test_a_changed_file_hash_of_a_certificate_is_named(scene: Scene) -> None:
    issue(scene)
    tamper(scene.sessions, f"UPDATE certificate SET file_sha256 = '{OTHER}'")

    assert {("certificate-differs", "file_sha256")} == found(scene.sessions)


def test_changed_data_of_a_certificate_are_named(scene: Scene) -> None:
    issue(scene)
    new = "replace(CAST(data AS text), 'Four are paid.', 'Ten are paid.')"
    put = new if is_sqlite(scene.sessions) else f"CAST({new} AS jsonb)"
    tamper(scene.sessions, f"UPDATE certificate SET data = {put}")
    changed = ("content_hash", "code", "state_hash")

    assert {("certificate-differs", name) for name in changed} == found(scene.sessions)


def test_a_deleted_certificate_is_named(scene: Scene) -> None:
    issue(scene)
    tamper(scene.sessions, "DELETE FROM certificate")

    assert {("certificate-missing", "")} == found(scene.sessions)


def test_a_column_that_holds_nonsense_is_named(scene: Scene) -> None:
    one = ONE.format(table="receipt", which="act = 'dispute'")
    change = f"UPDATE receipt SET content = 'no json' {one}"
    if is_sqlite(scene.sessions):
        tamper(scene.sessions, change)
        assert ("unreadable", "") in found(scene.sessions)
    else:  # PostgreSQL lets nothing of the kind in
        with pytest.raises(DataError):
            tamper(scene.sessions, change)
