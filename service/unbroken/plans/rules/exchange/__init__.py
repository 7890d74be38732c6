"""The plan as one readable file: what it says, reading it, writing it, and comparing two.

The form of the file is described by ``plans/plan.schema.json``.
"""

from unbroken.plans.rules.exchange.comparing import Change, Comparison, compared
from unbroken.plans.rules.exchange.entries import (
    AreaEntry,
    AreaKey,
    AssessmentEntry,
    BaselineEntry,
    ClaimEntry,
    DecisionEntry,
    Document,
    Entry,
    FactEntry,
    LineEntry,
    MeetingEntry,
    MissionEntry,
    PhaseEntry,
    PlanEntry,
    PostEntry,
    RevisionEntry,
    Verb,
    area_key,
)
from unbroken.plans.rules.exchange.names import AreaNames
from unbroken.plans.rules.exchange.reading import read_document, read_phases
from unbroken.plans.rules.exchange.sense import Known, faults_of, faults_of_phases
from unbroken.plans.rules.exchange.writing import write_document

__all__ = [
    "AreaEntry",
    "AreaKey",
    "AreaNames",
    "AssessmentEntry",
    "BaselineEntry",
    "Change",
    "ClaimEntry",
    "Comparison",
    "DecisionEntry",
    "Document",
    "Entry",
    "FactEntry",
    "Known",
    "LineEntry",
    "MeetingEntry",
    "MissionEntry",
    "PhaseEntry",
    "PlanEntry",
    "PostEntry",
    "RevisionEntry",
    "Verb",
    "area_key",
    "compared",
    "faults_of",
    "faults_of_phases",
    "read_document",
    "read_phases",
    "write_document",
]
