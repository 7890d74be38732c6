"""The catalogue's words, and pure rules that parse, check, compare and number its files."""

from unbroken.functions.rules.changes import Changed, EditionChanges, changes_between
from unbroken.functions.rules.checking import check
from unbroken.functions.rules.depending import steps_of
from unbroken.functions.rules.editions import (
    assemble,
    differences,
    edition_uid,
    function_uid,
    item_uid,
)
from unbroken.functions.rules.layers import (
    Layer,
    LayerFile,
    check_layer,
    layered,
    parse_layer,
)
from unbroken.functions.rules.parsing import parse
from unbroken.functions.rules.sheets import KeyPath, Sheet, Value
from unbroken.functions.rules.skeletons import skeleton, stamped
from unbroken.functions.rules.starting import starting_file, starting_layer_file
from unbroken.functions.rules.translation_files import check_translation, parse_translation
from unbroken.functions.rules.translations import (
    ItemText,
    Language,
    Remembered,
    Texts,
    Translation,
    TranslationStatus,
    remembered,
    stamp,
    texts_of,
)
from unbroken.functions.rules.words import (
    CODES,
    ELEMENTS,
    GROUPS,
    CapacityNeed,
    Dependency,
    Difference,
    Dimension,
    Edition,
    Fact,
    Fault,
    Function,
    Item,
    Level,
    Milestone,
    Part,
)
from unbroken.functions.rules.writing import dump

__all__ = [
    "CODES",
    "ELEMENTS",
    "GROUPS",
    "CapacityNeed",
    "Changed",
    "Dependency",
    "Difference",
    "Dimension",
    "Edition",
    "EditionChanges",
    "Fact",
    "Fault",
    "Function",
    "Item",
    "ItemText",
    "KeyPath",
    "Language",
    "Layer",
    "LayerFile",
    "Level",
    "Milestone",
    "Part",
    "Remembered",
    "Sheet",
    "Texts",
    "Translation",
    "TranslationStatus",
    "Value",
    "assemble",
    "changes_between",
    "check",
    "check_layer",
    "check_translation",
    "differences",
    "dump",
    "edition_uid",
    "function_uid",
    "item_uid",
    "layered",
    "parse",
    "parse_layer",
    "parse_translation",
    "remembered",
    "skeleton",
    "stamp",
    "stamped",
    "starting_file",
    "starting_layer_file",
    "steps_of",
    "texts_of",
]
