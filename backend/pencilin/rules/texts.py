"""Free text that people type: notes, answers, messages."""

import unicodedata
from typing import Final

LONGEST_TEXT: Final = 2000
_ALLOWED: Final = frozenset("\n\r\t")
# These turn the reading direction of all that follows.
_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Line ends that aren't control characters.
_BREAKS: Final = frozenset("\u2028\u2029")
_REFUSED: Final = frozenset({"Cc", "Cs"})


def text(value: str) -> str:
    """A text of up to 2,000 characters, stripped. ``ValueError`` says what to leave out, without repeating it."""
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"Use at most {LONGEST_TEXT} characters.")
    if not is_plain(value):
        raise ValueError("Leave out control characters.")
    return value.strip()


def is_plain(value: str, *, one_line: bool = False) -> bool:
    """Whether a text is free of control characters, in ``one_line`` of line ends and tabs as well.

    Spaces that don't break and the invisible joiners of emoji and of many scripts are part of plain text.
    """
    broken = _BREAKS if one_line else frozenset()
    return not any(
        character in _OVERRIDES
        or character in broken
        or (unicodedata.category(character) in _REFUSED and (one_line or character not in _ALLOWED))
        for character in value
    )
