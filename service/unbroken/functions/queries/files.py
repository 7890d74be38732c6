"""An edition read from its folder: one YAML 1.2 file per function; faults carry file and line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from unbroken.functions.queries.nodes import Unfit, lines_of, value_of
from unbroken.functions.rules import Edition, Fault, Function, Sheet, assemble, check, parse
from unbroken.kit.errors import Invalid, NotFound, Problem
from unbroken.kit.sentences import sentence

LARGEST_FILE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Examined:
    """A folder of checklist files: the functions of those that can be read, and all faults."""

    functions: Mapping[str, Function]
    faults: tuple[Fault, ...]


def read_edition(folder: Path) -> Edition:
    """Return the edition whose name is the folder's name; its functions in the order of the codes.

    Raises:
        NotFound: there is no such folder.
        Invalid: a file has a fault; each problem says file, line, what and remedy.
    """
    found = examine_edition(folder)
    faults = found.faults
    if faults:
        raise Invalid(
            "Edition {edition} has {count} faults; nothing was read.",
            problems=[Problem(f"{f.file}:{f.line}", f.what, f.remedy) for f in faults],
            remedy="Mend the files named and check again.",
            edition=folder.name,
            count=len(faults),
        )
    return assemble(folder.name, found.functions.values())


def check_edition(folder: Path) -> list[Fault]:
    """Return every fault of the edition in ``folder``, by file and line; empty when it is sound.

    Raises:
        NotFound: there is no such folder.
    """
    return list(examine_edition(folder).faults)


def read_sheet(file: Path, *, shown: str = "", first: str = "code") -> Sheet | Fault:
    """Return the values and lines of one file, or the fault that keeps it from being read.

    ``shown`` is how its faults name it, its name if left out; ``first`` the key it begins with.
    """
    name = shown or file.name
    try:
        raw = _bytes(file)
    except Unfit as unfit:
        return Fault(name, unfit.line, unfit.what, unfit.remedy)
    except OSError as error:
        what = sentence(
            "the file cannot be read: {why}", why=error.strerror or type(error).__name__
        )
        return Fault(name, 1, what, "Make it a plain file that this account may read.")
    return sheet_of(raw, file=name, first=first)


def sheet_of(raw: bytes, *, file: str, first: str) -> Sheet | Fault:
    """Return the values and lines of a file's bytes, or the fault that keeps them from being read.

    ``first`` is the key with which files of this kind begin. How large ``raw`` may be is for the
    caller to say, before.
    """
    try:
        node = _compose(_text(raw))
        content = value_of(node)
    except Unfit as unfit:
        return Fault(file, unfit.line, unfit.what, unfit.remedy)
    if not isinstance(content, dict):
        remedy = sentence("Begin with `{first}:` at the left edge.", first=first)
        return Fault(file, 1, "the file is not a mapping", remedy)
    return Sheet(file, content, lines_of(node))


def examine_edition(folder: Path) -> Examined:
    """Return the functions in ``folder`` that can be read and the faults of its files.

    Raises:
        NotFound: there is no such folder.
    """
    if not folder.is_dir():
        remedy = "Name a folder of checklist files, such as checklists/2026.1."
        raise NotFound("There is no edition at {folder}.", folder=str(folder), remedy=remedy)
    files = sorted(folder.glob("*.yaml"))
    sheets = [read_sheet(file) for file in files]
    entries, faults = _parsed([sheet for sheet in sheets if isinstance(sheet, Sheet)])
    faults += [fault for fault in sheets if isinstance(fault, Fault)]
    faults += check(entries, folder=folder.name, read=[file.stem for file in files])
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.what))
    return Examined({function.code: function for _, function in entries}, tuple(ordered))


def _parsed(sheets: Sequence[Sheet]) -> tuple[list[tuple[Sheet, Function]], list[Fault]]:
    entries: list[tuple[Sheet, Function]] = []
    faults: list[Fault] = []
    for sheet in sheets:
        function, found = parse(sheet)
        faults += found
        if function is not None:
            entries.append((sheet, function))
    return entries, faults


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        raw = stream.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        what = f"the file is larger than {LARGEST_FILE // 1024} KB"
        raise Unfit(1, what, "Shorten it: one function, one checklist.")
    return raw


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unfit(line, "the file is not UTF-8 text", "Save it as UTF-8.") from error


def _compose(text: str) -> Node | None:
    # The tree of nodes, not the loaded values: it keeps lines and makes no objects out of tags.
    try:
        return YAML(typ="safe", pure=True).compose(StringIO(text))  # type: ignore[no-any-return]
    except RecursionError as error:
        raise Unfit(1, "the file is nested too deeply", "Use the shape in README.md.") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = f"not readable as YAML: {error.problem or error.context}"
        raise Unfit(line, what, "Mind indents, colons and quotes.") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "not readable as YAML: a character is not allowed"
        raise Unfit(line, what, "Remove control characters.") from error
