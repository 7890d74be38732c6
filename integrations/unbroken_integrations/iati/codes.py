"""The few code lists of IATI that the reader names. Source: IATI code lists for version 2.03."""

from collections.abc import Mapping
from types import MappingProxyType

TRANSACTION_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "1": "incoming funds",
        "2": "outgoing commitment",
        "3": "disbursement",
        "4": "expenditure",
        "5": "interest payment",
        "6": "loan repayment",
        "7": "reimbursement",
        "8": "purchase of equity",
        "9": "sale of equity",
        "10": "credit guarantee",
        "11": "incoming commitment",
        "12": "outgoing pledge",
        "13": "incoming pledge",
    }
)

OLD_TRANSACTION_TYPES = frozenset({"C", "D", "E", "IF", "IR", "LR", "R", "QP", "QS", "CG"})
"""How version 1 wrote them."""

WATCHED_SECTORS: Mapping[str, str] = MappingProxyType(
    {
        "15130": "legal and judicial development",
        "15160": "human rights",
        "15180": "ending violence against women and girls",
        "15220": "civilian peace-building, conflict prevention and resolution",
        "15230": "participation in international peacekeeping operations",
        "15240": "reintegration and control of small arms and light weapons",
        "15261": "child soldiers (prevention and demobilisation)",
        "16010": "social protection",
        "16015": "social services",
        "72010": "material relief assistance and services",
        "73010": "immediate post-emergency reconstruction and rehabilitation",
    }
)
"""The purposes of the DAC under which protection of children in conflict is reported."""

CHILD_SOLDIERS = "15261"
DAC_VOCABULARIES = frozenset({"", "1"})
"""A missing vocabulary means the five digits of the DAC."""

PLAN_VOCABULARY = "2-1"
"""Of a humanitarian scope: the code is a plan's, as FTS writes it."""

PARENT, CHILD = "1", "2"
"""Kinds of related activities."""
