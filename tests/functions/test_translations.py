"""A translation file says all that the English says, or where it does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.functions.examples import NAME, SOUND, folder_with, function_of
from unbroken.functions.queries import (
    LanguageCount,
    Translated,
    counts,
    examine_edition,
    examine_translations,
    read_translations,
)
from unbroken.functions.rules import (
    Function,
    ItemText,
    Language,
    Translation,
    TranslationStatus,
    remembered,
    skeleton,
    stamp,
    stamped,
    texts_of,
)
from unbroken.kit.canonical import digest
from unbroken.kit.errors import Invalid

OF = "ffbb2d3a00000000"
FRENCH = """\
code: VET
language: fr
status: draft
translated_by: translator
of: "{of}"
title: Vérification des antécédents
for_children: Des enfants sont enrôlés par les forces venues les protéger.
moves: [contrôles]
receivers: [PNUD]
units:
  post: poste
parts:
  agreements/standard: Norme de vérification
  agreements/procedure: Procédure
items:
  VET-01: {{text: Nommer qui vérifie., evidence: Titre et date.}}
  VET-02: {{text: Écrire la norme., evidence: Titre et date.}}
  VET-03: {{text: Signer la norme., evidence: Titre et date.}}
  VET-04: {{text: Vérifier le poste., evidence: Titre et date.}}
"""


@pytest.fixture
def vet(tmp_path: Path) -> Function:
    return function_of(tmp_path)


@pytest.fixture
def french(vet: Function) -> str:
    return FRENCH.format(of=stamp(vet))


def examined(place: Path, text: str, *, language: str = "fr", name: str = NAME) -> Translated:
    folder = folder_with(place, {NAME: SOUND})
    (folder / language).mkdir()
    (folder / language / name).write_text(text, encoding="utf-8")
    return examine_translations(folder, examine_edition(folder).functions)


def test_sound_translation_is_read_whole(tmp_path: Path, french: str) -> None:
    found = examined(tmp_path, french)

    assert found.faults == ()
    assert found.translations[0].texts.items["VET-02"] == ItemText(
        "Écrire la norme.", "Titre et date."
    )


def test_languages_are_counted_by_how_far_they_are(tmp_path: Path, french: str) -> None:
    found = examined(tmp_path, french.replace("draft", "reviewed"))

    assert counts(found, {"VET": function_of(tmp_path)}) == (
        LanguageCount(Language.FRENCH, 0, 1, 0),
        LanguageCount(Language.ARABIC, 0, 0, 1),
        LanguageCount(Language.SPANISH, 0, 0, 1),
    )


CASES = {
    "missing item": (
        "  VET-03: {text: Signer la norme., evidence: Titre et date.}\n",
        "",
        "items",
        "`items` lacks VET-03",
        "Translate: Sign the standard.",
    ),
    "unknown item": ("VET-04:", "VET-05:", "VET-05", "`items` has VET-05, which", "Remove it."),
    "item without evidence": (
        "Nommer qui vérifie., evidence: Titre et date.",
        "Nommer qui vérifie.",
        "VET-01",
        "`VET-01` has no `evidence`",
        "Add `evidence`.",
    ),
    "empty text": ("Écrire la norme.", '""', "VET-02", "`text` is not a text", "Write a text"),
    "missing part": (
        "  agreements/procedure: Procédure\n",
        "",
        "parts:",
        "`parts` lacks agreements/procedure",
        "Translate: Procedure",
    ),
    "missing unit": ("post: poste", "poste: poste", "units:", "`units` lacks post", "Translate"),
    "list of another length": (
        "[contrôles]",
        "[contrôles, autres]",
        "moves:",
        "`moves` has 2 entries, the English has 1",
        "in the same order",
    ),
    "items not a mapping": (
        "units:\n  post: poste",
        "units: poste",
        "units:",
        "`units` is not a mapping",
        "key: value",
    ),
    "language of another folder": (
        "language: fr",
        "language: es",
        "language:",
        "language es is not where the file stands",
        "Write fr, or move the file.",
    ),
    "unknown language": (
        "language: fr",
        "language: de",
        "language:",
        "'de' is not known",
        "fr, ar",
    ),
    "unknown status": ("status: draft", "status: done", "status:", "'done' is not known", "draft"),
    "code of another file": (
        "code: VET",
        "code: LAW",
        "code:",
        "code LAW is not where the file stands",
        "Write VET",
    ),
    "failure that the English has not": (
        "units:",
        "failure_seen: Rien.\nunits:",
        "failure_seen",
        "the English has no `failure_seen`",
        "Remove it.",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_faulty_translation_tells_file_line_and_remedy(
    case: tuple[str, str, str, str, str], tmp_path: Path, french: str
) -> None:
    old, new, at, what, remedy = case
    assert old in french
    text = french.replace(old, new, 1)

    found = [fault for fault in examined(tmp_path, text).faults if what in fault.what]

    line = text[: text.index(at)].count("\n") + 1
    assert [("fr/VET.yaml", line)] == [(fault.file, fault.line) for fault in found]
    assert remedy in found[0].remedy


def test_translation_of_older_english_is_stale_and_says_the_right_stamp(
    tmp_path: Path, vet: Function
) -> None:
    faults = examined(tmp_path, FRENCH.format(of=OF)).faults

    assert [(5, f"the English has changed since: `of` is {OF}, it should be {stamp(vet)}")] == [
        (fault.line, fault.what) for fault in faults
    ]


def test_stamp_that_yaml_reads_as_a_number_is_a_fault(tmp_path: Path) -> None:
    text = FRENCH.format(of="x").replace('"x"', "1234567890123456")

    faults = examined(tmp_path, text).faults

    assert ["`of` is not a digest of 16 hexadecimal digits"] == [fault.what for fault in faults]


def test_translation_without_an_english_file_is_a_fault(tmp_path: Path, french: str) -> None:
    faults = examined(tmp_path, french.replace("VET", "LAW"), name="LAW.yaml").faults

    assert ["the edition has no readable function LAW"] == [fault.what for fault in faults]


def test_unreadable_translation_is_told_with_its_language(tmp_path: Path) -> None:
    assert ["ar/VET.yaml"] == [f.file for f in examined(tmp_path, "[", language="ar").faults]


def test_reading_faulty_translations_is_refused(tmp_path: Path) -> None:
    examined(tmp_path, "[")

    with pytest.raises(Invalid) as refused:
        read_translations(tmp_path / "2026.9", {})

    assert ["fr/VET.yaml:1"] == [problem.path for problem in refused.value.problems]


def test_stamp_changes_with_a_text_and_not_with_a_date(vet: Function) -> None:
    longer = replace(vet, target_months=9, source="Other")
    reworded = replace(vet, items=(replace(vet.items[0], evidence="Date."), *vet.items[1:]))

    assert stamp(longer) == stamp(vet)
    assert stamp(reworded) != stamp(vet)


def test_skeleton_becomes_sound_when_every_text_is_filled_in(tmp_path: Path, vet: Function) -> None:
    made = skeleton(vet, language=Language.SPANISH, edition="2026.9")

    found = examined(tmp_path, made.replace('""', '"Texto."'), language="es")

    assert (found.faults, len(found.translations)) == ((), 1)


def test_skeleton_shows_each_english_text_above_its_place(vet: Function) -> None:
    lines = skeleton(vet, language=Language.SPANISH, edition="2026.9").splitlines()

    place = lines.index("  VET-02:")
    assert lines[place + 1 : place + 3] == ["    # Write the standard.", '    text: ""']


def test_setting_the_stamp_changes_its_line_alone(vet: Function, french: str) -> None:
    assert stamped(FRENCH.format(of=OF), of=stamp(vet)) == french


def translation(vet: Function, title: str, *, status: TranslationStatus) -> Translation:
    texts = replace(texts_of(vet), title=title)
    return Translation("VET", Language.FRENCH, status, "translator", stamp(vet), texts)


def titles(vet: Function, *translations: Translation) -> list[str]:
    """Return what is remembered of the title."""
    found = remembered({"VET": vet}, translations)
    return [each.text for each in found if each.source_digest == digest(vet.title)]


def test_of_two_translations_of_a_text_the_first_is_remembered(vet: Function) -> None:
    one, two = (translation(vet, title, status=TranslationStatus.DRAFT) for title in ("A", "B"))

    assert titles(vet, one, two) == ["A"]


def test_reviewed_translation_of_a_text_is_remembered_before_a_draft(vet: Function) -> None:
    one = translation(vet, "A", status=TranslationStatus.DRAFT)
    two = translation(vet, "B", status=TranslationStatus.REVIEWED)

    assert titles(vet, one, two) == ["B"]
