"""Values that mean the same have the same bytes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.canonical import canonical, digest, plain


class Colour(Enum):
    RED = "red"


UID = UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301")
HALF_PAST = datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))
SAME = {
    "composed text": ("é", "e\u0301"),
    "instants in two zones": (HALF_PAST, HALF_PAST.astimezone(UTC)),
    "decimals with other zeros": (Decimal("57.10"), Decimal("57.1")),
    "a decimal with an exponent": (Decimal("1E+2"), Decimal(100)),
    "zeros": (Decimal("-0.00"), Decimal(0)),
    "order of keys": ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
    "lists and tuples": ([1, 2], (1, 2)),
    "enum and value": (Colour.RED, "red"),
}
FORMS = {
    b'"2026-03-01T23:30:00.000000+00:00"': HALF_PAST,
    b'"2026-03-02"': date(2026, 3, 2),
    b'"3f2504e0-4f89-11d3-9a0c-0305e82c3301"': UID,
    b'"1/3"': Fraction(1, 3),
    b'"9007199254740992"': 2**53,
    b"9007199254740991": 2**53 - 1,
    b"[null,true,1]": [None, True, 1],
    b'{"a":{"b":"red"}}': {"a": {"b": Colour.RED}},
}
REFUSED = (0.5, b"ab", datetime(2026, 3, 2), object, Decimal("NaN"), {1, 2})  # noqa: DTZ001


@pytest.mark.parametrize("case", SAME)
def test_what_means_the_same_has_the_same_bytes(case: str) -> None:
    one, other = SAME[case]

    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_has_one_form(form: bytes) -> None:
    assert canonical(FORMS[form]) == form


@pytest.mark.parametrize("value", REFUSED, ids=str)
def test_what_has_no_one_meaning_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"x": value})


def test_two_keys_that_mean_the_same_are_refused() -> None:
    twice: Mapping[str, int] = {"é": 1, "e\u0301": 2}
    with pytest.raises(ValueError, match="two keys"):
        canonical(twice)


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ValueError, match=r"surrogate|UTF-8|utf-8"):
        canonical("\ud800")


def test_the_plain_form_has_the_same_digest() -> None:
    value = {"on": date(2026, 3, 2), "sum": Decimal("1.50"), "who": UID}

    assert digest(plain(value)) == digest(value)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(NESTED)
def test_the_fast_way_writes_the_bytes_of_the_standard(value: object) -> None:
    try:
        expected = rfc8785.dumps(plain(value))
    except ValueError:
        return  # no Unicode, or keys that mean the same: refused either way

    assert expected == canonical(value)


def test_keys_beyond_the_basic_plane_are_ordered_as_the_standard_says() -> None:
    value = {"\U0001f600": 1, "\ufb01": 2, "é": 3}

    assert rfc8785.dumps(plain(value)) == canonical(value)
