"""What visitors and clients read, in their language.

A file per language, with a section for each surface: the widget's own, which pages read too, is among the built
assets; what mails say is in a file of its own. A name that isn't there is an error, never an empty text; that all
files have the same names is a test, and the build's condition.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

WIDGET = Path(__file__).parent / "assets" / "widget" / "words"
MAIL = Path(__file__).parent / "mail" / "words"

# Texts, lists of texts, or texts by name: a part of a page, plural forms, reasons by field.
Word = str | list[str] | Mapping[str, "Word"]
Words = Mapping[str, Word]


@lru_cache(maxsize=256)
def words(language: str, section: str, folder: Path = WIDGET) -> Words:
    """One section of a language's words. Placeholders like ``{practice}`` are for ``str.format``.

    ``language`` is a bare code (``en``). Raises :class:`KeyError` or :class:`FileNotFoundError` for what isn't there.
    """
    found: dict[str, Words] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found[section]


def text(language: str, section: str, *names: str, folder: Path = WIDGET) -> str:
    """One text, by the names that lead to it. Raises :class:`KeyError` where they lead to none."""
    found = _at(words(language, section, folder), names)
    if not isinstance(found, str):
        raise KeyError(names)
    return found


def texts(language: str, section: str, *names: str, folder: Path = WIDGET) -> list[str]:
    """A list of texts, by the names that lead to it. Raises :class:`KeyError` where they lead to none."""
    found = _at(words(language, section, folder), names)
    if not isinstance(found, list):
        raise KeyError(names)
    return found


def _at(found: Word, names: tuple[str, ...]) -> Word:
    for name in names:
        if not isinstance(found, Mapping):
            raise KeyError(name)
        found = found[name]
    return found
