"""Every fault of a checklist file is told with file, line and remedy, and never as a traceback."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functions.examples import NAME, SOUND, folder_with, line_of
from unbroken.functions.queries import check_edition, read_edition
from unbroken.functions.rules import CODES, Fault
from unbroken.kit.errors import Invalid, NotFound


@dataclass(frozen=True)
class Case:
    """A part of the sound file, what it is broken into, and the fault that must come out."""

    old: str
    new: str
    what: str
    remedy: str
    at: str = ""

    def text(self) -> str:
        assert self.old in SOUND
        return SOUND.replace(self.old, self.new, 1)

    def line(self) -> int:
        return line_of(self.at or self.new, within=self.text())


ITEM_3 = SOUND[SOUND.index("  - id: VET-03") : SOUND.index("  - id: VET-04")]

CASES = {
    "code differs from the file": Case(
        "code: VET", "code: LAW", "code LAW is not the file's name", "rename the file to LAW.yaml"
    ),
    "code unknown": Case(
        "code: VET", "code: VETO", "code VETO is not one of the 43 functions", "MRM-VER, MRM-CHAIR"
    ),
    "wrong group": Case("group: B", "group: C", "group C is not the group of VET", "Write B."),
    "tier out of range": Case(
        "tier: 3", "tier: 5", "`tier` is not a whole number from 1 to 4", "from 1 to 4"
    ),
    "tier a truth value": Case(
        "tier: 3", "tier: true", "`tier` is not a whole number from 1 to 4", "from 1 to 4"
    ),
    "level unknown": Case(
        "level: mission", "level: village", "`level` 'village' is not known", "mission, area"
    ),
    "restricted not a truth value": Case(
        "restricted: false", "restricted: no", "`restricted` is neither true nor false", "true or"
    ),
    "title empty": Case("title: Vetting", "title: ''", "`title` is not a text", "Write a text"),
    "title a number": Case("title: Vetting", "title: 7", "`title` is not a text", "quote it"),
    "sentence too long": Case(
        "Name who vets.", "x" * 241, "`text` has more than 240 characters", "Shorten it"
    ),
    "moves not a list": Case("moves: [checks]", "moves: checks", "`moves` is not a list", "- one"),
    "receivers empty": Case(
        "receivers: [UNDP]", "receivers: []", "`receivers` is empty", "at least one"
    ),
    "element unknown": Case(
        "[H, K]", "[H, Q]", "element 'Q' is not a letter", "letters from A to O", at="elements"
    ),
    "unknown fact": Case(
        "level: mission",
        "level: mission\napplies_when: [mrm-activ]",
        "`applies_when` 'mrm-activ' is not known",
        "mrm-active, parties-listed",
        at="applies_when",
    ),
    "unknown fact of a capacity": Case(
        "posts: {unit: post}",
        "posts: {unit: post, applies_when: [sunny]}",
        "`applies_when` 'sunny' is not known",
        "mrm-active",
    ),
    "minimum above target": Case(
        "minimum_months: 1",
        "minimum_months: 7",
        "the minimum of 7 months is above the target",
        "at most 6",
    ),
    "lead not a mapping": Case(
        "lead: {target_months: 6, minimum_months: 1}", "lead: 6", "`lead` is not a mapping", "key"
    ),
    "unit and parts": Case(
        "  posts: {unit: post}",
        "  posts: {unit: post, parts: [{key: a, title: A}]}",
        "capacity posts has a unit and parts",
        "not both",
    ),
    "neither unit nor parts": Case(
        "  posts: {unit: post}",
        "  posts: {}",
        "capacity posts has neither a unit nor parts",
        "Add `unit`",
    ),
    "duplicate part": Case(
        "key: procedure",
        "key: standard, title: Again}\n      - {key: third",
        "part standard stands twice in capacity agreements",
        "its own key",
        at="key: standard, title: Again",
    ),
    "part key not kebab": Case(
        "key: procedure", "key: The_One", "part key The_One is not in kebab-case", "small letters"
    ),
    "dimension unknown": Case(
        "  posts: {unit: post}",
        "  posts: {unit: post}\n  people: {unit: post}",
        "`people` is not known here",
        "posts, skills, data",
        at="people",
    ),
    "too few capacities": Case(
        SOUND[SOUND.index("  posts: {unit") : SOUND.index("items:")],
        "  posts: {unit: post}\n",
        "fewer than 2 capacities",
        "Add the dimensions",
        at="capacities:",
    ),
    "too few items": Case(
        ITEM_3, "", "3 items are fewer than the 4 of tier 3", "until there are 4", at="items:"
    ),
    "too few items of an upper tier": Case(
        "tier: 3",
        "tier: 2",
        "4 items are fewer than the 6 of tier 2",
        "until there are 6",
        at="items:",
    ),
    "item id of another function": Case(
        "id: VET-02", "id: LAW-02", "item id LAW-02 is not VET- and two digits", "like VET-01"
    ),
    "item id twice": Case(
        "id: VET-03",
        "id: VET-02",
        "item id VET-02 stands in VET.yaml already",
        "next free number",
        at="id: VET-02\n    capacity: agreements\n    milestone: last-day",
    ),
    "item of a capacity that is not there": Case(
        "capacity: posts\n    milestone: check-3",
        "capacity: skills\n    milestone: check-3",
        "item VET-04 belongs to capacity skills, which the function lacks",
        "posts, agreements",
    ),
    "milestone unknown": Case(
        "milestone: last-day", "milestone: someday", "`milestone` 'someday' is not known", "check-3"
    ),
    "offset above one": Case(
        "offset: 0.25", "offset: 1.25", "`offset` 1.25 is not a share from 0 to 1", "such as 0.25"
    ),
    "offset negative": Case("offset: 0.25", "offset: -0.1", "`offset` -0.1 is not a share", "0.25"),
    "offset with four digits": Case(
        "offset: 0.25", "offset: 0.2501", "`offset` 0.2501 is not a share", "such as 0.25"
    ),
    "offset a word": Case("offset: 0.25", "offset: soon", "`offset` soon is not a share", "0.25"),
    "offset not finite": Case(
        "offset: 0.25", "offset: .inf", ".inf is not a plain decimal number", "12 or 0.25"
    ),
    "offset before the lead": Case(
        "offset: 0.25", "offset: 0.6", "item VET-02 falls before the lead begins", "smaller offset"
    ),
    "offset at a check": Case(
        "milestone: check-3\n    offset: 0",
        "milestone: check-3\n    offset: 0.1",
        "item VET-04 falls before the lead begins, or has an offset before a check",
        "at checks it is 0",
        at="offset: 0.1\n    text: Check",
    ),
    "item without evidence": Case(
        "    text: Sign the standard.\n    evidence: Title and date.\n",
        "    text: Sign the standard.\n",
        "`items` has no `evidence`",
        "Add `evidence`.",
        at="- id: VET-03",
    ),
    "field missing": Case(
        "title: Vetting\n", "", "the file has no `title`", "Add `title`.", at="code: VET"
    ),
    "field misspelt": Case(
        "source: Vancouver",
        "sauce: hot\nsource: Vancouver",
        "`sauce` is not known here",
        "Use one of: code, title",
        at="sauce",
    ),
    "key twice": Case(
        "tier: 3", "tier: 3\ntier: 4", "key `tier` stands twice", "Keep one", at="tier: 4"
    ),
    "key not a text": Case("tier: 3", "3: tier", "a key is not a text", "key: value"),
    "alias": Case(
        "title: Vetting", "title: &t Vetting", "anchors and aliases are not used here", "text out"
    ),
    "tag": Case("title: Vetting", "title: !!python/name:os.system x", "the tag", "Remove the tag"),
    "not YAML": Case("tier: 3", "tier: [3", "not readable as YAML", "indents", at="level: mission"),
    "control character": Case(
        "tier: 3", "tier: \x01", "a character is not allowed", "control characters"
    ),
    "nested too deeply": Case(
        "moves: [checks]", "moves: [[[[[[[[[[x]]]]]]]]]]", "nested too deeply", "README.md"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_broken_file_tells_file_line_and_remedy(case: Case, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {NAME: case.text()})

    faults = [f for f in check_edition(folder) if f.file == NAME and case.what in f.what]

    assert [(NAME, case.line())] == [(fault.file, fault.line) for fault in faults]
    assert case.remedy in faults[0].remedy


RAW = {
    "empty": (b"", 1, "the file is not a mapping", "Begin with `code:`"),
    "a list": (b"- code: VET\n", 1, "the file is not a mapping", "Begin with `code:`"),
    "a text": (b"Vetting\n", 1, "the file is not a mapping", "Begin with `code:`"),
    "too large": (b"#" * (256 * 1024 + 1), 1, "larger than 256 KB", "Shorten it"),
    "not UTF-8": (b"code: VET\ntitle: \xff\n", 2, "not UTF-8", "Save it as UTF-8"),
    "two documents": (b"code: VET\n---\ncode: LAW\n", 2, "not readable as YAML", "indents"),
    "a tower of brackets": (b"[" * 200_000, 1, "nested too deeply", "README.md"),
    "an alias bomb": (
        b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        1,
        "anchors and aliases",
        "Write the text out",
    ),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
def test_unreadable_file_is_one_fault_with_its_line(
    raw: tuple[bytes, int, str, str], tmp_path: Path
) -> None:
    content, line, what, remedy = raw
    folder = folder_with(tmp_path, {})
    (folder / NAME).write_bytes(content)

    faults = [fault for fault in check_edition(folder) if fault.file == NAME]

    assert [line] == [fault.line for fault in faults]
    assert what in faults[0].what
    assert remedy in faults[0].remedy


def test_sound_file_has_no_fault(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {NAME: SOUND})

    assert [] == [fault for fault in check_edition(folder) if fault.file == NAME]


def test_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {})
    (folder / NAME).mkdir()

    faults = [fault for fault in check_edition(folder) if fault.file == NAME]

    assert ["the file cannot be read: Is a directory"] == [fault.what for fault in faults]


def test_each_missing_function_is_a_fault_of_the_folder(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {NAME: SOUND})

    faults = check_edition(folder)

    assert {f"function {code} is missing" for code in CODES if code != "VET"} == {
        fault.what for fault in faults
    }
    expected = Fault(
        "2026.9",
        1,
        "function LAW is missing",
        "Add LAW.yaml; a function that does not apply keeps its file.",
    )
    assert expected in faults


def test_unreadable_file_does_not_count_as_missing(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {NAME: "[" * 10})

    assert not [fault for fault in check_edition(folder) if "VET is missing" in fault.what]


def test_item_id_of_another_file_is_told_with_both_files(tmp_path: Path) -> None:
    law = SOUND.replace("code: VET", "code: LAW").replace("group: B", "group: E")
    folder = folder_with(tmp_path, {"LAW.yaml": law, NAME: SOUND})

    twice = [fault for fault in check_edition(folder) if "already" in fault.what]

    assert (NAME, "item id VET-01 stands in LAW.yaml already") == (twice[0].file, twice[0].what)


def test_all_faults_of_a_file_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    broken = SOUND.replace("tier: 3", "tier: 9").replace("offset: 0.25", "offset: 9")
    folder = folder_with(tmp_path, {NAME: broken})

    lines = [fault.line for fault in check_edition(folder) if fault.file == NAME]

    assert [line_of("tier:"), line_of("offset: 0.25")] == lines


def test_reading_a_faulty_edition_is_refused_with_every_problem(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {NAME: SOUND.replace("tier: 3", "tier: 9")})

    with pytest.raises(Invalid) as refused:
        read_edition(folder)

    assert "VET.yaml:5" in [problem.path for problem in refused.value.problems]


def test_missing_folder_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        check_edition(tmp_path / "nowhere")

    assert "checklists/2026.1" in refused.value.remedy
