"""What acts on missions and plans are called in the trail."""

from unbroken.trail.rules import Action


class PlanAction(Action):
    """The acts of this feature; names are hashed, so none is ever renamed."""

    MISSION_ADDED = "plans:mission:added"
    PLAN_OPENED = "plans:plan:opened"
    PLAN_EDITED = "plans:plan:edited"
    PLAN_PAUSED = "plans:plan:paused"
    PLAN_RESUMED = "plans:plan:resumed"
    PLAN_COMPLETED = "plans:plan:completed"
    PLAN_CANCELLED = "plans:plan:cancelled"
    DECISION_ADDED = "plans:decision:added"
    AREA_ADDED = "plans:area:added"
    AREA_EDITED = "plans:area:edited"
    CLAIM_ADDED = "plans:claim:added"
    CLAIM_CHOSEN = "plans:claim:chosen"
    POST_ADDED = "plans:post:added"
    POST_EDITED = "plans:post:edited"
    FACT_ADDED = "plans:fact:added"
    ASSESSMENT_ADDED = "plans:assessment:added"
    MEETING_ADDED = "plans:meeting:added"
    BASELINE_DRAFTED = "plans:baseline:drafted"
    BASELINE_SIGNED = "plans:baseline:signed"
    REVISION_DRAFTED = "plans:revision:drafted"
    REVISION_EDITED = "plans:revision:edited"
    REVISION_IN_FORCE = "plans:revision:brought-into-force"
    SCENARIO_MADE = "plans:scenario:made"
