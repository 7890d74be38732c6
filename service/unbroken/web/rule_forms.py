"""How a rule is set, in words and as a form: what was typed, and what it means."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from unbroken.gaps.queries.ruling import RuleView
from unbroken.gaps.rules import Rule, Severity
from unbroken.gaps.rules.settings import Origin, Setting
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.web.act_forms import Short, Text, day_in
from unbroken.web.dependencies import Visit
from unbroken.web.words import SEVERITY

MOST_LIMITS = 8
LONGEST_NUMBER = 10
USUAL_DAYS = 90
ORIGINS: Mapping[Origin, str] = {
    Origin.USUAL: _("as is usual"),
    Origin.FILE: _("by the file of this instance"),
    Origin.PLAN: _("by this plan"),
}
OFF = _("switched off")
AT_LEAST = _("at least: {severity}")
AT_MOST = _("at most: {severity}")
LIMIT = _("{what}: {number}")
UNTIL = _("up to and with {day}")
LOWER_ONLY = _("for tiers 3 and 4 only, until the co-chair countersigns")
FILE_ONLY = _("nobody signs a file: milder for tiers 3 and 4 only")


class RuleInput(BaseModel):
    """What a form about a rule sends; ``number`` stands beside ``counted``, the limits it sets."""

    key: Short = ""
    version: Short = ""
    tried: Short = ""
    off: Short = ""
    at_least: Short = ""
    at_most: Short = ""
    counted: Annotated[list[Short], Field(max_length=MOST_LIMITS)] = []
    number: Annotated[list[Short], Field(max_length=MOST_LIMITS)] = []
    days: Short = ""
    until_on: Short = ""
    reason: Text = ""

    def values(self) -> dict[str, str]:
        """Return what was typed, by field."""
        names = ("off", "at_least", "at_most", "days", "until_on", "reason")
        typed = zip(self.counted, self.number, strict=False)
        plain = {name: str(getattr(self, name)) for name in names if getattr(self, name)}
        return plain | {f"limits.{name}": much for name, much in typed}

    def version_seen(self) -> int:
        """Return the version that the form was made of; none is the oldest."""
        text = self.version
        return int(text) if _is_number(text) else 0

    def days_back(self) -> int:
        """Return how many days to look back; what cannot be read is the usual number."""
        return int(self.days) if _is_number(self.days) else USUAL_DAYS

    def setting(self, rule: Rule) -> Setting:
        """Return the setting; a number that is the usual one is not set.

        Raises:
            Invalid: a number or a day cannot be read.
        """
        problems: list[Problem] = []
        usual = {each.name: each.usual for each in rule.limits}
        limits = dict(self._limits(problems))
        until_on = day_in("until_on", self.until_on, problems)
        if problems:
            raise Invalid(problems=problems)
        return Setting(
            off=bool(self.off),
            at_least=_severity(self.at_least),
            at_most=_severity(self.at_most),
            limits={name: much for name, much in limits.items() if much != usual.get(name)},
            until_on=until_on,
            reason=self.reason,
        )

    def _limits(self, problems: list[Problem]) -> Iterator[tuple[str, int]]:
        for name, text in zip(self.counted, self.number, strict=False):
            if _is_number(text.strip()):
                yield name, int(text)
            elif text.strip():
                what = _("is not a whole number")
                problems.append(Problem(f"limits.{name}", what, _("Write it in digits.")))


def told_setting(visit: Visit, view: RuleView) -> tuple[str, ...]:
    """Return how a rule is set, in the reader's words; empty where all is as usual."""
    held = view.held
    if held is None:
        return ()
    setting, said = held.setting, []
    if setting.off:
        said.append(visit.say(OFF))
    for template, severity in ((AT_LEAST, setting.at_least), (AT_MOST, setting.at_most)):
        if severity is not None:
            label = visit.say(SEVERITY[severity.value].label)
            said.append(visit.reader.render(template, {"severity": label}))
    texts = {each.name: each.text for each in view.rule.limits}
    for name, number in setting.limits.items():
        facts = {"what": visit.say(texts[name]), "number": visit.reader.number(number)}
        said.append(visit.reader.render(LIMIT, facts))
    if setting.until_on is not None:
        said.append(visit.reader.render(UNTIL, {"day": visit.reader.day(setting.until_on)}))
    if held.waits:
        said.append(visit.say(FILE_ONLY if held.origin is Origin.FILE else LOWER_ONLY))
    return tuple(said)


def example_of(visit: Visit, rule: Rule) -> str:
    """Return the rule's sentence with dots in place of what it would find."""
    return visit.say(rule.sentence).format_map(_Dots())


class _Dots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _severity(text: str) -> Severity | None:
    return Severity(text) if text in set(Severity) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
