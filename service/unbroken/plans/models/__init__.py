"""Tables of missions, plans, their registers, revisions and the stored timetable."""

from unbroken.plans.models.missions import Mission, MissionKind
from unbroken.plans.models.plans import (
    Area,
    ClaimKind,
    ClosingClaim,
    Decision,
    DecisionKind,
    FunctionArea,
    Plan,
    PlanKind,
    PlanScope,
    PlanState,
)
from unbroken.plans.models.registers import (
    Assessment,
    AssessmentStage,
    Baseline,
    BaselineLine,
    BaselineState,
    CountryFact,
    Custody,
    Meeting,
    Post,
    PostFunction,
    PostSide,
)
from unbroken.plans.models.revisions import Revision, RevisionState, Timetable, TimetableStep
from unbroken.plans.rules.content import AreaKind

__all__ = [
    "Area",
    "AreaKind",
    "Assessment",
    "AssessmentStage",
    "Baseline",
    "BaselineLine",
    "BaselineState",
    "ClaimKind",
    "ClosingClaim",
    "CountryFact",
    "Custody",
    "Decision",
    "DecisionKind",
    "FunctionArea",
    "Meeting",
    "Mission",
    "MissionKind",
    "Plan",
    "PlanKind",
    "PlanScope",
    "PlanState",
    "Post",
    "PostFunction",
    "PostSide",
    "Revision",
    "RevisionState",
    "Timetable",
    "TimetableStep",
]
