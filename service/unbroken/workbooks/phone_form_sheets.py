"""The rows of an XLSForm's three sheets, as mappings from heading to cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unbroken.kit.languages import LANGUAGES, RIGHT_TO_LEFT
from unbroken.sources import rules as asked
from unbroken.transfers.queries.open_offers import OpenOffer
from unbroken.transfers.rules.proposals import BETWEEN, DATED, REASONED, Answer
from unbroken.workbooks import phone_form_words as words
from unbroken.workbooks.phone_form_words import NAMES, Words

Row = dict[str, str]
OFFERS, ANSWERS, PARTS, ROLES = "offers", "answers", "parts", "roles"
TOP = "root"
"""What the outermost element of a list of choices is called in every form."""

COUNTED, NAMED, WHOLE = "counted", "named", "whole"
MOST_PARTS_IN_LABEL = 3
BETWEEN_WORDS = " · "
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
REASON_LENGTH = 280
NUMBERS, MAIL = ".*[0-9][0-9 .-]{6,}.*", ".*@.*"
"""Seven digits in a row are a telephone or a case; an @ is an address. The service checks more."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of the catalogue by language and by their English."""

    known: Mapping[str, Mapping[str, str]]

    def of(self, language: str, english: str) -> str:
        """Return a text in a language, or in English where it is not translated."""
        return self.known.get(language, {}).get(english, english)


def survey(offers: Sequence[OpenOffer], *, search: str, version: str) -> list[Row]:
    """Return the questions; those on quantities and parts only where an offer has such."""
    kinds = {kind_of(each) for each in offers}
    return [
        {"type": "note", "name": "unbroken_note", **_each("label", words.INTRO)},
        *_offer_and_answer(search),
        *(_quantity() if COUNTED in kinds else ()),
        *(_parts() if NAMED in kinds else ()),
        *_until_and_why(),
        {
            "type": f"select_one {ROLES}",
            "name": asked.ROLE,
            **_each("label", words.ROLE),
            **_each("hint", words.ROLE_HINT),
            **_required("yes"),
        },
        {"type": "calculate", "name": asked.CONTENT, "calculation": _of_offer("content")},
        {"type": "calculate", "name": asked.VERSION, "calculation": f"'{version}'"},
    ]


def choices(offers: Sequence[OpenOffer], texts: Texts) -> list[Row]:
    """Return the choices: the offers, the answers, the parts of each offer, and the roles."""
    has_parts = any(kind_of(each) != WHOLE for each in offers)
    answers = [each for each in Answer if has_parts or each is not Answer.CONFIRM_PART]
    return [
        *(_offer(each, texts) for each in offers),
        *(
            {
                "list_name": ANSWERS,
                "name": each.value,
                **_each("label", words.ANSWERS[each]),
                "takes": "part" if each is Answer.CONFIRM_PART else "any",
            }
            for each in answers
        ),
        *(row for each in offers for row in _parts_of(each, texts)),
        *(
            {"list_name": ROLES, "name": role.value, **_each("label", label)}
            for role, label in words.ROLES.items()
        ),
    ]


def settings(*, form_id: str, title: str, version: str) -> list[Row]:
    """Return the one row of settings; the title is that of the plan, in the language of its maker.

    A form title has no languages in an XLSForm.
    """
    return [
        {
            "form_title": words.TITLE.en.format(plan=title),
            "form_id": form_id,
            "version": version,
            "default_language": NAMES["en"],
            "style": "pages",
        }
    ]


def kind_of(offer: OpenOffer) -> str:
    """Return how a part of an offer can be taken: counted, by named parts, or not at all."""
    if len(offer.entry.parts) > 1:
        return NAMED
    is_counted = not offer.entry.parts and (offer.entry.quantity or 0) > 1
    return COUNTED if is_counted else WHOLE


def _offer_and_answer(search: str) -> Iterator[Row]:
    yield {
        "type": f"select_one {OFFERS}",
        "name": asked.OFFER,
        **_each("label", words.OFFER),
        **_each("hint", words.OFFER_HINT),
        "appearance": search,
        **_required("yes"),
    }
    yield {
        "type": f"select_one {ANSWERS}",
        "name": asked.ANSWER,
        **_each("label", words.ANSWER),
        "choice_filter": f"takes='any' or {_of_offer('kind')}!='{WHOLE}'",
        **_required("yes"),
    }


def _until_and_why() -> Iterator[Row]:
    yield {
        "type": "date",
        "name": asked.UNTIL,
        **_each("label", words.UNTIL),
        "relevant": _answered(*sorted(DATED)),
        "constraint": ". > today()",
        **_each("constraint_message", words.UNTIL_FAULT),
        **_required("yes"),
    }
    yield {
        "type": "text",
        "name": asked.REASON,
        **_each("label", words.REASON),
        **_each("hint", words.REASON_HINT),
        "constraint": f"string-length(.) <= {REASON_LENGTH} and not(regex(., '{NUMBERS}'))"
        f" and not(regex(., '{MAIL}'))",
        **_each("constraint_message", words.REASON_FAULT),
        **_required(_answered(*sorted(REASONED))),
    }


def _quantity() -> Iterator[Row]:
    yield {
        "type": "integer",
        "name": asked.QUANTITY,
        **_each("label", words.QUANTITY),
        "relevant": _part_of(COUNTED),
        "constraint": f". >= 1 and . < number({_of_offer('amount')})",
        **_each("constraint_message", words.QUANTITY_FAULT),
        **_required("yes"),
    }


def _parts() -> Iterator[Row]:
    yield {
        "type": f"select_multiple {PARTS}",
        "name": asked.PARTS,
        **_each("label", words.PARTS),
        "relevant": _part_of(NAMED),
        "constraint": f"count-selected(.) >= 1 and count-selected(.) < "
        f"number({_of_offer('amount')})",
        **_each("constraint_message", words.PARTS_FAULT),
        "choice_filter": f"offer=${{{asked.OFFER}}}",
        **_required("yes"),
    }


def _offer(offer: OpenOffer, texts: Texts) -> Row:
    entry = offer.entry
    amount = len(entry.parts) or entry.quantity or 0
    return {
        "list_name": OFFERS,
        "name": str(entry.uid),
        **{f"label::{NAMES[code]}": _offer_label(offer, texts, code) for code in LANGUAGES},
        "kind": kind_of(offer),
        "amount": str(amount),
        "content": offer.content_hash,
    }


def _parts_of(offer: OpenOffer, texts: Texts) -> Iterator[Row]:
    if kind_of(offer) != NAMED:
        return
    uid = str(offer.entry.uid)
    for key in offer.entry.parts:
        title = offer.part_titles[key]
        yield {
            "list_name": PARTS,
            "name": f"{uid}{BETWEEN}{key}",
            **{f"label::{NAMES[code]}": texts.of(code, title) for code in LANGUAGES},
            "offer": uid,
        }


def _offer_label(offer: OpenOffer, texts: Texts, language: str) -> str:
    entry = offer.entry
    dimension = getattr(words.DIMENSIONS[entry.dimension], language)
    receiver = getattr(words.RECEIVER, language).format(name=_name(entry.receiver_name, language))
    parts = (
        texts.of(language, offer.title),
        _name(entry.area_name, language),
        f"{dimension}: {_much(offer, texts, language)}",
        receiver,
    )
    return BETWEEN_WORDS.join(parts)


def _much(offer: OpenOffer, texts: Texts, language: str) -> str:
    entry = offer.entry
    if not entry.parts:
        unit = texts.of(language, entry.unit) if entry.unit else ""
        return f"{entry.quantity or ''} {unit}".strip() or "–"
    titles = [texts.of(language, offer.part_titles[key]) for key in entry.parts]
    more = len(titles) - MOST_PARTS_IN_LABEL
    shown = ", ".join(titles[:MOST_PARTS_IN_LABEL])
    if more <= 0:
        return shown
    return f"{shown} {getattr(words.AND_MORE, language).format(count=more)}"


def _name(name: str, language: str) -> str:
    """Return a proper name so that it keeps its own direction inside a text of another."""
    return f"{ISOLATE}{name}{END_ISOLATE}" if language in RIGHT_TO_LEFT else name


def _of_offer(column: str) -> str:
    return f"instance('{OFFERS}')/{TOP}/item[name=${{{asked.OFFER}}}]/{column}"


def _answered(*answers: str) -> str:
    return " or ".join(f"${{{asked.ANSWER}}}='{each}'" for each in answers)


def _part_of(kind: str) -> str:
    return f"{_answered(Answer.CONFIRM_PART)} and {_of_offer('kind')}='{kind}'"


def _required(when: str) -> Row:
    return {"required": when, **_each("required_message", words.REQUIRED)}


def _each(heading: str, text: Words) -> Row:
    return {f"{heading}::{NAMES[code]}": getattr(text, code) for code in LANGUAGES}
