"""Cyrillic and Greek letters as Latin ones, so that *Мария* and *Maria* can be compared.

The letters follow common passport practice (ICAO 9303 for Russian and Ukrainian, ELOT 743 for Greek),
loosely: spellings that differ between countries are left to the table of spellings and to edit distance.
Other scripts stay as they are.
"""

from typing import Final

_LETTERS: Final = {
    **dict(zip("абвгґдезиіклмнопрстуфцыэ", "abvggdeziiklmnoprstufcye", strict=True)),
    "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya",
    "є": "ye", "ї": "i", "ё": "e", "ъ": "", "ь": "", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "ђ": "dj", "џ": "dz",
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    "θ": "th", "χ": "ch", "ψ": "ps",
}  # fmt: skip

_TABLE: Final = str.maketrans(_LETTERS)


def romanised(word: str) -> str:
    """``word`` (in comparison form) in Latin letters where it is Cyrillic or Greek."""
    return word if word.isascii() else word.translate(_TABLE)
