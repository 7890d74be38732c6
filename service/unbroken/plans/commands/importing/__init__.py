"""Plans and phases that come in as files."""

from unbroken.plans.commands.importing.files import PlanFile
from unbroken.plans.commands.importing.phases import PhasesRevised, RevisePlan, revise_plan
from unbroken.plans.commands.importing.whole import ImportPlan, PlanImported, import_plan

__all__ = [
    "ImportPlan",
    "PhasesRevised",
    "PlanFile",
    "PlanImported",
    "RevisePlan",
    "import_plan",
    "revise_plan",
]
