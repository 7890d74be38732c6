"""How plans are told on the command line: as plain values and as lines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from unbroken.cli.output import table
from unbroken.gaps.rules import Severity
from unbroken.plans.commands.importing import PlanImported
from unbroken.plans.queries import PlanView, StepRow, TimetableRow, TimetableView
from unbroken.plans.rules import Change, in_words
from unbroken.plans.rules.exchange import Change as FileChange
from unbroken.plans.rules.exchange import Verb

Values = dict[str, object]
Counts = Mapping[str, Mapping[Severity, int]]
MOST_LINES = 12
MARKS = {Verb.ADDED: "+", Verb.CHANGED: "~"}


def change_values(done: PlanImported) -> Values:
    """Return what an import did, as plain values."""
    return {
        "plan": done.slug,
        "created": done.created,
        "written": done.written,
        "revision": done.revision,
        "changes": [
            {
                "group": change.group,
                "verb": change.verb,
                "what": change.label,
                "fields": list(change.fields),
            }
            for change in done.changes
        ],
        "unchanged": done.unchanged,
    }


def import_lines(done: PlanImported) -> list[str]:
    """Return what an import did, group by group."""
    groups = dict.fromkeys([*(change.group for change in done.changes), *done.unchanged])
    changed = {change.group for change in done.changes}
    lines = [line for group in groups if group in changed for line in _group(done, group)]
    same = [f"{number} {group}" for group, number in done.unchanged.items() if group not in changed]
    return [*lines, *([f"unchanged: {', '.join(same)}"] if same else []), *_end(done)]


def _group(done: PlanImported, group: str) -> list[str]:
    mine = [change for change in done.changes if change.group == group]
    counted = Counter(change.verb.value for change in mine)
    if done.unchanged.get(group):
        counted["unchanged"] = done.unchanged[group]
    told = ", ".join(f"{number} {word}" for word, number in counted.items())
    return [f"{group}: {told}", *(_changed(change) for change in mine)]


def _changed(change: FileChange) -> str:
    fields = "; ".join(_field(change, key) for key in change.fields)
    what = change.label or "without a title"
    return f"  {MARKS[change.verb]} {what}" + (f": {fields}" if fields else "")


def _field(change: FileChange, key: str) -> str:
    if key in {"phases", "lines"} or change.was is None:
        return key
    return f"{key} {_told(getattr(change.was, key))} → {_told(getattr(change.entry, key))}"


def _told(value: object) -> str:
    match value:
        case None | "":
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _end(done: PlanImported) -> list[str]:
    if not done.changes:
        return [f"{done.slug} is as the file says; nothing was written."]
    if not done.written:
        return ["Nothing was written: this was a dry run."]
    made = "made" if done.created else "changed"
    revision = "" if done.revision is None else f"; revision {done.revision} is in force"
    return [f"{done.slug} was {made}{revision}."]


def list_values(plan: PlanView, today: date, counts: Counts) -> Values:
    """Return one plan of the list, as plain values."""
    return {
        "plan": plan.slug,
        "title": plan.title,
        "mission": plan.acronym,
        "country": plan.country_iso3,
        "state": plan.state,
        "mandate_ends_on": plan.mandate_ends_on,
        "transfer_ends_on": plan.transfer_ends_on,
        "days_left": days_left(plan, today),
        "revision": plan.revision,
        "open_gaps": sum(counts.get(plan.slug, {}).values()),
        "illustrative": plan.illustrative,
    }


def list_row(plan: PlanView, today: date, counts: Counts) -> list[str]:
    """Return one plan of the list, as cells."""
    revision = "none" if plan.revision is None else str(plan.revision)
    gaps = str(sum(counts.get(plan.slug, {}).values()))
    ends = [str(plan.mandate_ends_on), str(plan.transfer_ends_on or "same day")]
    left = days_left(plan, today)
    days = str(left) if left >= 0 else "over"
    return [plan.slug, plan.state.value, *ends, days, revision, gaps, plan.title]


def days_left(plan: PlanView, today: date) -> int:
    """Return the days until the mission may no longer transfer tasks; below 0 once that is past."""
    return ((plan.transfer_ends_on or plan.mandate_ends_on) - today).days


def show_values(
    plan: PlanView,
    today: date,
    timetable: TimetableView,
    due: Sequence[StepRow],
    gaps: Mapping[str, int],
) -> Values:
    """Return one plan, as plain values."""
    missed = [row for row in timetable.rows if row.cannot_be_met]
    return {
        **list_values(plan, today, {}),
        "on": today,
        "kind": plan.kind,
        "scope": plan.scope,
        "edition": plan.edition,
        "time_zone": plan.time_zone,
        "trigger": None if plan.trigger is None else plan.trigger.symbol,
        "triggered_on": plan.triggered_on,
        "notice_days": plan.notice_days,
        "in_force_on": plan.in_force_on,
        "open_gaps": dict(gaps),
        "functions_by_tier": _by_tier(timetable),
        "due_soon": [_step_values(row) for row in due],
        "cannot_be_met": [_row_values(row) for row in missed],
    }


def _by_tier(timetable: TimetableView) -> dict[str, int]:
    tiers = Counter(row.tier for row in timetable.rows)
    tiers.update(row.tier for row in timetable.veiled)
    return {str(tier): tiers[tier] for tier in sorted(tiers)}


def _step(key: str) -> str:
    """Return a step in words; an item keeps its id, which never changes."""
    kind, _colon, rest = key.partition(":")
    return f"item {rest}" if kind == "item" else key.replace("-", " ").replace(":", " ")


def _step_values(row: StepRow) -> Values:
    return {
        "due_on": row.due_on,
        "latest_start_on": row.latest_start_on,
        "function": row.function_code,
        "area": row.area,
        "step": row.step,
        "cannot_be_met": row.cannot_be_met,
    }


def _row_values(row: TimetableRow) -> Values:
    return {
        "tier": row.tier,
        "function": row.function_code,
        "area": row.area,
        "last_day_on": row.last_day_on,
        "last_day_reason": row.last_day_reason,
        "notice_days": row.notice_days,
    }


def show_lines(
    plan: PlanView, shown: Values, due: Sequence[StepRow], rows: Sequence[TimetableRow]
) -> list[str]:
    """Return one plan, as lines that begin with what matters most."""
    return [
        f"{plan.title} ({plan.acronym}, {plan.country_iso3}): {_state(plan)}",
        *(["Illustrative: what is not public was invented."] if plan.illustrative else []),
        *_ends(plan, int(str(shown["days_left"]))),
        "",
        *_functions(plan, shown),
        *_gaps(shown),
        *_due(due),
        *_missed(rows),
    ]


def _state(plan: PlanView) -> str:
    if plan.revision is None:
        return f"{plan.state.value}, no revision in force"
    return f"{plan.state.value}, revision {plan.revision} in force since {plan.in_force_on}"


def _ends(plan: PlanView, left: int) -> list[str]:
    trigger = "a decision" if plan.trigger is None else plan.trigger.symbol
    notice = "" if plan.notice_days is None else f", {plan.notice_days} days after the decision"
    last = plan.transfer_ends_on or plan.mandate_ends_on
    counted = f"{left} days left" if left >= 0 else f"{-left} days ago"
    lines = [
        f"Triggered on {plan.triggered_on} by {trigger}",
        f"The mandate ends on {plan.mandate_ends_on}{notice}",
    ]
    what = "Tasks may be transferred until" if plan.transfer_ends_on else "Its last day is"
    return [*lines, f"{what} {last}: {counted}"]


def _functions(plan: PlanView, shown: Values) -> list[str]:
    tiers = shown["functions_by_tier"]
    if plan.revision is None or not isinstance(tiers, dict) or not tiers:
        return ["Functions: none dated yet; bring a revision into force."]
    told = ", ".join(f"tier {tier}: {number}" for tier, number in tiers.items())
    return [f"Functions in areas: {told}"]


def _gaps(shown: Values) -> list[str]:
    gaps = shown["open_gaps"]
    if not isinstance(gaps, dict) or not sum(gaps.values()):
        return ["Open gaps: none found so far; run `unbroken scan` to look."]
    told = ", ".join(f"{number} {word}" for word, number in gaps.items() if number)
    return [f"Open gaps: {told}"]


def _due(due: Sequence[StepRow]) -> list[str]:
    if not due:
        return ["", "Nothing falls due in the next 30 days."]
    rows = [
        [row.due_on.isoformat(), row.function_code, row.area_name, _step(row.step)]
        for row in due[:MOST_LINES]
    ]
    head = ["due on", "function", "area", "step"]
    return ["", "Due in the next 30 days:", *table(rows, head=head), *_more(len(due))]


def _missed(rows: Sequence[TimetableRow]) -> list[str]:
    if not rows:
        return []
    cells = [
        [str(row.tier), row.function_code, row.area_name, row.last_day_on.isoformat(), row.title]
        for row in rows[:MOST_LINES]
    ]
    head = ["tier", "function", "area", "last day", "title"]
    said = "Cannot be met in the time left, what to save first at the top:"
    return ["", said, *table(cells, head=head), *_more(len(rows))]


def _more(number: int) -> list[str]:
    left = number - MOST_LINES
    return [f"… and {left} more; --json has them all"] if left > 0 else []


def difference_values(changes: Sequence[Change]) -> list[Values]:
    """Return the changes between two revisions, as plain values with their sentence."""
    return [
        {
            "path": change.path,
            "kind": change.kind,
            "before": change.before,
            "after": change.after,
            "days": change.days,
            "words": _sentence(change),
        }
        for change in changes
    ]


def difference_lines(changes: Sequence[Change], older: int, newer: int) -> list[str]:
    """Return the changes between two revisions, a sentence each."""
    if not changes:
        return [f"Revisions {older} and {newer} say the same."]
    return [*(f"• {_sentence(change)}" for change in changes), f"{len(changes)} changes"]


def _sentence(change: Change) -> str:
    template, facts = in_words(change)
    return template.format(**facts)
