"""A file with a fault is refused with file, line, path and remedy, and the database stays."""

from dataclasses import dataclass

import pytest

from tests.plans.everything import digest_of_all_rows
from tests.plans.exchange.conftest import Desk
from unbroken.kit.errors import Invalid, Problem, TooLarge
from unbroken.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Case:
    """One replacement in the sample, and the one problem it must give."""

    old: str
    new: str
    path: str
    what: str
    remedy: str
    at: str = ""

    def text(self, sample: str) -> str:
        assert self.old in sample
        return sample.replace(self.old, self.new, 1)

    def line(self, sample: str) -> int:
        """Return the line (from 1) on which the fault stands: of ``at``, or of what is new."""
        text = self.text(sample)
        mark = self.at or self.new.strip().splitlines()[0]
        return text[: text.index(mark)].count("\n") + 1


CLAIM = """
      - kind: planned
        closes: about 2023-11-15
"""
BEFORE_TRIGGER = CLAIM.replace("about 2023-11-15", "2023-06-01")

CASES = {
    "unknown function": Case(
        "functions: [MRM-VER, REFER]",
        "functions: [MRM-VERR, REFER]",
        "posts[0].functions",
        "MRM-VERR is no function",
        "Did you mean MRM-VER?",
    ),
    "unknown function in a baseline": Case(
        "{function: REFER, area: Gao, posts: 3}",
        "{function: REFFER, area: Gao, posts: 3}",
        "baselines[0].lines[3].function",
        "REFFER is no function",
        "Did you mean REFER?",
        at="- {function: REFFER",
    ),
    "area twice": Case(
        "  - name: Mopti\n",
        "  - name: Mopti\n  - name: mopti\n",
        "areas[4].name",
        "the region mopti stands on line",
        "Keep one of the two.",
        at="  - name: mopti",
    ),
    "unknown area": Case(
        "area: Gao\n",
        "area: Gaoo\n",
        "posts[0].area",
        "Gaoo is no area of the plan",
        "Did you mean Gao?",
    ),
    "closing before the trigger": Case(
        CLAIM,
        BEFORE_TRIGGER,
        "areas[1].closings[0].closes",
        "2023-06-01 lies before the plan's trigger, 2023-06-30",
        "Give a later day",
        at="closes: 2023-06-01",
    ),
    "claim without precision": Case(
        "{on: 2024-01-01, precision: about}",
        "{on: 2024-01-01}",
        "areas[4].closings[0].closes",
        "`closes` has no `precision`",
        "Add `precision`.",
        at="closes: {on: 2024-01-01}",
    ),
    "claim without a date": Case(
        "        closes: about 2023-11-15\n",
        "",
        "areas[1].closings[0]",
        "has no `closes`",
        "Add `closes`.",
        at="- kind: planned",
    ),
    "claim without a source": Case(
        "        source: Mission text of 1 November 2023\n",
        "",
        "areas[1].closings[1]",
        "has no `source`",
        "Add `source`.",
        at="- kind: reported",
    ),
    "31 June": Case(
        "mandate_ends_on: 2023-06-30",
        "mandate_ends_on: 2023-06-31",
        "plan.mandate_ends_on",
        "'2023-06-31' is not a day",
        "2023-06 has days 01 to 30",
    ),
    "31 June as a closing": Case(
        "closes: about 2023-11-15",
        "closes: about 2023-11-31",
        "areas[1].closings[0].closes",
        "'about 2023-11-31' is not a date with a precision",
        "2023-11 has days 01 to 30",
    ),
    "known in the future": Case(
        "known_on: 2023-11-13",
        "known_on: 2023-12-02",
        "areas[4].closings[0].known_on",
        "2023-12-02 lies ahead; today is 2023-12-01",
        "Give today or an earlier day.",
    ),
    "a name with an age": Case(
        "received_by: civil authority",
        "received_by: civil authority, through Awa, 12 years",
        "areas[2].sites[0].closings[1].received_by",
        "looks like a person",
        "Leave out names",
    ),
    "unknown key": Case(
        "reachable: false",
        "reachible: false",
        "areas[1].reachible",
        "`reachible` is not known here",
        "Did you mean reachable?",
    ),
    "unknown part": Case(
        "\nposts:\n",
        "\npost:\n",
        "post",
        "`post` is not known here",
        "Did you mean posts?",
        at="\npost:\n".strip() + "\n  - reference: CPA-GAO",
    ),
    "wrong type": Case(
        "authorised: 3",
        "authorised: three",
        "posts[0].authorised",
        "`authorised` is not a whole number",
        "Write a whole number",
    ),
    "a list that is none": Case(
        "functions: [MRM-VER, REFER]",
        "functions: MRM-VER",
        "posts[0].functions",
        "`functions` is not a list",
        "Write a list",
        at="functions: MRM-VER\n",
    ),
    "key twice": Case(
        "    side: giver\n",
        "    side: giver\n    side: receiver\n",
        "",
        "key `side` stands twice",
        "Keep one of them.",
        at="    side: receiver",
    ),
    "unknown word": Case(
        "kind: peacekeeping",
        "kind: peacekeping",
        "mission.kind",
        "'peacekeping' is not known",
        "Did you mean peacekeeping?",
    ),
    "unknown edition": Case(
        "edition: '2026.1'",
        "edition: 2027.9",
        "plan.edition",
        "the edition 2027.9 is not loaded",
        "2026.1",
    ),
    "unknown time zone": Case(
        "time_zone: Africa/Bamako",
        "time_zone: Africa/Nowhere",
        "plan.time_zone",
        "Africa/Nowhere is no time zone",
        "Africa/Bamako",
    ),
    "unknown organisation": Case(
        "organisation: minusma",
        "organisation: nobody",
        "posts[0].organisation",
        "there is no organisation nobody",
        "steward",
    ),
    "no trigger": Case(
        "    trigger: true\n",
        "",
        "decisions",
        "no decision triggers the plan",
        "Write `trigger: true`",
        at="decisions:",
    ),
    "phase that ends before it starts": Case(
        "ends_on: 2023-08-31",
        "ends_on: 2023-06-01",
        "revision.phases[0].ends_on",
        "the phase ends before it starts",
        "Exchange or mend",
    ),
    "alias": Case(
        "acronym: MINUSMA", "acronym: &a MINUSMA", "", "anchors and aliases", "Write the text out."
    ),
}


def refusal(desk: Desk, text: str | bytes) -> list[Problem]:
    before = digest_of_all_rows(desk.sessions)
    with pytest.raises(Invalid) as refused:
        desk.read(text)
    assert before == digest_of_all_rows(desk.sessions)
    return list(refused.value.problems)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_fault_is_refused_with_place_and_remedy(case: Case, desk: Desk, sample: str) -> None:
    problems = refusal(desk, case.text(sample))

    found = [problem for problem in problems if case.what in problem.what]
    place = f"plan.yaml:{case.line(sample)} {case.path}".rstrip()
    assert [place] == [problem.path for problem in found]
    assert case.remedy in found[0].remedy


def test_closing_before_its_phase_is_refused(desk: Desk, sample: str) -> None:
    text = sample.replace("starts_on: 2023-07-01", "starts_on: 2023-08-25")
    text = text.replace("closes: no later than 2023-12-15", "closes: 2023-08-20")

    problems = refusal(desk, text)

    assert ["2023-08-20 lies before the area's first phase begins on 2023-08-25"] == [
        problem.what for problem in problems
    ]
    assert problems[0].path.endswith(" areas[3].closings[0].closes")


def test_all_faults_are_told_in_one_go(desk: Desk, sample: str) -> None:
    text = sample
    names = ("unknown function", "area twice", "31 June", "unknown key", "wrong type")
    cases = [CASES[name] for name in names if name != "unknown function"]
    for case in cases:
        text = case.text(text)
    text = text.replace("area: Kidal}", "area: Kidall}")

    found = "\n".join(problem.what for problem in refusal(desk, text))

    assert [] == [case.what for case in cases if case.what not in found]
    assert "Kidall is no area" in found


def test_faults_come_in_the_order_of_lines(desk: Desk, sample: str) -> None:
    text = CASES["wrong type"].text(CASES["31 June"].text(sample))

    lines = [int(problem.path.split(":")[1].split(" ")[0]) for problem in refusal(desk, text)]

    assert sorted(lines) == lines


def test_file_above_the_limit_is_refused_before_it_is_read(desk: Desk) -> None:
    before = digest_of_all_rows(desk.sessions)

    with pytest.raises(TooLarge) as refused:
        desk.read(b"[" * (40 * 1024 * 1024), limit_kb=Settings().upload_limit_kb)

    assert {"file": "plan.yaml", "limit": 2048} == refused.value.facts
    assert before == digest_of_all_rows(desk.sessions)


RAW = {
    "bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "anchors and aliases"),
    "not UTF-8": (b"format: 1\nmission: \xff\n", 2, "not UTF-8"),
    "empty": (b"", 1, "not a mapping"),
    "a list": (b"- format: 1\n", 1, "not a mapping"),
    "a tower": (b"[" * 100_000, 1, "nested too deeply"),
    "tag": (b"format: !!python/name:os.system x\n", 1, "the tag"),
    "not YAML": (b"format: [1\nmission: x\n", 2, "not readable as YAML"),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
def test_what_is_no_plain_file_is_one_fault_with_its_line(
    raw: tuple[bytes, int, str], desk: Desk
) -> None:
    content, line, what = raw

    problems = refusal(desk, content)

    assert [f"plan.yaml:{line}"] == [problem.path for problem in problems]
    assert what in problems[0].what


def test_what_is_on_record_is_not_rewritten(desk: Desk, sample: str) -> None:
    desk.read(sample)
    text = sample.replace("decided_on: 2023-08-18", "decided_on: 2023-08-15")

    problems = refusal(desk, text)

    assert "`decided_on` is on record as 2023-08-18 and does not change" in {
        problem.what for problem in problems
    }


def test_an_end_moves_by_a_decision_only(desk: Desk, sample: str) -> None:
    desk.read(sample)

    problems = refusal(
        desk, sample.replace("transfer_ends_on: 2023-12-31", "transfer_ends_on: 2024-03-31")
    )

    assert ["Ends move by a decision: add the one that moves them under `decisions`."] == [
        problem.remedy for problem in problems
    ]


def test_a_draft_of_the_baseline_is_not_signed_over(desk: Desk, sample: str) -> None:
    desk.read(sample.replace("  - signed: true\n", "  - signed: false\n"))

    problems = refusal(desk, sample.replace("area: Kidal}", "area: Mopti}"))

    assert ["the plan has a draft of its baseline with other lines"] == [
        problem.what for problem in problems
    ]
