"""What the house tests look at: the files of the checkout and their syntax trees."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("service", "integrations")


def committed() -> list[Path]:
    """Return every file of the checkout that ``.gitignore`` does not leave out, sorted."""
    return sorted(_walk(ROOT))


def modules(*folders: str) -> list[Path]:
    """Return the Python files in or at ``folders`` of the checkout, sorted; by default all code."""
    roots = [ROOT / folder for folder in folders or CODE]
    return sorted(at for root in roots for at in ([root] if root.is_file() else root.rglob("*.py")))


def name(at: Path) -> str:
    """Return the path of a file as seen from the checkout."""
    return at.relative_to(ROOT).as_posix()


@cache
def tree(at: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(at.read_text(encoding="utf-8"), filename=str(at))


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for a chain of names, without what stands before a call or an index."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case _:
            return ""


def uses(at: Path) -> set[str]:
    """Return every name and attribute chain in a module, and what it imports as ``module.name``."""
    found = set()
    for node in ast.walk(tree(at)):
        match node:
            case ast.Name() | ast.Attribute():
                found.add(dotted(node))
            case ast.ImportFrom(module=str(module)):
                found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def calls(at: Path) -> set[str]:
    """Return the last name of all that a module calls: ``commit`` for ``session.commit()``."""
    functions = (node.func for node in ast.walk(tree(at)) if isinstance(node, ast.Call))
    return {f.attr if isinstance(f, ast.Attribute) else dotted(f) for f in functions}


def _walk(folder: Path) -> Iterator[Path]:
    for at in folder.iterdir():
        if _is_ignored(at):
            continue
        if at.is_dir():
            yield from _walk(at)
        else:
            yield at


def _is_ignored(at: Path) -> bool:
    return at.name == ".git" or any(_matches(at, line) for line in _ignored_patterns())


@cache
def _ignored_patterns() -> list[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _matches(at: Path, pattern: str) -> bool:
    if pattern.startswith("/"):
        return fnmatch(f"/{name(at)}", pattern.rstrip("/"))
    return fnmatch(at.name, pattern.rstrip("/"))
