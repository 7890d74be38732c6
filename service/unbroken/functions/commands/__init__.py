"""Acts on the catalogue: loading editions, and the texts of other languages."""

from unbroken.functions.commands.acts import CatalogueAction, require_steward
from unbroken.functions.commands.editions import load_edition
from unbroken.functions.commands.translations import (
    TranslationsLoaded,
    load_bundled_translations,
    load_translations,
)

__all__ = [
    "CatalogueAction",
    "TranslationsLoaded",
    "load_bundled_translations",
    "load_edition",
    "load_translations",
    "require_steward",
]
