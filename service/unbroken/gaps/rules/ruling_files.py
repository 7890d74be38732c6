"""A file of settings for all plans of an instance, read and checked; pure.

Each fault says line, what is wrong and how to mend it. Nobody signs a file: it acts on tiers 3 and
4, and on all else only where it makes things graver.
"""

from collections.abc import Mapping
from datetime import date

from unbroken.functions.rules import Fault, Sheet
from unbroken.functions.rules.sheets import Cursor, one_of
from unbroken.gaps.rules.limits import USUAL
from unbroken.gaps.rules.may_be_set import is_about_plans, setting_problems
from unbroken.gaps.rules.rule import Rule
from unbroken.gaps.rules.settings import Setting
from unbroken.gaps.rules.words import Severity
from unbroken.kit.errors import Invalid
from unbroken.kit.sentences import sentence
from unbroken.safeguarding.rules import LIMIT, check_text

FORMAT = 1
FIRST = "format"
FIELDS = ("off", "at_least", "at_most", "limits", "until_on")
MOST_USD = 1_000_000_000


def read_rules(sheet: Sheet, rules: Mapping[str, Rule]) -> tuple[dict[str, Setting], list[Fault]]:
    """Return the settings by the code of their rule, and every fault; faulty ones are left out.

    A day that is past is no fault: the setting has ended by itself, and a service still starts.
    """
    top = Cursor(sheet, sheet.content)
    top.keys(required=(FIRST, "rules"))
    if top.has(FIRST) and top.at(FIRST).value != FORMAT:
        remedy = sentence("Write `format: {format}`.", format=FORMAT)
        top.at(FIRST).note("`format` is not one that is known", remedy=remedy)
    found: dict[str, Setting] = {}
    for code, place in _members(top.at("rules")):
        if code not in rules:
            place.note(sentence("`{key}` is no rule", key=code), remedy=one_of(code, list(rules)))
            continue
        before = len(top.faults)
        setting = _setting(place)
        if len(top.faults) == before:
            _judge(place, rules[code], setting)
        if len(top.faults) == before:
            found[code] = setting
    return found, top.faults


def _members(place: Cursor) -> list[tuple[str, Cursor]]:
    if place.value is None:
        return []
    if not isinstance(place.value, Mapping):
        place.note("`rules` is not a mapping", remedy="Write it as `key: value` lines.")
        return []
    return [(key, place.at(key)) for key in place.value]


def _setting(place: Cursor) -> Setting:
    if not place.keys(required=("reason",), optional=FIELDS):
        return Setting()
    return Setting(
        off=place.at("off").flag() if place.has("off") else False,
        at_least=_severity(place, "at_least"),
        at_most=_severity(place, "at_most"),
        limits=_limits(place.at("limits")),
        until_on=_day(place.at("until_on")),
        reason=_reason(place.at("reason")),
    )


def _judge(place: Cursor, rule: Rule, setting: Setting) -> None:
    for problem in setting_problems(rule, setting, today=date.min):
        at = place
        for step in problem.path.split("."):
            at = at.at(step)
        at.note(
            sentence("`{key}` {what}", key=problem.path, what=problem.what), remedy=problem.remedy
        )
    if setting.may_ease and is_about_plans(rule):
        place.note(
            "this rule is about whole plans, and nobody countersigns a file",
            remedy="Set it plan by plan: the co-chair countersigns there.",
        )


def _severity(place: Cursor, key: str) -> Severity | None:
    return place.at(key).word(Severity) if place.has(key) else None


def _limits(place: Cursor) -> Mapping[str, int]:
    if place.value is None:
        return USUAL
    members = dict(_members_of_limits(place))
    return {name: at.whole(low=0, high=MOST_USD) for name, at in members.items()}


def _members_of_limits(place: Cursor) -> list[tuple[str, Cursor]]:
    if isinstance(place.value, Mapping):
        return [(key, place.at(key)) for key in place.value]
    place.note("`limits` is not a mapping", remedy="Write it as `key: value` lines.")
    return []


def _day(place: Cursor) -> date | None:
    if place.value is None:
        return None
    try:
        return date.fromisoformat(str(place.value))
    except ValueError:
        place.note("`until_on` is not a day", remedy="Write it like 2026-06-30.")
        return None


def _reason(place: Cursor) -> str:
    text = place.text(longest=LIMIT)
    try:
        return check_text(text, field="reason")
    except Invalid as refusal:
        for problem in refusal.problems:
            place.note(problem.what, remedy=problem.remedy)
        return ""
