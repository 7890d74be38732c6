"""The texts of many checklist lines at once: from their editions, in the reader's language."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from unbroken.functions.models import ChecklistItemRow, EditionRow, FunctionRow
from unbroken.functions.queries import ShownText, texts_in
from unbroken.functions.rules import Sheet, parse
from unbroken.kit.languages import DEFAULT
from unbroken.transfers.queries.lines import Line


@dataclass(frozen=True, slots=True)
class Asked:
    """Which line is asked for; ``own`` is text and wanted evidence of an added one."""

    edition: str
    code: str
    item_id: str
    plan_edition: str
    own: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What a line asks and what evidence it wants, as it is shown."""

    text: ShownText
    wanted_evidence: ShownText


def shown_texts(
    session: Session, asked: Collection[Asked], *, language: str
) -> Mapping[Asked, ShownLine]:
    """Return each line in the reader's language; what planners added stays as they wrote it."""
    lines = _lines(session, {(one.edition, one.code) for one in asked if one.own is None})
    english = {one: _line(one, lines) for one in asked}
    catalogue = [line for one, line in english.items() if one.own is None]
    wanted = {text for line in catalogue for text in (line.text, line.wanted_evidence)}
    texts = texts_in(session, wanted, language=language)
    return {
        one: ShownLine(
            texts.get(line.text, ShownText(line.text, "")),
            texts.get(line.wanted_evidence, ShownText(line.wanted_evidence, "")),
        )
        if one.own is None
        else ShownLine(ShownText(line.text, ""), ShownText(line.wanted_evidence, ""))
        for one, line in english.items()
    }


def differing(session: Session, asked: Iterable[Asked]) -> frozenset[Asked]:
    """Return those whose text in the plan's edition is another one, or is gone there."""
    held = [one for one in asked if one.own is None]
    if not held:
        return frozenset()
    digests = _digests(
        session,
        {name for one in held for name in (one.edition, one.plan_edition)},
        {one.item_id for one in held},
    )
    return frozenset(
        one
        for one in held
        if digests.get((one.edition, one.item_id)) != digests.get((one.plan_edition, one.item_id))
    )


def text_in(session: Session, edition: str, code: str, item_id: str) -> str | None:
    """Return the English text of a line in an edition, ``None`` where it has none."""
    line = _lines(session, {(edition, code)}).get((edition, item_id))
    return None if line is None else line.text


def titles_in(
    session: Session, titles: Mapping[str, str], *, language: str
) -> Mapping[str, ShownText]:
    """Return titles of functions by code in the reader's language."""
    shown = texts_in(session, set(titles.values()), language=language)
    return {code: shown.get(title, ShownText(title, DEFAULT)) for code, title in titles.items()}


def _line(one: Asked, lines: Mapping[tuple[str, str], Line]) -> Line:
    if one.own is not None:
        return Line(*one.own)
    return lines.get((one.edition, one.item_id), Line(one.item_id, ""))


def _lines(session: Session, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Line]:
    """Return lines by edition and item id; one query for all functions."""
    if not wanted:
        return {}
    query = (
        select(EditionRow.name, FunctionRow.code, FunctionRow.body)
        .join(EditionRow, col(EditionRow.id) == FunctionRow.edition_id)
        .where(
            col(EditionRow.name).in_({name for name, _code in wanted}),
            col(FunctionRow.code).in_({code for _name, code in wanted}),
        )
    )
    found: dict[tuple[str, str], Line] = {}
    for name, code, body in session.exec(query):
        function = parse(Sheet(code, body))[0] if (name, code) in wanted else None
        for item in function.items if function else ():
            found[name, item.id] = Line(item.text, item.evidence)
    return found


def _digests(
    session: Session, editions: Collection[str], item_ids: Collection[str]
) -> dict[tuple[str, str], str]:
    query = (
        select(EditionRow.name, ChecklistItemRow.item_id, ChecklistItemRow.text_digest)
        .join(EditionRow, col(EditionRow.id) == ChecklistItemRow.edition_id)
        .where(col(EditionRow.name).in_(editions), col(ChecklistItemRow.item_id).in_(item_ids))
    )
    return {(name, item_id): text for name, item_id, text in session.exec(query)}
