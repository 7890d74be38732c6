"""Reading editions: from a folder of checklist files, and from the database."""

from unbroken.functions.queries.bundles import (
    bundled_editions,
    edition_folder,
    newest_edition,
)
from unbroken.functions.queries.files import (
    Examined,
    check_edition,
    examine_edition,
    read_edition,
    read_sheet,
    sheet_of,
)
from unbroken.functions.queries.guidance import field_guidance
from unbroken.functions.queries.layers import check_layer_folder, read_layer
from unbroken.functions.queries.loaded import edition_names, loaded_edition
from unbroken.functions.queries.texts import ShownText, texts_in
from unbroken.functions.queries.translated import (
    LanguageCount,
    Translated,
    counts,
    examine_translations,
    has_translations,
    read_translations,
)

__all__ = [
    "Examined",
    "LanguageCount",
    "ShownText",
    "Translated",
    "bundled_editions",
    "check_edition",
    "check_layer_folder",
    "counts",
    "edition_folder",
    "edition_names",
    "examine_edition",
    "examine_translations",
    "field_guidance",
    "has_translations",
    "loaded_edition",
    "newest_edition",
    "read_edition",
    "read_layer",
    "read_sheet",
    "read_translations",
    "sheet_of",
    "texts_in",
]
