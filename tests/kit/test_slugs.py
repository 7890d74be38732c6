"""Slugs are ASCII and numbered where they are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.slugs import SLUG_LENGTH, free_slug, is_slug, slugify

NAMES = [
    ("UNICEF Mali", "unicef-mali"),
    ("Côte d'Ivoire", "cote-divoire"),
    ("Ministère de l’Éducation", "ministere-de-leducation"),
    ("U.N. Police  (Goma)", "un-police-goma"),
    ("Łódź / Straße — Øst", "lodz-strasse-ost"),
    ("وزارة التعليم", ""),
    ("--", ""),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_becomes_lower_case_ascii_words_joined_by_hyphens(name: str, expected: str) -> None:
    assert expected == slugify(name)


def test_a_long_name_is_cut_at_the_end_of_a_word() -> None:
    name = "a" * 40 + " " + "b" * 30 + " " + "c" * 30

    assert "a" * 40 + "-" + "b" * 30 == slugify(name)


@given(st.text())
def test_what_is_made_of_any_text_is_a_slug_or_nothing(text: str) -> None:
    slug = slugify(text)

    assert slug == "" or is_slug(slug)


@given(st.from_regex(r"[a-z0-9]{1,80}", fullmatch=True), st.integers(0, 20))
def test_a_numbered_slug_is_free_and_still_a_slug(wanted: str, others: int) -> None:
    taken = {wanted}
    for _ in range(others):
        taken.add(free_slug(wanted, taken.__contains__))

    assert len(taken) == others + 1
    assert all(is_slug(slug) and len(slug) <= SLUG_LENGTH for slug in taken)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "é", "a b", "a" * 81, "a\n"])
def test_other_texts_are_no_slugs(text: str) -> None:
    assert not is_slug(text)


def test_the_second_of_a_name_gets_a_number() -> None:
    assert "unicef-mali-2" == free_slug("unicef-mali", {"unicef-mali"}.__contains__)
