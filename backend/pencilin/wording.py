"""What visitors read on public pages, in their language: the same files that the widget reads.

A file per language, ``words/LANGUAGE.json`` among the built assets, with a section for each surface. A name that isn't
there is an error, never an empty text; that all files have the same names is a test.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).parent / "assets" / "widget" / "words"

# Texts, lists of texts, or texts by name: plural forms, reasons by field.
Words = Mapping[str, str | list[str] | Mapping[str, str]]


@lru_cache(maxsize=64)
def words(language: str, section: str) -> Words:
    """One section of a language's words. Placeholders like ``{practice}`` are for ``str.format``.

    ``language`` is a bare code (``en``). Raises :class:`KeyError` or :class:`FileNotFoundError` for what isn't there.
    """
    found: dict[str, Words] = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    return found[section]
