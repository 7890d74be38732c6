"""Every language has a translator; nobody needs a compiled file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from unbroken.kit.languages import PSEUDO, Languages, direction, gettext, load_languages, pseudo

pytestmark = pytest.mark.own_messages
FRENCH = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "{count} gaps are open."
msgstr "{count} lacunes sont ouvertes."

msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s jour"
msgstr[1] "%(n)s jours"

#, fuzzy
msgid "Closing"
msgstr "Clôture ?"
"""


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Languages:
    folder: Path = tmp_path_factory.mktemp("locales")
    (folder / "fr.po").write_text(FRENCH, encoding="utf-8")
    return load_languages(folder)


def test_a_marked_text_is_rendered_for_its_reader(languages: Languages) -> None:
    template = gettext("{count} gaps are open.")

    assert template == "{count} gaps are open."
    assert languages.translator("fr").render(template, {"count": 3}) == "3 lacunes sont ouvertes."


def test_plurals_follow_the_language(languages: Languages) -> None:
    french = languages.translator("fr")

    assert french.ngettext("%(n)s day", "%(n)s days", 0) % {"n": 0} == "0 jour"


@pytest.mark.parametrize("message", ["Closing", "unknown", ""])
def test_what_nobody_translated_stays_english(languages: Languages, message: str) -> None:
    assert languages.translator("fr").gettext(message) == message


def test_an_unknown_language_is_english(languages: Languages) -> None:
    assert languages.translator("tlh").locale == "en"


def test_the_shipped_folder_loads() -> None:
    assert sorted(load_languages().translators) == ["ar", PSEUDO, "en", "es", "fr"]


def test_the_pseudo_language_leaves_placeholders_and_tags_alone() -> None:
    told = pseudo('Open {count:d} of %(total)s <a href="/a">cases</a> &amp; 100%%')

    assert (
        told
        == '\u200f[Ópéñ {count:d} óf %(total)s <a href="/a">çáséś</a> &amp; 100%%]\u200f'.replace(
            "ś", "s"
        )
    )


def test_the_pseudo_language_fills_its_placeholders(languages: Languages) -> None:
    told = languages.translator(PSEUDO).render("{count} open", {"count": 3})

    assert told == "\u200f[3 ópéñ]\u200f"


def test_directions() -> None:
    assert [direction(name) for name in ("en", "fr", "es", "ar", PSEUDO)] == ["ltr"] * 3 + [
        "rtl"
    ] * 2


@pytest.mark.parametrize(
    ("header", "stored", "chosen"),
    [
        (None, None, "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8", None, "fr"),
        ("de, es;q=0.5, ar;q=0.7", None, "ar"),
        ("fr;q=0, es", None, "es"),
        ("fr", "ar", "ar"),
        ("fr", "xx", "fr"),
        (";;;,,q=", None, "en"),
        ("de," * 5000 + "fr", None, "en"),
        ("AR-xb", None, PSEUDO),
    ],
)
def test_the_readers_language_is_chosen(
    languages: Languages, header: str | None, stored: str | None, chosen: str
) -> None:
    assert languages.choose(header, stored) == chosen


@pytest.mark.parametrize("locale", ["en", "fr", "ar", "es", PSEUDO])
def test_digits_are_latin_in_every_language(languages: Languages, locale: str) -> None:
    translator = languages.translator(locale)
    told = [
        translator.day(date(2026, 3, 12)),
        translator.month(date(2026, 3, 12)),
        translator.instant(datetime(2026, 3, 12, 9, tzinfo=UTC), zone="Africa/Bamako"),
        translator.number(Decimal("1234567.5")),
        translator.percent(0.4),
    ]

    assert all(c.isascii() for text in told for c in text if c.isdigit())
    assert "2026" in told[0]
