"""From a translation file to its texts, and whether they are all there and still fit."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from unbroken.functions.rules.parsing import LONGEST_TEXT, LONGEST_TITLE
from unbroken.functions.rules.sheets import Cursor, KeyPath, Sheet
from unbroken.functions.rules.translations import (
    STAMP_DIGITS,
    ItemText,
    Language,
    Texts,
    Translation,
    TranslationStatus,
    stamp,
    texts_of,
)
from unbroken.functions.rules.words import Fault, Function
from unbroken.kit.sentences import sentence

LISTS = ("moves", "receivers")
REQUIRED = (
    *("code", "language", "status", "translated_by", "of", "title", "for_children"),
    *(*LISTS, "units", "parts", "items"),
)
OPTIONAL = ("failure_seen",)
LONGER = 2
"""A translation may be so many times as long as the English may be."""
LONGEST_FAILURE = 2000
LONGEST_ROLE = 80
STAMP = re.compile(f"[0-9a-f]{{{STAMP_DIGITS}}}")


def parse_translation(sheet: Sheet) -> tuple[Translation | None, list[Fault]]:
    """Return the translation in ``sheet`` and its faults; none where there is any fault.

    Only the form is judged here; ``check_translation`` holds it against the English.
    """
    top = Cursor(sheet, sheet.content)
    if not top.keys(required=REQUIRED, optional=OPTIONAL):
        return None, top.faults
    found = Translation(
        code=top.at("code").text(longest=20),
        language=top.at("language").word(Language),
        status=top.at("status").word(TranslationStatus),
        translated_by=top.at("translated_by").text(longest=LONGEST_ROLE),
        of=_stamp(top.at("of")),
        texts=_texts(top),
    )
    return (None if top.faults else found), top.faults


def check_translation(
    sheet: Sheet, translation: Translation, functions: Mapping[str, Function]
) -> list[Fault]:
    """Return what does not fit: the place, the English it was made from, and what is missing."""
    language, _, name = sheet.file.rpartition("/")
    faults = [
        *_place(sheet, ("code",), given=translation.code, expected=name.removesuffix(".yaml")),
        *_place(sheet, ("language",), given=translation.language.value, expected=language),
    ]
    function = functions.get(translation.code)
    if faults or function is None:
        return faults or [_no_function(sheet, translation)]
    if translation.of != stamp(function):
        faults.append(_stale(sheet, translation, function))
    return [*faults, *_incomplete(sheet, english=texts_of(function), other=translation.texts)]


def _stamp(place: Cursor) -> str:
    text = place.value if isinstance(place.value, str) else ""
    if not STAMP.fullmatch(text):
        remedy = "Write it in quotes; `unbroken checklist translations` prints or sets it."
        place.note(
            sentence(
                "`of` is not a digest of {stamp_digits} hexadecimal digits",
                stamp_digits=STAMP_DIGITS,
            ),
            remedy=remedy,
        )
    return text


def _texts(top: Cursor) -> Texts:
    return Texts(
        title=top.at("title").text(longest=LONGEST_TITLE * LONGER),
        for_children=top.at("for_children").text(longest=LONGEST_TEXT * LONGER),
        moves=_list(top.at("moves")),
        receivers=_list(top.at("receivers")),
        units=_mapping(top.at("units")),
        parts=_mapping(top.at("parts")),
        items={key: _item(top.at("items").at(key)) for key in _keys(top.at("items"))},
        failure_seen=_failure(top.at("failure_seen")) if top.has("failure_seen") else "",
    )


def _failure(place: Cursor) -> str:
    return place.text(longest=LONGEST_FAILURE)


def _list(place: Cursor) -> tuple[str, ...]:
    return tuple(one.text(longest=LONGEST_TEXT * LONGER) for one in place.each())


def _mapping(place: Cursor) -> dict[str, str]:
    return {key: place.at(key).text(longest=LONGEST_TITLE * LONGER) for key in _keys(place)}


def _item(place: Cursor) -> ItemText:
    if not place.keys(required=("text", "evidence")):
        return ItemText("", "")
    longest = LONGEST_TEXT * LONGER
    text = place.at("text").text(longest=longest)
    return ItemText(text, place.at("evidence").text(longest=longest))


def _keys(place: Cursor) -> tuple[str, ...]:
    if isinstance(place.value, Mapping):
        return tuple(place.value)
    place.keys(required=())
    return ()


def _place(sheet: Sheet, path: KeyPath, *, given: str, expected: str) -> Iterator[Fault]:
    if given != expected:
        what = sentence("{key} {given} is not where the file stands", key=path[0], given=given)
        yield sheet.fault(
            path, what, remedy=sentence("Write {expected}, or move the file.", expected=expected)
        )


def _no_function(sheet: Sheet, translation: Translation) -> Fault:
    what = sentence("the edition has no readable function {code}", code=translation.code)
    return sheet.fault(("code",), what, remedy="Mend or add the English file first.")


def _stale(sheet: Sheet, translation: Translation, function: Function) -> Fault:
    expected = stamp(function)
    what = sentence(
        "the English has changed since: `of` is {of}, it should be {expected}",
        of=translation.of,
        expected=expected,
    )
    remedy = sentence(
        'Compare every text with the English, then write of: "{expected}".', expected=expected
    )
    return sheet.fault(("of",), what, remedy=remedy)


def _incomplete(sheet: Sheet, *, english: Texts, other: Texts) -> Iterator[Fault]:
    for key in LISTS:
        wanted, given = len(getattr(english, key)), len(getattr(other, key))
        if wanted != given:
            what = sentence(
                "`{key}` has {given} entries, the English has {wanted}",
                key=key,
                given=given,
                wanted=wanted,
            )
            yield sheet.fault((key,), what, remedy="Translate each entry, in the same order.")
    yield from _keys_differ(sheet, "units", wanted=english.units, given=other.units)
    yield from _keys_differ(sheet, "parts", wanted=english.parts, given=other.parts)
    asked = {key: each.text for key, each in english.items.items()}
    yield from _keys_differ(sheet, "items", wanted=asked, given=other.items)
    if other.failure_seen and not english.failure_seen:
        what = sentence("the English has no `failure_seen`")
        yield sheet.fault(("failure_seen",), what, remedy="Remove it.")


def _keys_differ(
    sheet: Sheet, name: str, *, wanted: Mapping[str, str], given: Collection[str]
) -> Iterator[Fault]:
    for key in _without(wanted, given):
        what = sentence("`{name}` lacks {key}", name=name, key=key)
        yield sheet.fault((name,), what, remedy=sentence("Translate: {wanted}", wanted=wanted[key]))
    for key in _without(given, wanted):
        what = sentence("`{name}` has {key}, which the English has not", name=name, key=key)
        yield sheet.fault((name, key), what, remedy="Remove it.")


def _without(some: Collection[str], others: Collection[str]) -> Sequence[str]:
    return [key for key in some if key not in others]
