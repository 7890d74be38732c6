"""Tables of missions, plans, their registers, revisions and the stored timetable."""

from unbroken.plans.models.missions import Mission
from unbroken.plans.models.plans import (
    Area,
    ClosingClaim,
    Decision,
    FunctionArea,
    Plan,
    PlanState,
)
from unbroken.plans.models.registers import (
    Assessment,
    Baseline,
    BaselineLine,
    BaselineState,
    CountryFact,
    Custody,
    Meeting,
    Post,
    PostFunction,
)
from unbroken.plans.models.revisions import (
    AddedStep,
    Revision,
    RevisionState,
    Timetable,
    TimetableStep,
)
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.kinds import (
    AssessmentStage,
    ClaimKind,
    DecisionKind,
    MissionKind,
    PlanKind,
    PlanScope,
    PostSide,
)

__all__ = [
    "AddedStep",
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
