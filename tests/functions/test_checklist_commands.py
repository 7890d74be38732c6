"""``unbroken checklist`` as people who keep the catalogue use it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.factories.people import STEWARD, make_account
from unbroken.cli.main import app
from unbroken.functions.queries import bundled_editions, edition_names, newest_edition, read_edition
from unbroken.functions.rules import Language
from unbroken.kit.bundled import bundled
from unbroken.kit.db import Sessions
from unbroken.people.rules import Grant, Role

RUN = CliRunner()
LAYER = """\
code: LAW
organisation: child-fund
items:
  - id: CF-LAW-01
    capacity: agreements
    milestone: receiver-named
    offset: 0
    text: Ask the country office for its own list of laws.
    evidence: Title and date of the list.
    source: Internal guidance (2026)
"""


@pytest.fixture
def instance(
    database_url: str, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Sessions:
    """Return a fresh instance with a steward and an observer, on which commands work."""
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", database_url)
    monkeypatch.setenv("UNBROKEN_DATA", str(tmp_path))
    with sessions.begin() as session:
        make_account(session, handle="steward", grants=STEWARD)
        make_account(session, handle="observer", grants=(Grant(Role.OBSERVER),))
    return sessions


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """Return a copy of the first edition, alone, that a test may change."""
    folder = tmp_path / "2027.1"
    ignored = shutil.ignore_patterns(*Language)
    shutil.copytree(bundled("checklists") / "2026.1", folder, ignore=ignored)
    return folder


def checklist(*words: str | Path) -> Result:
    return RUN.invoke(app, ["checklist", *map(str, words)])


def answered(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def layer(place: Path) -> Path:
    folder = place / "child-fund"
    folder.mkdir()
    (folder / "LAW.yaml").write_text(LAYER, encoding="utf-8")
    return folder


def test_bundled_editions_are_in_the_order_of_their_numbers() -> None:
    assert bundled_editions()[0] == "2026.1"
    assert bundled_editions()[-1] == newest_edition()


def test_diff_takes_names_of_bundled_editions() -> None:
    found = answered(checklist("diff", "2026.1", "2026.1", "--json"))

    assert list(found) == [
        *("from", "to", "added", "removed", "reworded", "moved", "other", "counts"),
    ]


def test_diff_says_what_changed(edition: Path) -> None:
    file = edition / "LAW.yaml"
    changed = file.read_text(encoding="utf-8").replace("tier: 4", "tier: 3", 1)
    file.write_text(changed, encoding="utf-8")

    found = answered(checklist("diff", "2026.1", edition, "--json"))

    assert found["other"] == [{"function": "LAW", "item": None, "field": "tier"}]
    assert found["counts"] == {"added": 0, "removed": 0, "reworded": 0, "moved": 0, "other": 1}


def test_diff_shows_both_texts_of_a_reworded_item(edition: Path) -> None:
    file = edition / "VET.yaml"
    text = file.read_text(encoding="utf-8")
    item = read_edition(edition).functions["VET"].items[0]
    line = next(each for each in text.splitlines() if each.strip().startswith("text:"))
    file.write_text(text.replace(line, "    text: Name who vets.", 1), encoding="utf-8")

    told = checklist("diff", "2026.1", edition).stdout.splitlines()

    assert told[0] == "~ VET-01"
    assert told[1:3] == [f"    - {item.text}", "    + Name who vets."]


def test_diff_of_an_unknown_edition_is_refused() -> None:
    result = checklist("diff", "2026.1", "1999.1", "--json")

    assert (result.exit_code, result.stdout) == (1, "")


def test_new_writes_a_file_and_says_where(tmp_path: Path) -> None:
    result = checklist("new", "LAW", "--folder", tmp_path, "--title", "Laws")

    assert result.stdout.strip() == str(tmp_path / "LAW.yaml")
    assert "title: 'Laws'" in (tmp_path / "LAW.yaml").read_text(encoding="utf-8")


def test_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "LAW.yaml").write_text("mine", encoding="utf-8")

    result = checklist("new", "LAW", "--folder", tmp_path)

    assert (result.exit_code, (tmp_path / "LAW.yaml").read_text(encoding="utf-8")) == (1, "mine")


@pytest.mark.parametrize("words", [("LAWS",), ("LAW", "--folder", "nowhere/at/all")])
def test_new_refuses_unknown_codes_and_folders(words: tuple[str, ...]) -> None:
    assert checklist("new", *words).exit_code == 1


def test_layer_is_checked_on_an_edition(tmp_path: Path) -> None:
    found = answered(checklist("check", layer(tmp_path), "--on", "2026.1", "--json"))

    assert found == {"files": 1, "faults": []}


def test_check_counts_the_translations(edition: Path) -> None:
    found = answered(checklist("check", edition, "--json"))

    assert found["translations"] == [
        {"language": language, "draft": 0, "reviewed": 0, "missing": 43}
        for language in ("fr", "ar", "es")
    ]


def test_translation_that_was_filled_in_passes_the_check(edition: Path) -> None:
    empty = checklist("translations", edition, "fr", "LAW").stdout
    (edition / "fr").mkdir()
    (edition / "fr" / "LAW.yaml").write_text(empty.replace('""', '"Texte."'), encoding="utf-8")

    found = answered(checklist("check", edition, "--json"))

    assert {"language": "fr", "draft": 1, "reviewed": 0, "missing": 42} in list(
        found["translations"]  # type: ignore[call-overload]
    )


def test_stamping_brings_a_stale_translation_up_to_date(edition: Path) -> None:
    made = checklist("translations", edition, "fr", "LAW").stdout.replace('""', '"Texte."')
    (edition / "fr").mkdir()
    file = edition / "fr" / "LAW.yaml"
    stale = made.replace('of: "', 'of: "0', 1)
    file.write_text(stale, encoding="utf-8")

    result = checklist("translations", edition, "fr", "--stamp")

    assert (result.exit_code, file.read_text(encoding="utf-8")) == (0, made)


def test_skeleton_needs_a_code() -> None:
    assert checklist("translations", "2026.1", "fr").exit_code == 2


def test_loading_without_a_folder_loads_every_bundled_edition(instance: Sessions) -> None:
    answered(checklist("load", "--as", "steward", "--json"))

    with instance.reading() as session:
        assert set(edition_names(session)) == set(bundled_editions())


def test_layer_is_loaded_on_the_edition_named(instance: Sessions, tmp_path: Path) -> None:
    answered(checklist("load", "2026.1", "--layer", layer(tmp_path), "--as", "steward", "--json"))

    with instance.reading() as session:
        assert edition_names(session) == ["2026.1+child-fund", "2026.1"]


def test_loading_again_changes_nothing(instance: Sessions) -> None:
    first = answered(checklist("load", "2026.1", "--as", "steward", "--json"))
    again = answered(checklist("load", "2026.1", "--as", "steward", "--json"))

    with instance.reading() as session:
        assert edition_names(session) == ["2026.1"]
    assert list(first) == list(again) == ["loaded"]


def test_only_a_steward_loads(instance: Sessions) -> None:
    result = checklist("load", "2026.1", "--as", "observer")

    with instance.reading() as session:
        assert (result.exit_code, edition_names(session)) == (1, [])
