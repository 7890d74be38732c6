"""Editions in the database."""

from collections.abc import Mapping
from typing import cast

from sqlmodel import Session, col, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.functions.rules import Edition, Function, Sheet, Value, assemble, parse
from unbroken.kit.errors import Invalid, NotFound, Problem


def edition_names(session: Session) -> list[str]:
    """Return the names of the loaded editions, the one loaded last first; may be empty."""
    newest = (col(EditionRow.loaded_at).desc(), col(EditionRow.id).desc())
    return list(session.exec(select(EditionRow.name).order_by(*newest)))


def loaded_edition(session: Session, name: str) -> Edition:
    """Return the loaded edition ``name``; its functions in the order of the codes.

    Raises:
        NotFound: no edition of this name is loaded.
        Invalid: a stored function cannot be read any more, or its content is not what was loaded.
    """
    row = session.exec(select(EditionRow).where(EditionRow.name == name)).one_or_none()
    if row is None:
        remedy = "Load it first."
        raise NotFound("Edition {edition} is not loaded.", edition=name, remedy=remedy)
    bodies = select(FunctionRow.code, FunctionRow.body).where(FunctionRow.edition_id == row.id)
    found = assemble(name, [_function(code, body) for code, body in session.exec(bodies)])
    if found.digest != row.digest:
        remedy = "Restore the database from a backup: loaded editions never change."
        message = "Edition {edition} in the database is not what was loaded."
        raise Invalid(message, remedy=remedy, edition=name)
    return found


def _function(code: str, body: Mapping[str, object]) -> Function:
    function, faults = parse(Sheet(code, cast("Mapping[str, Value]", body)))
    if function is None:
        problems = [Problem(fault.file, fault.what, fault.remedy) for fault in faults]
        raise Invalid(
            "Function {code} in the database is not readable.", problems=problems, code=code
        )
    return function
