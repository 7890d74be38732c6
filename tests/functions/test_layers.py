"""An organisation adds its own items to an edition, and can change nothing of it."""

from pathlib import Path

import pytest

from tests.functions.examples import edition_of
from unbroken.functions.commands import load_edition
from unbroken.functions.queries import check_layer_folder, loaded_edition, read_layer
from unbroken.functions.rules import Edition, Fault, layered
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound
from unbroken.people.rules import SYSTEM

OWN = """\
code: VET
organisation: child-fund
items:
  - id: CF-VET-01
    capacity: posts
    milestone: receiver-named
    offset: 0.1
    text: Ask the country office for its own vetting form.
    evidence: Title and date of the form.
    source: Internal guidance (2026)
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return edition_of(tmp_path)


def folder(place: Path, text: str = OWN, *, name: str = "child-fund", file: str = "VET") -> Path:
    made = place / name
    made.mkdir(exist_ok=True)
    (made / f"{file}.yaml").write_text(text, encoding="utf-8")
    return made


def test_own_items_stand_after_those_of_the_edition(tmp_path: Path, edition: Edition) -> None:
    made = layered(edition, read_layer(folder(tmp_path), edition))

    ids = [item.id for item in made.functions["VET"].items]
    assert ["VET-01", "VET-02", "VET-03", "VET-04", "CF-VET-01"] == ids


def test_layered_edition_is_named_after_both(tmp_path: Path, edition: Edition) -> None:
    made = layered(edition, read_layer(folder(tmp_path), edition))

    assert made.name == "2026.9+child-fund"
    assert made.digest != edition.digest


def test_the_edition_itself_is_untouched(tmp_path: Path, edition: Edition) -> None:
    made = layered(edition, read_layer(folder(tmp_path), edition))

    assert made.functions["VET"].items[:4] == edition.functions["VET"].items


def test_layered_edition_is_loaded_like_any_other(
    sessions: Sessions, clock: FixedClock, tmp_path: Path, edition: Edition
) -> None:
    made = layered(edition, read_layer(folder(tmp_path), edition))
    load_edition(sessions, edition=made, actor=SYSTEM, clock=clock)

    with sessions.reading() as session:
        assert loaded_edition(session, "2026.9+child-fund") == made


CASES = {
    "item of the edition": (
        "CF-VET-01",
        "VET-01",
        "id: VET-01",
        "item VET-01 is the edition's and cannot be changed by a layer",
        "such as ORG-VET-01",
    ),
    "id without the organisation": (
        "CF-VET-01",
        "VET-09",
        "id: VET-09",
        "item id VET-09 is not letters, VET and two digits",
        "such as ORG-VET-01",
    ),
    "id of another function": (
        "CF-VET-01",
        "CF-LAW-01",
        "id: CF-LAW",
        "item id CF-LAW-01 is not letters, VET and two digits",
        "such as ORG-VET-01",
    ),
    "field of a function": (
        "items:",
        "tier: 4\nitems:",
        "tier",
        "`tier` cannot be changed by a layer",
        "keep code, organisation, items",
    ),
    "unknown field": ("items:", "sauce: hot\nitems:", "sauce", "`sauce` is not known", "Use one"),
    "capacity that the function lacks": (
        "capacity: posts",
        "capacity: data",
        "capacity:",
        "item CF-VET-01 belongs to capacity data, which the function lacks",
        "posts, agreements",
    ),
    "before the lead": (
        "offset: 0.1",
        "offset: 0.6",
        "offset",
        "item CF-VET-01 falls before the lead begins",
        "smaller offset",
    ),
    "organisation with blanks": (
        "child-fund",
        "Child Fund",
        "organisation",
        "organisation Child Fund is not a short name",
        "small letters",
    ),
    "somebody's mailbox": (
        "Title and date of the form.",
        "Ask jane.doe@example.org for it.",
        "evidence",
        "`evidence` looks like",
        "",
    ),
    "code of another file": ("code: VET", "code: LAW", "code", "code LAW is not the", "Write VET"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_faulty_layer_tells_file_line_and_remedy(
    case: tuple[str, str, str, str, str], tmp_path: Path, edition: Edition
) -> None:
    old, new, at, what, remedy = case
    text = OWN.replace(old, new, 1)

    faults = check_layer_folder(folder(tmp_path, text), edition)

    found = [fault for fault in faults if what in fault.what]
    line = text[: text.index(at)].count("\n") + 1
    assert [("VET.yaml", line)] == [(fault.file, fault.line) for fault in found]
    assert remedy in found[0].remedy


def test_id_twice_in_a_layer_is_a_fault(tmp_path: Path, edition: Edition) -> None:
    twice = OWN + OWN[OWN.index("  - id:") :]

    found = check_layer_folder(folder(tmp_path, twice), edition)

    assert ["item id CF-VET-01 stands twice in the layer"] == [fault.what for fault in found]


def test_layer_is_of_one_organisation(tmp_path: Path, edition: Edition) -> None:
    folder(tmp_path)
    other = OWN.replace("VET", "LAW").replace("child-fund", "other")

    found = check_layer_folder(folder(tmp_path, other, file="LAW"), edition)

    assert "organisation child-fund is not that of the other files, other" in [
        fault.what for fault in found
    ]


def test_function_that_the_edition_has_not_is_a_fault(tmp_path: Path, edition: Edition) -> None:
    found = check_layer_folder(folder(tmp_path, OWN.replace("VET", "LAW"), file="LAW"), edition)

    assert [Fault("LAW.yaml", 1, "edition 2026.9 has no function LAW", "Use one of: VET.")] == found


def test_folder_that_cannot_name_a_layer_is_a_fault(tmp_path: Path, edition: Edition) -> None:
    found = check_layer_folder(folder(tmp_path, name="Child Fund"), edition)

    assert ["the folder Child Fund is no name for a layer"] == [fault.what for fault in found]


def test_reading_a_faulty_layer_is_refused(tmp_path: Path, edition: Edition) -> None:
    with pytest.raises(Invalid) as refused:
        read_layer(folder(tmp_path, "["), edition)

    assert ["VET.yaml:1"] == [problem.path for problem in refused.value.problems]


def test_folder_without_files_is_not_found(tmp_path: Path, edition: Edition) -> None:
    with pytest.raises(NotFound):
        read_layer(tmp_path / "nowhere", edition)
