"""The plain form of a revision's content, and reading it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.rules.samples import SLUGS, TRIGGER, VERIFY, contents, plan, unhurried
from unbroken.functions.rules import Fact
from unbroken.kit.canonical import digest
from unbroken.plans.rules import Baseline, RevisionContent
from unbroken.plans.rules.reading import Reading


@unhurried
@given(contents())
def test_content_comes_back_from_its_plain_form(content: RevisionContent) -> None:
    assert RevisionContent.from_plain(content.to_plain()) == content


@unhurried
@given(contents())
def test_content_that_comes_back_has_the_same_hash(content: RevisionContent) -> None:
    again = RevisionContent.from_plain(content.to_plain())

    assert digest(again.to_plain()) == digest(content.to_plain())


@unhurried
@given(
    st.lists(st.tuples(st.just(VERIFY.code), st.sampled_from(SLUGS), st.none() | st.integers(0, 9)))
)
def test_a_baseline_comes_back_from_its_plain_form(
    lines: list[tuple[str, str, int | None]],
) -> None:
    baseline = Baseline(tuple(lines))

    assert Baseline.from_plain(baseline.to_plain()) == baseline


def test_a_fact_not_given_is_unknown() -> None:
    assert plan().facts == dict.fromkeys(Fact)


def test_notice_runs_from_the_decision_to_the_end_of_the_mandate() -> None:
    content = RevisionContent(TRIGGER, TRIGGER)

    assert content.notice_days == 0


@pytest.mark.parametrize(
    ("method", "value", "fault"),
    [
        ("text", 3, "key is not a text"),
        ("text", None, "key is not a text"),
        ("day", "2024-06-31", "day is out of range"),
        ("flag", 1, "key is not yes or no"),
        ("number", True, "key is not a whole number"),
        ("texts", [1], "key is not a list of texts"),
        ("texts", "gao", "key is not a list"),
        ("mappings", ["gao"], "key is not a mapping"),
        ("mapping", None, "key is not a mapping"),
    ],
)
def test_a_stored_value_of_another_kind_is_refused(method: str, value: object, fault: str) -> None:
    reading = Reading({"key": value})

    with pytest.raises(ValueError, match=fault):
        getattr(reading, method)("key")
