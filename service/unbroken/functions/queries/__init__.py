"""Reading editions: from a folder of checklist files, and from the database."""

from unbroken.functions.queries.files import check_edition, read_edition, read_sheet, sheet_of
from unbroken.functions.queries.loaded import edition_names, loaded_edition

__all__ = [
    "check_edition",
    "edition_names",
    "loaded_edition",
    "read_edition",
    "read_sheet",
    "sheet_of",
]
