"""The translations that stand beside an edition: ``<edition>/<language>/<CODE>.yaml``."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unbroken.functions.queries.files import read_sheet
from unbroken.functions.rules import (
    Fault,
    Function,
    Language,
    Sheet,
    Translation,
    TranslationStatus,
    check_translation,
    parse_translation,
)
from unbroken.kit.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many functions of an edition are translated into one language, and how far."""

    language: Language
    draft: int
    reviewed: int
    missing: int


@dataclass(frozen=True, slots=True)
class Translated:
    """What stands beside an edition: the sound translations, and the faults of the others."""

    translations: tuple[Translation, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def has_translations(folder: Path) -> bool:
    """Return whether any translation stands beside the edition in ``folder``."""
    return next(_files(folder), None) is not None


def read_translations(folder: Path, functions: Mapping[str, Function]) -> tuple[Translation, ...]:
    """Return every translation beside the edition in ``folder``, by language and code; may be none.

    Raises:
        Invalid: a file has a fault; each problem says file, line, what and remedy.
    """
    found = examine_translations(folder, functions)
    if found.faults:
        raise Invalid(
            "The translations of {edition} have {count} faults; nothing was read.",
            problems=[Problem(f"{f.file}:{f.line}", f.what, f.remedy) for f in found.faults],
            remedy="Mend the files named and check again.",
            edition=folder.name,
            count=len(found.faults),
        )
    return found.translations


def examine_translations(folder: Path, functions: Mapping[str, Function]) -> Translated:
    """Return the translations beside the edition in ``folder`` and the faults of their files."""
    translations: list[Translation] = []
    faults: list[Fault] = []
    for file in _files(folder):
        sheet = read_sheet(file, shown=f"{file.parent.name}/{file.name}")
        translation, found = _examined(sheet, functions)
        faults += found
        translations += [] if translation is None or found else [translation]
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.what))
    return Translated(tuple(translations), tuple(ordered))


def counts(found: Translated, functions: Mapping[str, Function]) -> tuple[LanguageCount, ...]:
    """Return for each language how many functions are draft, reviewed, or have no sound file."""
    per = Counter((each.language, each.status) for each in found.translations)
    return tuple(
        LanguageCount(
            language,
            draft := per[language, TranslationStatus.DRAFT],
            reviewed := per[language, TranslationStatus.REVIEWED],
            len(functions) - draft - reviewed,
        )
        for language in Language
    )


def _files(folder: Path) -> Iterator[Path]:
    for language in Language:
        yield from sorted((folder / language.value).glob("*.yaml"))


def _examined(
    sheet: Sheet | Fault, functions: Mapping[str, Function]
) -> tuple[Translation | None, list[Fault]]:
    if isinstance(sheet, Fault):
        return None, [sheet]
    translation, faults = parse_translation(sheet)
    if translation is None:
        return None, faults
    return translation, check_translation(sheet, translation, functions)
