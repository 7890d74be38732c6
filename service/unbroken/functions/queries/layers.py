"""An organisation's layer read from its folder: ``<layer>/<CODE>.yaml``."""

from pathlib import Path

from unbroken.functions.queries.files import read_sheet
from unbroken.functions.rules import (
    Edition,
    Fault,
    Item,
    Layer,
    LayerFile,
    Sheet,
    check_layer,
    parse_layer,
)
from unbroken.kit.errors import Invalid, NotFound, Problem


def read_layer(folder: Path, edition: Edition) -> Layer:
    """Return the layer in ``folder``, named after it, to be put on ``edition``.

    Raises:
        NotFound: there is no such folder, or no file in it.
        Invalid: a file has a fault; each problem says file, line, what and remedy.
    """
    layer, faults = _examine(folder, edition)
    if faults:
        raise Invalid(
            "Layer {layer} has {count} faults; nothing was read.",
            problems=[Problem(f"{f.file}:{f.line}", f.what, f.remedy) for f in faults],
            remedy="Mend the files named and check again.",
            layer=folder.name,
            count=len(faults),
        )
    return layer


def check_layer_folder(folder: Path, edition: Edition) -> list[Fault]:
    """Return every fault of the layer in ``folder`` on ``edition``; empty when it is sound.

    Raises:
        NotFound: there is no such folder, or no file in it.
    """
    return _examine(folder, edition)[1]


def _examine(folder: Path, edition: Edition) -> tuple[Layer, list[Fault]]:
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        remedy = "Name a folder with a file for each function that gets more items."
        raise NotFound("There is no layer at {folder}.", folder=str(folder), remedy=remedy)
    entries: list[tuple[Sheet, LayerFile]] = []
    faults: list[Fault] = []
    for sheet in map(read_sheet, files):
        file, found = (None, [sheet]) if isinstance(sheet, Fault) else parse_layer(sheet)
        faults += found
        if file is not None and isinstance(sheet, Sheet):
            entries.append((sheet, file))
    faults += check_layer(entries, edition, name=folder.resolve().name)
    items: dict[str, tuple[Item, ...]] = {file.code: file.items for _, file in entries}
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.what))
    return Layer(folder.resolve().name, items), ordered
