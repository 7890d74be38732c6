"""What holds for any function: writing and reading it gives the same, and so does its digest."""

import json
import string
from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from unbroken.functions.rules import (
    CODES,
    ELEMENTS,
    CapacityNeed,
    Dependency,
    Dimension,
    Fact,
    Function,
    Item,
    Level,
    Milestone,
    Part,
    Sheet,
    assemble,
    check,
    differences,
    dump,
    parse,
)
from unbroken.functions.rules.words import STEPS

TEXTS = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=12)
FACTS = st.lists(st.sampled_from(Fact), unique=True, max_size=2).map(tuple)
SHARES = st.integers(0, 1000).map(lambda thousandths: Fraction(thousandths, 1000))


DEPENDENCIES = st.builds(
    Dependency,
    function=st.sampled_from(CODES),
    step=st.sampled_from(STEPS),
    before=st.sampled_from(STEPS),
    why=TEXTS,
    source=TEXTS,
)


@st.composite
def needs(draw: st.DrawFn, dimension: Dimension) -> CapacityNeed:
    if draw(st.booleans()):
        return CapacityNeed(dimension, draw(TEXTS), (), draw(FACTS))
    keys = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    parts = tuple(Part(key, draw(TEXTS)) for key in keys)
    return CapacityNeed(dimension, None, parts, draw(FACTS))


@st.composite
def functions(draw: st.DrawFn) -> Function:
    code = draw(st.sampled_from(CODES))
    chosen = draw(st.sets(st.sampled_from(Dimension), min_size=1))
    dimensions = [dimension for dimension in Dimension if dimension in chosen]
    items = st.builds(
        Item,
        id=st.integers(1, 99).map(lambda number: f"{code}-{number:02}"),
        text=TEXTS,
        dimension=st.sampled_from(dimensions),
        milestone=st.sampled_from(Milestone),
        offset=SHARES,
        evidence=TEXTS,
        source=TEXTS,
    )
    built = st.builds(
        Function,
        code=st.just(code),
        title=TEXTS,
        for_children=TEXTS,
        group=st.sampled_from("ABCDEFG"),
        tier=st.integers(1, 4),
        level=st.sampled_from(Level),
        moves=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
        receivers=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
        elements=st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=4).map(tuple),
        target_months=st.integers(1, 60),
        minimum_months=st.integers(1, 60),
        restricted=st.booleans(),
        capacities=st.tuples(*(needs(dimension) for dimension in dimensions)),
        items=st.lists(items, min_size=1, max_size=4, unique_by=lambda item: item.id).map(tuple),
        source=TEXTS,
        applies_when=FACTS,
        failure_seen=st.one_of(st.just(""), TEXTS),
        depends_on=st.lists(DEPENDENCIES, max_size=3).map(tuple),
    )
    return draw(built)


def sheet_of(body: Mapping[str, object]) -> Sheet:
    return Sheet("X.yaml", json.loads(json.dumps(body)))


@given(functions())
@settings(max_examples=60, deadline=None)
def test_reading_what_was_written_gives_the_same_function(function: Function) -> None:
    assert (function, []) == parse(sheet_of(dump(function)))


@given(functions())
@settings(max_examples=30, deadline=None)
def test_digest_survives_writing_and_reading(function: Function) -> None:
    again, _ = parse(sheet_of(dump(function)))

    assert again is not None
    assert assemble("x", [function]).digest == assemble("x", [again]).digest


@given(functions(), functions())
@settings(max_examples=30, deadline=None)
def test_editions_differ_exactly_when_their_digests_do(one: Function, other: Function) -> None:
    old, new = assemble("x", [one]), assemble("x", [other])

    assert (old.digest != new.digest) == bool(differences(old, new))


WILD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(functions(), st.data())
@settings(max_examples=100, deadline=None)
def test_anything_in_any_field_becomes_faults_and_never_an_error(
    function: Function, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(dump(function)))
    target = data.draw(st.sampled_from([body, body["items"][0], body["capacities"], body["lead"]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(WILD)
    sheet = Sheet("X.yaml", body)

    found, faults = parse(sheet)

    assert (found is None) == bool(faults)
    assert found is None or check([(sheet, found)], folder="x")
