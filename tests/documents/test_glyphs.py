"""What the fonts cannot show is drawn as a sign for it, and never stops a certificate."""

import pytest
from fontTools.ttLib import TTFont

from tests.documents.test_files import data_of, drawn, state
from unbroken.documents.drawing import FONTS
from unbroken.documents.glyphs import COVERAGE, UNKNOWN, shown

FAMILIES = ("NotoSans", "NotoNaskhArabic")


def test_what_is_said_to_be_covered_is_what_the_fonts_have() -> None:
    families = [
        set.intersection(*(set(TTFont(at).getBestCmap()) for at in FONTS.glob(f"{family}_*.ttf")))
        for family in FAMILIES
    ]
    found = sorted(set.union(*families))
    ranges: list[list[int]] = []
    for point in found:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    lines = [f"{a:04X}" if a == b else f"{a:04X}-{b:04X}" for a, b in ranges]

    assert "\n".join(lines) + "\n" == COVERAGE.read_text(encoding="ascii")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mission d’appui — 2026", "Mission d’appui — 2026"),
        ("بعثة الأمم المتحدة", "بعثة الأمم المتحدة"),
        ("联合国", UNKNOWN * 3),
        ("a\U000de825b", f"a{UNKNOWN}b"),
        ("", ""),
    ],
)
def test_only_what_no_font_has_is_replaced(text: str, expected: str) -> None:
    assert expected == shown(text)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_certificate_is_drawn_whatever_its_texts_hold(language: str) -> None:
    certified = state()
    certified["plan"] |= {"title": "联合国 \U000de825 🙂", "acronym": "\ufffd\u0600"}

    assert drawn(data_of(certified, language=language)).startswith(b"%PDF")
