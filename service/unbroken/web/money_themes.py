"""The themes by which money can be asked: the groups of the catalogue."""

from collections.abc import Mapping

from unbroken.kit.languages import gettext as _

THEMES: Mapping[str, str] = {
    "A": _("Monitoring and reporting"),
    "B": _("Accountability and due diligence"),
    "C": _("Conduct, safeguarding, voice"),
    "D": _("Encounter, release, justice, reintegration"),
    "E": _("People and mainstreaming"),
    "F": _("Coordination, protection, community"),
    "G": _("Tools, access, money, memory"),
}
"""The groups of the catalogue by their letters."""
