"""What a planner's workbook may tell of a plan: kinds of tables, their fields, and their headings.

Headings are known in English, French and Spanish, as planners write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from unicodedata import normalize

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, Sentence, sentence
from unbroken.kit.slugs import slugify

HEADING_LENGTH = 120
SLOT_LENGTH = 40


class TableKind(StrEnum):
    """What a table tells of."""

    CLOSINGS = "closings"
    POSTS = "posts"
    PHASES = "phases"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of ours that a column may fill; ``label`` is English, ``headings`` are folded."""

    name: str
    label: Marked
    headings: tuple[str, ...]


KIND_LABELS: Mapping[TableKind, str] = {
    TableKind.CLOSINGS: _("Areas and their closings"),
    TableKind.POSTS: _("Posts"),
    TableKind.PHASES: _("Phases"),
    TableKind.BASELINE: _("Baseline: functions in areas"),
}
NEEDED: Mapping[TableKind, tuple[tuple[str, ...], ...]] = {
    TableKind.CLOSINGS: (("area",), ("closes", "closed_on")),
    TableKind.POSTS: (("title", "reference", "grade"),),
    TableKind.PHASES: (("name",), ("starts_on",), ("ends_on",)),
    TableKind.BASELINE: (("function",), ("area",)),
}
"""Of each group one must be there."""


def worded(text: str) -> frozenset[str]:
    """Return the words of a list divided by bars."""
    return frozenset(text.split("|"))


def folded(heading: str) -> str:
    """Return a heading as it is compared and remembered: lower case, no accents, at most 120."""
    plain = slugify(heading).replace("-", " ")
    return (plain or " ".join(normalize("NFKC", heading).casefold().split()))[:HEADING_LENGTH]


def _slot(name: str, label: Marked, headings: str) -> Slot:
    return Slot(name, label, tuple(folded(each) for each in headings.split("|")))


_AREA = (
    "area|areas|area of responsibility|location|region|sector|site|base|team site|camp|place"
    "|field office|duty station|aor|zone|zones|région|secteur|emplacement|lieu|localité|bureau"
    "|lieu d'affectation|zone géographique|área|lugar|ubicación|oficina|localidad|sede|site name"
    "|name of site|name of base|base name|nom du site|nom de la base|nombre del sitio"
)
_SOURCE = (
    "source|sources|reference document|document|based on|according to|référence document"
    "|source document|fuente|fuentes|documento|selon"
)
_KNOWN = (
    "known on|known since|as of|date of information|information date|reported on|updated|updated on"
    "|last updated|connu le|en date du|date de l'information|mise à jour|mis à jour le|conocido el"
    "|fecha de información|actualizado|actualizado el"
)
_FUNCTIONS = (
    "function|functions|function code|functions code|task|tasks|mandated task|role|code"
    "|fonction|fonctions|code fonction|tâche|tâches|función|funciones|código de función|tarea"
    "|tareas"
)
_POSTS = (
    "posts|number of posts|no of posts|authorised|authorized|authorised posts|authorized posts"
    "|positions|number of positions|headcount|staff|total posts|nb of posts|staffing|postes"
    "|nombre de postes|nb de postes|nbre de postes|effectif|effectifs|effectif autorisé"
    "|postes autorisés|puestos|número de puestos|plazas|plantilla|puestos autorizados"
)

SLOTS: Mapping[TableKind, tuple[Slot, ...]] = {
    TableKind.CLOSINGS: (
        _slot("area", _("Area"), _AREA),
        _slot(
            "area_kind",
            _("Region or site"),
            "kind|type|area type|kind of area|type of area|type of site|level|catégorie|nature"
            "|type de site|tipo|tipo de área|tipo de sitio|niveau|nivel",
        ),
        _slot(
            "parent",
            _("Region in which the site lies"),
            "parent|parent region|in region|part of|within|region of|région parente|dans la région"
            "|rattachement|región a la que pertenece|parte de|dentro de|admin 1|admin1|province",
        ),
        _slot(
            "closes",
            _("Planned closing"),
            "closes|closing|closure|closing date|closure date|date of closure|date of closing"
            "|planned closing|planned closure|planned closing date|planned closure date|closes on"
            "|date|end date|handover|handover date|withdrawal|withdrawal date|repatriation date"
            "|target date|planned date|drawdown date|exit date|fermeture|date de fermeture|clôture"
            "|date de clôture|fermeture prévue|date prévue de fermeture|date prévue|date de retrait"
            "|retrait|date de rétrocession|rétrocession|cierre|fecha de cierre|cierre previsto"
            "|fecha prevista|fecha prevista de cierre|fecha de retirada|retirada|fecha",
        ),
        _slot(
            "closed_on",
            _("Closed on, as reported"),
            "closed on|closed|actual closing|actual closing date|actual closure|actual closure date"
            "|actual date|date closed|fermé le|date effective|date réelle|fermeture effective"
            "|date effective de fermeture|cerrado el|fecha real|fecha efectiva|cierre efectivo",
        ),
        _slot(
            "precision",
            _("How exact the closing is"),
            "precision|exactness|how exact|accuracy|confidence|précision|exactitude|precisión"
            "|exactitud",
        ),
        _slot(
            "pcode",
            _("Code of the place"),
            "pcode|p code|place code|admin 1 pcode|adm1 pcode|code p|code lieu|código del lugar",
        ),
        _slot("source", _("Source"), _SOURCE),
        _slot("known_on", _("Known on"), _KNOWN),
        _slot(
            "note",
            _("Note"),
            "note|notes|remark|remarks|comment|comments|remarque|remarques|commentaire"
            "|commentaires|observations|nota|notas|comentario|comentarios|observaciones",
        ),
    ),
    TableKind.POSTS: (
        _slot(
            "title",
            _("Title of the post"),
            "title|post title|functional title|post|position|position title|job title|poste"
            "|intitulé|intitulé du poste|titre|titre fonctionnel|título|cargo|puesto"
            "|título del puesto|denominación",
        ),
        _slot(
            "reference",
            _("Reference of the post"),
            "reference|post number|post no|position number|position id|post id|umoja number|ref"
            "|numéro de poste|no de poste|référence|número de puesto|referencia",
        ),
        _slot(
            "grade",
            _("Grade"),
            "grade|level|post level|category|classe|niveau|grado|nivel|categoría|catégorie",
        ),
        _slot("functions", _("Functions"), _FUNCTIONS),
        _slot("area", _("Area"), _AREA),
        _slot("authorised", _("Posts authorised"), _POSTS),
        _slot(
            "filled",
            _("Posts filled"),
            "filled|filled posts|encumbered|incumbered|occupied|in place|filled positions|pourvus"
            "|postes pourvus|pourvu|occupés|occupé|ocupados|ocupado|puestos ocupados|cubiertos",
        ),
        _slot(
            "starts_on",
            _("First day"),
            "starts on|start|start date|from|since|début|date de début|du|à partir du|inicio"
            "|fecha de inicio|desde",
        ),
        _slot(
            "ends_on",
            _("Last day"),
            "ends on|end|end date|ends|until|to|abolished on|abolition date|last day|contract end"
            "|fin|date de fin|jusqu'au|au|suppression|date de suppression|fin de contrat|termina"
            "|fecha de fin|fecha final|hasta|date|separation date",
        ),
        _slot(
            "funded_until_on",
            _("Paid until"),
            "funded until|funding until|paid until|financed until|financé jusqu'au"
            "|financement jusqu'au|financiado hasta|pagado hasta",
        ),
        _slot(
            "organisation",
            _("Organisation"),
            "organisation|organization|entity|agency|employer|entité|agence|organización|entidad"
            "|agencia",
        ),
        _slot("source", _("Source"), _SOURCE),
        _slot("known_on", _("Known on"), _KNOWN),
    ),
    TableKind.PHASES: (
        _slot(
            "name",
            _("Name of the phase"),
            "phase|phases|name|phase name|stage|step|milestone|étape|nom|nom de la phase|fase"
            "|etapa|nombre|nombre de la fase",
        ),
        _slot(
            "phase_kind",
            _("Kind of phase"),
            "kind|type|phase type|kind of phase|type de phase|nature|tipo|tipo de fase",
        ),
        _slot(
            "starts_on",
            _("First day"),
            "from|start|starts|starts on|start date|begin|begins|first day|begins on|du|début"
            "|date de début|commence le|premier jour|à partir du|desde|inicio|fecha de inicio"
            "|primer día",
        ),
        _slot(
            "ends_on",
            _("Last day"),
            "to|end|ends|ends on|end date|until|last day|finish|au|fin|date de fin|jusqu'au"
            "|dernier jour|hasta|fecha de fin|fecha final|último día",
        ),
        _slot("areas", _("Areas"), _AREA),
        _slot(
            "drops",
            _("Functions that end when it begins"),
            "functions dropped|drops|dropped functions|functions that end|tasks dropped"
            "|functions ending|dropped|fonctions supprimées|fonctions abandonnées"
            "|fonctions qui cessent|tâches abandonnées|funciones suprimidas|funciones que cesan",
        ),
    ),
    TableKind.BASELINE: (
        _slot("function", _("Function"), _FUNCTIONS),
        _slot("area", _("Area"), _AREA),
        _slot("posts", _("Posts"), _POSTS),
    ),
}


@cache
def slots_by_name(kind: TableKind) -> Mapping[str, Slot]:
    """Return the fields of one kind of table, by their names."""
    return {slot.name: slot for slot in SLOTS[kind]}


def label_of(kind: TableKind, slot: str) -> Sentence:
    """Return the label of a field: English, ready for any translator."""
    return sentence(slots_by_name(kind)[slot].label)
