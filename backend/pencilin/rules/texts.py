"""Free text that people type: notes, answers, messages."""

import unicodedata
from typing import Final

LONGEST_TEXT: Final = 2000
_ALLOWED: Final = frozenset("\n\r\t")
# These turn the reading direction of all that follows.
_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED: Final = frozenset({"Cc", "Cs"})


def text(value: str) -> str:
    """A text of up to 2,000 characters, stripped. ``ValueError`` says what to leave out, without repeating it."""
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"Use at most {LONGEST_TEXT} characters.")
    if any(
        character in _OVERRIDES or (unicodedata.category(character) in _REFUSED and character not in _ALLOWED)
        for character in value
    ):
        raise ValueError("Leave out control characters.")
    return value.strip()
