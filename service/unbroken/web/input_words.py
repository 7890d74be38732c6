"""What is wrong with an input that has the wrong shape, in our words: Pydantic's are English only.

Source of the names: Pydantic's "Validation errors", one for each fault a validator finds.
"""

from collections.abc import Mapping

from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Plain, Sentence, sentence

NOT_AS_EXPECTED = _("is not what is expected here")
IS_NO_TEXT = _("is not a text")
IS_NO_NUMBER = _("is not a whole number")
IS_NO_AMOUNT = _("is not a number")
IS_NO_DAY = _("is not a day; write it as 2026-03-31")
IS_NO_INSTANT = _("is not a date with a time and its zone")
IS_NO_LIST = _("is not a list")
IS_NO_OBJECT = _("is not an object with named fields")
WORDS = {
    "bool_parsing": _("is neither true nor false"),
    "bool_type": _("is neither true nor false"),
    "date_from_datetime_inexact": IS_NO_DAY,
    "date_from_datetime_parsing": IS_NO_DAY,
    "date_parsing": IS_NO_DAY,
    "date_type": IS_NO_DAY,
    "datetime_from_date_parsing": IS_NO_INSTANT,
    "datetime_parsing": IS_NO_INSTANT,
    "datetime_type": IS_NO_INSTANT,
    "decimal_parsing": IS_NO_AMOUNT,
    "decimal_type": IS_NO_AMOUNT,
    "dict_type": IS_NO_OBJECT,
    "enum": _("is none of these: {expected}"),
    "extra_forbidden": _("is not known here"),
    "float_parsing": IS_NO_AMOUNT,
    "float_type": IS_NO_AMOUNT,
    "greater_than": _("is not more than {gt}"),
    "greater_than_equal": _("is less than {ge}"),
    "int_from_float": IS_NO_NUMBER,
    "int_parsing": IS_NO_NUMBER,
    "int_parsing_size": IS_NO_NUMBER,
    "int_type": IS_NO_NUMBER,
    "json_invalid": _("is not JSON"),
    "less_than": _("is not less than {lt}"),
    "less_than_equal": _("is more than {le}"),
    "list_type": IS_NO_LIST,
    "literal_error": _("is none of these: {expected}"),
    "missing": _("is missing"),
    "model_attributes_type": IS_NO_OBJECT,
    "model_type": IS_NO_OBJECT,
    "string_pattern_mismatch": _("does not have the form that is expected here"),
    "string_too_long": _("has more than {max_length} characters"),
    "string_too_short": _("has fewer than {min_length} characters"),
    "string_type": IS_NO_TEXT,
    "string_unicode": _("holds characters that cannot be read"),
    "too_long": _("has more than {max_length} entries"),
    "too_short": _("has fewer than {min_length} entries"),
    "tuple_type": IS_NO_LIST,
    "uuid_parsing": _("is not a UUID"),
    "uuid_type": _("is not a UUID"),
}


def problem_of(fault: Mapping[str, object]) -> Problem:
    """Return one fault of Pydantic; what was sent is not repeated: it may be a secret."""
    where = fault.get("loc", ())
    path = ".".join(str(part) for part in where) if isinstance(where, tuple | list) else ""
    return Problem(path.removeprefix("body."), _what(fault))


def _what(fault: Mapping[str, object]) -> Sentence:
    try:
        return sentence(WORDS[str(fault["type"])], **_facts(fault.get("ctx")))
    except KeyError:
        return sentence(NOT_AS_EXPECTED)


def _facts(context: object) -> dict[str, Plain]:
    if not isinstance(context, Mapping):
        return {}
    return {str(key): str(value) for key, value in context.items()}
