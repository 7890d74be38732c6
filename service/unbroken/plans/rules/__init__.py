"""Pure rules of plans: vague dates, a revision's content, its timetable, and what changed."""

from unbroken.plans.rules.checks import check_baseline, check_content
from unbroken.plans.rules.content import (
    AreaKind,
    AreaState,
    Baseline,
    Closing,
    GiverPosts,
    Phase,
    PhaseKind,
    RevisionContent,
)
from unbroken.plans.rules.dates import (
    MONTH_DAYS,
    Precision,
    VagueDate,
    days_of,
    due,
    months_after,
    months_before,
    parse_vague,
    past,
    shift,
)
from unbroken.plans.rules.difference import Change, ChangeKind, difference
from unbroken.plans.rules.sentences import in_words
from unbroken.plans.rules.steps import Step
from unbroken.plans.rules.timetable import (
    LastDayReason,
    Row,
    applies,
    cannot_be_met,
    timetable,
)
from unbroken.plans.rules.windows import Windows, plan_due_on, windows

__all__ = [
    "MONTH_DAYS",
    "AreaKind",
    "AreaState",
    "Baseline",
    "Change",
    "ChangeKind",
    "Closing",
    "GiverPosts",
    "LastDayReason",
    "Phase",
    "PhaseKind",
    "Precision",
    "RevisionContent",
    "Row",
    "Step",
    "VagueDate",
    "Windows",
    "applies",
    "cannot_be_met",
    "check_baseline",
    "check_content",
    "days_of",
    "difference",
    "due",
    "in_words",
    "months_after",
    "months_before",
    "parse_vague",
    "past",
    "plan_due_on",
    "shift",
    "timetable",
    "windows",
]
