"""Every text that readers see, found in the code and the templates.

A text is found where it is marked (``_("…")``), where it is given to a parameter, or returned by a
function, whose type is ``Marked``, and where a refusal is named: its docstring is its message.
"""

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from jinja2.ext import babel_extract

import unbroken
from tests.house.tree import ROOT, dotted, modules, name, tree
from unbroken.kit.errors import UnbrokenError
from unbroken.kit.sentences import Listing, Marked, Sentence

CODE = ROOT / "service" / "unbroken"
TEMPLATES = CODE / "web" / "templates"
MARKS = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2}
UNFILLED = ("what", "remedy")  # shown as they are: only a message has facts beside it
TEMPLATE_OPTIONS = {
    "trimmed": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
    "newstyle_gettext": "true",
}
Identity = str | tuple[str, str]


@dataclass(frozen=True, order=True, slots=True)
class Message:
    """A text to translate: one text, or two for one and for many, and the context it is used in."""

    one: str
    many: str = ""
    context: str = ""

    @property
    def identity(self) -> Identity:
        """Return what a catalogue knows the message by."""
        return (self.one, self.many) if self.many else self.one


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found: the messages, and the places where no message could be made out."""

    messages: frozenset[Message]
    faults: tuple[str, ...]


@cache
def extracted() -> Extracted:
    """Return all messages of the service; takes about two seconds, once."""
    _import_all()
    messages: set[Message] = set()
    faults: list[str] = []
    for at in modules("service/unbroken"):
        found = in_code(tree(at), names_of(at), where=name(at))
        messages |= found.messages
        faults += found.faults
    messages |= in_refusals() | in_templates(TEMPLATES)
    return Extracted(frozenset(m for m in messages if m.one), tuple(faults))


def in_templates(folder: Path) -> frozenset[Message]:
    """Return what the templates below ``folder`` mark."""
    found = set()
    for at in sorted(folder.rglob("*.html")):
        with at.open("rb") as file:
            for _, function, texts, _ in babel_extract(file, list(MARKS), [], TEMPLATE_OPTIONS):
                found.add(_message(function, texts))
    return frozenset(found)


def in_refusals() -> frozenset[Message]:
    """Return the docstrings of all refusals: they are their messages."""
    return frozenset(
        Message((kind.__doc__ or "").strip())
        for kind in _below(UnbrokenError)
        if kind.__module__.startswith("unbroken.")
    )


def in_code(parsed: ast.Module, names: Mapping[str, object], *, where: str) -> Extracted:
    """Return what one module marks or gives to whatever takes a ``Marked`` text.

    ``names`` are the things that the module knows by name.
    """
    reading = _Reading(names, where)
    reading.visit(parsed)
    return Extracted(frozenset(reading.messages), tuple(reading.faults))


def names_of(at: Path) -> dict[str, object]:
    """Return what a module of the service knows by name, imports inside functions included."""
    parts = at.relative_to(ROOT / "service").with_suffix("").parts
    dots = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    known = dict(vars(importlib.import_module(dots)))
    if "cli" not in parts:
        return known  # elsewhere imports stand at the top: tests/house/test_code.py
    for node in ast.walk(tree(at)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unbroken"):
            source = importlib.import_module(node.module or "")
            for alias in node.names:
                known.setdefault(alias.asname or alias.name, getattr(source, alias.name, None))
    return known


class _Reading(ast.NodeVisitor):
    """Reads one module; functions are kept on a stack, so that a name is looked up in its own."""

    def __init__(self, names: Mapping[str, object], where: str) -> None:
        self.names = names
        self.where = where
        self.messages: set[Message] = set()
        self.faults: list[str] = []
        self.around: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.inside = ""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before, self.inside = self.inside, node.name
        self.generic_visit(node)
        self.inside = before

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and _is_marked(_annotation(node.annotation, self.names)):
            match node.value:
                case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                    for each in values:
                        self._take(each)
                case _:
                    self._take(node.value)
        self.generic_visit(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.around.append(node)
        if _is_marked(_annotation(node.returns, self.names)):
            for each in ast.walk(node):
                if isinstance(each, ast.Return) and each.value is not None:
                    self._take(each.value)
        self.generic_visit(node)
        self.around.pop()

    def visit_Call(self, node: ast.Call) -> None:
        called = dotted(node.func)
        if called in MARKS:
            self._marked(called, node)
        else:
            self._given(node)
        self.generic_visit(node)

    def _marked(self, called: str, node: ast.Call) -> None:
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)][: MARKS[called]]
        if len(texts) == MARKS[called] and all(isinstance(text, str) for text in texts):
            self.messages.add(_message(called, tuple(str(text) for text in texts)))
        else:
            self._fault(node, "is marked and is no text")

    def _given(self, node: ast.Call) -> None:
        called = self._object(node.func)
        taken = _marked_parameters(called)
        if dotted(node.func).startswith("self.") and inspect.isfunction(called):
            taken = dict(list(taken.items())[1:])
        if called is None and isinstance(node.func, ast.Attribute):
            taken = _method(node.func.attr, len(node.args), {w.arg for w in node.keywords})
        given = {
            parameter: argument
            for parameter, argument in zip(taken, node.args, strict=False)
            if not isinstance(argument, ast.Starred)
        }
        given |= {word.arg: word.value for word in node.keywords if word.arg in taken}
        if {"one", "many"} <= given.keys() and taken["one"]:
            self._both(given["one"], given["many"])
            return
        for parameter, argument in given.items():
            if taken[parameter]:
                self._take(argument)
            if parameter in UNFILLED and "{" in _text(argument):
                self._fault(argument, "has braces that nobody fills: give it as a sentence")

    def _both(self, one: ast.expr, many: ast.expr) -> None:
        match one, many:
            case ast.Constant(value=str(first)), ast.Constant(value=str(second)):
                self.messages.add(Message(first, second))
            case _:
                self._fault(one, "counts with something else than two texts")

    def _take(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=str(text)):
                self.messages.add(Message(text))
            case ast.IfExp():
                self._take(node.body)
                self._take(node.orelse)
            case ast.BoolOp():
                for each in node.values:
                    self._take(each)
            case ast.Name():
                self._named(node)
            case ast.Call() if not self._is_sure(node):
                self._fault(node, "comes from something that promises no marked text")
            case ast.JoinedStr() | ast.BinOp():
                self._fault(node, "is put together from pieces")
            case _:
                pass  # told where it was made; the tests that render see to the rest

    def _named(self, node: ast.Name) -> None:
        values = list(self._assigned(node.id))
        for value in values:
            self._take(value)
        if values or self._is_marked_parameter(node.id):
            return
        known = self.names.get(node.id)
        if not isinstance(known, str):
            self._fault(node, "is nowhere given a text")
        elif not isinstance(known, Sentence | Listing):
            self.messages.add(Message(known))

    def _assigned(self, wanted: str) -> Iterator[ast.expr]:
        nodes = [node for function in self.around for node in ast.walk(function)]
        for node in nodes:
            match node:
                case ast.Assign(targets=[target], value=value):
                    yield from _matched(wanted, target, value)
                case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as given):
                    yield from [given] if found == wanted else []

    def _is_marked_parameter(self, wanted: str) -> bool:
        for function in self.around:
            for each in (
                *function.args.posonlyargs,
                *function.args.args,
                *function.args.kwonlyargs,
            ):
                if each.arg == wanted and _is_marked(_annotation(each.annotation, self.names)):
                    return True
        return False

    def _is_sure(self, node: ast.Call) -> bool:
        """Return whether what is called promises a marked text, or a refusal's sentence."""
        if dotted(node.func) in MARKS or (_last(node.func) == "render" and not node.args):
            return True
        made = self._object(node.func)
        return _is_marked(getattr(made, "__annotations__", {}).get("return"))

    def _object(self, node: ast.expr) -> object:
        first, *rest = dotted(node).split(".")
        found = self.names.get(self.inside if first == "self" else first)
        for each in rest:
            found = getattr(found, each, None)
        return found

    def _fault(self, node: ast.expr, what: str) -> None:
        self.faults.append(f"{self.where}:{node.lineno} {ast.unparse(node)} {what}")


def _marked_parameters(called: object) -> dict[str, bool]:
    """Return the parameters of ``called`` in order, and whether each takes a marked text."""
    if not (isinstance(called, type) or inspect.isfunction(called)):
        return {}
    if isinstance(called, type) and not called.__module__.startswith("unbroken"):
        return {}
    return _signature(called)


def _method(wanted: str, given: int, named: set[str | None]) -> dict[str, bool]:
    """Return what a method of this name takes; what an object is, nobody infers."""
    for taken in _methods().get(wanted, ()):
        if given + len(named) <= len(taken) and named <= taken.keys():
            return taken
    return {}


@cache
def _methods() -> dict[str, list[dict[str, bool]]]:
    """Return, by name, what the methods take that take a marked text."""
    found: dict[str, list[dict[str, bool]]] = {}
    for module in [each for key, each in sys.modules.items() if key.startswith("unbroken.")]:
        for kind in [each for each in vars(module).values() if inspect.isclass(each)]:
            for key, method in vars(kind).items():
                if inspect.isfunction(method) and not key.startswith("__"):
                    taken = dict(list(_signature(method).items())[1:])
                    if any(taken.values()) and taken not in found.get(key, ()):
                        found.setdefault(key, []).append(taken)
    return found


@cache
def _signature(called: object) -> dict[str, bool]:
    try:
        found = inspect.signature(called)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return {}
    plain = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        each.name: _is_marked(each.annotation)
        for each in found.parameters.values()
        if each.kind not in plain
    }


def _annotation(node: ast.expr | None, names: Mapping[str, object]) -> object:
    """Return the thing that an annotation names, as far as it matters here."""
    if node is None:
        return None
    named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return Marked if any(names.get(each) is Marked for each in named) else None


def _is_marked(annotation: object) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, Sentence | Listing)
    return annotation == Marked or Marked in get_args(annotation)


def _matched(wanted: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    """Return what an assignment gives to a name; of a tuple its part."""
    match target, value:
        case ast.Name(id=found), _ if found == wanted:
            yield value
        case ast.Tuple(elts=names), ast.Tuple(elts=values):
            for each, part in zip(names, values, strict=False):
                yield from _matched(wanted, each, part)


def _text(node: ast.expr) -> str:
    """Return a text, marked or not; empty for anything else."""
    match node:
        case (
            ast.Constant(value=str(text))
            | ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))])
        ):
            return text
        case _:
            return ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _message(function: str | None, texts: object) -> Message:
    found = texts if isinstance(texts, tuple | list) else (texts,)
    match function:
        case "ngettext":
            return Message(str(found[0]), str(found[1]))
        case "pgettext":
            return Message(str(found[1]), context=str(found[0]))
        case _:
            return Message(str(found[0]))


def _below(kind: type[UnbrokenError]) -> Iterator[type[UnbrokenError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


def _import_all() -> None:
    for each in pkgutil.walk_packages(unbroken.__path__, "unbroken."):
        importlib.import_module(each.name)
