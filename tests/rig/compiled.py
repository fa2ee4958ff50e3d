"""Compiled SQL, shared by all engines of a test run.

An engine keeps what it has compiled, but each test has a database of its own and so an engine: compiling everything
anew took a third of the tests' time. A server that runs for long keeps it all, so sharing is nearer to that, too.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event

_dialects: dict[str, Dialect] = {}
_compiled: dict[Any, Any] = {}


def share() -> None:
    """From now on, engines of one kind share what they compile."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    # What was compiled is kept by dialect, so that those of one kind have to have the same. This one has connected, and
    # so knows its server.
    connection.dialect = _dialects.setdefault(connection.dialect.name, connection.dialect)
    connection.execution_options(compiled_cache=_compiled)
