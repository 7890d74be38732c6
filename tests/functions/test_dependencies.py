"""What one function needs of another: read, written, and every fault told where it stands."""

from pathlib import Path

import pytest

from tests.functions.examples import NAME, SOUND, edition_of, folder_with, function_of, line_of
from unbroken.functions.queries import check_edition
from unbroken.functions.rules import Dependency, Difference, Fault, differences, dump

ENTRY = """\
  - function: {function}
    step: {step}
    before: {before}
    why: Nobody can vet without the law.
    source: Design judgement, 2026
"""
LAW = (
    SOUND.replace("code: VET", "code: LAW")
    .replace("VET-0", "LAW-0")
    .replace("group: B", "group: E")
)


def entry(
    function: str = "LAW", *, step: str = "agreement-signed", before: str = "confirm:posts"
) -> str:
    return ENTRY.format(function=function, step=step, before=before)


def needing(*entries: str, text: str = SOUND) -> str:
    """Return the file with these dependencies right after its lead."""
    return text.replace("capacities:", "depends_on:\n" + "".join(entries) + "capacities:", 1)


def faults(place: Path, files: dict[str, str]) -> list[Fault]:
    found = check_edition(folder_with(place, files))
    return [fault for fault in found if "is missing" not in fault.what]


def test_dependency_is_read(tmp_path: Path) -> None:
    found = function_of(tmp_path, needing(entry()))

    assert found.depends_on == (
        Dependency(
            "LAW",
            "agreement-signed",
            "confirm:posts",
            "Nobody can vet without the law.",
            "Design judgement, 2026",
        ),
    )


def test_function_without_dependencies_is_written_as_before(tmp_path: Path) -> None:
    assert "depends_on" not in dump(function_of(tmp_path))


def test_dependency_that_came_is_a_difference_of_the_function(tmp_path: Path) -> None:
    old, new = edition_of(tmp_path), edition_of(tmp_path, needing(entry()))

    assert differences(old, new) == [Difference("VET", None, "depends_on")]


def test_sound_dependency_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, {"LAW.yaml": LAW, NAME: needing(entry())}) == []


CASES = {
    "unknown code": (entry("LAWS"), "LAWS is not one of the 43 functions", "MRM-VER", "function"),
    "own code": (entry("VET"), "VET depends on itself", "another function", "function"),
    "unknown step": (entry(step="signed"), "step 'signed' is not known", "agreement-s", "step"),
    "step that the other lacks": (
        entry(step="confirm:data"),
        "LAW has no step confirm:data",
        "receiver-named, agreement-signed, confirm:posts, confirm:agreements",
        "step",
    ),
    "step that this one lacks": (
        entry(before="confirm:skills"),
        "VET has no step confirm:skills",
        "confirm:agreements",
        "before",
    ),
    "unknown dimension": (
        entry(before="confirm:people"),
        "step 'confirm:people' is not known",
        "Use one of",
        "before",
    ),
    "reason too long": (
        entry().replace("Nobody", "x" * 240),
        "`why` has more than 240 characters",
        "Shorten",
        "why",
    ),
    "field missing": (
        entry().replace("    source: Design judgement, 2026\n", ""),
        "`depends_on` has no `source`",
        "Add `source`.",
        "- function",
    ),
    "not a list": ("  function: LAW\n", "`depends_on` is not a list", "Write a list", "depends_on"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_faulty_dependency_tells_line_and_remedy(
    case: tuple[str, str, str, str], tmp_path: Path
) -> None:
    written, what, remedy, at = case
    text = needing(written)

    found = [each for each in faults(tmp_path, {"LAW.yaml": LAW, NAME: text}) if what in each.what]

    below = text.index("depends_on")
    line = text[: text.index(at, below)].count("\n") + 1
    assert [(NAME, line)] == [(fault.file, fault.line) for fault in found]
    assert remedy in found[0].remedy


def test_more_than_four_dependencies_are_too_many(tmp_path: Path) -> None:
    befores = ("receiver-named", "agreement-signed", "confirm:posts", "confirm:agreements")
    entries = [entry(before=each) for each in befores] + [entry(step="receiver-named")]

    found = faults(tmp_path, {"LAW.yaml": LAW, NAME: needing(*entries)})

    assert ["5 dependencies are more than 4"] == [fault.what for fault in found]


def test_the_same_dependency_twice_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, {"LAW.yaml": LAW, NAME: needing(entry(), entry())})

    assert ["the dependency on LAW stands twice"] == [fault.what for fault in found]


def test_circle_is_named_with_its_path_in_the_file_of_its_first_function(tmp_path: Path) -> None:
    law = needing(entry("LESSONS"), text=LAW)
    lessons = needing(entry("VET"), text=LAW.replace("LAW", "LESSONS").replace("p: E", "p: G"))
    vet = needing(entry("LAW"))

    found = faults(tmp_path, {"LAW.yaml": law, "LESSONS.yaml": lessons, NAME: vet})

    assert [
        (
            NAME,
            line_of("- function: LAW", within=vet),
            "functions depend on each other in a circle: VET → LAW → LESSONS → VET",
        )
    ] == [(fault.file, fault.line, fault.what) for fault in found]


def test_each_of_two_circles_is_told(tmp_path: Path) -> None:
    law = needing(entry("VET"), entry("LESSONS"), text=LAW)
    lessons = needing(entry("LAW"), text=LAW.replace("LAW", "LESSONS").replace("p: E", "p: G"))

    found = faults(
        tmp_path, {"LAW.yaml": law, "LESSONS.yaml": lessons, NAME: needing(entry("LAW"))}
    )

    assert ["LAW → LESSONS → LAW", "VET → LAW → VET"] == [
        fault.what.rpartition(": ")[2] for fault in found
    ]


def test_dependency_on_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    found = faults(tmp_path, {"LAW.yaml": "[", NAME: needing(entry(step="confirm:data"))})

    assert ["LAW.yaml"] == [fault.file for fault in found]
