"""Codes are short, read in any spelling, and show one wrong or two swapped characters."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.documents.rules.codes import ALPHABET, code_of, read_code

HASHES = st.binary(min_size=1, max_size=8).map(lambda raw: hashlib.sha256(raw).hexdigest())
PLACES = st.integers(0, 19)


def test_a_code_is_that_of_its_hash() -> None:
    assert code_of("0" * 64) == "00000-00000-00000-00000"
    assert code_of("f" * 64).startswith("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZ")


@given(HASHES)
def test_a_code_is_read_back_however_it_is_typed(content_hash: str) -> None:
    code = code_of(content_hash)
    spelled = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert [code, code, code] == [read_code(code), read_code(spelled), read_code(f" {code}\u200f")]


@given(HASHES, PLACES, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(content_hash: str, place: int, letter: str) -> None:
    letters = list(code_of(content_hash).replace("-", ""))
    is_same = letters[place] == letter
    letters[place] = letter

    assert (read_code("".join(letters)) is not None) is is_same


@given(HASHES, PLACES, PLACES)
def test_two_characters_that_changed_places_are_found(
    content_hash: str, one: int, other: int
) -> None:
    letters = list(code_of(content_hash).replace("-", ""))
    is_same = letters[one] == letters[other]
    letters[one], letters[other] = letters[other], letters[one]

    assert (read_code("".join(letters)) is not None) is is_same


@pytest.mark.parametrize("typed", ["", "-", "U" * 20, "0" * 19, "0" * 21, "é" * 20, "0" * 5000])
def test_what_is_no_code_is_read_as_none(typed: str) -> None:
    assert read_code(typed) is None
