"""A digest of every row of every table, to show that a refusal changed nothing."""

import hashlib

from sqlalchemy import inspect, select, table, text

from unbroken.kit.db import Sessions


def digest_of_all_rows(sessions: Sessions) -> str:
    """Return a hash over all rows of all tables: the same before and after a refusal."""
    seen = hashlib.sha256()
    with sessions.reading() as session:
        connection = session.connection()
        for name in sorted(inspect(connection).get_table_names()):
            rows = connection.execute(select(text("*")).select_from(table(name))).all()
            seen.update(repr((name, sorted(map(repr, rows)))).encode())
    return seen.hexdigest()
