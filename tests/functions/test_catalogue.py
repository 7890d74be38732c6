"""Every edition as it is published: whole, sound, sourced, spread over the lead, and safe."""

import re
from fractions import Fraction
from functools import cache

import pytest

from tests.functions.coverage import ARTICLE, NGO, THEMES
from unbroken.functions.queries import (
    bundled_editions,
    check_edition,
    edition_folder,
    read_edition,
)
from unbroken.functions.rules import CODES, Edition, Function, Item, Milestone
from unbroken.functions.rules.checking import SHARE

TIER_1 = (
    "MRM-CHAIR MRM-VER MRM-DATA DB-BIO HANDOVER REFER PSEA-VIC PSEA-PREV SAFE-DNH HRDDP AAP-FEED"
)
TIER_2 = (
    "MRM-DIAL CPA-POST MARA GEN-POST JUV-DET POC-EW ACCESS FUND HUM-COORD SGBV "
    "REINT-PSS REINT-EDU REINT-COM REINT-FAM"
)
TIER_4 = "TRN-PRE TRN-IN LAW PUB-INFO CSO-WATCH REG-AU LESSONS"
RESTRICTED = (
    "MRM-VER MRM-DIAL MRM-DATA MARA POC-EW HANDOVER REFER PSEA-VIC DB-BIO JUV-DET SGBV AAP-FEED"
)
VIOLATIONS = (
    *("recruitment-use", "killing-maiming", "sexual-violence"),
    *("abduction", "attacks-schools-hospitals", "denial-access"),
)
NEVER_ASKED = re.compile(
    r"\b(list|state|give|record|note) (the )?(names?|coordinates|addresses|telephone numbers) of\b",
    re.IGNORECASE,
)
EARLY = Fraction(8, 10)
each_edition = pytest.mark.parametrize("name", bundled_editions())
EXACT = (Milestone.LEAD_START, Milestone.RECEIVER_NAMED, Milestone.AGREEMENT_SIGNED)


@cache
def edition(name: str) -> Edition:
    return read_edition(edition_folder(name))


def tier_of(code: str) -> int:
    for tier, codes in ((1, TIER_1), (2, TIER_2), (4, TIER_4)):
        if code in codes.split():
            return tier
    return 3


def is_early(item: Item) -> bool:
    return item.milestone in EXACT and SHARE[item.milestone] + item.offset >= EARLY


@pytest.fixture(params=[(name, code) for name in bundled_editions() for code in CODES])
def function(request: pytest.FixtureRequest) -> Function:
    name, code = request.param
    return edition(name).functions[code]


@each_edition
def test_edition_has_no_fault(name: str) -> None:
    assert [] == check_edition(edition_folder(name))


@each_edition
def test_every_function_is_there_in_the_order_of_the_groups(name: str) -> None:
    assert list(CODES) == list(edition(name).functions)


def test_there_are_43_functions() -> None:
    assert 43 == len(CODES) == len(set(CODES))


@pytest.mark.parametrize("themes", [THEMES, NGO, ARTICLE], ids=["themes", "NGO", "article"])
def test_every_theme_is_answered_by_functions_that_exist(themes: dict[str, str]) -> None:
    unknown = {theme: set(codes.split()) - set(CODES) for theme, codes in themes.items()}

    assert {theme: set() for theme in themes} == unknown
    assert all(codes.split() for codes in themes.values())


def test_every_function_answers_a_theme() -> None:
    used = {code for codes in THEMES.values() for code in codes.split()}

    assert set(CODES) == used


def test_every_function_answers_one_of_the_two_documents() -> None:
    used = {code for codes in (*NGO.values(), *ARTICLE.values()) for code in codes.split()}

    assert set(CODES) == used


def test_all_numbered_recommendations_are_listed() -> None:
    numbered = {"1": "abcdefg", "2": "abcd", "3": "abc", "4": "abc"}
    expected = {number + letter for number, letters in numbered.items() for letter in letters}

    assert expected == {name[:2] for name in NGO}


def test_tier_is_that_of_the_ranking(function: Function) -> None:
    assert tier_of(function.code) == function.tier


@each_edition
@pytest.mark.parametrize("code", RESTRICTED.split())
def test_function_whose_gap_endangers_people_is_restricted(name: str, code: str) -> None:
    assert edition(name).functions[code].restricted


def test_something_is_due_early(function: Function) -> None:
    assert [item for item in function.items if is_early(item)]


def test_something_is_due_at_or_after_the_last_day(function: Function) -> None:
    late = (Milestone.LAST_DAY, Milestone.CHECK_3, Milestone.CHECK_6, Milestone.CHECK_12)

    assert [item for item in function.items if item.milestone in late]


def test_every_capacity_has_an_item(function: Function) -> None:
    assert {need.dimension for need in function.capacities} == {
        item.dimension for item in function.items
    }


def test_function_that_claims_element_m_asks_about_girls(function: Function) -> None:
    asked = " ".join(item.text + item.evidence for item in function.items).lower()

    assert ("M" in function.elements) <= ("girl" in asked)


def test_text_is_one_sentence_that_begins_with_a_capital(function: Function) -> None:
    assert all(item.text[0].isupper() and item.text.endswith(".") for item in function.items)


def test_function_cites_a_dated_source_and_what_went_wrong(function: Function) -> None:
    assert re.search(r"\b(19|20)\d\d\b", function.source)
    assert function.failure_seen


def test_no_item_asks_for_names_or_places(function: Function) -> None:
    asked = [item.text for item in function.items] + [item.evidence for item in function.items]

    assert [] == [text for text in asked if NEVER_ASKED.search(text)]


def test_no_paragraph_of_the_resolution_is_printed(function: Function) -> None:
    texts = [function.source, function.failure_seen, *(item.source for item in function.items)]

    assert [] == [text for text in texts if re.search(r"2764[^.;]*\bpara", text)]


@each_edition
def test_verification_names_all_six_violations(name: str) -> None:
    parts = {
        part.key for need in edition(name).functions["MRM-VER"].capacities for part in need.parts
    }

    assert set(VIOLATIONS) <= parts
