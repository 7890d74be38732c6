"""Forms that were refused: what was typed and what is wrong with it, by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unbroken.kit.errors import Invalid, Refused
from unbroken.kit.languages import Translator


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in the reader's language; an empty path is the whole form."""

    path: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: the values typed and the faults found; both empty at first."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def value(self, name: str, otherwise: str = "") -> str:
        """Return what was typed into field ``name``."""
        return self.values.get(name, otherwise)

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """Return the faults of one field; may be empty."""
        return tuple(fault for fault in self.faults if fault.path == name)


def refused_form(
    refusal: Refused, values: Mapping[str, str] | None = None, *, reader: Translator
) -> Form:
    """Return the form again with what the command said; never give it secrets as ``values``."""
    return Form(values or {}, faults_of(refusal, reader=reader))


def faults_of(refusal: Refused, *, reader: Translator) -> tuple[Fault, ...]:
    """Return the faults of a refusal, never empty: its problems, or the refusal as a whole."""
    if isinstance(refusal, Invalid) and refusal.problems:
        return tuple(
            Fault(each.path, reader.gettext(each.what), reader.gettext(each.remedy))
            for each in refusal.problems
        )
    whole = reader.render(refusal.message, refusal.facts)
    return (Fault("", whole, reader.gettext(refusal.remedy)),)
