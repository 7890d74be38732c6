"""What can be read of missions and plans, as far as the reader sees.

``sight`` says which plans a reader sees at all; ``actor`` is asked for detail inside one. Ask
``find_plan`` first: what takes a plan's UUID no longer asks whether the plan is in sight.
"""

from unbroken.plans.queries.areas import (
    AreaView,
    ClaimView,
    FunctionAreaView,
    areas_of,
    claims_of,
    function_areas_of,
)
from unbroken.plans.queries.baselines import BaselineLineView, BaselineView, baseline_of
from unbroken.plans.queries.contents import content_known_on, facts_known_on
from unbroken.plans.queries.effective import effective_claim
from unbroken.plans.queries.missions import MissionView, PlanLine, mission_chain, missions
from unbroken.plans.queries.plans import (
    DecisionView,
    PlanView,
    decisions_of,
    find_plan,
    plan_list,
)
from unbroken.plans.queries.registers import (
    AssessmentView,
    FactView,
    MeetingView,
    PostView,
    assessments_of,
    facts_of,
    meetings_of,
    posts_of,
)
from unbroken.plans.queries.revisions import (
    RevisionLine,
    RevisionView,
    difference_between,
    revision_on,
    revision_view,
    revisions_of,
)
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.plans.queries.steps import StepRow, due_soon, steps_of
from unbroken.plans.queries.timetables import (
    TimetableRow,
    TimetableView,
    VeiledRow,
    cannot_be_met_of,
    derived_timetable,
    timetable_of,
)

__all__ = [
    "AreaView",
    "AssessmentView",
    "BaselineLineView",
    "BaselineView",
    "ClaimView",
    "DecisionView",
    "FactView",
    "FunctionAreaView",
    "MeetingView",
    "MissionView",
    "PlanLine",
    "PlanView",
    "PostView",
    "Ref",
    "RevisionLine",
    "RevisionView",
    "StepRow",
    "TimetableRow",
    "TimetableView",
    "VeiledRow",
    "areas_of",
    "assessments_of",
    "baseline_of",
    "cannot_be_met_of",
    "claims_of",
    "content_known_on",
    "decisions_of",
    "derived_timetable",
    "difference_between",
    "due_soon",
    "effective_claim",
    "facts_known_on",
    "facts_of",
    "find_plan",
    "function_areas_of",
    "meetings_of",
    "mission_chain",
    "missions",
    "place_of",
    "plan_list",
    "posts_of",
    "revision_on",
    "revision_view",
    "revisions_of",
    "steps_of",
    "timetable_of",
]
