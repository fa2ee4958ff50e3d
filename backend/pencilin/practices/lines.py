"""Where in a TOML source each key stands: ``tomllib`` gives values without their lines, and errors should name both."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""A key, like ``("service", 1, "minutes")``: names, and numbers of the tables of an array, from 0."""


class Lines:
    """The lines, from 1, of the tables and keys of ``source``, which must be valid TOML."""

    def __init__(self, source: str) -> None:
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        for number, statement in _statements(source):
            if statement.lstrip().startswith("["):
                table = self._enter(_names(statement), array=statement.lstrip().startswith("[["))
                self._found[table] = number
            else:
                path = table
                for name in _names(statement):
                    path = (*path, name)
                    self._found.setdefault(path, number)

    def of(self, path: Path) -> int:
        """The line of the key, or of the nearest table around it."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)

    def _enter(self, names: list[str], *, array: bool) -> Path:
        path: Path = ()
        for place, name in enumerate(names):
            path = (*path, name)
            if array and place == len(names) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path


def _statements(source: str) -> Iterator[tuple[int, str]]:
    """Each header and each assignment, with the line on which it begins."""
    began, text = 0, ""
    for number, line in enumerate(source.splitlines(), 1):
        if not text and (not line.strip() or line.lstrip().startswith("#")):
            continue
        began, text = (began, f"{text}\n{line}") if text else (number, line)
        # A value may span lines: it is complete as soon as it can be read, and never before.
        if _is_complete(text):
            yield began, text
            text = ""


def _is_complete(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _names(statement: str) -> list[str]:
    """The dotted key of one header or assignment."""
    if statement.lstrip().startswith("["):
        return _keys(tomllib.loads(statement))
    # Quoted keys may hold a sign of equality: the first one is meant that leaves a key before it.
    ends = (place for place, character in enumerate(statement) if character == "=")
    return next(_keys(tomllib.loads(f"{statement[:end]}=0")) for end in ends if _is_complete(f"{statement[:end]}=0"))


def _keys(value: object) -> list[str]:
    names: list[str] = []
    while isinstance(value, Mapping) and value:
        name, value = next(iter(value.items()))
        names.append(name)
    return names
