"""Every text that readers see is found, and has a translation that fits, in every language."""

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.house.messages.catalogues import (
    TRANSLATED,
    faults,
    file_of,
    missing,
    read,
    refreshed,
    written,
)
from tests.house.messages.extraction import Extracted, Message, extracted, in_code, in_templates
from unbroken.kit import errors, languages, sentences
from unbroken.kit.languages import load_languages

NAMES = {**vars(errors), **vars(sentences), "_": languages.gettext}
OPEN = Message("{count} item is open.", "{count} items are open.")
ARABIC = (
    "لا بنود مفتوحة.",
    "بند مفتوح واحد.",
    "بندان مفتوحان.",
    "{count} بنود مفتوحة.",
    "{count} بند مفتوح.",
    "{count} بندا مفتوحا.",
)  # in the order of Babel's rule: 0, 1, 2, 3 to 10, hundreds, 11 to 99


def code(text: str) -> Extracted:
    return in_code(ast.parse(text), NAMES, where="here")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('_("Plan")', [Message("Plan")]),
        ('ngettext("{n} day", "{n} days", n)', [Message("{n} day", "{n} days")]),
        ('pgettext("noun", "Offer")', [Message("Offer", context="noun")]),
        (
            'raise Conflict("{a} is taken.", remedy="Take another.", a=a)',
            [Message("Take another."), Message("{a} is taken.")],
        ),
        ('Problem("path", "is late", "Hurry.")', [Message("Hurry."), Message("is late")]),
        (
            'Problem("path", "is late" if late else "is early")',
            [Message("is early"), Message("is late")],
        ),
        ('sentence("{day} is late", day=day)', [Message("{day} is late")]),
        ('counted("{count} day", "{count} days", n)', [Message("{count} day", "{count} days")]),
        ('def f():\n  what, more = "is late", 1\n  Problem("", what)', [Message("is late")]),
        ('def f() -> Marked:\n  return "is late"', [Message("is late")]),
        ('def f(what: Marked):\n  Problem("", what)', []),
        ("Invalid(problems=[])", []),
        ('print("no message")', []),
    ],
)
def test_messages_are_found_where_readers_see_them(text: str, found: list[Message]) -> None:
    assert (sorted(found), ()) == (sorted(code(text).messages), code(text).faults)


@pytest.mark.parametrize(
    "text",
    [
        'Problem("", f"{day} is late")',
        'Conflict("late: " + day)',
        'Conflict("Late.", remedy="Wait until %s." % day)',
        'Conflict("Late.", remedy="Wait until {day}.", day=day)',
        'Problem("", _("{day} is late"))',
        "_(text)",
        "counted(one, many, 3)",
        'def f(what: str):\n  Problem("", what)',
        'Problem("", elsewhere())',
    ],
)
def test_what_is_put_together_from_pieces_is_a_fault(text: str) -> None:
    assert len(code(text).faults) == 1


def test_messages_of_templates_are_found(tmp_path: Path) -> None:
    page = '{{ _("Plan") }}{% trans n=3 %}{{ n }} day{% pluralize %}{{ n }} days{% endtrans %}'
    (tmp_path / "page.html").write_text(page + '{{ ngettext("%(num)s gap", "%(num)s gaps", 2) }}')

    assert in_templates(tmp_path) == {
        Message("Plan"),
        Message("%(n)s day", "%(n)s days"),
        Message("%(num)s gap", "%(num)s gaps"),
    }


def test_every_message_of_the_service_can_be_made_out() -> None:
    assert extracted().faults == ()


def test_docstrings_of_refusals_are_messages() -> None:
    assert Message("Your role does not allow this.") in extracted().messages


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_has_a_translation_that_fits(language: str) -> None:
    assert faults(read(file_of(language)), extracted().messages) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_as_the_command_writes_it(language: str) -> None:
    file = file_of(language)

    assert file.read_bytes() == written(refreshed(read(file), extracted().messages))


def arabic(*forms: str) -> Catalog:
    made = Catalog(locale="ar")
    made.add(OPEN.identity, forms)
    return made


def test_a_whole_catalogue_has_no_fault() -> None:
    assert faults(arabic(*ARABIC), {OPEN}) == []


@pytest.mark.parametrize(
    ("one", "told", "fault"),
    [
        ("{a} is taken.", "{b} est pris.", "other placeholders"),
        ("{a} is taken.", "C'est pris.", "other placeholders"),
        ("%(a)s is taken.", "%(a)d est pris.", "other placeholders"),
        ("100%% done", "100 % fait", "other placeholders"),
        ("<b>Stop</b> now", "<b>Stop", "other markup"),
        (" and ", "et", "other spaces"),
        ("Stop", "", "missing"),
        ("Stop", "  ", "missing"),
    ],
)
def test_a_translation_that_does_not_fit_is_found(one: str, told: str, fault: str) -> None:
    made = Catalog(locale="fr")
    made.add(one, told)

    assert [fault] == [each[: len(fault)] for each in faults(made, {Message(one)})]


def test_what_is_missing_unused_or_fuzzy_is_found() -> None:
    made = Catalog(locale="fr")
    made.add("Gone", "Disparu")
    made.add("Plan", "Projet ?", flags=("fuzzy",))

    found = faults(made, {Message("Plan"), Message("Area")})

    assert found == ["missing: Area", "unused: Gone", "fuzzy: Plan"]


@pytest.mark.parametrize("left_out", range(6))
def test_every_plural_form_is_needed(left_out: int) -> None:
    forms = [form if at != left_out else "" for at, form in enumerate(ARABIC)]

    assert faults(arabic(*forms), {OPEN}) == [f"missing: {OPEN.one}"]


def test_a_form_for_many_numbers_says_the_number() -> None:
    forms = (*ARABIC[:3], "بنود مفتوحة.", *ARABIC[4:])

    assert [each.split(":")[0] for each in faults(arabic(*forms), {OPEN})] == ["other placeholders"]


@pytest.mark.own_messages
def test_arabic_counts_in_six_forms(tmp_path: Path) -> None:
    file_of("ar", tmp_path).write_bytes(written(arabic(*ARABIC)))
    reader = load_languages(tmp_path).translator("ar")

    told = [reader.ngettext(OPEN.one, OPEN.many, n) for n in (0, 1, 2, 3, 100, 11)]

    assert told == list(ARABIC)


def test_an_update_keeps_translations_and_drops_what_nobody_asks_for(tmp_path: Path) -> None:
    before = Catalog(locale="fr")
    before.add("Gone", "Disparu")
    before.add("Plan", "Plan de retrait")
    before.add("Late", "Tard ?", flags=("fuzzy",))
    after = refreshed(before, {Message("Plan"), Message("Area"), Message("Late")})
    file_of("fr", tmp_path).write_bytes(written(after))

    again = read(file_of("fr", tmp_path))

    assert {each.id: each.string for each in again if each.id} == {
        "Plan": "Plan de retrait",
        "Area": "",
        "Late": "",
    }
    assert written(again) == written(after)
    assert missing(again, {Message("Area"), Message("Plan")}) == [Message("Area")]
